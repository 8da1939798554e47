package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
)

// styleSheet is the one style sheet of all pages.
func styleSheet() []byte {
	b, _ := Files.ReadFile("assets/oots.css") // embedded
	return b
}

// stylePath is the address of the style sheet below the base of a site; it changes with the content, so
// that browsers may keep it.
func stylePath() string {
	sum := sha256.Sum256(styleSheet())
	return "/assets/oots.css?v=" + hex.EncodeToString(sum[:4])
}

// Mount adds the assets of the site to mux, below its base.
func (s *Site[S]) Mount(mux *http.ServeMux) {
	for name, kind := range map[string]string{"oots.css": "text/css; charset=utf-8", "mark.svg": "image/svg+xml"} {
		content, err := Files.ReadFile(path.Join("assets", name))
		if err != nil {
			continue // embedded: cannot be
		}
		mux.HandleFunc("GET "+s.Base+"/assets/"+name, func(w http.ResponseWriter, r *http.Request) {
			s.protect(w.Header())
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			w.Write(content)
		})
	}
}
