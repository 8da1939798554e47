package as4

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// onePipe is a listener with one connection in memory, so that time is that of the test.
type onePipe struct{ conns chan net.Conn }

func (l onePipe) Accept() (net.Conn, error) {
	if c, ok := <-l.conns; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (l onePipe) Close() error { close(l.conns); return nil }
func (onePipe) Addr() net.Addr { return &net.IPAddr{} }

// serve answers one connection with h and returns the other end of it.
func serve(t *testing.T, h http.HandlerFunc) net.Conn {
	client, conn := net.Pipe()
	l := onePipe{make(chan net.Conn, 1)}
	l.conns <- conn
	server := &http.Server{Handler: h}
	go server.Serve(l)
	t.Cleanup(func() {
		client.Close()
		server.Close()
		time.Sleep(time.Second) // of the bubble: the server lingers on a connection that it ends
	})
	return client
}

func head(ct string, length int) string {
	return fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", ct, length)
}

// A sender that stops in the middle of a body is answered, and its connection ends.
func TestBodyStalls(t *testing.T) {
	ct, body := large().make(t)
	synctest.Test(t, func(t *testing.T) {
		r, s := receiver(), newFileSpool(t)
		r.Spool = s
		client := serve(t, func(w http.ResponseWriter, req *http.Request) {
			_, err := r.Receive(req.Header.Get("Content-Type"), Body(w, req, time.Minute))
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Errorf("got %v", err)
				return
			}
			w.WriteHeader(refusal.Status)
		})
		begin := time.Now()
		go client.Write(append([]byte(head(ct, len(body))), body[:len(body)/2]...))
		res, err := http.ReadResponse(bufio.NewReader(client), nil)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != StatusTimeout || time.Since(begin) != time.Minute || s.left(t) != 0 {
			t.Errorf("status %d after %v, %d files", res.StatusCode, time.Since(begin), s.left(t))
		}
	})
}

// A sender that does not prove who it is has ten seconds, longer when it keeps to the rate, and a minute at most; one that
// is proven may stall for half a minute.
func TestBodyOfAStranger(t *testing.T) {
	multi, body := large().make(t)
	endless := bytes.Repeat([]byte(" "), 4<<20)
	for name, c := range map[string]struct {
		ct    string
		body  []byte
		begin int // bytes at once
		each  int // bytes each second after them
		ends  time.Duration
	}{
		"silent":                  {multi, body, 1, 0, 10 * time.Second},
		"silent for a while":      {multi, body, 1000, 0, 10 * time.Second},
		"slow":                    {multi, body, 1, 100, 10 * time.Second},
		"not slow, never ready":   {"application/soap+xml", endless, 1, 4096, time.Minute},
		"silent when it is known": {multi, body, len(body) / 2, 0, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, s := receiver(), newFileSpool(t)
				begin := time.Now()
				r.Spool, r.Now = s, func() time.Time { return at.Add(time.Since(begin)) }
				client := serve(t, func(w http.ResponseWriter, req *http.Request) {
					_, err := r.Receive(req.Header.Get("Content-Type"), Body(w, req, 0))
					var refusal *Refusal
					if !errors.As(err, &refusal) {
						t.Errorf("got %v", err)
						return
					}
					w.WriteHeader(refusal.Status)
				})
				go func() {
					client.Write(append([]byte(head(c.ct, len(c.body))), c.body[:c.begin]...))
					for n := c.begin; c.each > 0; n += c.each {
						time.Sleep(time.Second)
						if _, err := client.Write(c.body[n : n+c.each]); err != nil {
							return
						}
					}
				}()
				res, err := http.ReadResponse(bufio.NewReader(client), nil)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(begin); res.StatusCode != StatusTimeout || took < c.ends || took > c.ends+2*time.Second || s.left(t) != 0 {
					t.Errorf("status %d after %v, want %v; %d files", res.StatusCode, took, c.ends, s.left(t))
				}
			})
		})
	}
}

// A handler may work longer than idle once the body is read: the sender is still there.
func TestBodyEndsItsDeadline(t *testing.T) {
	ct, body := good().make(t)
	synctest.Test(t, func(t *testing.T) {
		r := receiver()
		client := serve(t, func(w http.ResponseWriter, req *http.Request) {
			if _, err := r.Receive(req.Header.Get("Content-Type"), Body(w, req, time.Second)); err != nil {
				t.Error(err)
			}
			select {
			case <-req.Context().Done():
				t.Error("taken for gone")
			case <-time.After(time.Hour):
			}
		})
		go client.Write(append([]byte(head(ct, len(body))), body...))
		if res, err := http.ReadResponse(bufio.NewReader(client), nil); err != nil || res.StatusCode != http.StatusOK {
			t.Error(res, err)
		}
	})
}

// A writer without a connection has no deadlines.
func TestBodyWithoutConnection(t *testing.T) {
	t.Parallel()
	ct, body := good().make(t)
	req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	if _, err := receiver().Receive(ct, Body(httptest.NewRecorder(), req, 0)); err != nil {
		t.Error(err)
	}
}
