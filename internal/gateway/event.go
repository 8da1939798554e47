package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/wssec"
	"oots/internal/store"
)

// PayloadDigest is SHA-256 in hexadecimal of the digests that the signature of a message has for its payloads: one line
// each of reference, algorithm and digest, sorted. It says what was deleted when the payloads are gone, and the envelope
// proves it. It is "" for a message without payloads.
func PayloadDigest(refs []wssec.Reference) string {
	var lines []string
	for _, r := range refs {
		if strings.HasPrefix(r.URI, "cid:") {
			lines = append(lines, r.URI+" "+r.DigestMethod+" "+strings.Join(strings.Fields(r.DigestValue), "")+"\n")
		}
	}
	if len(lines) == 0 {
		return ""
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, l := range lines {
		io.WriteString(h, l)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// record tells an event within tx.
func (g *Gateway) record(tx *store.Tx, e Event) error {
	if g.c.Record == nil {
		return nil
	}
	e.Actor, _ = tx.Context().Value(actorKey{}).(string)
	if e.At.IsZero() {
		e.At = g.c.Clock.Now().UTC()
	}
	return g.c.Record(tx, e)
}

type actorKey struct{}

// WithActor says who does what is done with ctx: the account of an operator. It is the Actor of the events that follow.
func WithActor(ctx context.Context, account string) context.Context {
	return context.WithValue(ctx, actorKey{}, account)
}

// event is an event about a message of the outbox.
func (o *Outbound) event(name EventName, at time.Time) Event {
	return Event{
		At: at, Name: name, Box: Out, MessageID: o.MessageID, ConversationID: o.ConversationID, RefToMessageID: o.RefToMessageID,
		Partner: o.To.Value, Action: o.Action,
	}
}

// received is an event about a message of the inbox.
func received(m *ebms.UserMessage, name EventName, at time.Time) Event {
	return Event{
		At: at, Name: name, Box: In, MessageID: m.MessageID, ConversationID: m.ConversationID, RefToMessageID: m.RefToMessageID,
		Partner: m.From.ID.Value, Action: m.Action,
	}
}

// unmeasured is for a gateway without Metrics.
type unmeasured struct{}

func (unmeasured) Count(name, partner, outcome string)  {}
func (unmeasured) Observe(name string, d time.Duration) {}
