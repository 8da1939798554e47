package torture

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"
)

// A line stands before one node: the other reaches it only over the line. It ends TLS on both sides, as the devices do
// that really stand there, so that it can do ill to whole requests.
type line struct {
	listen string // of the node
	roots  *x509.CertPool
	client *http.Client

	mu       sync.Mutex
	r        *rand.Rand
	good     bool              // from now on
	receipts map[string][]byte // first receipt by message id
	done     map[fault]int
	same     int // receipts that were those given before
	problems []string
	work     sync.WaitGroup
}

// A fault is what a line does to one exchange.
type fault string

const (
	sound        fault = "passed"
	refuse       fault = "connection closed at once"
	delay        fault = "delayed"
	cutRequest   fault = "request cut off"
	shortRequest fault = "request truncated, with a length that fits"
	loseAnswer   fault = "answer lost"
	cutAnswer    fault = "answer cut off"
	shortAnswer  fault = "answer truncated, with a length that fits"
	replaced     fault = "answer replaced by a page"
	twice        fault = "request sent twice, one after the other"
	abreast      fault = "request sent twice at once"
	replay       fault = "request sent again later"
)

var faults = []fault{refuse, delay, cutRequest, shortRequest, loseAnswer, cutAnswer, shortAnswer, replaced, twice, abreast, replay}

// newLine opens a line to a node and returns the URL at which the other reaches it.
func newLine(t *testing.T, r *rand.Rand, listen string, certificate tls.Certificate, roots *x509.CertPool) (*line, string) {
	t.Helper()
	l := &line{
		listen: listen, roots: roots, r: r, receipts: map[string][]byte{}, done: map[fault]int{},
		client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 16}},
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{
		Handler: l, ErrorLog: log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}},
	}
	go s.ServeTLS(socket, "", "")
	t.Cleanup(func() { s.Close() })
	return l, "https://" + socket.Addr().String() + "/as4"
}

// draw decides what happens to an exchange, and at which fraction of its bytes.
func (l *line) draw() (f fault, at float64, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f = sound
	if !l.good && l.r.IntN(2) == 0 {
		f = faults[l.r.IntN(len(faults))]
	}
	l.done[f]++
	return f, l.r.Float64(), time.Duration(l.r.IntN(300)) * time.Millisecond
}

// An answer is what a node answered.
type answer struct {
	status int
	kind   string
	body   []byte
}

// ServeHTTP carries one exchange, or half of it.
func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, at, wait := l.draw()
	if f == refuse {
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	kind := r.Header.Get("Content-Type")
	cut := func(b []byte) []byte { return b[:int(at*float64(len(b)))] }
	switch f {
	case delay:
		<-time.After(wait)
	case cutRequest:
		l.half(kind, body, len(cut(body)))
		panic(http.ErrAbortHandler)
	case shortRequest:
		body = cut(body)
	case abreast:
		l.work.Go(func() { l.carry(kind, body) })
	case replay:
		l.work.Go(func() {
			<-time.After(10 * wait)
			l.carry(kind, body)
		})
	}
	a, err := l.carry(kind, body)
	if f == twice && err == nil {
		a, err = l.carry(kind, body)
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	length := len(a.body)
	switch f {
	case delay:
		<-time.After(wait)
	case loseAnswer:
		panic(http.ErrAbortHandler)
	case cutAnswer, shortAnswer:
		if a.body = cut(a.body); f == shortAnswer {
			length = len(a.body)
		}
	case replaced:
		a = answer{http.StatusBadGateway, "text/html", []byte("<html><body>Bad gateway</body></html>")}
		length = len(a.body)
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", fmt.Sprint(length))
	w.WriteHeader(a.status)
	w.Write(a.body)
	if f == cutAnswer {
		panic(http.ErrAbortHandler)
	}
}

var messageID = regexp.MustCompile(`MessageId>([^<]+)<`)

// carry takes a whole request to the node. A receipt must be the one that was given before for the same message.
func (l *line) carry(kind string, body []byte) (answer, error) {
	res, err := l.client.Post("https://"+l.listen+"/as4", kind, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, kind: res.Header.Get("Content-Type")}
	if a.body, err = io.ReadAll(res.Body); err != nil {
		return answer{}, err
	}
	id := messageID.FindSubmatch(body)
	if id == nil || !bytes.Contains(a.body, []byte("Receipt>")) {
		return a, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch first, ok := l.receipts[string(id[1])]; {
	case !ok:
		l.receipts[string(id[1])] = a.body
	case bytes.Equal(first, a.body):
		l.same++
	case len(l.problems) < maxProblems:
		l.problems = append(l.problems, fmt.Sprintf("%s got another receipt the second time:\n%s\n%s", id[1], first, a.body))
	}
	return a, nil
}

// half sends a request up to n bytes of its body and hangs up.
func (l *line) half(kind string, body []byte, n int) {
	d := tls.Dialer{Config: &tls.Config{RootCAs: l.roots, MinVersion: tls.VersionTLS12}}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := d.DialContext(ctx, "tcp", l.listen)
	if err != nil {
		return
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /as4 HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", l.listen, kind, len(body))
	c.Write(body[:n])
}

// mend makes the line good and waits for what it still has in store.
func (l *line) mend() {
	l.mu.Lock()
	l.good = true
	l.mu.Unlock()
	l.work.Wait()
}

// TestBadLine has the nodes talk over lines that do ill to every other exchange, and kills them as TestKill does.
func TestBadLine(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	t.Parallel()
	kills := number(t, "OOTS_TORTURE", 10)
	total := 20 * kills
	var lines [2]*line
	w := newWorld(t, plan{urls: func(w *world, listen [2]string) (urls [2]string) {
		key, certificate, err := readPair(w.keys, server)
		if err != nil {
			t.Fatal(err)
		}
		roots, err := trusted(w.keys)
		if err != nil {
			t.Fatal(err)
		}
		for i := range lines {
			c := tls.Certificate{Certificate: [][]byte{certificate.Raw}, PrivateKey: key}
			lines[i], urls[i] = newLine(t, chance(w.seed, "line to "+w.names[i]), listen[i], c, roots)
		}
		return urls
	}})
	began := time.Now()
	l := w.begin(t.Context(), total, ahead)
	w.torment(t, l, kills, time.Second/2)
	w.conclude(t, l, began, func() {
		for _, line := range lines {
			line.mend()
		}
	})
	for i, line := range lines {
		for _, p := range line.problems {
			t.Error(p)
		}
		t.Logf("line to %s: %v; %d receipts given again, each byte for byte", w.names[i], line.done, line.same)
	}
}
