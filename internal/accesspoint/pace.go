package accesspoint

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A client has to give at least slowest bytes per second once grace is over.
const (
	grace   = time.Minute
	slowest = 1 << 10
)

// paced ends requests whose body stands still, or comes too slowly, and answers that nobody takes. It does not end those
// that take long because they are large.
func paced(idle time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn := http.NewResponseController(w)
		if r.ContentLength != 0 {
			b := &pacedBody{ReadCloser: r.Body, conn: conn, idle: idle, began: time.Now()}
			b.arm(b.began) // it also ends a body that the handler leaves unread
			r.Body = b
		}
		conn.SetWriteDeadline(time.Time{}) // that of the request before
		h.ServeHTTP(&pacedAnswer{w, conn, idle}, r)
		conn.SetWriteDeadline(time.Now().Add(idle)) // for what is still in the buffer
	})
}

// armed gives handlers that look after their bodies themselves a limit for those that they do not read.
func armed(idle time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			http.NewResponseController(w).SetReadDeadline(time.Now().Add(idle))
		}
		h.ServeHTTP(w, r)
	})
}

type pacedBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	idle  time.Duration
	began time.Time
	read  int64
}

// due is when the next byte must be there.
func (b *pacedBody) due(now time.Time) time.Time {
	end := b.began.Add(grace + time.Duration(b.read/slowest)*time.Second)
	if next := now.Add(b.idle); next.Before(end) {
		return next
	}
	return end
}

func (b *pacedBody) arm(now time.Time) error {
	if err := b.conn.SetReadDeadline(b.due(now)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// Read implements io.Reader. Behind the end there is no deadline: the server waits there for the client to go away.
func (b *pacedBody) Read(p []byte) (int, error) {
	if err := b.arm(time.Now()); err != nil {
		return 0, err
	}
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	if errors.Is(err, io.EOF) {
		b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}

// pacedAnswer ends an answer that nobody takes.
type pacedAnswer struct {
	http.ResponseWriter
	conn *http.ResponseController
	idle time.Duration
}

// Write implements http.ResponseWriter.
func (a *pacedAnswer) Write(b []byte) (int, error) {
	a.conn.SetWriteDeadline(time.Now().Add(a.idle + time.Duration(len(b)/slowest)*time.Second))
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *pacedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
