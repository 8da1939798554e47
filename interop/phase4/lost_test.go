package phase4

import (
	"context"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/store"
)

// A cutter carries connections to us and cuts them. It does not look into TLS.
type cutter struct {
	target string
	toUs   atomic.Int64 // cut the next connection after so many bytes to us; 0 is not
	toThem atomic.Int64 // and after so many to the other side
	cuts   atomic.Int64
}

// newCutter returns a cutter with the URL at which it listens.
func newCutter(t *testing.T, url string) (*cutter, string) {
	t.Helper()
	c := &cutter{target: strings.TrimSuffix(strings.TrimPrefix(url, "https://"), "/as4")}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.carry(conn)
		}
	}()
	return c, "https://" + l.Addr().String() + "/as4"
}

func (c *cutter) carry(them net.Conn) {
	defer them.Close()
	us, err := net.Dial("tcp", c.target)
	if err != nil {
		return
	}
	defer us.Close()
	done := make(chan struct{}, 2)
	copyUpTo := func(to, from net.Conn, n int64) {
		defer func() { done <- struct{}{} }()
		if n == 0 {
			io.Copy(to, from)
			return
		}
		if _, err := io.CopyN(to, from, n); err == nil {
			c.cuts.Add(1)
			from.(*net.TCPConn).SetLinger(0)
			to.(*net.TCPConn).SetLinger(0)
		}
	}
	go copyUpTo(us, them, c.toUs.Swap(0))
	go copyUpTo(them, us, c.toThem.Swap(0))
	<-done
}

// newHardship makes a scene without an access point of ours, and with payloads of at most 700 kB.
func newHardship(t *testing.T) *scene {
	t.Helper()
	s := &scene{keys: newKeyring(t, 2048), files: t.TempDir(), payload: compressible(700_000)}
	s.phase4 = start(t, s.keys.dir)
	s.toThem = newRelay(t, s.phase4.URL, s.keys.client(), s.keys.server)
	return s
}

