package rest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"oots/internal/backend"
)

// SignatureHeader carries "t=<seconds since 1970>,v1=<HMAC-SHA-256 in hexadecimal>" over the seconds, a dot, and the
// body, under the secret of the webhook.
const SignatureHeader = "Oots-Signature"

// A Webhook tells notices in JSON. It hands no message over: the receiver fetches it. Any answer of the 200s takes the
// notice; ids repeat when one is told again.
type Webhook struct {
	Client *http.Client
	Secret []byte
	Now    func() time.Time // nil is the clock of the machine
}

// event is the body of a call.
type event struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	MessageID string    `json:"messageId"`
	Status    string    `json:"status,omitempty"`
	At        time.Time `json:"at"`
}

// Push implements backend.Pusher.
func (h Webhook) Push(ctx context.Context, n backend.Push) error {
	if n.Kind == backend.SubmitMessage {
		return errors.New("rest: a webhook hands no message over; take RECEIVE_SUCCESS")
	}
	body, err := json.Marshal(event{n.ID, string(n.Kind), n.MessageID, string(n.Status), n.CreatedAt})
	if err != nil {
		return err
	}
	now := time.Now
	if h.Now != nil {
		now = h.Now
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.Rule.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(SignatureHeader, Sign(h.Secret, now(), body))
	if n.Rule.Username != "" {
		r.SetBasicAuth(n.Rule.Username, n.Rule.Password)
	}
	client := *h.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return errors.New("the webhook answered " + res.Status)
	}
	return nil
}

// Sign makes the value of SignatureHeader.
func Sign(secret []byte, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(t + "."))
	m.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(m.Sum(nil))
}
