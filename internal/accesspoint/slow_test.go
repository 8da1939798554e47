package accesspoint

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"oots/internal/accesspoint/settings"
)

// TestSlowBodies: a client that begins a body and gives nothing more is cut off by every listener, whether the handler
// reads the body, has answered already, or there is none for the path.
func TestSlowBodies(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(func(c *settings.Config) {
		c.Backend.Idle, c.AS4.Limits.Idle = settings.Duration(100*time.Millisecond), settings.Duration(100*time.Millisecond)
		c.AS4.TLS = settings.ServerTLS{Off: true}
	})
	public, internal, _ := n.ap.Addresses()
	for _, c := range []struct {
		at   net.Addr
		path string
	}{{internal, "/console/login"}, {internal, "/backend/v1/messages"}, {internal, "/domibus/services/wsplugin"}, {internal, "/nowhere"}, {public, "/nowhere"}, {public, "/as4"}} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", c.at.String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(20 * time.Second)) // far beyond what is allowed, below what a test may take
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\na", c.path, c.at)
			if _, err := io.Copy(io.Discard, conn); err != nil {
				t.Errorf("the connection is still open: %v", err)
			}
		})
	}
}

// TestPaceOfBodies: a body may take as long as it is large, and not longer.
func TestPaceOfBodies(t *testing.T) {
	began := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	b := &pacedBody{idle: 30 * time.Second, began: began}
	for _, c := range []struct {
		read       int64
		now, until time.Duration
	}{
		{0, 0, 30 * time.Second},
		{1, 50 * time.Second, time.Minute}, // one byte at a time does not prolong it
		{100 << 20, time.Hour, time.Hour + 30*time.Second},
		{10 << 10, time.Hour, 70 * time.Second},
	} {
		b.read = c.read
		if got := b.due(began.Add(c.now)).Sub(began); got != c.until {
			t.Errorf("%d bytes after %s: until %s, want %s", c.read, c.now, got, c.until)
		}
	}
}

// TestOneAfterAnother: the limits of a request do not end its connection.
func TestOneAfterAnother(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: paced(time.Minute, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if r.Context().Err() != nil {
			t.Error("the request counts as given up")
		}
		w.WriteHeader(http.StatusNoContent)
	}))}
	go s.Serve(l)
	defer s.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for _, path := range []string{"/1", "/2", "/3"} {
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na", path)
		res, err := http.ReadResponse(in, nil)
		if err != nil || res.StatusCode != http.StatusNoContent {
			t.Fatalf("%s: %v %v", path, res, err)
		}
	}
}

// TestBoundedListener: there are never more connections than allowed, one source has a quarter of them, and a place is
// free again when its connection is closed.
func TestBoundedListener(t *testing.T) {
	t.Parallel()
	from := func(address string) net.Conn {
		return &addressed{address: &net.TCPAddr{IP: net.ParseIP(address), Port: 1}, closed: make(chan struct{})}
	}
	come := make(queue, 10)
	b := bound(come, 8, false)
	accept := func() net.Conn {
		c, err := b.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	third := from("2001:db8::3")
	for _, c := range []net.Conn{from("2001:db8::1"), from("2001:db8::2"), third, from("192.0.2.1")} {
		come <- c
	}
	first, second, other := accept(), accept(), accept()
	if got := origin(other.RemoteAddr()).String(); got != "192.0.2.1/32" {
		t.Errorf("accepted %s", got)
	}
	<-third.(*addressed).closed
	first.Close()
	first.Close() // twice frees one place
	come <- from("2001:db8::4")
	accept()
	second.Close()
	for range 6 {
		come <- from("127.0.0.1") // has no share
		accept()
	}
	if len(b.free) != cap(b.free) {
		t.Errorf("%d connections count, want %d", len(b.free), cap(b.free))
	}
	full := make(chan error)
	go func() {
		_, err := b.Accept()
		full <- err
	}()
	b.Close()
	if err := <-full; err == nil {
		t.Error("more than are allowed")
	}
}

type addressed struct {
	net.Conn
	address net.Addr
	closed  chan struct{}
}

func (a *addressed) RemoteAddr() net.Addr { return a.address }

func (a *addressed) Close() error {
	select {
	case <-a.closed:
	default:
		close(a.closed)
	}
	return nil
}

// queue is a listener for connections that are sent to it.
type queue chan net.Conn

func (q queue) Accept() (net.Conn, error) { return <-q, nil }
func (q queue) Close() error              { return nil }
func (q queue) Addr() net.Addr            { return &net.TCPAddr{} }
