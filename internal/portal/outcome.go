package portal

import (
	"strings"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/requester"
)

// outcome is what an exchange came to, in the user's words: what happened, what it means, what she can do.
// It never tells nobody found, several found and nothing on file apart, because the difference would say
// something about a person who may be another. [architecture-and-journeys §8] [record-matching]
type outcome struct {
	Machine string // for tests: the value of data-outcome
	Tone    string
	Icon    string
	State   string // in two or three words
	Title   string
	Meaning string
	Next    string
	Retry   bool // asking again may help
	Support bool // the reference helps support
}

// outcomeOf reads the outcome of an exchange.
func outcomeOf(v *visit, x requester.Exchange) outcome {
	switch x.State {
	case exchange.Sent:
		return outcome{Machine: "asked", Tone: "busy", Icon: "…", State: v.T("portal/outcome.asked")}
	case exchange.PreviewRequired:
		return outcome{Machine: "ready", Tone: "warn", Icon: "→", State: v.T("portal/outcome.ready")}
	case exchange.SecondSent:
		return outcome{Machine: "previewing", Tone: "busy", Icon: "…", State: v.T("portal/outcome.previewing")}
	case exchange.Answered:
		if len(x.Evidence) == 0 { // none is left
			return outcome{"removed", "", "–", v.T("portal/outcome.removed.state"), v.T("portal/outcome.removed.title"),
				v.T("portal/outcome.removed.meaning"), v.T("portal/outcome.withdrawn.next"), false, false}
		}
		return outcome{"received", "good", "✓", v.T("portal/outcome.received.state"), v.T("portal/outcome.received.title"),
			v.T("portal/outcome.received.meaning"), v.T("portal/outcome.received.next"), false, false}
	case exchange.Deferred:
		return deferred(v, x)
	case exchange.Expired:
		return tooLate(v)
	case exchange.Empty:
		if x.Declined {
			return outcome{"declined", "", "–", v.T("portal/outcome.declined.state"), v.T("portal/outcome.declined.title"),
				v.T("portal/outcome.declined.meaning"), v.T("portal/outcome.declined.next"), true, false}
		}
		return notFound(v)
	}
	if x.Error == "" {
		return unanswered(v, x.Reason)
	}
	return refused(v, x.Error)
}

// unanswered is the outcome of an exchange that failed without a code from the other side: the request
// could not be delivered, the user did not wait, or the answer broke the rules.
func unanswered(v *visit, reason string) outcome {
	switch {
	case reason == requester.GivenUp:
		return outcome{"withdrawn", "", "–", v.T("portal/outcome.withdrawn.state"), v.T("portal/outcome.withdrawn.title"),
			v.T("portal/outcome.withdrawn.meaning"), v.T("portal/outcome.withdrawn.next"), true, false}
	case strings.HasPrefix(reason, "EBMS:"):
		return outcome{"undelivered", "bad", "!", v.T("portal/outcome.undelivered.state"), v.T("portal/outcome.undelivered.title"),
			v.T("portal/outcome.undelivered.meaning"), v.T("portal/outcome.undelivered.next"), true, true}
	}
	return outcome{"unusable", "bad", "!", v.T("portal/outcome.unusable.state"), v.T("portal/outcome.unusable.title"),
		v.T("portal/outcome.unusable.meaning"), v.T("portal/outcome.unusable.next"), true, true}
}

// refused is the outcome of each code of the exception table. [TDD 4.5.3]
func refused(v *visit, code edm.Code) outcome {
	switch code {
	case edm.FailedAuthentication:
		return outcome{"identity", "bad", "!", v.T("portal/outcome.identity.state"), v.T("portal/outcome.identity.title"),
			v.T("portal/outcome.identity.meaning"), v.T("portal/outcome.identity.next"), true, true}
	case edm.MissingAuthorization:
		return outcome{"authorization", "bad", "!", v.T("portal/outcome.authorization.state"), v.T("portal/outcome.authorization.title"),
			v.T("portal/outcome.authorization.meaning"), v.T("portal/outcome.authorization.next"), false, true}
	case edm.InvalidRequest:
		return outcome{"mismatch", "bad", "!", v.T("portal/outcome.mismatch.state"), v.T("portal/outcome.mismatch.title"),
			v.T("portal/outcome.mismatch.meaning"), v.T("portal/outcome.mismatch.next"), false, true}
	case edm.ObjectNotFound:
		return notFound(v)
	case edm.TimedOut:
		return tooLate(v)
	case edm.UnsupportedCapability:
		return outcome{"unsupported", "bad", "!", v.T("portal/outcome.unsupported.state"), v.T("portal/outcome.unsupported.title"),
			v.T("portal/outcome.unsupported.meaning"), v.T("portal/outcome.unsupported.next"), false, true}
	}
	// EDM:ERR:0006, 0008, and what a later version may bring.
	return outcome{"failed", "bad", "!", v.T("portal/outcome.failed.state"), v.T("portal/outcome.failed.title"),
		v.T("portal/outcome.failed.meaning"), v.T("portal/outcome.failed.next"), true, true}
}

func notFound(v *visit) outcome {
	return outcome{"notfound", "", "–", v.T("portal/outcome.notFound.state"), v.T("portal/outcome.notFound.title"),
		v.T("portal/outcome.notFound.meaning"), v.T("portal/outcome.notFound.next"), true, false}
}

func tooLate(v *visit) outcome {
	return outcome{"expired", "bad", "!", v.T("portal/outcome.expired.state"), v.T("portal/outcome.expired.title"),
		v.T("portal/outcome.expired.meaning"), v.T("portal/outcome.expired.next"), true, true}
}

// deferred is asked again at or after the date, never before. [TDD 4.4]
func deferred(v *visit, x requester.Exchange) outcome {
	return outcome{"deferred", "warn", "◷", v.T("portal/outcome.deferred.state"), v.T("portal/outcome.deferred.title", "day", v.Day(x.AvailableAt)),
		v.T("portal/outcome.deferred.meaning", "moment", v.Moment(x.AvailableAt)), v.T("portal/outcome.deferred.next"), !v.Now().Before(x.AvailableAt), false}
}
