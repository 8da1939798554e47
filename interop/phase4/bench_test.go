package phase4

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/clock"
)

// A cell is one measurement: payload bytes, and senders at once.
type cell struct{ size, senders int }

// Both sides take turns, so that whatever else the machine does meets both alike: turns of slice each, after
// enough messages for the JVM to have compiled what it runs, or as many as come in patience.
const (
	turns    = 5
	slice    = 2 * time.Second
	enough   = 3000
	patience = 20 * time.Second
)

// A tally is what came of a measurement.
type tally struct {
	Messages int64         `json:"messages"` // acknowledged, receipt checked
	Failed   int64         `json:"failed"`
	Wall     time.Duration `json:"nanos"`
	CPU      time.Duration `json:"cpuNanos"` // of the process, which holds both ends
}

func (y *tally) add(z tally) {
	y.Messages += z.Messages
	y.Failed += z.Failed
	y.Wall += z.Wall
	y.CPU += z.CPU
}

// rate is messages in a second.
func (y tally) rate() float64 { return float64(y.Messages) / y.Wall.Seconds() }

// cost is milliseconds of CPU time for a message: other than the rate, it does not depend on how much of the
// machine a side got.
func (y tally) cost() float64 { return float64(y.CPU.Microseconds()) / 1000 / float64(y.Messages) }

// TestThroughput has phase4 talk with itself, and our message handler with itself, over HTTP on the
// loopback: the same RSA-2048 key, payload and number of senders, both ends in one process, nothing stored.
// Each is used as it comes: phase4 makes a connection for every message, we keep ours.
// It is for reading, so it asserts no speed, only that every message was acknowledged.
func TestThroughput(t *testing.T) {
	if os.Getenv("OOTS_INTEROP_BENCH") == "" {
		t.Skip("set OOTS_INTEROP_BENCH=1 to measure")
	}
	keys := newKeyring(t, 2048)
	them, us := start(t, keys.dir), newTwin(t, keys)
	var table strings.Builder
	table.WriteString("| Payload, bytes | Senders | phase4, messages/s | oots, messages/s | Ratio | phase4, CPU ms | oots, CPU ms | Ratio |\n")
	table.WriteString("|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, c := range []cell{{1000, 1}, {1000, 4}, {1_000_000, 1}, {1_000_000, 4}} {
		theirs := func(d time.Duration) (y tally) {
			o := map[string]any{"url": them.BenchURL, "size": c.size, "senders": c.senders, "millis": d.Milliseconds()}
			if err := them.do("bench", o, &y); err != nil {
				t.Fatal(err)
			}
			return y
		}
		var warm, a, b tally
		for warm.Messages < enough && warm.Wall < patience {
			warm.add(theirs(slice))
		}
		us.run(t, c, slice)
		for range turns {
			a.add(theirs(slice))
			b.add(us.run(t, c, slice))
		}
		if a.Failed > 0 || b.Failed > 0 || a.Messages == 0 || b.Messages == 0 {
			t.Errorf("%+v: phase4 %+v, oots %+v", c, a, b)
		}
		fmt.Fprintf(&table, "| %d | %d | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |\n",
			c.size, c.senders, a.rate(), b.rate(), b.rate()/a.rate(), a.cost(), b.cost(), a.cost()/b.cost())
	}
	report(t, "Throughput beside phase4 "+them.Version+", same machine, same run", table.String())
}

// A twin is our message handler as sender and as receiver.
type twin struct {
	keys *keyring
	peer pmode.Party // itself
	url  string
	http *http.Client
}

func newTwin(t *testing.T, keys *keyring) *twin {
	w := &twin{keys: keys, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	w.peer = keys.party("PHASE4", "PHASE4", "https://127.0.0.1/as4")
	receiver := &as4.Receiver{
		Self: []wssec.Identity{keys.identity("PHASE4")},
		PModes: &pmode.Set{
			Self: w.peer, Peers: []pmode.Party{w.peer},
			Service: ebms.Service{Type: serviceType, Value: service}, Actions: []string{request}, Properties: pmode.FourCorner(),
		},
	}
	s := httptest.NewServer(http.HandlerFunc(func(res http.ResponseWriter, req *http.Request) { w.receive(receiver, res, req) }))
	t.Cleanup(s.Close)
	w.url = s.URL
	return w
}

func (w *twin) receive(r *as4.Receiver, res http.ResponseWriter, req *http.Request) {
	in, err := r.Receive(req.Header.Get("Content-Type"), req.Body)
	if err != nil {
		http.Error(res, err.Error(), http.StatusBadRequest)
		return
	}
	defer in.Discard()
	for _, p := range in.Payloads {
		c, err := p.Content.Open()
		if err == nil {
			_, err = io.Copy(io.Discard, c)
			c.Close()
		}
		if err != nil {
			http.Error(res, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	receipt, err := as4.Receipt(in, clock.UUID()+"@twin.test", time.Now().UTC(), w.keys.identity("PHASE4"))
	if err != nil {
		http.Error(res, err.Error(), http.StatusInternalServerError)
		return
	}
	res.Header().Set("Content-Type", receipt.ContentType)
	res.Header().Set("Content-Length", strconv.FormatInt(receipt.Length(), 10))
	receipt.WriteTo(res)
}

// send sends one message and checks its receipt.
func (w *twin) send(payload as4.Content) error {
	m := ebms.UserMessage{
		Timestamp: time.Now().UTC(), MessageID: clock.UUID() + "@twin.test", ConversationID: clock.UUID(),
		From: ebms.Party{ID: w.peer.ID, Role: role}, To: ebms.Party{ID: w.peer.ID, Role: role},
		Service: ebms.Service{Type: serviceType, Value: service}, Action: request,
		Properties: []ebms.Property{{Name: ebms.OriginalSender, Value: "C1"}, {Name: ebms.FinalRecipient, Value: "C4"}},
	}
	p := as4.Payload{ContentID: clock.UUID() + "@twin.test", MimeType: "application/octet-stream", Content: payload}
	entity, err := as4.Pack(m, []as4.Payload{p}, w.keys.identity("PHASE4"), w.peer, as4.Memory())
	if err != nil {
		return err
	}
	_, contentType, body, _, err := as4.Post(context.Background(), w.http, w.url, entity)
	if err != nil {
		return err
	}
	signal, err := as4.ReadSignal(contentType, bytes.NewReader(body), w.peer)
	if err != nil {
		return errors.Join(err, fmt.Errorf("answer %.200s", body))
	}
	if e := as4.CheckReceipt(signal, m.MessageID, entity.References); e != nil {
		return e
	}
	return nil
}

func (w *twin) run(t *testing.T, c cell, d time.Duration) (y tally) {
	b := make([]byte, c.size)
	for i := range b {
		b[i] = byte(i*7 + i>>8*13) // as the Java side
	}
	payload := as4.Bytes(b)
	var done, failed atomic.Int64
	var senders sync.WaitGroup
	cpu, start := processTime(t), time.Now()
	for range c.senders {
		senders.Go(func() {
			for time.Since(start) < d {
				if err := w.send(payload); err != nil {
					failed.Add(1)
					t.Log(err)
				} else {
					done.Add(1)
				}
			}
		})
	}
	senders.Wait()
	return tally{Messages: done.Load(), Failed: failed.Load(), Wall: time.Since(start), CPU: processTime(t) - cpu}
}

// processTime is the CPU time of this process, in user and kernel mode.
func processTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
