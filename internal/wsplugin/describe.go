package wsplugin

import (
	"embed"
	"net/http"
	"net/url"
	"strings"

	"oots/xml/xmltree"
)

//go:embed wsdl
var documents embed.FS

// describe gives out the WSDL at "?wsdl" and the schemas it names at "?xsd=…".
func (h *Handler) describe(w http.ResponseWriter, r *http.Request) {
	name := ""
	for part := range strings.SplitSeq(r.URL.RawQuery, "&") {
		key, value, _ := strings.Cut(part, "=")
		switch strings.ToLower(key) {
		case "wsdl":
			name = "wsplugin.wsdl"
		case "xsd":
			if v, err := url.QueryUnescape(value); err == nil && (v == "wsplugin.xsd" || v == "header.xsd") {
				name = v
			}
		}
	}
	if name == "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		w.Write([]byte("This is the interface for back ends. Its description is at ?wsdl.\n"))
		return
	}
	b, err := documents.ReadFile("wsdl/" + name)
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	text := strings.ReplaceAll(string(b), "{address}", string(xmltree.AppendSafeAttr(nil, h.address(r))))
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Write([]byte(text))
}

// address is where the interface is.
func (h *Handler) address(r *http.Request) string {
	if h.c.URL != "" {
		return h.c.URL
	}
	scheme := "https"
	if r.TLS == nil {
		scheme = "http"
	}
	return scheme + "://" + r.Host + r.URL.Path
}
