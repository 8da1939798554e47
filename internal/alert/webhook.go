package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"oots/internal/backend/rest"
)

// Webhook tells alerts in JSON, signed as the notices of the HTTP interface for back ends are: see
// rest.SignatureHeader. Any answer of the 200s takes the message; ids repeat when one is told again.
type Webhook struct {
	URL    string // https, or http to this machine
	Secret []byte
	Node   string // name of the access point
	Client *http.Client
	Now    func() time.Time
}

// Check reports what is wrong with the configuration.
func (h *Webhook) Check() error {
	u, err := url.Parse(h.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local(u.Hostname())):
		return errors.New("alert: the address of the webhook is neither https nor on this machine")
	case len(h.Secret) < 16:
		return errors.New("alert: the secret of the webhook has less than 16 bytes")
	case h.Client == nil || h.Now == nil:
		return errors.New("alert: a webhook needs a client and a clock")
	}
	return nil
}

// event is the body of a call.
type event struct {
	ID      string    `json:"id"`
	Type    string    `json:"type"` // "ALERT_RAISED" or "ALERT_CLEARED"
	Node    string    `json:"node,omitempty"`
	At      time.Time `json:"at"`
	Text    string    `json:"text"`
	Alert   string    `json:"alert"`
	Kind    Kind      `json:"kind"`
	Subject string    `json:"subject"`
	Value   float64   `json:"value"`
	Limit   float64   `json:"limit"`
}

// Name implements Teller.
func (*Webhook) Name() string { return "webhook" }

// Tell implements Teller.
func (h *Webhook) Tell(ctx context.Context, m Message) error {
	a := &m.Alert
	e := event{m.ID, "ALERT_RAISED", h.Node, a.Raised, a.Sentence(), a.ID, a.Kind, a.Subject, a.Value, a.Limit}
	if !a.Open() {
		e.Type, e.At = "ALERT_CLEARED", a.Cleared
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(rest.SignatureHeader, rest.Sign(h.Secret, h.Now(), body))
	client := *h.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("alert: webhook: %w", err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return errors.New("alert: the webhook answered " + res.Status)
	}
	return nil
}
