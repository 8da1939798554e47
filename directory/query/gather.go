package query

import (
	"net"
	"net/http"
	"sync"
)

// Serve serves directories over plain HTTP/1.1 on l until the server is closed. It sets MaxHeaderBytes, and it
// sends each answer in one piece: net/http writes through a buffer of 4 kB, which a signature of 8 kB flushes
// several times, and every flush costs a system call here and one or two there. For a server that streams, or
// speaks HTTP/2, set MaxHeaderBytes alone.
func Serve(s *http.Server, l net.Listener) error {
	s.MaxHeaderBytes = max(s.MaxHeaderBytes, MaxHeaderBytes)
	hook := s.ConnState
	s.ConnState = func(c net.Conn, state http.ConnState) {
		if g, ok := c.(*gatherer); ok && state == http.StateIdle { // an answer is complete
			g.flush()
		}
		if hook != nil {
			hook(c, state)
		}
	}
	return s.Serve(gathering{l})
}

// gathering is a listener whose connections gather what is written.
type gathering struct{ net.Listener }

func (l gathering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &gatherer{Conn: c}, nil
}

// maxGathered bounds what waits: more goes out at once, together with what has waited.
const maxGathered = 64 << 10

var gathered = sync.Pool{New: func() any { b := make([]byte, 0, maxGathered); return &b }}

// A gatherer keeps small writes back until the answer is complete, the peer is listened to, or the connection
// closes.
type gatherer struct {
	net.Conn
	mu      sync.Mutex
	waiting *[]byte // of gathered; nil when nothing waits
	err     error   // of an earlier flush
}

// Write implements net.Conn.
func (g *gatherer) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err != nil {
		return 0, g.err
	}
	if g.waiting == nil {
		if len(p) > maxGathered {
			return g.Conn.Write(p)
		}
		g.waiting = gathered.Get().(*[]byte)
	}
	if len(*g.waiting)+len(p) <= maxGathered {
		*g.waiting = append(*g.waiting, p...)
		return len(p), nil
	}
	both := net.Buffers{*g.waiting, p}
	_, g.err = both.WriteTo(g.Conn)
	g.release()
	if g.err != nil {
		return 0, g.err
	}
	return len(p), nil
}

func (g *gatherer) release() {
	*g.waiting = (*g.waiting)[:0]
	gathered.Put(g.waiting)
	g.waiting = nil
}

func (g *gatherer) flush() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waiting == nil || g.err != nil {
		return g.err
	}
	_, g.err = g.Conn.Write(*g.waiting)
	g.release()
	return g.err
}

// Read implements net.Conn.
func (g *gatherer) Read(p []byte) (int, error) {
	if err := g.flush(); err != nil {
		return 0, err
	}
	return g.Conn.Read(p)
}

// Close implements net.Conn.
func (g *gatherer) Close() error {
	g.flush() // the peer may be gone
	return g.Conn.Close()
}

// CloseWrite lets net/http end an answer before it closes.
func (g *gatherer) CloseWrite() error {
	if err := g.flush(); err != nil {
		return err
	}
	if c, ok := g.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return nil
}
