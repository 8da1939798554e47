package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// chooseLanguage follows the order: cookie of an explicit choice, Accept-Language, the site's own
// language, English. [SDGR art. 12] [ux-guidance §6]
func (s *Site[S]) chooseLanguage(r *http.Request) string {
	if c, err := r.Cookie(s.langCookie()); err == nil && s.Catalog.Has(c.Value) {
		return c.Value
	}
	if lang := accepted(r.Header.Get("Accept-Language"), s.Catalog.Has); lang != "" {
		return lang
	}
	for _, country := range []string{s.Lang, LanguageOf(s.Country), "en"} {
		if s.Catalog.Has(country) {
			return country
		}
	}
	return s.Catalog.Languages()[0]
}

// accepted returns the language of the header with the highest weight that has accepts, by its primary
// subtag; "" when there is none. At most 20 entries are read. [RFC 9110 §12.5.4]
func accepted(header string, has func(string) bool) string {
	best, weight := "", 0.0
	for i, entry := range strings.Split(header, ",") {
		if i == 20 {
			break
		}
		tag, params, _ := strings.Cut(strings.TrimSpace(entry), ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				continue
			}
			q = f
		}
		lang, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if q > weight && q <= 1 && has(lang) {
			best, weight = lang, q
		}
	}
	return best
}

// switchLanguage answers a link with ?lang=: it remembers the choice and leads back to the same page
// without the parameter. It reports whether it answered.
func (s *Site[S]) switchLanguage(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	q := r.URL.Query()
	lang := q.Get("lang")
	if lang == "" || !s.Catalog.Has(lang) {
		return false
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.langCookie(), Value: lang, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		Secure: !s.Insecure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	q.Del("lang")
	http.Redirect(w, r, localURL(r.URL, q), http.StatusSeeOther)
	return true
}

// A LanguageLink switches the page to another language.
type LanguageLink struct {
	Lang, Name string // code, and the name in that language
	Href       string // this page in that language
	Current    bool   // the page is in it
}

func (s *Site[S]) languageLinks(u *url.URL, current string) []LanguageLink {
	links := make([]LanguageLink, 0, len(s.Catalog.Languages()))
	for _, lang := range s.Catalog.Languages() {
		q := u.Query()
		q.Set("lang", lang)
		links = append(links, LanguageLink{Lang: lang, Name: ownName(lang), Href: localURL(u, q), Current: lang == current})
	}
	return links
}

// localURL is the path of u with the query q; it never leaves this host.
func localURL(u *url.URL, q url.Values) string {
	out := url.URL{Path: "/" + strings.TrimLeft(u.Path, "/"), RawQuery: q.Encode()}
	return out.String()
}

// langCookie keeps an explicit choice. Its name is the same for all parts of a host, so that a language
// chosen in the portal holds in the login and in the preview space too.
func (s *Site[S]) langCookie() string { return s.hostOnly("oots_lang") }
