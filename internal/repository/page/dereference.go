package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"oots/internal/repository"
	"oots/internal/store"
	"oots/internal/web"
)

// dereference answers a persistent address in the form that the client asks for: 404 for one that was never here,
// 410 for one that was withdrawn, 406 for a form that the asset does not have.
func (p *Page) dereference(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		protect(w.Header())
		http.Error(w, "assets are read with GET", http.StatusMethodNotAllowed)
		return
	}
	a, exact, err := p.config.Service.Find(r.Context(), r.PathValue("path"))
	switch {
	case errors.Is(err, repository.ErrGone):
		p.absent(w, r, http.StatusGone, func(v *visit) error { return p.gone(v, a) })
		return
	case errors.Is(err, store.ErrNotFound):
		p.absent(w, r, http.StatusNotFound, func(*visit) error {
			return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Path + "/"}
		})
		return
	case err != nil:
		p.site.Handle(func(*visit) error { return err }).ServeHTTP(w, r)
		return
	}
	wanted, problem := p.wanted(r, a)
	if problem != "" {
		p.refuse(w, r, a, problem)
		return
	}
	if wanted.Form == repository.HTML {
		p.site.Handle(func(v *visit) error {
			v.W.Header().Add("Vary", "Accept")
			p.links(v.W.Header(), a)
			return p.show(v, a, exact)
		}).ServeHTTP(w, r)
		return
	}
	p.send(w, r, a, wanted, exact)
}

// wanted is the form that a request asks for, with its media type: the parameter decides before the header.
func (p *Page) wanted(r *http.Request, a *repository.Asset) (wanted repository.Representation, problem string) {
	switch f := repository.Form(r.URL.Query().Get("format")); {
	case f == "":
	case !a.Has(f):
		return wanted, "the asset has no such format"
	case f == repository.Metadata: // by its name there is nothing to choose, and browsers can show this
		return repository.Representation{MediaType: "application/xml", Form: f}, ""
	default:
		return repository.Representation{MediaType: f.MediaType(), Form: f}, ""
	}
	wanted, ok := choose(strings.Join(r.Header.Values("Accept"), ","), a.Representations())
	if !ok {
		return wanted, "the asset has none of the media types accepted"
	}
	return wanted, ""
}

// send answers with a form that is no page, unless the client has it already.
func (p *Page) send(w http.ResponseWriter, r *http.Request, a *repository.Asset, wanted repository.Representation, exact bool) {
	h, f := w.Header(), wanted.Form
	protect(h)
	b, err := p.config.Service.Bytes(r.Context(), a, f)
	if err != nil {
		p.config.Log.Error("an asset cannot be made", "asset", a.Path(), "form", string(f), "err", err)
		http.Error(w, "the asset cannot be shown in this form", http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256(b)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Cache-Control", "no-cache")
	if exact && !a.Live && !described(f) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // a published version never changes
	}
	p.links(h, a)
	h.Set("Content-Type", contentType(wanted))
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": web.FileName(a.FileName(f))}))
	modified := a.Modified
	if described(f) {
		modified = time.Time{} // they name relations of others, which have dates of their own
	}
	web.Logged(p.config.Log, p.config.Clock.Now, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", modified, bytes.NewReader(b)) // answers to If-None-Match, If-Modified-Since and Range
	})).ServeHTTP(w, r)
}

// described reports whether a form is metadata.
func described(f repository.Form) bool {
	return f == repository.Metadata || f == repository.JSONLD || f == repository.Turtle
}

func contentType(r repository.Representation) string {
	switch {
	case r.Form == repository.CSV:
		return r.MediaType + "; charset=utf-8; header=present"
	case strings.HasPrefix(r.MediaType, "text/"):
		return r.MediaType + "; charset=utf-8"
	default:
		return r.MediaType
	}
}

// links name the identifier of what is shown, and the other forms. [RFC 8288]
func (p *Page) links(h http.Header, a *repository.Asset) {
	h.Add("Link", `<`+a.ID+`>; rel="canonical"`)
	for _, f := range []repository.Form{repository.Metadata, repository.JSONLD, repository.Turtle} {
		h.Add("Link", fmt.Sprintf(`<%s?format=%s>; rel="describedby"; type=%q`, p.local(a, ""), f, f.MediaType()))
	}
}

// protect sets the headers of answers that are no pages.
func protect(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*") // everything here is public and the same for everybody
	h.Add("Vary", "Accept")
}

// absent tells a browser on a page, and others in a line, that there is nothing.
func (p *Page) absent(w http.ResponseWriter, r *http.Request, code int, page func(*visit) error) {
	if accept := r.Header.Get("Accept"); strings.Contains(accept, "text/html") {
		p.site.Handle(page).ServeHTTP(w, r)
		return
	}
	protect(w.Header())
	http.Error(w, map[int]string{http.StatusGone: "this was withdrawn", http.StatusNotFound: "no asset has this address"}[code], code)
}

// refuse answers 406 with the forms that there are. [RFC 9110 §15.5.7]
func (p *Page) refuse(w http.ResponseWriter, r *http.Request, a *repository.Asset, problem string) {
	protect(w.Header())
	p.links(w.Header(), a)
	var b strings.Builder
	b.WriteString(problem + "; it has:\n")
	for _, o := range a.Representations() {
		fmt.Fprintf(&b, "%s  ?format=%s\n", o.MediaType, o.Form)
	}
	http.Error(w, b.String(), http.StatusNotAcceptable)
}
