package eidas

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"oots/eid/saml"
	"oots/internal/clock"
)

// A Peer is who is asked.
type Peer interface {
	// Metadata returns what is known of the peer: verified and not past its end.
	Metadata(ctx context.Context) (*saml.Metadata, error)
}

// A Remote is a peer whose metadata is fetched, and kept for an hour. While its address does not answer, the
// last metadata serves until its own end.
type Remote struct {
	URL    string
	Client *http.Client // with a time limit
	Trust  saml.Trust
	Policy saml.Policy
	Clock  clock.Clock

	mu    sync.Mutex
	last  *saml.Metadata
	asked time.Time
}

const (
	refresh     = time.Hour
	maxMetadata = 1 << 20
)

// Metadata implements Peer.
func (r *Remote) Metadata(ctx context.Context) (*saml.Metadata, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Clock.Now()
	if r.last != nil && now.Sub(r.asked) < refresh && now.Before(r.last.ValidUntil) {
		return r.last, nil
	}
	m, err := r.fetch(ctx, now)
	if err != nil {
		if r.last != nil && now.Before(r.last.ValidUntil) {
			return r.last, nil
		}
		return nil, err
	}
	r.last, r.asked = m, now
	return m, nil
}

func (r *Remote) fetch(ctx context.Context, now time.Time) (*saml.Metadata, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL, nil)
	if err != nil {
		return nil, err
	}
	resp, err := r.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetch metadata: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch metadata: status %d", resp.StatusCode)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxMetadata))
	if err != nil {
		return nil, fmt.Errorf("fetch metadata: %w", err)
	}
	return saml.ReadMetadata(b, r.Trust, r.Policy, now)
}

// A Fixed is a peer whose metadata was given by the operator.
type Fixed struct{ M *saml.Metadata }

// Metadata implements Peer.
func (f Fixed) Metadata(context.Context) (*saml.Metadata, error) { return f.M, nil }
