package torture

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A message is one that a back end wants to send.
type message struct {
	number       int
	from, to     string // names of nodes
	name         string // message id, or idempotency key
	keyed        bool
	conversation string // by which the other back end knows it
	parts        []content

	accepted  bool   // answered with 202
	id        string // as the answer said, or as it was received
	retrieved int    // times
	tried     bool   // to mark it as downloaded
	marked    int    // when, on the ledger's count; 0 for not yet
}

// A content is a payload that can be made as often as it is needed.
type content struct {
	mime   string
	size   int
	plain  bool // can be compressed
	seed   [2]uint64
	digest string
}

func (c *content) bytes() []byte {
	b := make([]byte, c.size)
	r := rand.New(rand.NewPCG(c.seed[0], c.seed[1]))
	for i := 0; i < len(b); {
		v := r.Uint64()
		for range 8 {
			if i == len(b) {
				break
			}
			if b[i] = byte(v); c.plain {
				b[i] = 'a' + byte(v)&7
			}
			v >>= 8
			i++
		}
	}
	return b
}

// drawn makes the payloads of a message: most are small, one in ten is above what is kept in the database.
func drawn(r *rand.Rand, seed uint64, number int) []content {
	parts := make([]content, 1)
	if r.IntN(5) == 0 {
		parts = make([]content, 2+r.IntN(3))
	}
	for i := range parts {
		p := content{mime: "application/octet-stream", seed: [2]uint64{seed, uint64(number)<<8 | uint64(i)}}
		switch n := r.IntN(20); {
		case n < 14:
			p.size = 200 + r.IntN(4000)
		case n < 18:
			p.size = 4000 + r.IntN(100_000)
		default:
			p.size = 250_000 + r.IntN(50_000)
		}
		if p.plain = r.IntN(3) == 0; p.plain {
			p.mime = "text/plain"
		}
		parts[i] = p
	}
	return parts
}

// A ledger is what the back ends know. Its methods may be called by many.
type ledger struct {
	mu       sync.Mutex
	messages map[string]*message // by conversation
	ids      map[string]*message
	count    int // of events, to tell before from after
	accepted int
	marked   int
	repeated int // submissions repeated because their answer had been lost, or for the sake of it
	refused  int // submissions that were to be tried again
	problems []string
	last     time.Time // something was marked
	longest  time.Duration
	moved    chan struct{} // closed and made anew at each event
}

func newLedger() *ledger {
	return &ledger{messages: map[string]*message{}, ids: map[string]*message{}, last: time.Now(), moved: make(chan struct{})}
}

// maxProblems bounds what is kept of a run that goes wrong.
const maxProblems = 100

// problem notes a broken promise.
func (l *ledger) problem(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.note(format, args...)
}

func (l *ledger) note(format string, args ...any) {
	if len(l.problems) < maxProblems {
		l.problems = append(l.problems, time.Now().Format("15:04:05.000 ")+fmt.Sprintf(format, args...))
	}
}

func (l *ledger) event() int {
	l.count++
	close(l.moved)
	l.moved = make(chan struct{})
	return l.count
}

// open enters a message before it is submitted for the first time.
func (l *ledger) open(number int, from, to string, r *rand.Rand, seed uint64) *message {
	m := &message{number: number, from: from, to: to, keyed: r.IntN(2) == 0, parts: drawn(r, seed, number)}
	m.conversation = from + "-" + strconv.Itoa(number)
	m.name = "m-" + m.conversation + "@" + from + ".test"
	for i := range m.parts {
		sum := sha256.Sum256(m.parts[i].bytes())
		m.parts[i].digest = hex.EncodeToString(sum[:])
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.messages[m.conversation] = m
	return m
}

// accept enters the answer to a submission.
func (l *ledger) accept(m *message, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m.accepted {
		l.repeated++
	} else {
		m.accepted = true
		l.accepted++
		l.event()
	}
	l.name(m, id)
}

// refuse enters that a submission is to be tried again.
func (l *ledger) refuse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused++
}

// name ties a message to its id, which must not change, nor be that of another.
func (l *ledger) name(m *message, id string) {
	switch other := l.ids[id]; {
	case id == "" || m.id != "" && m.id != id:
		l.note("%s is known as %q and as %q", m.conversation, m.id, id)
	case !m.keyed && id != m.name:
		l.note("%s was submitted as %q and accepted as %q", m.conversation, m.name, id)
	case other != nil && other != m:
		l.note("%q is the id of %s and of %s", id, other.conversation, m.conversation)
	default:
		m.id, l.ids[id] = id, m
	}
}

// now is the count before a list of pending messages is asked for.
func (l *ledger) now() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// listed checks a list asked for at an instant: what had been marked by then has come back.
func (l *ledger) listed(node string, ids []string, asked int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, id := range ids {
		if m := l.ids[id]; m != nil && m.marked > 0 && m.marked <= asked {
			l.note("%s: %s (%s) is pending again after it was marked as downloaded", node, m.conversation, id)
		}
		if slices.Contains(ids[:i], id) {
			l.note("%s: %s is twice in one list", node, id)
		}
	}
}

// retrieve compares what node's back end got with what was submitted.
func (l *ledger) retrieve(node string, r received) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.messages[r.ConversationID]
	if m == nil {
		l.note("%s: %s of conversation %q was never submitted", node, r.MessageID, r.ConversationID)
		return
	}
	l.name(m, r.MessageID)
	m.retrieved++
	if m.to != node || r.From.ID != "AP_"+m.from {
		l.note("%s: %s is from %s to %s, and came from %s", node, m.conversation, m.from, m.to, r.From.ID)
	}
	if len(r.Payloads) != len(m.parts) {
		l.note("%s: %s has %d payloads, %d were submitted", node, m.conversation, len(r.Payloads), len(m.parts))
		return
	}
	for i, p := range m.parts {
		if r.sums[i] != p.digest || r.Payloads[i].MimeType != p.mime {
			l.note("%s: payload %d of %s is not what was submitted", node, i+1, m.conversation)
		}
	}
}

// begin enters that a message is about to be marked as downloaded.
func (l *ledger) begin(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := l.ids[id]; m != nil {
		m.tried = true
	}
}

// downloaded reports whether a message may have been marked, so that its payloads may be gone.
func (l *ledger) downloaded(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.ids[id]
	return m != nil && m.tried
}

// mark enters that a message was marked as downloaded, and that the answer to that came.
func (l *ledger) mark(node, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.ids[id]
	if m == nil || m.marked > 0 {
		return // of a message marked twice the first counts
	}
	if m.retrieved == 0 {
		l.note("%s: %s was marked before it was read", node, id)
	}
	m.marked = l.event()
	l.marked++
	now := time.Now()
	l.longest = max(l.longest, now.Sub(l.last))
	l.last = now
}

// progress returns how many are accepted and marked, and a channel that is closed at the next event.
func (l *ledger) progress() (accepted, marked int, moved <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.accepted, l.marked, l.moved
}

// open lists messages that are not where they should be in the end, at most a few.
func (l *ledger) unfinished() (out []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.messages {
		if (!m.accepted || m.marked == 0) && len(out) < 20 {
			out = append(out, fmt.Sprintf("%s (%s): accepted %v, retrieved %d times, marked %v", m.conversation, m.id, m.accepted, m.retrieved, m.marked > 0))
		}
	}
	return out
}
