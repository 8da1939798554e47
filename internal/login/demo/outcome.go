package demo

import "oots/internal/web"

// Explain says what happens to a person with the outcome; the printer's catalogue has loaded Files.
func Explain(p web.Printer, o Outcome) string {
	switch o {
	case Success:
		return p.T("login/demo/outcome.success")
	case Letters:
		return p.T("login/demo/outcome.letters")
	case Nobody:
		return p.T("login/demo/outcome.nobody")
	case Several:
		return p.T("login/demo/outcome.several")
	case Nothing:
		return p.T("login/demo/outcome.nothing")
	case Failure:
		return p.T("login/demo/outcome.failure")
	case Silence:
		return p.T("login/demo/outcome.silence")
	case Later:
		return p.T("login/demo/outcome.later")
	}
	return string(o)
}
