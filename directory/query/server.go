package query

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"oots/directory"
)

// MediaType is the content type of every answer.
const MediaType = "application/x-ebrs+xml"

// maxURL bounds the query string; clients are promised 8 kB at least.
const maxURL = 16 << 10

// A Signer signs answers; package jades has one.
type Signer interface {
	// Sign returns the values of the headers digest and oots-response-sig.
	Sign(body []byte) (digest, signature string, err error)
	KeyID() string
}

// A Server is the HTTP half of one directory: GET and HEAD of …/rest/search, answered with status 200 and a
// signed RegRep body whatever the outcome. Other paths are 404, other methods 405; only those answers
// are not RegRep. [TDD 3.6.2]
//
// Each query gives one line of log: all parameters but the values of concept answers, which may point to a
// person, and the network of the client instead of its address. [TDD 3.8]
type Server struct {
	Service Service
	// Records is what queries are parsed against and answered from. It is asked once per query.
	Records func() *directory.Catalogue
	// Answer appends the body of a success to dst and says how many records it holds, or refuses.
	Answer func(dst []byte, c *directory.Catalogue, r *Request) (body []byte, records int, err error)
	Signer Signer
	Now    func() time.Time
	NewID  func() string // of a line of the log
	Log    *slog.Logger
}

// ServeHTTP answers one query.
func (s *Server) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	start := s.Now()
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	switch {
	case !strings.HasSuffix(q.URL.Path, "/"+Path):
		http.Error(w, "not found", http.StatusNotFound)
		return
	case q.Method != http.MethodGet && q.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	case len(q.URL.RawQuery) > maxURL:
		http.Error(w, "query too long", http.StatusRequestURITooLong)
		return
	}
	out := s.answer(q)
	digest, signature, err := s.Signer.Sign(out.body)
	if err != nil {
		s.Log.ErrorContext(q.Context(), "signing an answer failed", "service", string(s.Service), "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", MediaType)
	h.Set("Content-Length", strconv.Itoa(len(out.body)))
	h.Set("Digest", digest)
	h.Set("Oots-Response-Sig", signature)
	w.WriteHeader(http.StatusOK)
	if q.Method == http.MethodGet {
		w.Write(out.body) // an error is the client gone
	}
	s.log(q, &out, digest, s.Now().Sub(start))
}

// An outcome is what one query came to.
type outcome struct {
	request *Request
	body    []byte
	result  string // Success or the code of the refusal
	records int
}

func (s *Server) answer(q *http.Request) outcome {
	records := s.Records()
	r, err := Parse(s.Service, q.URL.RawQuery, q.Header.Values(HeaderAcceptVersion), records)
	out := outcome{request: r, result: "Success"}
	if err == nil {
		out.body, out.records, err = s.Answer(nil, records, r)
	}
	if err != nil {
		out.body, out.result = AppendFailure(nil, r.Version, err)
	}
	if out.result == CodeGeneric {
		s.Log.ErrorContext(q.Context(), "answering a query failed", "service", string(s.Service), "error", err)
	}
	return out
}

func (s *Server) log(q *http.Request, out *outcome, digest string, took time.Duration) {
	r := out.request
	s.Log.LogAttrs(q.Context(), slog.LevelInfo, "query",
		slog.String("id", s.NewID()),
		slog.String("service", string(s.Service)),
		slog.String("queryId", clip(string(r.Query))),
		slog.String("procedure", clip(r.Procedure)),
		slog.String("country", clip(r.Country)),
		slog.String("requirement", clip(r.Requirement)),
		slog.String("evidenceType", clip(r.Classification)),
		slog.String("specification", clip(r.Specification)),
		slog.Any("concepts", r.Concepts()),
		slog.String("accepts", clip(strings.Join(q.Header.Values(HeaderAcceptVersion), ","))),
		slog.String("version", string(r.Version)),
		slog.String("outcome", out.result),
		slog.Int("records", out.records),
		slog.Duration("took", took),
		slog.String("digest", digest),
		slog.String("signer", s.Signer.KeyID()),
		slog.String("network", network(q.RemoteAddr)),
		slog.String("userAgent", clip(q.UserAgent())),
	)
}

// clip bounds what a stranger puts into the log.
func clip(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "")
	}
	return s
}

// network is a client address without its last part: /24 of IPv4, /48 of IPv6.
func network(remote string) string {
	a, err := netip.ParseAddrPort(remote)
	if err != nil {
		return ""
	}
	bits := 48
	if a.Addr().Unmap().Is4() {
		bits = 24
	}
	p, err := a.Addr().Unmap().Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
