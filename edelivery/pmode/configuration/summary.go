package configuration

import (
	"fmt"
	"strings"
)

// A Summary is a file in numbers.
type Summary struct {
	Party       string `json:"party"`
	Parties     int    `json:"parties"`
	Processes   int    `json:"processes"`
	Legs        int    `json:"legs"`
	Services    int    `json:"services"`
	Actions     int    `json:"actions"`
	Agreements  int    `json:"agreements"`
	Modes       int    `json:"pmodes"`    // that our party is an end of; counted up to 100000
	Supported   int    `json:"supported"` // of those
	Errors      int    `json:"errors"`
	Unsupported int    `json:"unsupported"`
	Warnings    int    `json:"warnings"`
}

// maxModes ends the counting of P-Modes.
const maxModes = 100_000

// Summarize counts; c may be nil.
func Summarize(c *Configuration, found Findings) Summary {
	s := Summary{Errors: found.Count(Error), Unsupported: found.Count(Unsupported), Warnings: found.Count(Warning)}
	if c == nil {
		return s
	}
	s.Party, s.Parties, s.Processes, s.Legs = c.Party, len(c.Parties), len(c.Processes), len(c.Legs)
	s.Services, s.Actions, s.Agreements = len(c.Services), len(c.Actions), len(c.Agreements)
	for m := range c.Modes(c.Party) {
		if s.Modes++; s.Modes == maxModes {
			break
		}
		if m.supported(c.Party) {
			s.Supported++
		}
	}
	return s
}

// supported reports whether messages of the P-Mode can be exchanged by us.
func (m Mode) supported(self string) bool {
	if m.x.pattern(m.Process) != "" || !m.x.usable(m.Leg) || !m.Initiator.typed(m.x) || !m.Responder.typed(m.x) {
		return false
	}
	return !strings.EqualFold(m.Initiator.Name, self) || m.Responder.reachable()
}

// String is one line.
func (s Summary) String() string {
	if s.Party == "" {
		return fmt.Sprintf("refused: %s", count(s.Errors, "error"))
	}
	return fmt.Sprintf("%s: %s, %s, %s, %s of ours (%d supported); %s, %d unsupported, %s", s.Party, count(s.Parties, "party"),
		count(s.Processes, "process"), count(s.Legs, "leg"), count(s.Modes, "P-Mode"), s.Supported,
		count(s.Errors, "error"), s.Unsupported, count(s.Warnings, "warning"))
}

func count(n int, word string) string {
	switch {
	case n == 1:
		return "1 " + word
	case strings.HasSuffix(word, "y"):
		word = word[:len(word)-1] + "ie"
	case strings.HasSuffix(word, "s"):
		word += "e"
	}
	return fmt.Sprintf("%d %ss", n, word)
}
