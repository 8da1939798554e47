package portal

import (
	"oots/internal/requester"
)

// badge is a state as the user sees it: icon and words, never colour alone. [ux-guidance §4]
type badge struct {
	Machine string // for tests: the value of data-state
	Tone    string // good, warn, bad, busy or ""
	Icon    string
	Text    string
}

// cardBadge is the badge of a card.
func cardBadge(v *visit, c requester.Card, submitted bool) badge {
	b := badge{Machine: string(c.State)}
	switch c.State {
	case requester.ToDo:
		b.Icon, b.Text = "○", v.T("portal/cardstate.todo")
		if submitted {
			b.Icon, b.Text = "–", v.T("portal/cardstate.missing")
		}
	case requester.Asking:
		b.Tone, b.Icon, b.Text = "busy", "…", v.T("portal/cardstate.asking")
	case requester.Ready:
		b.Tone, b.Icon, b.Text = "warn", "→", v.T("portal/cardstate.ready")
	case requester.Received:
		b.Tone, b.Icon, b.Text = "good", "✓", v.T("portal/cardstate.received")
	case requester.Uploaded:
		b.Tone, b.Icon, b.Text = "good", "✓", v.T("portal/cardstate.uploaded")
	case requester.Deferred:
		b.Tone, b.Icon, b.Text = "warn", "◷", v.T("portal/cardstate.deferred")
	case requester.Expired:
		b.Tone, b.Icon, b.Text = "bad", "!", v.T("portal/cardstate.expired")
	case requester.Failed:
		b.Tone, b.Icon, b.Text = "bad", "!", v.T("portal/cardstate.failed")
	default:
		b.Icon, b.Text = "–", v.T("portal/cardstate.nothing")
		if x := last(c); x != nil && x.Declined {
			b.Text = v.T("portal/cardstate.declined")
		}
	}
	return b
}

// last is the newest exchange of a card, or nil.
func last(c requester.Card) *requester.Exchange {
	if len(c.Exchanges) == 0 {
		return nil
	}
	return &c.Exchanges[len(c.Exchanges)-1]
}
