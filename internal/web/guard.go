package web

import (
	"crypto/subtle"
	"errors"
	"io"
	"mime"
	"net/http"
)

// CSRFField is the name of the form field that carries the session's token.
const CSRFField = "csrf"

// guard lets a post pass only when the browser says that it comes from a page of this host, the client
// does not post too often, there is a session, the body is a form of an allowed size, and the form repeats
// the token of the session. A site without sessions has no token; the first checks stand alone there.
func (s *Site[S]) guard(v *Visit[S]) error {
	if err := http.NewCrossOriginProtection().Check(v.R); err != nil {
		return &Problem{Status: http.StatusForbidden, Kind: ForeignForm, Cause: err}
	}
	if !s.Limit.allow(client(v.R), s.Clock.Now()) {
		return tooOften(v.W.Header())
	}
	if s.Sessions != nil && v.Session.CSRF == "" {
		io.Copy(io.Discard, v.R.Body) // so that the browser reads the answer; nothing of it is kept
		return &Problem{Status: http.StatusForbidden, Kind: SessionOver}
	}
	if err := parseForm(v.R); err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return &Problem{Status: http.StatusRequestEntityTooLarge, Kind: TooLarge}
		}
		return &Problem{Status: http.StatusBadRequest, Kind: BadForm}
	}
	if s.Sessions == nil {
		return nil
	}
	token, sent := v.Session.CSRF, v.R.PostForm.Get(CSRFField)
	if subtle.ConstantTimeCompare([]byte(token), []byte(sent)) != 1 {
		return &Problem{Status: http.StatusForbidden, Kind: ForeignForm}
	}
	return nil
}

func tooOften(h http.Header) error {
	h.Set("Retry-After", "60")
	return &Problem{Status: http.StatusTooManyRequests, Kind: TooOften}
}

// parseForm reads the body as a form. Files stay in memory: the body is bounded.
func parseForm(r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	if kind != "multipart/form-data" {
		return r.ParseForm()
	}
	if err := r.ParseMultipartForm(32 << 20); err != nil {
		return err
	}
	for k, vs := range r.MultipartForm.Value {
		r.PostForm[k] = vs
	}
	return nil
}
