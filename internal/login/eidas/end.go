package eidas

import (
	"crypto/subtle"
	"net/http"

	"oots/internal/login"
	"oots/internal/web"
)

// endedPage says why a login ended and what to do next.
type endedPage struct {
	web.Frame
	Meaning, Advice string
	Again, Back     string // paths
}

// end takes up what an answer came to, in the browser that began the login.
func (m *Method) end(v *visit, done func(http.ResponseWriter, *http.Request, login.Identity, string)) error {
	handle := v.R.URL.Query().Get("login")
	e, ok := get[ended](v.R.Context(), m, "answer", handle)
	own := m.binding().Browser(v.R)
	if !ok || own == "" || subtle.ConstantTimeCompare([]byte(own), []byte(e.Browser)) != 1 {
		return m.fail(v, http.StatusForbidden, over, ended{Next: "/"})
	}
	forget(v.R.Context(), m, "answer", handle)
	if e.Identity == nil {
		return m.fail(v, http.StatusForbidden, e.Failure, e)
	}
	done(v.W, v.R, *e.Identity, e.Next)
	return nil
}

// fail shows why there is no identity. Leading back to where e came from lets the place that wants a login offer all its ways.
func (m *Method) fail(v *visit, status int, f failure, e ended) error {
	p := endedPage{Back: e.Next, Again: m.Start(e.Next, e.Level)}
	var title string
	switch f {
	case cancelled:
		title, p.Meaning, p.Advice = v.T("login/eidas/end.cancelled.title"), v.T("login/eidas/end.cancelled.meaning"), v.T("login/eidas/end.cancelled.next")
		status = http.StatusOK
	case tooWeak:
		title, p.Meaning, p.Advice = v.T("login/eidas/end.tooWeak.title"), v.T("login/eidas/end.tooWeak.meaning"), v.T("login/eidas/end.tooWeak.next")
	case over:
		title, p.Meaning, p.Advice = v.T("login/eidas/end.over.title"), v.T("login/eidas/end.over.meaning"), v.T("login/eidas/end.over.next")
		p.Again = ""
	default:
		title, p.Meaning, p.Advice = v.T("login/eidas/end.refused.title"), v.T("login/eidas/end.refused.meaning"), v.T("login/eidas/end.refused.next")
	}
	p.Frame = v.Frame(title)
	return v.Show(status, "ended", &p)
}
