package lookup

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"oots/directory"
	"oots/directory/genericode"
)

// maxCodeList bounds a fetched list in bytes: it fills a select of a form.
const maxCodeList = 4 << 20

// semanticRepository are the hosts that lists are fetched from; nothing else is, whatever a directory says.
var semanticRepository = regexp.MustCompile(`^sr(\.[a-z]+)?\.oots\.tech\.ec\.europa\.eu$`)

// AddCodeList gives the client the list at a URL in Genericode; it is never fetched.
func (c *Client) AddCodeList(url string, file []byte) error {
	l, err := genericode.Parse(file)
	if err != nil {
		return fmt.Errorf("code list %s: %w", url, err)
	}
	codes := l.Codes()
	if len(codes) == 0 {
		return fmt.Errorf("code list %s: no codes", url)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lists[url] = codes
	return nil
}

// CodeList returns the codes at a URL: those that AddCodeList gave, else those that the Semantic Repository
// publishes there. The error is a *Failure. [TDD 3.5.2]
func (c *Client) CodeList(ctx context.Context, listURL string) ([]directory.Code, error) {
	c.mu.Lock()
	codes, given := c.lists[listURL]
	e, cached := c.cache[listURL]
	c.mu.Unlock()
	switch {
	case given:
		return codes, nil
	case cached && c.d.Clock.Now().Before(e.at.Add(c.d.Fresh.Catalogue)):
		return e.codes, nil
	}
	f := &Failure{Query: "code-list", URL: listURL}
	u, err := url.Parse(listURL)
	if err != nil || u.Scheme != "https" || !semanticRepository.MatchString(u.Host) || u.User != nil {
		f.URL, f.Reason = "", "the list is not on the Semantic Repository, and the operator gave none"
		return nil, f
	}
	codes, err = c.fetchCodeList(ctx, listURL, f)
	if err != nil && cached && c.d.Clock.Now().Before(e.expire) {
		c.d.Log.Warn("stale code list used", "url", listURL, "age", c.d.Clock.Now().Sub(e.at), "error", err)
		return e.codes, nil
	}
	if err != nil {
		f.Reason, f.Err = "the list cannot be fetched", err
		return nil, f
	}
	c.put(listURL, entry{codes: codes, at: c.d.Clock.Now()})
	return codes, nil
}

func (c *Client) fetchCodeList(ctx context.Context, listURL string, f *Failure) ([]directory.Code, error) {
	leave, err := c.hosts.enter(ctx, c.hosts.of(listURL), c.d.Clock.Now)
	if err != nil {
		return nil, err
	}
	defer leave()
	status, _, body, err := c.get(ctx, listURL, http.Header{"Accept": {"application/xml, text/xml"}}, maxCodeList)
	if err != nil {
		return nil, err
	}
	f.Status = status
	if status != http.StatusOK {
		return nil, errors.New("no list at this address")
	}
	l, err := genericode.Parse(body)
	if err != nil {
		return nil, err
	}
	codes := l.Codes()
	if len(codes) == 0 {
		return nil, errors.New("the list has no codes")
	}
	return codes, nil
}
