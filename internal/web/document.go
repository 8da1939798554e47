package web

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// A Document is a file of the user's that a page shows or hands over: evidence, never a page of ours.
type Document struct {
	Name      string // suggested file name
	MediaType string // as declared by who made it
	Content   []byte
	Download  bool // save it rather than show it
}

// Inline reports whether browsers show files of mediaType without being able to run anything in them with
// our rights. Everything else is only ever downloaded.
func Inline(mediaType string) bool {
	switch mediaType {
	case "application/pdf", "image/png", "image/jpeg", "text/plain; charset=utf-8":
		return true
	}
	return false
}

// Serve hands a document over. It may be framed by our own pages only, and what is in it has no rights
// on this site.
func (v *Visit[S]) Serve(d Document) error {
	h := v.W.Header()
	disposition, csp := "attachment", "default-src 'none'; sandbox; frame-ancestors 'none'"
	if !d.Download && Inline(d.MediaType) {
		disposition = "inline"
		csp = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'"
	}
	h.Set("Content-Security-Policy", csp)
	h.Set("Content-Type", d.MediaType)
	h.Set("Content-Length", strconv.Itoa(len(d.Content)))
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": FileName(d.Name)}))
	if v.R.Method == http.MethodHead {
		return nil
	}
	v.W.Write(d.Content) // an error here means that the browser has gone
	return nil
}

// FileName makes a name safe to save under: no path, no control characters, at most 100 characters;
// "document" when nothing is left.
func FileName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	var b strings.Builder
	n := 0
	for _, c := range name {
		if n == 100 {
			break
		}
		if c < ' ' || c == 0x7f || strings.ContainsRune(`<>:"|?*`, c) || c == 0xFFFD || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) {
			continue
		}
		b.WriteRune(c)
		n++
	}
	out := strings.Trim(b.String(), " .")
	if out == "" {
		return "document"
	}
	return out
}
