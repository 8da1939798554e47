package console

import (
	"strconv"
	"time"

	"oots/internal/gateway"
)

// states are those of both boxes, in the order of a life.
var states = [...]gateway.State{
	gateway.Waiting, gateway.Sending, gateway.Acknowledged, gateway.Unclear, gateway.Undelivered, gateway.Cancelled, gateway.Resolved,
	gateway.Received, gateway.Handling, gateway.Handled, gateway.Stuck, gateway.Tested,
}

// stateView is a state in words and in colour.
type stateView struct {
	Name  string
	Class string // of the style sheet: good, warn, bad, busy or ""
	Icon  string
}

func stateOf(v *visit, s gateway.State) stateView {
	switch s {
	case gateway.Waiting:
		return stateView{v.T("console/words.waiting"), "busy", "…"}
	case gateway.Sending:
		return stateView{v.T("console/words.sending"), "busy", "→"}
	case gateway.Acknowledged:
		return stateView{v.T("console/words.acknowledged"), "good", "✓"}
	case gateway.Undelivered:
		return stateView{v.T("console/words.undelivered"), "bad", "✕"}
	case gateway.Unclear:
		return stateView{v.T("console/words.unclear"), "warn", "?"}
	case gateway.Received:
		return stateView{v.T("console/words.received"), "busy", "…"}
	case gateway.Handling:
		return stateView{v.T("console/words.handling"), "busy", "→"}
	case gateway.Handled:
		return stateView{v.T("console/words.handled"), "good", "✓"}
	case gateway.Stuck:
		return stateView{v.T("console/words.stuck"), "bad", "!"}
	case gateway.Tested:
		return stateView{v.T("console/words.tested"), "good", "✓"}
	case gateway.Resolved:
		return stateView{v.T("console/words.resolved"), "", "–"}
	case gateway.Cancelled:
		return stateView{v.T("console/words.cancelled"), "", "–"}
	}
	return stateView{string(s), "", "·"}
}

// boxName is the direction of a message.
func boxName(v *visit, b gateway.Box) string {
	if b == gateway.Out {
		return v.T("console/words.out")
	}
	return v.T("console/words.in")
}

// outcomeOf is the outcome of an attempt in words.
func outcomeOf(v *visit, a gateway.Attempt) stateView {
	switch a.Outcome {
	case gateway.OutcomeReceipt:
		return stateView{v.T("console/words.receipt"), "good", "✓"}
	case gateway.OutcomeTaken:
		return stateView{v.T("console/words.taken"), "good", "✓"}
	case gateway.OutcomeDelivered:
		return stateView{v.T("console/words.delivered"), "good", "✓"}
	case gateway.OutcomeName:
		return stateView{v.T("console/words.name"), "bad", "✕"}
	case gateway.OutcomeRefused:
		return stateView{v.T("console/words.refused"), "bad", "✕"}
	case gateway.OutcomeUnreachable:
		return stateView{v.T("console/words.unreachable"), "bad", "✕"}
	case gateway.OutcomeTLS:
		return stateView{v.T("console/words.tls"), "bad", "✕"}
	case gateway.OutcomeBroken:
		return stateView{v.T("console/words.broken"), "bad", "✕"}
	case gateway.OutcomeTimeout:
		return stateView{v.T("console/words.timeout"), "bad", "✕"}
	case gateway.OutcomeBusy:
		return stateView{v.T("console/words.busy"), "warn", "!"}
	case gateway.OutcomeNoSignal:
		return stateView{v.T("console/words.noSignal"), "bad", "✕"}
	case gateway.OutcomeBadReceipt:
		return stateView{v.T("console/words.badReceipt"), "bad", "✕"}
	case gateway.OutcomeError:
		return stateView{v.T("console/words.error"), "bad", "✕"}
	case gateway.OutcomeRejected:
		return stateView{v.T("console/words.rejected"), "bad", "✕"}
	case gateway.OutcomeLocal:
		return stateView{v.T("console/words.local"), "bad", "✕"}
	}
	return stateView{a.Outcome, "", "·"}
}

// instant is a time as a page shows it.
type instant struct {
	Short string // as short as it can be read now
	Exact string // to the millisecond, in the zone of the site
	ISO   string
}

// at is the view of a time; the zero time is the zero view.
func (p *Console) at(v *visit, t time.Time) instant {
	if t.IsZero() {
		return instant{}
	}
	t = t.In(p.config.Zone)
	now := v.Now().In(p.config.Zone)
	short := t.Format("2 Jan 2006")
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		short = t.Format("15:04:05")
	case now.Sub(t).Abs() < 180*24*time.Hour:
		short = t.Format("2 Jan 15:04")
	}
	return instant{short, t.Format("2006-01-02 15:04:05.000 MST"), v.ISO(t)}
}

// volume writes a number of bytes in its largest unit.
func volume(v *visit, n int64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1e12, "TB"}, {1e9, "GB"}} {
		if float64(n) >= u.size {
			return strconv.FormatFloat(float64(n)/u.size, 'f', 1, 64) + " " + u.name
		}
	}
	return v.Size(n)
}

// span says a length of time in its two largest units.
func span(v *visit, d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Millisecond:
		return v.T("console/words.microseconds", "n", d.Microseconds())
	case d < time.Second:
		return v.T("console/words.milliseconds", "n", d.Milliseconds())
	case d < time.Minute:
		return v.T("console/words.seconds", "n", strconv.FormatFloat(d.Seconds(), 'f', 1, 64))
	case d < time.Hour:
		return v.T("console/words.minutes", "n", int(d.Minutes()))
	case d < 48*time.Hour:
		return v.T("console/words.hours", "h", int(d.Hours()), "m", int(d.Minutes())%60)
	}
	return v.T("console/words.days", "n", int(d.Hours()/24))
}
