package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
)

// An outcome is what one attempt brought: a valid receipt, or a code. Final means that sending again
// cannot help; duplicate, that the receiver says under its signature to have had the message before.
type outcome struct {
	kind       string // one of the Outcome constants
	receipt    []byte
	taken      bool // a signal of ours was taken; nothing answers it
	code       string
	detail     string
	status     int
	final      bool
	damaged    bool // the receiver says under its signature that it got something broken
	duplicate  bool
	retryAfter time.Duration // that the peer asks for
	layers     []Layer
	attempt    Attempt
}

// unconnected reports whether the attempt has failed before there was an answer.
func (o *outcome) unconnected() bool {
	switch o.kind {
	case OutcomeName, OutcomeRefused, OutcomeUnreachable, OutcomeTLS, OutcomeBroken, OutcomeTimeout:
		return true
	}
	return false
}

// post sends o to peer once.
func (g *Gateway) post(ctx context.Context, o Outbound, peer pmode.Party) outcome {
	if g.observed {
		g.c.Observer(Wire{
			At: g.c.Clock.Now(), Sent: true, MessageID: o.MessageID, Action: o.Action, ConversationID: o.ConversationID,
			Header: http.Header{"Content-Type": {o.Entity.ContentType}, "Content-Length": {strconv.FormatInt(o.Entity.Length(), 10)}},
			Body:   shown(o.Entity),
		})
	}
	ctx, cancel := context.WithTimeout(ctx, patience(o.Entity.Length()))
	defer cancel()
	var steps steps
	status, contentType, body, header, err := as4.Post(httptrace.WithClientTrace(ctx, steps.trace()), g.c.Client, peer.URL, o.Entity)
	if err != nil {
		g.c.Log.Warn("connection to the receiver failed", "message", o.MessageID, "err", err)
		kind, detail := failure(err)
		code := ebms.ConnectionFailure
		if kind == OutcomeLocal {
			code = ebms.Other
		}
		return outcome{kind: kind, code: code, detail: detail, layers: steps.layers()}
	}
	g.c.Observer(Wire{
		At: g.c.Clock.Now(), Signal: true, MessageID: o.MessageID, Action: o.Action, ConversationID: o.ConversationID,
		Status: status, Header: header, Body: body,
	})
	out := g.answer(o, peer, status, contentType, body)
	out.status, out.layers = status, steps.layers()
	if out.kind == OutcomeNoSignal && (status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests) {
		out.kind, out.retryAfter = OutcomeBusy, retryAfter(header, g.c.Clock.Now())
	}
	return out
}

// answer judges an HTTP response.
func (g *Gateway) answer(o Outbound, peer pmode.Party, status int, contentType string, body []byte) outcome {
	if o.signal() {
		if status >= 200 && status <= 299 {
			return outcome{kind: OutcomeTaken, taken: true}
		}
		return outcome{kind: OutcomeNoSignal, code: ebms.ConnectionFailure, detail: "HTTP status " + strconv.Itoa(status) + " for a signal"}
	}
	signal, err := as4.ReadSignal(contentType, bytes.NewReader(body), peer.At(g.c.Clock.Now()))
	if err != nil {
		g.c.Log.Warn("the answer is no usable signal", "message", o.MessageID, "status", status, "err", err)
		var e *ebms.Error
		if errors.As(err, &e) && e.Code == ebms.InvalidReceipt {
			return outcome{kind: OutcomeBadReceipt, code: ebms.InvalidReceipt, detail: clean(e.Detail)}
		}
		return outcome{kind: OutcomeNoSignal, code: ebms.MissingReceipt, detail: fmt.Sprintf("HTTP status %d with %d bytes of %s is no ebMS signal", status, len(body), kindOf(contentType))}
	}
	if signal.Receipt != nil {
		if e := as4.CheckReceipt(signal, o.MessageID, o.Entity.References); e != nil {
			g.c.Log.Warn("receipt does not match", "message", o.MessageID, "detail", e.Detail)
			return outcome{kind: OutcomeBadReceipt, code: ebms.InvalidReceipt, detail: clean(e.Detail)}
		}
		return outcome{kind: OutcomeReceipt, receipt: body}
	}
	for _, e := range signal.Errors {
		// An unsigned error is never final by itself: anybody could have sent it. [AS4 1.15 §11]
		if e.Failure() {
			detail := clean(strings.TrimSpace(e.ShortDescription + ": " + e.Detail))
			if !signal.Signed {
				detail = "not signed: " + detail
			}
			return outcome{
				kind: OutcomeError, code: e.Code, detail: detail,
				final: signal.Signed && finalCode(e.Code), damaged: signal.Signed && damage(e.Code), duplicate: signal.Signed && e.Code == duplicateDetected,
			}
		}
	}
	return outcome{kind: OutcomeNoSignal, code: ebms.MissingReceipt, detail: clean("a signal without receipt and error " + signal.Fault)}
}

