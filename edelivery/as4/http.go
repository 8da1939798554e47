package as4

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxAnswer bounds an HTTP response in bytes: signals are a few kilobytes.
const maxAnswer = 1 << 20

// userAgent names the product, not its version.
const userAgent = "oots"

// Post sends an entity and returns whatever came back, read to at most 1 MiB. Redirects are not followed:
// a signed message goes nowhere but to the URL of the P-Mode. A status of any kind is no error; the caller
// looks for a signal in the body. The entity is encrypted while it is sent, with its length, never chunked, and
// without a content coding. [AS4 1.15 §3.2]
func Post(ctx context.Context, c *http.Client, url string, e *Entity) (status int, contentType string, body []byte, header http.Header, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		return 0, "", nil, nil, fmt.Errorf("as4: %w", err)
	}
	// Without GetBody there is no silent second sending: every attempt is counted.
	req.Body, req.ContentLength = e.Open(), e.Length()
	req.Header.Set("Content-Type", e.ContentType)
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept-Encoding", "identity")
	client := *c
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	res, err := client.Do(req)
	if err != nil {
		return 0, "", nil, nil, fmt.Errorf("as4: %w", err)
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return 0, "", nil, nil, fmt.Errorf("as4: read the answer: %w", err)
	}
	if len(body) > maxAnswer {
		return 0, "", nil, nil, errAnswer
	}
	return res.StatusCode, res.Header.Get("Content-Type"), body, res.Header, nil
}

var errAnswer = errors.New("as4: the answer is above 1 MiB")

// Body returns the body of a request, to be given to Receiver.Receive as it is. Each Read fails when the sender gives
// nothing for as long as idle, or as the Receiver gives a sender that is not proven, which the Receiver answers with
// StatusTimeout; 0 means the default of Limits.Idle. The server needs no ReadTimeout of its own then, which would bound
// large messages and small ones alike.
func Body(w http.ResponseWriter, r *http.Request, idle time.Duration) io.Reader {
	if idle == 0 {
		idle = Limits{}.withDefaults(false).Idle
	}
	return &timedBody{src: r.Body, conn: http.NewResponseController(w), idle: idle}
}

type timedBody struct {
	src    io.Reader
	conn   *http.ResponseController
	idle   time.Duration
	within time.Duration // that the next Read must return, when it is shorter than idle; 0 for none
}

func (b *timedBody) Read(p []byte) (int, error) {
	// The deadline of a connection is by the clock of the machine. Some writers have none, as in tests.
	wait := b.idle
	if b.within > 0 {
		wait = min(wait, b.within)
	}
	if err := b.conn.SetReadDeadline(time.Now().Add(wait)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := b.src.Read(p)
	if err != nil {
		// Behind the body the server watches the connection for its end, and would take the deadline for one.
		b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}

// TLS returns a configuration for exchanging messages, to be completed with certificates and roots: TLS 1.2
// and 1.3, and for 1.2 only suites with forward secrecy and AES-GCM. [AS4 1.15 §3.2.6.1]
func TLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		},
	}
}
