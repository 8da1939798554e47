package mirror

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
)

// maxQuery bounds a query string.
const maxQuery = 16 << 10

// ServeHTTP answers from the copy. What was not copied is 404 without a RegRep body, which no client takes for
// an answer.
func (m *Mirror) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	service, ok := serviceOf(q.URL.Path)
	switch {
	case !ok:
		http.Error(w, "not found", http.StatusNotFound)
		return
	case q.Method != http.MethodGet && q.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	p := m.find(service, q)
	if p == nil {
		http.Error(w, "not in this mirror", http.StatusNotFound)
		return
	}
	h.Set("Content-Type", p.header.Get("Content-Type"))
	h.Set("Content-Length", strconv.Itoa(len(p.body)))
	h.Set(jades.HeaderDigest, p.header.Get(jades.HeaderDigest))
	h.Set(jades.HeaderSignature, p.header.Get(jades.HeaderSignature))
	h.Set("Last-Modified", p.At.UTC().Format(http.TimeFormat))
	w.WriteHeader(http.StatusOK)
	if q.Method == http.MethodGet {
		w.Write(p.body) // an error is the client gone
	}
}

// serviceOf reads the service out of a path that ends in <service>/rest/search.
func serviceOf(path string) (query.Service, bool) {
	before, ok := strings.CutSuffix(path, "/"+query.Path)
	if !ok {
		return "", false
	}
	s := query.Service(before[strings.LastIndexByte(before, '/')+1:])
	return s, s == query.EB || s == query.DSD
}

// find returns the newest copy among the release lines that are accepted; without the header, that is the
// first line. [TDD 3.6.2]
func (m *Mirror) find(service query.Service, q *http.Request) *pair {
	if len(q.URL.RawQuery) > maxQuery {
		return nil
	}
	v, err := url.ParseQuery(q.URL.RawQuery)
	if err != nil || len(v) > 100 {
		return nil
	}
	for _, values := range v {
		if len(values) != 1 {
			return nil
		}
	}
	lines := m.pairs[string(service)+"?"+v.Encode()]
	accepted := strings.Join(q.Header.Values(query.HeaderAcceptVersion), ",")
	if strings.Trim(accepted, " \t,") == "" {
		return lines[directory.V10]
	}
	var best *pair
	for s := range strings.SplitSeq(accepted, ",") {
		p := lines[directory.Version(strings.Trim(s, " \t"))]
		if p != nil && (best == nil || p.Version > best.Version) {
			best = p
		}
	}
	return best
}
