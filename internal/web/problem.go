package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"oots/internal/clock"
)

// A Kind says which texts tell a problem to the user.
type Kind string

// The kinds of problem. The texts are web/problem.<kind>.title, .meaning and .next.
const (
	NoPage      Kind = "noPage"      // no such address, or not for this browser: the same text for both
	ForeignForm Kind = "foreignForm" // a form that did not come from our page
	SessionOver Kind = "sessionOver" // the session has ended
	TooOften    Kind = "tooOften"
	TooLarge    Kind = "tooLarge"
	BadForm     Kind = "badForm"
	Busy        Kind = "busy"        // too much is being done for others
	Unreachable Kind = "unreachable" // another system does not answer; nothing was sent
	Broken      Kind = "broken"      // a fault of ours
)

// A Problem ends a visit with an error page. Cause goes to the log, never to the page.
type Problem struct {
	Status int    // of HTTP
	Kind   Kind   // which texts
	Cause  error  // for the log; may be nil
	Back   string // local path of the page to go on from; "" is the home page
}

// NotFound is the problem of an address that no page has. A page that belongs to another browser answers
// the same, so that nobody learns that it is there.
var NotFound = &Problem{Status: http.StatusNotFound, Kind: NoPage}

// Error gives kind and status, and the cause for the log.
func (p *Problem) Error() string {
	if p.Cause != nil {
		return fmt.Sprintf("%s (%d): %v", p.Kind, p.Status, p.Cause)
	}
	return fmt.Sprintf("%s (%d)", p.Kind, p.Status)
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// problemPage is the page of a Problem.
type problemPage struct {
	Frame
	Meaning, Next string
	Back          string // path to go on from
	Reference     string
}

// fail answers with the page of err; an error that is no Problem is a fault of ours.
func (v *Visit[S]) fail(err error) {
	var p *Problem
	if !errors.As(err, &p) {
		p = &Problem{Status: http.StatusInternalServerError, Kind: Broken, Cause: err}
	}
	if p.Status >= 500 {
		v.site.Log.Error("page failed", slog.String("route", v.R.Pattern), slog.String("ref", v.ref), slog.Any("cause", p.Cause))
	}
	back := p.Back
	if back == "" {
		back = v.site.Home
	}
	title, meaning, next := v.problem(p.Kind)
	page := problemPage{Frame: v.Frame(title), Meaning: meaning, Next: next, Back: back, Reference: v.ref}
	if err := v.Show(p.Status, "problem", &page); err != nil {
		v.site.Log.Error("problem page failed", slog.String("ref", v.ref), slog.Any("cause", err))
	}
}

// problem says the three texts of a kind; each stands here in full, so that a search finds it.
func (v *Visit[S]) problem(k Kind) (title, meaning, next string) {
	t := v.T
	switch k {
	case NoPage:
		return t("web/problem.noPage.title"), t("web/problem.noPage.meaning"), t("web/problem.noPage.next")
	case ForeignForm:
		return t("web/problem.foreignForm.title"), t("web/problem.foreignForm.meaning"), t("web/problem.foreignForm.next")
	case SessionOver:
		return t("web/problem.sessionOver.title"), t("web/problem.sessionOver.meaning"), t("web/problem.sessionOver.next")
	case TooOften:
		return t("web/problem.tooOften.title"), t("web/problem.tooOften.meaning"), t("web/problem.tooOften.next")
	case TooLarge:
		return t("web/problem.tooLarge.title"), t("web/problem.tooLarge.meaning"), t("web/problem.tooLarge.next")
	case BadForm:
		return t("web/problem.badForm.title"), t("web/problem.badForm.meaning"), t("web/problem.badForm.next")
	case Busy:
		return t("web/problem.busy.title"), t("web/problem.busy.meaning"), t("web/problem.busy.next")
	case Unreachable:
		return t("web/problem.unreachable.title"), t("web/problem.unreachable.meaning"), t("web/problem.unreachable.next")
	}
	return t("web/problem.broken.title"), t("web/problem.broken.meaning"), t("web/problem.broken.next")
}

// reference is what the user can quote to support: 8 hexadecimal digits.
func reference() string { return clock.Token(4) }
