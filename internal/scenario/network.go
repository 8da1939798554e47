package scenario

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
)

// A network carries requests to handlers by host, and can lose or change them.
type network struct {
	mu    sync.Mutex
	hosts map[string]http.Handler
	// lose decides over every message to an access point; nil loses none.
	lose func(r *http.Request, body []byte) loss
	// change may change an answer on its way back; nil changes none.
	change func(r *http.Request, answer *http.Response)
	as4    [][]byte // entities that went to access points, also those that were lost
}

// A loss is what the network does to a message.
type loss int

const (
	passed      loss = iota
	requestLost      // it does not arrive
	answerLost       // it arrives, and the sender does not know
)

func (n *network) serve(host string, h http.Handler) {
	n.mu.Lock()
	n.hosts[host] = h
	n.mu.Unlock()
}

// RoundTrip implements http.RoundTripper.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	n.mu.Lock()
	h, lost, change := n.hosts[r.URL.Host], passed, n.change
	if r.URL.Path == "/as4" {
		n.as4 = append(n.as4, body)
		if n.lose != nil {
			lost = n.lose(r, body)
		}
	}
	n.mu.Unlock()
	if h == nil || lost == requestLost {
		return nil, errors.New("connection refused")
	}
	in := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body)).WithContext(r.Context())
	in.Header = r.Header.Clone()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, in)
	if lost == answerLost {
		return nil, errors.New("connection reset")
	}
	answer := rec.Result()
	if change != nil {
		change(r, answer)
	}
	return answer, nil
}

// loses makes the network lose what decide says; nil makes it whole again.
func (w *world) loses(decide func(r *http.Request, body []byte) loss) {
	w.net.mu.Lock()
	w.net.lose = decide
	w.net.mu.Unlock()
}

// down makes the access point of a host unreachable.
func down(host string) func(*http.Request, []byte) loss {
	return func(r *http.Request, _ []byte) loss {
		if r.URL.Host == host {
			return requestLost
		}
		return passed
	}
}

// everyFirst loses the answer to the first copy of every message, and keeps in seen what it has met.
func everyFirst(seen map[string]bool) func(*http.Request, []byte) loss {
	return func(_ *http.Request, body []byte) loss {
		if seen[string(body)] {
			return passed
		}
		seen[string(body)] = true
		return answerLost
	}
}