// maxDetail bounds what is kept of a peer's text, in bytes.
const maxDetail = 400

// clean makes one bounded line of a text that a peer has written.
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if len(s) > maxDetail {
		s = strings.ToValidUTF8(s[:maxDetail], "") + "…"
	}
	return s
}

// kindOf is the media type without parameters, for a text.
func kindOf(contentType string) string {
	t, _, _ := strings.Cut(contentType, ";")
	if t = clean(t); t == "" {
		return "an unnamed type"
	}
	return t
}

// retryAfter reads how long the peer wants us to wait; 0 when it does not say. [RFC 9110 §10.2.3]
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(v); err == nil && n > 0 && n < 1<<20 {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// failure says in the words of an operator why there is no answer.
func failure(err error) (kind, detail string) {
	var (
		dns      *net.DNSError
		verify   *tls.CertificateVerificationError
		host     x509.HostnameError
		unknown  x509.UnknownAuthorityError
		alert    tls.AlertError
		record   tls.RecordHeaderError
		op       *net.OpError
		timeout  interface{ Timeout() bool }
		timedOut = errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded)
	)
	switch {
	case errors.As(err, &dns):
		return OutcomeName, clean(dns.Error())
	case errors.As(err, &verify):
		return OutcomeTLS, clean("certificate of the server: " + verify.Err.Error())
	case errors.As(err, &host), errors.As(err, &unknown), errors.As(err, &alert):
		return OutcomeTLS, clean(last(err).Error())
	case errors.As(err, &record):
		return OutcomeTLS, "the server does not speak TLS"
	case errors.Is(err, syscall.ECONNREFUSED):
		return OutcomeRefused, "TCP connection refused"
	case errors.As(err, &op) && op.Op == "dial" && timedOut:
		return OutcomeUnreachable, "no answer to the TCP connection"
	case errors.As(err, &op) && op.Op == "dial":
		return OutcomeUnreachable, clean(op.Err.Error())
	case errors.Is(err, os.ErrNotExist):
		return OutcomeLocal, "a payload is not in the spool any more"
	case errors.Is(err, as4.ErrContent):
		return OutcomeLocal, clean("a stored payload cannot be read: " + last(err).Error())
	case strings.Contains(err.Error(), "tls: "):
		return OutcomeTLS, clean(last(err).Error())
	case timedOut:
		return OutcomeTimeout, "no answer in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return OutcomeBroken, "the connection was closed before the answer"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return OutcomeBroken, "the connection was reset before the answer"
	}
	return OutcomeBroken, clean(last(err).Error())
}

// last is the innermost error.
func last(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// steps measures the layers of one request. The trace calls it from several goroutines.
type steps struct {
	mu    sync.Mutex
	begin map[string]time.Time
	done  []Layer
}

func (s *steps) start(layer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begin == nil {
		s.begin = map[string]time.Time{}
	}
	s.begin[layer] = time.Now()
}

func (s *steps) end(layer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.begin[layer]; ok {
		s.done = append(s.done, Layer{layer, time.Since(b)})
		delete(s.begin, layer)
	}
}

func (s *steps) layers() []Layer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Layer(nil), s.done...)
}

func (s *steps) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart:             func(httptrace.DNSStartInfo) { s.start("dns") },
		DNSDone:              func(httptrace.DNSDoneInfo) { s.end("dns") },
		ConnectStart:         func(string, string) { s.start("tcp") },
		ConnectDone:          func(string, string, error) { s.end("tcp") },
		TLSHandshakeStart:    func() { s.start("tls") },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { s.end("tls") },
		WroteRequest:         func(httptrace.WroteRequestInfo) { s.start("answer") },
		GotFirstResponseByte: func() { s.end("answer") },
	}
}

// shown is the entity's bytes for an observer, or nil when there are too many.
func shown(e *as4.Entity) []byte {
	if e.Length() > WireLimit {
		return nil
	}
	var b bytes.Buffer
	if _, err := e.WriteTo(&b); err != nil {
		return nil
	}
	return b.Bytes()
}
