package query

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"oots/directory"
)

// MediaType is the content type of every answer.
const MediaType = "application/x-ebrs+xml"

// MaxHeaderBytes is for the http.Server in front: a query string of two megabytes is to reach the Server,
// which refuses it as the specification says, where net/http alone would answer 431.
const MaxHeaderBytes = 4 << 20

// DefaultCacheBytes is how much signed answers may take: about ten of the largest known catalogues beside
// some thousand small answers.
const DefaultCacheBytes = 64 << 20

// A Signer signs answers; package jades has one. KeyID changes when the key does: what the old key signed is
// not served any more.
type Signer interface {
	// Sign returns the values of the headers digest and oots-response-sig.
	Sign(body []byte) (digest, signature string, err error)
	KeyID() string
}

// A Server is the HTTP half of one directory: GET and HEAD of …/rest/search, answered with status 200 and a
// signed RegRep body whatever the outcome. Other paths are 404, other methods 405, faults of our own 500; only
// those answers are not RegRep. [TDD 3.6.2]
//
// Answers are kept with their signature until catalogue or key change, those that carry what a user said by
// their content only. Each query gives one line of log: all parameters but the values of the user, which may
// point to a person, and the network of the client instead of its address. [TDD 3.8]
type Server struct {
	Service Service
	// Records is what queries are parsed against and answered from. It is asked for every query; another
	// pointer is another catalogue, and what is behind one never changes.
	Records func() *directory.Catalogue
	// Answer appends the body of a success to dst and says how many records it holds, or refuses.
	Answer func(dst []byte, x *directory.Index, l directory.Line, r *Request) (body []byte, records int, err error)
	Signer Signer
	Now    func() time.Time
	NewID  func() string // of a line of the log
	Log    *slog.Logger

	PlainHost  bool // directory.Line.PlainHost
	CacheBytes int  // for signed answers; 0 means DefaultCacheBytes, less than 0 none

	current atomic.Pointer[generation]
	making  sync.Mutex // held while a generation is made
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
	}
	g := s.generation()
	r, out, err := s.answer(g, q)
	if err != nil {
		s.Log.ErrorContext(q.Context(), "answering a query failed", "service", string(s.Service), "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h["Content-Type"] = []string{MediaType}
	h["Content-Length"] = []string{strconv.Itoa(len(out.body))}
	h["Digest"] = []string{out.digest}
	h["Oots-Response-Sig"] = []string{out.signature}
	w.WriteHeader(http.StatusOK)
	if q.Method == http.MethodGet {
		w.Write(out.body) // an error is the client gone
	}
	if s.Log.Enabled(q.Context(), slog.LevelInfo) {
		s.log(q, r, out, g.keyID, s.Now().Sub(start))
	}
}

// generation returns the current one, or a new one when catalogue or key have changed. The index of an
// unchanged catalogue is kept. While one is made, which takes a moment for a large catalogue, others are
// answered from the generation before.
func (s *Server) generation() *generation {
	c, keyID := s.Records(), s.Signer.KeyID()
	current := func() (*generation, bool) {
		g := s.current.Load()
		return g, g != nil && g.catalogue == c && g.keyID == keyID
	}
	g, fits := current()
	if fits || g != nil && !s.making.TryLock() {
		return g
	}
	if g == nil {
		s.making.Lock()
	}
	defer s.making.Unlock()
	c, keyID = s.Records(), s.Signer.KeyID() // they may have changed again meanwhile
	if g, fits = current(); fits {
		return g
	}
	limit := s.CacheBytes
	if limit == 0 {
		limit = DefaultCacheBytes
	}
	next := &generation{catalogue: c, keyID: keyID, answers: newAnswers(limit)}
	if g != nil && g.catalogue == c {
		next.index = g.index
	} else {
		next.index = directory.NewIndex(c)
	}
	s.current.Store(next)
	return next
}

// answer parses a query and finds or makes its answer.
func (s *Server) answer(g *generation, q *http.Request) (*Request, *signed, error) {
	r, err := Parse(s.Service, q.URL.RawQuery, q.Header, g.index)
	if err != nil {
		out, err := s.refuse(g, r, err)
		return r, out, err
	}
	if r.personal() {
		out, err := s.compute(g, r)
		return r, out, err
	}
	out, err := g.answers.do(string(r.Version)+r.URL(""), func() (*signed, bool, error) {
		out, err := s.compute(g, r)
		// Refusals are kept by content: anybody can ask for things that do not exist, without end.
		return out, err == nil && (out.result == success || out.result == CodeQuestion), err
	})
	return r, out, err
}

const success = "Success"

// personal reports whether the query carries what a user said.
func (r *Request) personal() bool {
	return len(r.Answers) > 0 || r.ContextID != "" || r.Region != "" || r.Municipality != ""
}

func (s *Server) line(r *Request) directory.Line {
	return directory.Line{Version: r.Version, PlainHost: s.PlainHost}
}

// compute answers from the records.
func (s *Server) compute(g *generation, r *Request) (*signed, error) {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	body, records, err := s.Answer((*buffer)[:0], g.index, s.line(r), r)
	if err != nil {
		return s.refuse(g, r, err)
	}
	if cap(body) <= maxBuffer {
		*buffer = body
	}
	return s.sign(g, &signed{body: bytes.Clone(body), result: success, records: records}, true)
}

// buffers are what answers are written into; what is kept is as long as the answer.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

const maxBuffer = 1 << 20

// refuse answers with a refusal or a question; any other error is a fault of ours.
func (s *Server) refuse(g *generation, r *Request, refusal error) (*signed, error) {
	var question *directory.Question
	var refused *directory.Refusal
	if !errors.As(refusal, &question) && !errors.As(refusal, &refused) {
		return nil, refusal
	}
	out := &signed{}
	out.body, out.result = AppendFailure(nil, s.line(r), refusal)
	return s.sign(g, out, refused == nil || ours(refused.Detail))
}

// ours reports whether a detail is a word of this package, and not one that a stranger chose.
func ours(detail string) bool {
	switch detail {
	case "", "EMPTY_RESULT", "DS_NOT_FOUND", detailQuery, HeaderAcceptVersion, headerAccept, paramQueryID, paramProcedure, paramCountry, paramIncomplete,
		paramRequirement, paramClassification, paramSpecification, paramEvidenceType, paramContext, paramRegion, paramMunicipality:
		return true
	}
	return false
}

// sign signs an answer, or takes the signature that the same bytes have had. keep says whether they may be
// asked for again.
func (s *Server) sign(g *generation, out *signed, keep bool) (*signed, error) {
	sign := func() (*signed, bool, error) {
		var err error
		out.digest, out.signature, err = s.Signer.Sign(out.body)
		return out, keep, err
	}
	if !keep {
		out, _, err := sign()
		return out, err
	}
	sum := sha256.Sum256(out.body)
	return g.answers.do("#"+string(sum[:]), sign)
}
