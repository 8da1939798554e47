package query

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counting counts the writes of the connections it accepts.
type counting struct {
	net.Listener
	writes *atomic.Int64
}

func (l counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return countedConn{c, l.writes}, err
}

type countedConn struct {
	net.Conn
	writes *atomic.Int64
}

func (c countedConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// serve runs h behind Serve and returns the address and the count of writes.
func serve(t *testing.T, h http.Handler) (address string, writes *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	writes = new(atomic.Int64)
	s := &http.Server{Handler: h}
	go Serve(s, counting{l, writes})
	t.Cleanup(func() { s.Close() })
	return l.Addr().String(), writes
}

// TestServeTwoMegabytes: a query string of two megabytes gets a refusal with status 200, on one connection with
// what follows. [TDD 3.1.4]
func TestServeTwoMegabytes(t *testing.T) {
	address, _ := serve(t, testServer(io.Discard, fakeSigner{}))
	for range 2 {
		for suffix, want := range map[string]string{"&x=" + strings.Repeat("a", 2<<20): "DSD:ERR:0003", "": "DSD:ERR:0005"} {
			q, err := http.NewRequest("GET", "http://"+address+target(nil)+suffix, nil)
			if err != nil {
				t.Fatal(err)
			}
			q.Header.Set(HeaderAcceptVersion, "oots-cs:v2.0")
			res, err := http.DefaultClient.Do(q)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || res.StatusCode != 200 || res.Header.Get("Oots-Response-Sig") != "signature" || !strings.Contains(string(b), want) {
				t.Errorf("%d %v %.200s", res.StatusCode, err, b)
			}
		}
	}
}

// TestGatheredAnswers: answers of any size come whole, on one connection, in one write each.
func TestGatheredAnswers(t *testing.T) {
	sizes := []int{0, 1, 3000, maxGathered - 20_000, maxGathered, 3 * maxGathered}
	h := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		var n int
		fmt.Sscan(q.URL.Query().Get("n"), &n)
		w.Header().Set("Long", strings.Repeat("s", 9000))
		w.Header().Set("Content-Length", fmt.Sprint(n))
		w.Write(bytes.Repeat([]byte("b"), n))
	})
	address, writes := serve(t, h)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(c)
	for _, method := range []string{"GET", "HEAD", "GET"} {
		for _, n := range sizes {
			before := writes.Load()
			fmt.Fprintf(c, "%s /?n=%d HTTP/1.1\r\nHost: h\r\n\r\n", method, n)
			res, err := http.ReadResponse(r, &http.Request{Method: method})
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(res.Body)
			if err != nil || method == "GET" && len(b) != n || len(res.Header.Get("Long")) != 9000 {
				t.Fatalf("%s %d: %d bytes, %v", method, n, len(b), err)
			}
			if got := writes.Load() - before; n < maxGathered/2 && got != 1 {
				t.Errorf("%s %d: %d writes", method, n, got)
			}
		}
	}
}

// TestGatheredEnds: what waits is sent before a connection closes, and an interim answer before a body is read.
func TestGatheredEnds(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		b, _ := io.ReadAll(q.Body)
		w.Header().Set("Connection", "close")
		w.Write(b)
	})
	address, _ := serve(t, h)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(c)
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
	if line, err := r.ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%q %v", line, err)
	}
	fmt.Fprint(c, "hello")
	rest, err := io.ReadAll(r)
	if err != nil || !strings.HasSuffix(string(rest), "hello") {
		t.Errorf("%q %v", rest, err)
	}
}
