package lookup

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"oots/directory/jades"
	"oots/directory/query"
)

// fetch asks one directory, again after trouble that may pass, and returns a verified answer, refusals
// included.
func (c *Client) fetch(ctx context.Context, r *query.Request, at Endpoint) (*query.Answer, error) {
	for attempt := 0; ; attempt++ {
		a, again, err := c.attempt(ctx, r, at)
		if err == nil {
			return a, nil
		}
		if !again || attempt >= len(c.d.Delays) {
			c.d.Log.LogAttrs(ctx, slog.LevelWarn, "directory query failed", slog.Int("attempts", attempt+1), slog.Any("error", err))
			return nil, err
		}
		if !pause(ctx, c.d.Delays[attempt]) {
			return nil, err
		}
	}
}

// pause waits for d and reports false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// attempt is one exchange: transport, signature, document, version, fit. again says whether the trouble may
// pass.
func (c *Client) attempt(ctx context.Context, r *query.Request, at Endpoint) (a *query.Answer, again bool, err error) {
	f := &Failure{Query: r.Query.Short(), URL: r.Redacted(at.BaseURL)}
	fail := func(reason string, cause error) *Failure {
		f.Reason, f.Err = reason, cause
		return f
	}
	target := r.URL(at.BaseURL)
	header := http.Header{
		"Accept":                  {query.MediaType},
		query.HeaderAcceptVersion: {string(r.Version)},
	}
	status, h, body, err := c.get(ctx, target, header, query.MaxAnswer)
	if errors.Is(err, errTooLong) {
		return nil, false, fail("the answer is too long", nil)
	}
	if err != nil {
		return nil, ctx.Err() == nil, fail("no answer", err)
	}
	f.Status = status
	if c.d.Tap != nil {
		c.d.Tap(r.Query.Short(), target, status, h, body)
	}
	sig, err := jades.Verify(h, body, at.Trust, c.d.Clock.Now())
	if err != nil {
		return nil, passing(status), fail("the answer is not to be trusted", err)
	}
	a, err = query.Read(body)
	if err != nil {
		return nil, false, fail("the directory is not understood", err)
	}
	if a.Version != r.Version {
		return nil, false, fail("the answer is of version "+visible(string(a.Version))+", not of the one asked for", nil)
	}
	if why := misfit(r, a); why != "" {
		return nil, false, fail("the answer is to another question: "+why, nil)
	}
	c.d.Log.LogAttrs(ctx, slog.LevelDebug, "directory answered", slog.String("query", f.Query), slog.String("url", f.URL),
		slog.String("digest", sig.Digest), slog.String("signer", sig.Certificate.Subject.String()), slog.String("serial", sig.Certificate.SerialNumber.String()))
	return a, false, nil
}

// passing are the statuses of trouble that may pass.
func passing(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// visible shows a foreign word in an error text.
func visible(s string) string {
	if s == "" {
		return "none"
	}
	if len(s) > 40 {
		s = s[:40]
	}
	return url.PathEscape(s)
}

var errTooLong = errors.New("body too long")

// get reads one resource of at most limit bytes. The content comes as the origin sent it: the header says
// that no coding is wanted, so that the transport decodes none.
func (c *Client) get(ctx context.Context, target string, header http.Header, limit int64) (int, http.Header, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return 0, nil, nil, errors.New("the URL cannot be asked")
	}
	q.Header = header
	q.Header.Set("Accept-Encoding", "identity")
	q.Header.Set("User-Agent", "oots")
	res, err := c.http.Do(q)
	if err != nil {
		return 0, nil, nil, bare(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return 0, nil, nil, err
	}
	if int64(len(body)) > limit {
		return 0, nil, nil, errTooLong
	}
	return res.StatusCode, res.Header, body, nil
}

// bare takes the URL out of a transport error: it holds the answers of users.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
