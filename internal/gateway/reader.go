package gateway

import (
	"context"

	"oots/internal/clock"
)

// A Reader looks at the messages of an access point that another process runs. It needs neither keys nor P-Modes, and
// changes nothing.
type Reader struct{ g Gateway }

// NewReader makes a reader of s. What only the process at work knows is left out: whom it has slowed.
func NewReader(s Store) *Reader {
	return &Reader{Gateway{c: Config{Store: s, Clock: clock.System()}}}
}

// Search is Gateway.Search.
func (r *Reader) Search(ctx context.Context, f Filter) ([]Summary, error) { return r.g.Search(ctx, f) }

// Look is Gateway.Look.
func (r *Reader) Look(ctx context.Context, box Box, messageID string) (Dossier, error) {
	return r.g.Look(ctx, box, messageID)
}

// Queues is Gateway.Queues.
func (r *Reader) Queues(ctx context.Context) ([]Queue, error) { return r.g.Queues(ctx) }
