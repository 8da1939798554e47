package eidas

import "oots/edm"

// A Level is the URI of a level of assurance. [eIDAS Message Format 1.4 §6.3.3]
type Level string

// The levels of notified schemes, and those that a scheme claims which no Member State has notified.
const (
	Low                    Level = "http://eidas.europa.eu/LoA/low"
	Substantial            Level = "http://eidas.europa.eu/LoA/substantial"
	High                   Level = "http://eidas.europa.eu/LoA/high"
	NotNotifiedLow         Level = "http://eidas.europa.eu/NotNotified/LoA/low"
	NotNotifiedSubstantial Level = "http://eidas.europa.eu/NotNotified/LoA/substantial"
	NotNotifiedHigh        Level = "http://eidas.europa.eu/NotNotified/LoA/high"
)

// Notified reports whether l is a level of a notified scheme.
func (l Level) Notified() bool { return l == Low || l == Substantial || l == High }

// AtLeast reports whether l is a notified level as strong as want. What is not notified is weaker than all.
func (l Level) AtLeast(want Level) bool { return l.Notified() && l.LoA().AtLeast(want.LoA()) }

// LoA is the code of the EDM for a notified level, else "". The letter case differs. [TDD 4.5.1]
func (l Level) LoA() edm.LoA {
	switch l {
	case High:
		return edm.High
	case Substantial:
		return edm.Substantial
	case Low:
		return edm.Low
	}
	return ""
}

// LevelOf is the notified level of a code of the EDM, "" for an unknown one.
func LevelOf(l edm.LoA) Level {
	switch l {
	case edm.High:
		return High
	case edm.Substantial:
		return Substantial
	case edm.Low:
		return Low
	}
	return ""
}
