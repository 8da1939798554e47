package web

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"oots/edm"
	"oots/internal/clock"
)

// Files holds the texts and templates of the frame; Load it first, then the files of the screens.
//
//go:embed texts all:templates assets
var Files embed.FS

// A Site is one set of pages in one frame. S is what a session of it remembers; it is stored as JSON.
type Site[S any] struct {
	Names    edm.Texts      // of the authority that runs the pages
	Country  string         // code of OOTS_Country; "" for pages of no country
	Lang     string         // the language when the browser wants none of ours; "" is that of Country
	Home     string         // where the name leads to
	Base     string         // path that the site's assets lie under: "" or "/preview"
	Help     string         // path of the page with contact, privacy and accessibility; "" for none
	Demo     bool           // says on every page that all is invented
	Personal bool           // its visitors decide what is exchanged about them, and every page says so
	Roomy    bool           // pages are as wide as the frame: lists and tables rather than texts
	Zone     *time.Location // for times on pages; nil is UTC
	Catalog  *Catalog       // with the texts of the frame and of the screens
	Screens  *Templates
	Sessions SessionStore // nil for a site without sessions
	Cookie   string       // name of the session cookie without its prefix; unique on the host, where ports share cookies
	Insecure bool         // cookies without Secure, for tests over plain HTTP
	HSTS     bool         // tell browsers to insist on TLS; off on localhost
	Limit    *Limiter     // of posts; nil for the default
	Clock    clock.Clock  // for sessions, limits and pages
	Log      *slog.Logger // one line per request, without personal data
}

// DefaultLimit lets a client post 40 times at once and once a second.
func DefaultLimit() *Limiter { return &Limiter{Burst: 40, Every: time.Second} }

// Use loads the texts and screens of systems, and those of the frame, and checks the site.
func (s *Site[S]) Use(systems ...fs.FS) (err error) {
	if s.Catalog, err = Load(append([]fs.FS{Files}, systems...)...); err != nil {
		return err
	}
	if s.Screens, err = Parse(systems...); err != nil {
		return err
	}
	return s.Check()
}

// Check reports what a site cannot do without.
func (s *Site[S]) Check() error {
	switch {
	case s.Catalog == nil || s.Screens == nil:
		return errors.New("web: a site needs a catalogue and screens")
	case s.Clock.Now == nil || s.Log == nil:
		return errors.New("web: a site needs a clock and a logger")
	case s.Cookie == "":
		return errors.New("web: a site needs a cookie name")
	}
	return nil
}

// FormLimit is the size of the body of an ordinary form in bytes.
const FormLimit = 64 << 10

// A Visit is one request while it is answered.
type Visit[S any] struct {
	Printer                     // in the language of the user
	W       http.ResponseWriter // counts what is written, for the log
	R       *http.Request       // its form is read when it is a post
	Session *Session[S]         // never nil

	site *Site[S]
	ref  string
}

// Now is the time of the site's clock.
func (v *Visit[S]) Now() time.Time { return v.site.Clock.Now() }

// Reference is the support reference of this request, as the log has it too.
func (v *Visit[S]) Reference() string { return v.ref }

// Redirect sends the browser to a path of this host, to be fetched with GET.
func (v *Visit[S]) Redirect(path string) error {
	http.Redirect(v.W, v.R, SafeNext(path, "/"), http.StatusSeeOther)
	return nil
}

// Handle answers requests with f. What f returns as an error becomes an error page.
func (s *Site[S]) Handle(f func(*Visit[S]) error) http.Handler { return s.HandleUpTo(FormLimit, f) }

// HandleUpTo is Handle for a body of at most limit bytes. Requests that change something pass only when
// they come from a page of this host and repeat the session's token.
func (s *Site[S]) HandleUpTo(limit int64, f func(*Visit[S]) error) http.Handler {
	if s.Limit == nil {
		s.Limit = DefaultLimit()
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := &recorder{ResponseWriter: w, status: http.StatusOK}
		begun := s.Clock.Now()
		v := &Visit[S]{W: out, R: r, site: s, ref: reference(), Session: &Session[S]{}}
		v.Printer = s.Catalog.Printer(s.chooseLanguage(r), s.Zone)
		s.protect(w.Header())
		if !s.switchLanguage(out, r) {
			if err := s.answer(v, limit, f); err != nil {
				v.fail(err)
			}
		}
		s.access(v, out, begun)
	})
}

func (s *Site[S]) answer(v *Visit[S], limit int64, f func(*Visit[S]) error) error {
	v.R.Body = http.MaxBytesReader(v.W, v.R.Body, limit)
	var err error
	if v.Session, err = s.load(v.R); err != nil {
		v.Session = &Session[S]{}
		return err
	}
	if v.R.Method != http.MethodGet && v.R.Method != http.MethodHead {
		if err := s.guard(v); err != nil {
			return err
		}
	}
	return f(v)
}

// TakeOver answers a request that another part of the host has already read and guarded: a completed
// login. It writes no line to the access log; that part does.
func (s *Site[S]) TakeOver(w http.ResponseWriter, r *http.Request, f func(*Visit[S]) error) {
	v := &Visit[S]{W: w, R: r, site: s, ref: reference(), Session: &Session[S]{}}
	v.Printer = s.Catalog.Printer(s.chooseLanguage(r), s.Zone)
	s.protect(w.Header())
	sess, err := s.load(r)
	if err != nil {
		v.fail(err)
		return
	}
	v.Session = sess
	if err := f(v); err != nil {
		v.fail(err)
	}
}

// Missing answers addresses that no page has.
func (s *Site[S]) Missing() http.Handler {
	return s.Handle(func(*Visit[S]) error { return NotFound })
}
