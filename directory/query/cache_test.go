package query

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"oots/directory"
)

// countingSigner counts what it signs; its key can be changed.
type countingSigner struct {
	signed atomic.Int64
	key    atomic.Value
}

func (c *countingSigner) Sign(body []byte) (string, string, error) {
	return "digest", c.KeyID() + strconv.Itoa(int(c.signed.Add(1))), nil
}

func (c *countingSigner) KeyID() string {
	if k, ok := c.key.Load().(string); ok {
		return k
	}
	return "first"
}

// send asks once and returns signature and body.
func send(s *Server, target string) (signature, body string) {
	q := httptest.NewRequest("GET", target, nil)
	q.Header.Set(HeaderAcceptVersion, "oots-cs:v2.0")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, q)
	return w.Header().Get("Oots-Response-Sig"), w.Body.String()
}

func target(answers map[string]string) string {
	return (&Request{Query: DataServices, Classification: typeURL, Country: "AT", Answers: answers}).URL("/dsd")
}

// TestSignedOnce: equal queries, however written, and equal answers are signed once.
func TestSignedOnce(t *testing.T) {
	signer := &countingSigner{}
	s := testServer(io.Discard, signer)
	asked := func(want int64, why string, targets ...string) {
		t.Helper()
		for _, target := range targets {
			send(s, target)
		}
		if n := signer.signed.Load(); n != want {
			t.Fatalf("%s: %d signatures, want %d", why, n, want)
		}
	}
	plain := target(nil)
	turned := "/dsd/rest/search?country-code=AT&evidence-type-classification=" + typeURL + "&queryId=" + string(DataServices)
	asked(1, "one query in two spellings", plain, plain, turned)
	asked(2, "the same answer of the user", target(map[string]string{officeID: "A"}), target(map[string]string{strings.ToUpper(officeID): "A"}))
	asked(2, "another answer with the same outcome", target(map[string]string{officeID: "B"}))
	asked(3, "nothing, whatever was said", target(map[string]string{officeID: "Y"}), target(map[string]string{officeID: "Z"}))
	asked(4, "a refusal of ours", "/dsd/rest/search?queryId=x", "/dsd/rest/search?queryId=y")
	asked(6, "refusals that repeat a stranger's words are not kept", plain+"&a=1", plain+"&a=1")
	if g := s.generation(); len(g.answers.byKey) != 5 { // question by query and content, three by content
		t.Errorf("%d answers are kept", len(g.answers.byKey))
	}
}

// TestRotation: a new key, or a new catalogue, empties the cache; the index of the same catalogue stays.
func TestRotation(t *testing.T) {
	signer := &countingSigner{}
	s := testServer(io.Discard, signer)
	c := testCatalogue()
	s.Records = func() *directory.Catalogue { return c }
	before, _ := send(s, target(nil))
	index := s.generation().index
	signer.key.Store("second")
	after, _ := send(s, target(nil))
	if !strings.HasPrefix(before, "first") || !strings.HasPrefix(after, "second") {
		t.Errorf("signed with %s, then %s", before, after)
	}
	if s.generation().index != index {
		t.Error("a new key made a new index")
	}
	c = &directory.Catalogue{}
	if _, body := send(s, target(nil)); !strings.Contains(body, "DSD:ERR:0002") {
		t.Errorf("the old catalogue answers: %s", body)
	}
}

// TestChangeStopsNobody: while one query makes the index of a new catalogue, others are answered from the
// catalogue before.
func TestChangeStopsNobody(t *testing.T) {
	s := testServer(io.Discard, fakeSigner{})
	old, empty := testCatalogue(), &directory.Catalogue{}
	var changed atomic.Bool
	var asked atomic.Int64
	making, goOn := make(chan struct{}), make(chan struct{})
	s.Records = func() *directory.Catalogue {
		if !changed.Load() {
			return old
		}
		if asked.Add(1) == 2 { // the one that makes the index looks again
			close(making)
			<-goOn
		}
		return empty
	}
	send(s, target(nil))
	changed.Store(true)
	done := make(chan string)
	go func() {
		_, body := send(s, target(nil))
		done <- body
	}()
	<-making
	if _, body := send(s, target(nil)); !strings.Contains(body, CodeQuestion) {
		t.Errorf("another query is not answered from the old catalogue: %s", body)
	}
	close(goOn)
	if body := <-done; !strings.Contains(body, "DSD:ERR:0002") {
		t.Errorf("the query that made the index got %s", body)
	}
	if _, body := send(s, target(nil)); !strings.Contains(body, "DSD:ERR:0002") {
		t.Errorf("the new catalogue is not in force: %s", body)
	}
}

// TestOneComputation: many who ask for the same at once wait for one answer.
func TestOneComputation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAnswers(1 << 20)
		var computed atomic.Int64
		for range 50 {
			go a.do("key", func() (*signed, bool, error) {
				computed.Add(1)
				time.Sleep(time.Second)
				return &signed{result: success}, true, nil
			})
		}
		time.Sleep(2 * time.Second)
		if computed.Load() != 1 || len(a.byKey) != 1 {
			t.Errorf("computed %d times", computed.Load())
		}
	})
}

// TestCacheIsBounded: what was used longest ago goes first, and what is too large is not kept.
func TestCacheIsBounded(t *testing.T) {
	a := newAnswers(10_000)
	put := func(key string, size int) {
		a.do(key, func() (*signed, bool, error) { return &signed{body: make([]byte, size)}, true, nil })
	}
	for i := range 100 {
		put("k"+strconv.Itoa(i), 1000)
		put("k0", 1000)
		if a.bytes > a.limit {
			t.Fatalf("%d bytes", a.bytes)
		}
	}
	if _, there := a.byKey["k0"]; !there || len(a.byKey) < 5 {
		t.Errorf("keeps %d, k0 among them: %v", len(a.byKey), there)
	}
	put("large", 20_000)
	if _, there := a.byKey["large"]; there {
		t.Error("keeps what is larger than the cache")
	}
}

// TestFailedComputation: a failure is told to all who wait and kept for nobody, a panic too.
func TestFailedComputation(t *testing.T) {
	a := newAnswers(10_000)
	broken := errors.New("broken")
	if _, err := a.do("k", func() (*signed, bool, error) { return nil, true, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	func() {
		defer func() { recover() }()
		a.do("k", func() (*signed, bool, error) { panic("broken") })
	}()
	if out, err := a.do("k", func() (*signed, bool, error) { return &signed{}, true, nil }); err != nil || out == nil {
		t.Errorf("%v %v", out, err)
	}
}

// TestFaultOfOurs: what is neither refusal nor question is 500 without a word of its cause.
func TestFaultOfOurs(t *testing.T) {
	s := testServer(io.Discard, fakeSigner{})
	s.Answer = func([]byte, *directory.Index, directory.Line, *Request) ([]byte, int, error) {
		return nil, 0, errors.New("table persons is locked")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", target(nil), nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "persons") || w.Header().Get("Oots-Response-Sig") != "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
