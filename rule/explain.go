package rule

import (
	"fmt"
	"strings"
)

// Explain says in plain text what is known of a rule, all its forms, newest first; "" for an id that the
// catalogue does not have. Lines are not wrapped.
func Explain(id ID) string {
	var b strings.Builder
	for r := range All() {
		if r.ID != id {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		r.explain(&b)
	}
	return b.String()
}

func (r *Row) explain(b *strings.Builder) {
	fmt.Fprintf(b, "%s  %s  %s\n", r.ID, r.Severity, r.releases())
	fmt.Fprintf(b, "document: %s\n", r.Document.Title())
	if r.Context != "" {
		fmt.Fprintf(b, "looks at: %s\n", r.Context)
	}
	for _, part := range [...]struct{ name, text string }{{"wrong", r.Wrong}, {"write", r.Write}, {"note", r.Note}} {
		if part.text != "" {
			fmt.Fprintf(b, "%s: %s\n", part.name, part.text)
		}
	}
	fmt.Fprintf(b, "here: %s\n", r.State.sentence())
}

// releases gives the release lines: "oots-edm 1.2, 2.0 (1.1 assumed)".
func (r *Row) releases() string {
	family := "oots-edm"
	if r.Document.CommonServices() {
		family = "oots-cs"
	}
	var known, assumed []string
	for _, l := range r.Releases {
		if l.Assumed {
			assumed = append(assumed, l.Version)
		} else {
			known = append(known, l.Version)
		}
	}
	s := family
	if len(known) > 0 {
		s += " " + strings.Join(known, ", ")
	}
	if len(assumed) > 0 {
		s += " (assumed: " + strings.Join(assumed, ", ") + ")"
	}
	return s
}

// Title is the name of the kind of document in words.
func (d Document) Title() string {
	switch d {
	case Request:
		return "evidence request"
	case Response:
		return "evidence response"
	case ErrorResponse:
		return "evidence error response"
	case Header:
		return "ebMS header of an evidence message"
	case EvidenceMessage:
		return "any evidence message"
	case AnyDocument:
		return "any document with a content model"
	case TwoDocuments:
		return "two documents that belong together"
	case Requirements:
		return "Evidence Broker, answer with requirements"
	case EvidenceTypes:
		return "Evidence Broker, answer with evidence types"
	case BrokerFailure:
		return "Evidence Broker, refusal"
	case BrokerSubmit:
		return "submission to the Evidence Broker"
	case DataServices:
		return "Data Service Directory, answer with data services"
	case DirectoryError:
		return "Data Service Directory, refusal or question"
	case DirectorySubmit:
		return "submission to the Data Service Directory"
	case SubmitSuccess:
		return "answer to a submission that was taken"
	case SubmitFailure:
		return "answer to a submission that was refused"
	}
	return string(d)
}

func (s State) sentence() string {
	switch s {
	case Checked:
		return "checked; a breach is reported under this id"
	case ReadAs:
		return "not reported under this id; see the note"
	case Dead:
		return "never reported; see the note"
	}
	return "the text of the rule is not known, so it is not checked"
}
