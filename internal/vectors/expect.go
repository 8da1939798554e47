package vectors

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// An Outcome is what one case did, as the partner and the consumer saw it.
type Outcome struct {
	Code      string // ebMS code that was answered, or that an answer to us amounts to; "" for none
	Fault     string // code of a SOAP fault; "" for none
	Status    int    // HTTP status of our answer; 0 for an answer to us
	Accepted  bool   // a valid receipt
	Delivered int    // messages handed to the consumer by this case
	Same      bool   // the receipt is byte for byte the one of an earlier message with this id
	State     State  // of our message, after an answer to us
	Notified  string // code that the producer was told; "" when it was not
}

// State is where a message of ours stands after an answer.
type State string

// States of a message of ours.
const (
	Acknowledged State = "acknowledged"
	Retrying     State = "retry"
	Final        State = "final failure"
	Attention    State = "needs attention"
)

// String writes an outcome in the words of a manifest.
func (o Outcome) String() string {
	var words []string
	switch {
	case o.State == Acknowledged:
		return "accepted"
	case o.State != "":
		if o.Code != "" {
			words = append(words, o.Code)
		}
		words = append(words, string(o.State))
		if o.Notified != "" {
			words = append(words, "producer notified with "+o.Notified)
		}
		return strings.Join(words, ", ")
	case o.Accepted && o.Same:
		words = append(words, "same receipt again")
	case o.Accepted:
		words = append(words, "ok")
	case o.Code != "":
		words = append(words, o.Code)
	case o.Fault != "":
		words = append(words, o.Fault+" fault")
	default:
		words = append(words, "refused")
	}
	if !o.Accepted && o.Status != 200 {
		words = append(words, fmt.Sprintf("HTTP %d", o.Status))
	}
	if o.Accepted && o.Delivered == 0 {
		words = append(words, "not delivered")
	}
	return strings.Join(words, ", ")
}

// An Expectation is the field expect of a manifest, read. It is one or several alternatives, any of which is
// right:
//
//	ok                    one signed receipt whose references are those of the message, one delivery
//	ok-not-delivered      the receipt, no delivery
//	same receipt again    the bytes of the earlier receipt, no delivery
//	EBMS:nnnn             that error
//	NAME fault            a SOAP fault: VersionMismatch, MustUnderstand, Sender, or SOAP for any
//	HTTP nnn              that status
//	refused               any of these, when the text names none
//	accepted              (answers) our message is acknowledged
//	retry                 (answers) it will be sent again
//	final failure         (answers) it will not; the producer is told
//	needs attention       (answers) it waits for an operator, and is not reported as delivered
//
// Whatever is refused must not be delivered.
type Expectation struct {
	text   string
	codes  []string
	faults []string // "SOAP" means any
	status []string
	ok     bool
	silent bool // a receipt without delivery
	same   bool
	any    bool // any refusal
	states []State
}

var (
	codePattern   = regexp.MustCompile(`\b[A-Z]+:\d{4}\b`)
	faultPattern  = regexp.MustCompile(`\b(VersionMismatch|MustUnderstand|Sender|Receiver|SOAP)\s+[Ff]ault\b`)
	statusPattern = regexp.MustCompile(`\bHTTP\s+(\d{3})\b`)
	okPattern     = regexp.MustCompile(`(^|\W)ok(\W|$)`)
)

// ReadExpectation reads the field expect. A text without any word that is known is an error: a case must
// not pass because nobody understood it.
func ReadExpectation(text string) (Expectation, error) {
	e := Expectation{text: text, codes: codePattern.FindAllString(text, -1)}
	for _, m := range faultPattern.FindAllStringSubmatch(text, -1) {
		e.faults = append(e.faults, m[1])
	}
	for _, m := range statusPattern.FindAllStringSubmatch(text, -1) {
		e.status = append(e.status, m[1])
	}
	lower := strings.ToLower(text)
	e.silent = strings.Contains(lower, "ok-not-delivered")
	e.ok = okPattern.MatchString(lower) && !e.silent
	e.same = strings.Contains(lower, "same receipt")
	for _, s := range []struct {
		word  string
		state State
	}{{"accepted", Acknowledged}, {"retr", Retrying}, {"failed attempt", Retrying}, {"attempt failed", Retrying}, {"final", Final}, {"attention", Attention}} {
		if strings.Contains(lower, s.word) && !strings.Contains(lower, "not "+s.word) {
			e.states = append(e.states, s.state)
		}
	}
	e.any = strings.Contains(lower, "refused") && len(e.codes)+len(e.faults)+len(e.status) == 0
	if !e.any && len(e.codes)+len(e.faults)+len(e.status)+len(e.states) == 0 && !e.ok && !e.silent && !e.same {
		return Expectation{}, fmt.Errorf("expectation %.80q is not understood", text)
	}
	return e, nil
}

// Alternatives is how many outcomes are right for a received message.
func (e *Expectation) Alternatives() int {
	n := len(e.codes) + len(e.faults) + len(e.status)
	for _, b := range []bool{e.ok, e.silent, e.same} {
		if b {
			n++
		}
	}
	return n
}

// Received judges what we did with a message: "" when it is right, else what is wrong.
func (e *Expectation) Received(o Outcome) string {
	if !o.Accepted {
		if o.Delivered > 0 {
			return "it was refused and yet delivered"
		}
		soap := o.Fault != "" && slices.Contains(e.faults, "SOAP")
		if e.any || soap || slices.Contains(e.codes, o.Code) || slices.Contains(e.faults, o.Fault) || slices.Contains(e.status, fmt.Sprint(o.Status)) {
			return ""
		}
		return "another answer was expected"
	}
	switch {
	case e.same && (!o.Same || o.Delivered != 0):
		return "the same receipt and no second delivery were expected"
	case e.silent && o.Delivered != 0:
		return "it was delivered"
	case e.ok && o.Delivered != 1:
		return fmt.Sprintf("%d deliveries", o.Delivered)
	case !e.ok && !e.silent && !e.same:
		return "it was accepted"
	}
	return ""
}

// Answered judges what we made of an answer to a message of ours: "" when it is right, else what is wrong.
func (e *Expectation) Answered(o Outcome) string {
	if len(e.codes) > 0 && !slices.Contains(e.codes, o.Code) {
		return fmt.Sprintf("it amounts to %q", o.Code)
	}
	if e.ok && len(e.states) == 0 && o.State != Acknowledged || len(e.states) > 0 && !slices.Contains(e.states, o.State) {
		return "the message is in another state"
	}
	if o.State == Final && o.Notified == "" {
		return "the producer was not told"
	}
	if o.State != Final && o.Notified != "" {
		return "the producer was told of a failure"
	}
	return ""
}
