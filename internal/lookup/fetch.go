package lookup

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
)

// A result is a verified answer with its bytes.
type result struct {
	answer    *query.Answer
	signature *jades.Signature
	header    http.Header
	body      []byte
}

// Fetched is a verified answer as it came: what a mirror keeps.
type Fetched struct {
	*query.Answer
	Signature *jades.Signature
	BaseURL   string
	Header    http.Header
	Body      []byte
}

// Fetch asks the directory, past everything that is kept, offering the given versions, all configured ones for
// none. A refusal is no error here: it is in the answer. The error is a *Failure.
func (c *Client) Fetch(ctx context.Context, r *query.Request, offered ...directory.Version) (*Fetched, error) {
	if len(offered) == 0 {
		offered = c.d.Versions
	}
	country := c.countryOf(r)
	at, err := c.d.Locator.Locate(ctx, r.Query.Service(), country)
	if err != nil {
		return nil, &Failure{Query: r.Query.Short(), Reason: "the directory of " + country + " cannot be located", Err: err}
	}
	res, err := c.fetch(ctx, r, at, offered)
	if err != nil {
		return nil, err
	}
	c.remember(r, res.answer, offered)
	return &Fetched{res.answer, res.signature, at.BaseURL, res.header, res.body}, nil
}

// fetch asks one directory, again after trouble that may pass, and returns a verified answer, refusals
// included.
func (c *Client) fetch(ctx context.Context, r *query.Request, at Endpoint, offered []directory.Version) (*result, error) {
	one := c.hosts.of(at.BaseURL)
	for attempt := 0; ; attempt++ {
		res, t := c.attempt(ctx, r, at, offered, one)
		if t == nil {
			return res, nil
		}
		now := c.d.Clock.Now()
		if t.wait > shortPause || t.wait > 0 && attempt >= len(c.d.Delays) {
			c.hosts.rest(one, now.Add(t.wait))
			t.passing = false
		}
		if !t.passing || attempt >= len(c.d.Delays) {
			if t.passing && len(c.d.Delays) > 0 {
				c.hosts.rest(one, now.Add(pauseAfterTrouble))
			}
			c.d.Log.LogAttrs(ctx, slog.LevelWarn, "directory query failed", slog.Int("attempts", attempt+1), slog.Any("error", t.failure))
			return nil, t.failure
		}
		if !pause(ctx, max(c.d.Delays[attempt], t.wait)) {
			return nil, t.failure
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

// A trouble is why an attempt gave no answer.
type trouble struct {
	failure *Failure
	passing bool          // it may pass
	wait    time.Duration // what the host asks for
}

// attempt is one exchange: transport, then judge.
func (c *Client) attempt(ctx context.Context, r *query.Request, at Endpoint, offered []directory.Version, one *peer) (*result, *trouble) {
	f := &Failure{Query: r.Query.Short(), URL: r.Redacted(at.BaseURL)}
	failed := func(reason string, cause error, passing bool) *trouble {
		f.Reason, f.Err = reason, cause
		return &trouble{failure: f, passing: passing}
	}
	leave, err := c.hosts.enter(ctx, one, c.d.Clock.Now)
	if err != nil {
		return nil, failed("the directory is not asked", err, false)
	}
	defer leave()
	target := r.URL(at.BaseURL)
	header := http.Header{
		"Accept":                  {query.MediaType},
		query.HeaderAcceptVersion: {accept(offered)},
	}
	status, h, body, err := c.get(ctx, target, header, query.MaxAnswer)
	if errors.Is(err, errTooLong) {
		return nil, failed("the answer is too long", nil, false)
	}
	if err != nil {
		return nil, failed("no answer", err, ctx.Err() == nil)
	}
	f.Status = status
	if c.d.Tap != nil {
		c.d.Tap(r.Query.Short(), target, status, h, body)
	}
	a, sig, fault := c.judge(r, offered, at, h, body)
	if fault != nil {
		t := failed(fault.Reason, fault.Err, sig == nil && passing(status))
		t.wait = retryAfter(status, h, c.d.Clock.Now())
		return nil, t
	}
	c.spoke(at, a)
	c.d.Log.LogAttrs(ctx, slog.LevelDebug, "directory answered", slog.String("query", f.Query), slog.String("url", f.URL),
		slog.String("version", string(lineOf(a))), slog.String("digest", sig.Digest),
		slog.String("signer", sig.Certificate.Subject.String()), slog.String("serial", sig.Certificate.SerialNumber.String()))
	return &result{a, sig, h, body}, nil
}

// spoke notes the line that a directory answered in. A refusal of the parameters shows nothing: its shape may
// be that of a line that was refused.
func (c *Client) spoke(at Endpoint, a *query.Answer) {
	if r, ok := a.Err.(*directory.Refusal); ok && !r.Empty() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.speaks[at.BaseURL+" "+string(lineOf(a))] = true
}

// passing are the statuses of trouble that may pass.
func passing(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
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