// rows counts the rows of a table of ours that a condition holds for.
func (s *side) rows(t *testing.T, query string) (n int) {
	t.Helper()
	if err := s.db.DB.View(context.Background(), func(tx *store.Tx) error { return tx.Row(query, nil, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestConnectionsOfPhase4Break cuts the connection while phase4 sends to us, at any byte of its message and of our answer.
// It sends again: every message is delivered once, with the receipt that it accepts.
func TestConnectionsOfPhase4Break(t *testing.T) {
	s := newHardship(t)
	s.ours = newSide(t, s.keys, "OURS", s.toThem.URL)
	cut, url := newCutter(t, serve(t, s.ours, s.keys.server))
	s.toUs = &relay{URL: url}
	r := rand.New(rand.NewPCG(1, 2))
	large := plain
	large.parts = []part{{size: 700_000, mime: "application/pdf"}}
	for n := range 40 {
		m, length := plain, int64(12_000)
		if n%2 == 0 {
			m, length = large, 710_000
		}
		if n%4 < 3 {
			cut.toUs.Store(1 + r.Int64N(length))
		} else {
			cut.toThem.Store(1 + r.Int64N(9000))
		}
		o := s.order(t, m)
		o.Retries = 3
		if v := s.phase4.send(t, o); v.Result != "success" || v.References != "equal" {
			t.Errorf("message %d: %+v", n, v)
		}
		if got := len(s.ours.got(t, o.MessageID)); got != 1 {
			t.Errorf("message %d: delivered %d times", n, got)
		}
	}
	if n := s.ours.rows(t, `SELECT COUNT(*) FROM gateway_inbox`); n != 40 {
		t.Errorf("%d messages in the inbox, want 40", n)
	}
	t.Logf("%d connections cut", cut.cuts.Load())
}

// TestPhase4IsKilled kills phase4 with SIGKILL while messages go both ways, and starts it again elsewhere. What we have is
// sent until it has come, and nothing that phase4 has a receipt for is missing at ours.
func TestPhase4IsKilled(t *testing.T) {
	s := newHardship(t)
	keys := s.keys
	s.ours = newSide(t, keys, "OURS", s.toThem.URL, func(c *gateway.Config, _ *pmode.Set) { c.Retry.Attempts = 100 })
	s.toUs = newRelay(t, serve(t, s.ours, keys.server), keys.client(), keys.server)
	var out []string
	arrived := map[string]int{}
	var theirs []string // that phase4 has a receipt for
	for life := range 4 {
		for range 25 {
			out = append(out, s.give(t, s.ours, request, plain))
		}
		mark := s.phase4
		var work sync.WaitGroup
		var mu sync.Mutex
		acknowledged := make(chan struct{}, 100)
		for range 30 {
			o := s.order(t, plain)
			work.Go(func() {
				var v verdict
				if mark.do("send", o, &v) == nil && v.Result == "success" {
					mu.Lock()
					theirs = append(theirs, o.MessageID)
					mu.Unlock()
				}
				acknowledged <- struct{}{}
			})
		}
		work.Go(func() { s.ours.pump(t) })
		if life < 3 {
			for range 3 + 5*life {
				<-acknowledged
			}
			s.phase4.kill()
		}
		work.Wait()
		s.phase4.mu.Lock()
		for id, all := range s.phase4.arrivals {
			arrived[id] += len(all)
		}
		s.phase4.mu.Unlock()
		if life < 3 {
			s.phase4 = start(t, keys.dir)
			s.toThem.lead(s.phase4.URL)
			s.ours.later(t)
		}
	}
	for range 5 {
		s.ours.later(t)
	}
	s.phase4.received(t, "")
	s.phase4.mu.Lock()
	for id, all := range s.phase4.arrivals {
		arrived[id] = max(arrived[id], len(all))
	}
	s.phase4.mu.Unlock()
	unclear := 0
	for _, id := range out {
		switch state := s.ours.outbox(t, id); {
		case arrived[id] == 0:
			t.Errorf("%s of ours never came; it is %s", id, state)
		case strings.HasPrefix(state, "unclear"):
			unclear++ // it came, and phase4 died with the receipt
		case state != "acknowledged":
			t.Errorf("%s of ours is %s", id, state)
		}
	}
	for _, id := range theirs {
		if n := len(s.ours.got(t, id)); n != 1 {
			t.Errorf("%s of phase4 has our receipt and was delivered %d times", id, n)
		}
	}
	t.Logf("3 kills: %d messages of ours, %d of them without receipt; %d of phase4 with our receipt", len(out), unclear, len(theirs))
}

// TestPhase4Floods has phase4 send far more than it may, while another partner, at another address, goes on. What it may
// not is refused and counts for nothing; what has our receipt is delivered once; the other partner notices nothing.
func TestPhase4Floods(t *testing.T) {
	s := newHardship(t)
	keys := s.keys
	other := pmode.Party{}
	s.ours = newSide(t, keys, "OURS", s.toThem.URL, func(c *gateway.Config, m *pmode.Set) {
		other = keys.party("STRANGER", "STRANGER", "https://127.0.0.1/as4")
		m.Peers = append(m.Peers, other)
		c.PerPartner = gateway.PartnerLimits{Inbound: 4, Rate: 20, Burst: 40}
	})
	url := serve(t, s.ours, keys.server)
	s.toUs = &relay{URL: url}
	// The other partner sends from an address of its own, as partners do.
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	line := &http.Transport{DialContext: from.DialContext, TLSClientConfig: &tls.Config{RootCAs: keys.roots, MinVersion: tls.VersionTLS12}}
	partner := newSide(t, keys, "STRANGER", url, func(c *gateway.Config, m *pmode.Set) {
		m.Self, m.Peers = other, []pmode.Party{keys.party("OURS", "OURS", url)}
		c.Client = &http.Client{Transport: line}
	})

	const flood, senders = 300, 24
	var granted, refused atomic.Int64
	var mu sync.Mutex
	var have, havent []string
	orders := make(chan order)
	var work sync.WaitGroup
	for range senders {
		work.Go(func() {
			for o := range orders {
				var v verdict
				err := s.phase4.do("send", o, &v)
				mu.Lock()
				if err == nil && v.Result == "success" {
					granted.Add(1)
					have = append(have, o.MessageID)
				} else {
					refused.Add(1)
					havent = append(havent, o.MessageID)
				}
				mu.Unlock()
			}
		})
	}
	var theirs []string
	for n := range flood {
		o := s.order(t, plain)
		orders <- o
		if n%10 == 0 { // the other partner sends meanwhile
			theirs = append(theirs, s.hand(t, partner, "OURS"))
			partner.pump(t)
		}
	}
	close(orders)
	work.Wait()
	for _, id := range theirs {
		if state := partner.outbox(t, id); state != "acknowledged" {
			t.Errorf("message of the other partner: %s", state)
		}
		if n := len(s.ours.got(t, id)); n != 1 {
			t.Errorf("message of the other partner: delivered %d times", n)
		}
	}
	if n := partner.rows(t, `SELECT COUNT(*) FROM gateway_outbox WHERE attempts <> 1`); n > 0 {
		t.Errorf("%d messages of the other partner were not taken the first time", n)
	}
	for _, id := range have {
		if n := len(s.ours.got(t, id)); n != 1 {
			t.Errorf("%s has our receipt and was delivered %d times", id, n)
		}
	}
	for _, id := range havent {
		if n := len(s.ours.got(t, id)); n != 0 {
			t.Errorf("%s has no receipt and was delivered %d times", id, n)
		}
	}
	if refused.Load() == 0 {
		t.Error("the flood was not slowed")
	}
	t.Logf("phase4 sent %d messages over %d threads: %d taken, %d refused for the time being; the other partner sent %d, all taken the first time",
		flood, senders, granted.Load(), refused.Load(), len(theirs))
}

// hand gives a message for another partner than phase4 to a side of ours.
func (s *scene) hand(t *testing.T, from *side, to string) (id string) {
	t.Helper()
	err := from.db.DB.Update(context.Background(), func(tx *store.Tx) (err error) {
		id, _, err = from.Submit(tx, gateway.Submission{
			To: partyID(to), Action: request, ConversationID: clock.UUID(),
			Properties: []ebms.Property{{Name: ebms.OriginalSender, Value: "C1"}, {Name: ebms.FinalRecipient, Value: "C4"}},
			Payloads:   []as4.Payload{{ContentID: "part@interop.test", MimeType: "application/pdf", Content: as4.Bytes(s.payload[:1000])}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
