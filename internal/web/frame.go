package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// A Frame is what every page has around its own content. A page struct embeds it.
type Frame struct {
	Printer
	Title string // of the page and the browser tab, without the name of the site

	// What a page may set.
	Errors []FieldError // at the top of the page, each linked to its field
	Notice string       // what has just happened, in one sentence
	Reload Reload
	User   string // name of who is logged in
	Logout string // path that ends the session by POST
	Leave  *Leave // the way out, shown on every page of a preview space
	Leads  bool   // a form of this page leads to another site

	// What the site sets.
	Screen    string  // name of the template
	SiteName  Foreign // of the authority that runs the pages
	Chip      string  // code of the site's country
	Home      string  // where the name leads to
	Base      string  // path that the assets lie under
	Help      string  // path of the help page; "" for none
	Demo      bool    // all is invented
	Personal  bool    // its visitors decide what is exchanged about them
	Roomy     bool    // the page is as wide as the frame
	CSRF      string  // token of the session; "" without one
	Languages []LanguageLink
	Style     string // address of the style sheet
}

// A FieldError is one mistake in a form.
type FieldError struct {
	Field string // id of the input
	Text  string // what is wrong and how to put it right
}

// ManyLanguages reports whether the languages are too many to stand in a row.
func (s *Frame) ManyLanguages() bool { return len(s.Languages) > 6 }

// OwnLanguage is the name of the language of the page, in itself.
func (s *Frame) OwnLanguage() string { return ownName(s.Lang()) }

// Reviewed reports whether native speakers have reviewed the texts of the page's language.
func (s *Frame) Reviewed() bool { return slices.Contains(reviewed[:], s.Lang()) }

// reviewed are the languages whose texts native speakers have reviewed.
var reviewed = [...]string{"en"}

// Reload makes the browser fetch a page again, or another one, without a script. A page that reloads
// offers to stop that. [WCAG 2.2.1]
type Reload struct {
	Seconds int    // 0 for never
	URL     string // "" for the same page
}

// A Leave is the way from a preview space back to the portal of another authority.
type Leave struct {
	URL  string  // "" while the portal has not announced itself
	Host string  // of URL, for people to read
	To   Foreign // name of the requesting authority
}

// Page is a struct that embeds Frame.
type Page interface{ frame() *Frame }

func (f *Frame) frame() *Frame { return f }

// Shell is the frame itself: the layout reads it through this, so that a field of a page cannot take the
// place of one of the frame's.
func (f *Frame) Shell() *Frame { return f }

// Content is the content attribute of the refresh element.
func (r Reload) Content() string {
	if r.URL == "" {
		return strconv.Itoa(r.Seconds)
	}
	return strconv.Itoa(r.Seconds) + "; url=" + r.URL
}

// Tab is the title of the browser tab without the name of the site: a page with mistakes says so first.
// [WCAG 2.4.2, 3.3.1]
func (f *Frame) Tab() string {
	if len(f.Errors) == 0 {
		return f.Title
	}
	return f.T("web/frame.errorTitle", "title", f.Title)
}

// Error returns the mistake of a field, "" for none.
func (f *Frame) Error(field string) string {
	for _, e := range f.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// Frame begins a page.
func (v *Visit[S]) Frame(title string) Frame {
	s := v.site
	return Frame{
		Printer: v.Printer, Title: title, SiteName: v.In(s.Names), Chip: s.Country, Home: s.Home, Base: s.Base,
		Help: s.Help, Demo: s.Demo, Personal: s.Personal, Roomy: s.Roomy, CSRF: v.Session.CSRF, Languages: s.languageLinks(v.R.URL, v.Lang()),
		Style: s.Base + stylePath(),
	}
}

// Show renders a screen. Nothing reaches the browser when the template fails.
func (v *Visit[S]) Show(status int, screen string, p Page) error {
	t, ok := v.site.Screens.screens[screen]
	if !ok {
		return fmt.Errorf("no screen %q", screen)
	}
	f := p.frame()
	f.Screen = screen
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", p); err != nil {
		return err
	}
	h := v.W.Header()
	h.Set("Content-Security-Policy", policy(f.Leads))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Lang())
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	v.W.WriteHeader(status)
	if v.R.Method != http.MethodHead {
		v.W.Write(b.Bytes()) // an error here means that the browser has gone
	}
	return nil
}
