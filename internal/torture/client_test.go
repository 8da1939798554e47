package torture

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"time"
)

// A client is a national back end's end of the REST interface of one node.
type client struct {
	base string // "https://host:port"
	http *http.Client
}

func newClient(address string, roots *x509.CertPool) *client {
	line := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 16}
	return &client{base: "https://" + address, http: &http.Client{Timeout: time.Minute, Transport: line}}
}

// A status is an answer that is not what was hoped for.
type status struct {
	code int
	text string
}

func (s *status) Error() string { return fmt.Sprintf("status %d: %.300s", s.code, s.text) }

// do makes one request and gives the answer to read when its status is want.
func (c *client) do(ctx context.Context, method, path string, header http.Header, body io.Reader, want int, read func(io.Reader) error) error {
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return err
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.SetBasicAuth(account, password)
	res, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != want {
		b, _ := io.ReadAll(io.LimitReader(res.Body, 4<<10))
		return &status{res.StatusCode, string(b)}
	}
	return read(res.Body)
}

func nothing(io.Reader) error { return nil }

func decode(to any) func(io.Reader) error {
	return func(r io.Reader) error { return json.NewDecoder(r).Decode(to) }
}

type jsonParty struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type jsonProperty struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type jsonService struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// submit hands m over and returns the id under which it is known. Contents are made anew each time: a repetition is not
// the same memory.
func (c *client) submit(ctx context.Context, m *message, contents [][]byte) (id string, err error) {
	header := struct {
		MessageID      string         `json:"messageId,omitempty"`
		ConversationID string         `json:"conversationId"`
		To             jsonParty      `json:"to"`
		Service        jsonService    `json:"service"`
		Action         string         `json:"action"`
		Properties     []jsonProperty `json:"properties"`
	}{
		ConversationID: m.conversation, To: jsonParty{partyType, "AP_" + m.to}, Service: jsonService{ebrs, queries}, Action: request,
		Properties: []jsonProperty{{"originalSender", "C1"}, {"finalRecipient", "C4"}},
	}
	h := http.Header{}
	if m.keyed {
		h.Set("Idempotency-Key", m.name)
	} else {
		header.MessageID = m.name
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	write := func(name, kind string, content []byte) error {
		w, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + name + `"`}, "Content-Type": {kind}})
		if err == nil {
			_, err = w.Write(content)
		}
		return err
	}
	b, err := json.Marshal(header)
	if err != nil {
		return "", err
	}
	if err := write("message", "application/json", b); err != nil {
		return "", err
	}
	for i, content := range contents {
		if err := write("part"+strconv.Itoa(i+1), m.parts[i].mime, content); err != nil {
			return "", err
		}
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	h.Set("Content-Type", form.FormDataContentType())
	var answer struct {
		MessageID string `json:"messageId"`
	}
	err = c.do(ctx, http.MethodPost, "/backend/v1/messages", h, &body, http.StatusAccepted, decode(&answer))
	return answer.MessageID, err
}

func messagePath(id string) string { return "/backend/v1/messages/" + url.PathEscape(id) }

func (c *client) pending(ctx context.Context, limit int) (ids []string, err error) {
	var answer struct {
		Messages []string `json:"messages"`
	}
	err = c.do(ctx, http.MethodGet, "/backend/v1/messages?limit="+strconv.Itoa(limit), nil, nil, http.StatusOK, decode(&answer))
	return answer.Messages, err
}

// A received is a message as a back end gets it.
type received struct {
	MessageID      string    `json:"messageId"`
	ConversationID string    `json:"conversationId"`
	From           jsonParty `json:"from"`
	Payloads       []struct {
		Number   int    `json:"number"`
		MimeType string `json:"mimeType"`
		Size     int64  `json:"size"`
	} `json:"payloads"`
	sums []string // SHA-256 of each payload, in hexadecimal
}

// retrieve reads a message with all its payloads.
func (c *client) retrieve(ctx context.Context, id string) (r received, err error) {
	if err := c.do(ctx, http.MethodGet, messagePath(id), nil, nil, http.StatusOK, decode(&r)); err != nil {
		return r, err
	}
	for _, p := range r.Payloads {
		h := sha256.New()
		var n int64
		err := c.do(ctx, http.MethodGet, messagePath(id)+"/payloads/"+strconv.Itoa(p.Number), nil, nil, http.StatusOK, func(body io.Reader) (err error) {
			n, err = io.Copy(h, body)
			return err
		})
		if err != nil {
			return r, err
		}
		if n != p.Size {
			return r, fmt.Errorf("payload %d has %d bytes, its header says %d", p.Number, n, p.Size)
		}
		r.sums = append(r.sums, hex.EncodeToString(h.Sum(nil)))
	}
	return r, nil
}

// glimpse reads the beginning of the first payload and hangs up.
func (c *client) glimpse(ctx context.Context, id string) error {
	return c.do(ctx, http.MethodGet, messagePath(id)+"/payloads/1", nil, nil, http.StatusOK, func(body io.Reader) error {
		_, err := io.CopyN(io.Discard, body, 100)
		return err
	})
}

func (c *client) mark(ctx context.Context, id string) error {
	return c.do(ctx, http.MethodPost, messagePath(id)+"/downloaded", nil, nil, http.StatusNoContent, nothing)
}

// state asks where a message stands on one side.
func (c *client) state(ctx context.Context, id, side string) (string, error) {
	var answer struct {
		Status string `json:"status"`
	}
	err := c.do(ctx, http.MethodGet, messagePath(id)+"/status?side="+side, nil, nil, http.StatusOK, decode(&answer))
	return answer.Status, err
}
