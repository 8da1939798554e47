package preview

import (
	"errors"
	"slices"
	"strings"
	"time"

	"oots/internal/provider"
	"oots/internal/web"
)

// link is the session behind the link of a request, with the paths of its pages.
type link struct {
	provider.PreviewSession
}

// Path is the address of the link.
func (l link) Path() string { return "/preview/" + l.Token }

// CookieName is the name of the session cookie of a preview space in country. It is not that of the
// portal: a login there opens nothing here.
func CookieName(country string) string { return "oots_" + strings.ToLower(country) + "_preview" }

// isMine reports whether who acted in the request logged in with this browser.
func isMine(v *visit, token string) bool {
	return slices.Contains(v.Session.Value.Mine, token)
}

// live gives f the link of the address while the user can still decide; else it tells why not.
func (s *Space) live(f func(*visit, link) error) func(*visit) error {
	return func(v *visit) error {
		token := v.R.PathValue("token")
		p, err := s.provider.Session(v.R.Context(), token)
		p.Token = token
		l := link{p}
		switch {
		case errors.Is(err, provider.ErrDecided) && isMine(v, token):
			return v.Redirect(l.Path() + "/result")
		case closed(err):
			return s.ended(v, l, err)
		case err != nil:
			return err
		}
		return f(v, l)
	}
}

// closed reports whether err says that a link takes no decision.
func closed(err error) bool {
	return errors.Is(err, provider.ErrNoSession) || errors.Is(err, provider.ErrExpired) || errors.Is(err, provider.ErrDecided)
}

// mine lets only the browser on in which the person of the request logged in, once it is sure who she is in the
// register; any other goes to the login.
func (s *Space) mine(f func(*visit, link) error) func(*visit, link) error {
	return s.identifiedFor(func(v *visit, l link) error {
		if len(l.Questions) > 0 {
			return v.Redirect(l.Path() + "/more")
		}
		return f(v, l)
	})
}

// identifiedFor lets only the browser on in which the person of the request logged in; any other goes to the login.
func (s *Space) identifiedFor(f func(*visit, link) error) func(*visit, link) error {
	return func(v *visit, l link) error {
		if !isMine(v, l.Token) || !l.Identified {
			return v.Redirect(l.Path() + "/login")
		}
		return f(v, l)
	}
}

// untilAnnounced keeps the browser on the page it shows until the second request has come, and leads on to
// next. [ux-guidance V0a]
func (s *Space) untilAnnounced(v *visit, l link, next string) error {
	err := v.Await(func() (bool, error) {
		p, err := s.provider.Session(v.R.Context(), l.Token)
		if errors.Is(err, provider.ErrDecided) {
			err = nil
		}
		return p.Announced, err
	})
	if err != nil && !closed(err) && v.R.Context().Err() == nil {
		return err
	}
	return v.Redirect(next)
}

// hurry is how long before its end a page warns of it. [WCAG 2.2.1]
const hurry = 5 * time.Minute

// timeLeft says until when the user can decide. [ux-guidance V9]
type timeLeft struct {
	Until   time.Time
	Minutes string
	Hurry   bool
}

// page begins a page of a link: with the way back to the portal that asked.
func (s *Space) page(v *visit, l link, title string) (web.Frame, timeLeft) {
	f := v.Frame(title)
	if u := v.Session.Value.User; u != nil {
		f.User, f.Logout = u.Name(), l.Path()+"/logout"
	}
	f.Leave = &web.Leave{To: v.In(l.Requester.Names)}
	if to, host, ok := web.Elsewhere(l.ReturnLocation); ok {
		f.Leave.URL, f.Leave.Host = to, host
	}
	left := l.ExpiresAt.Sub(v.Now())
	return f, timeLeft{Until: l.ExpiresAt, Minutes: v.Minutes(v.Now(), l.ExpiresAt), Hurry: left < hurry}
}
