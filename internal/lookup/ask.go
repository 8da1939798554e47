package lookup

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"oots/directory"
	"oots/directory/query"
)

// refreshTime bounds a refresh behind the use of an answer.
const refreshTime = time.Minute

func (c *Client) countryOf(r *query.Request) string {
	if r.Country == "" {
		return c.d.Country
	}
	return r.Country
}

// personal reports whether a query carries what a user said.
func personal(r *query.Request) bool {
	return len(r.Answers) > 0 || r.ContextID != "" || r.Query == query.DataServices && (r.Region != "" || r.Municipality != "")
}

// keyOf tells answers apart: the URL after resolution, and the lines that were offered.
func keyOf(r *query.Request, base string, offered []directory.Version) string {
	return r.URL(base) + " " + accept(offered)
}

func accept(offered []directory.Version) string {
	var b strings.Builder
	for i, v := range offered {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}

// ask answers from what is kept, or from the directory, or, when that fails, from what was kept too long. The
// error is a *directory.Refusal, a *directory.Question, or a *Failure.
func (c *Client) ask(ctx context.Context, r *query.Request, offered []directory.Version) (*query.Answer, error) {
	country := c.countryOf(r)
	at, err := c.d.Locator.Locate(ctx, r.Query.Service(), country)
	if err != nil {
		return nil, &Failure{Query: r.Query.Short(), Reason: "the directory of " + country + " cannot be located", Err: err}
	}
	if personal(r) {
		res, err := c.fetch(ctx, r, at, offered)
		if err != nil {
			return nil, err
		}
		return res.answer, res.answer.Err
	}
	key := keyOf(r, at.BaseURL, offered)
	old, usable := c.kept(key, r, offered, at)
	fresh, refresh := c.d.Fresh.life(r.Query)
	age := c.d.Clock.Now().Sub(old.at)
	if usable && age < fresh {
		if age >= refresh {
			c.refresh(key, r, at, offered)
		}
		return old.answer, nil
	}
	a, err := c.shared(ctx, key, r, at, offered)
	var trouble *Failure
	if usable && errors.As(err, &trouble) {
		c.d.Log.LogAttrs(ctx, slog.LevelWarn, "stale answer used", slog.String("query", r.Query.Short()),
			slog.String("url", r.Redacted(at.BaseURL)), slog.Duration("age", age), slog.Any("error", err))
		return old.answer, nil
	}
	return a, err
}

// shared asks the directory, once for all who ask the same at the same time.
func (c *Client) shared(ctx context.Context, key string, r *query.Request, at Endpoint, offered []directory.Version) (*query.Answer, error) {
	a, err := c.flight.do(ctx, key, func(ctx context.Context) (*query.Answer, error) {
		res, err := c.fetch(ctx, r, at, offered)
		if err != nil {
			return nil, err
		}
		if res.answer.Err != nil { // a signed "no" ends what was kept
			c.forget(key)
			return nil, res.answer.Err
		}
		c.keep(key, r, res)
		c.remember(r, res.answer, offered)
		return res.answer, nil
	})
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = &Failure{Query: r.Query.Short(), URL: r.Redacted(at.BaseURL), Reason: "nobody waits for the answer", Err: err}
	}
	return a, err
}

// refresh asks for a fresh answer while the old one is used.
func (c *Client) refresh(key string, r *query.Request, at Endpoint, offered []directory.Version) {
	if c.ctx.Err() != nil || c.flight.busy(key) {
		return
	}
	c.behind.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, refreshTime)
		defer cancel()
		c.shared(ctx, key, r, at, offered) // a failure has its line in the log
	})
}
