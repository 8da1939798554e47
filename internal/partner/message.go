package partner

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
)

// certificates looks at those that the P-Mode has for the partner.
func (d *diagnosis) certificates(s *Step) {
	now, usable := d.Now(), 0
	for _, c := range d.party.Signing {
		s.fact("signs with", fmt.Sprintf("%s, %s, until %s", c.Subject, keySize(c), day(c.NotAfter)))
		if err := pmode.CheckSigning(c); err != nil {
			s.doubt(CertificateWeak, err.Error())
			continue
		}
		if pmode.ValidAt(c, now) {
			usable++
			if c.NotAfter.Sub(now) < warning && len(d.party.Signing) == 1 {
				s.doubt(CertificateSoon, "what the partner signs with ends on "+day(c.NotAfter))
			}
		}
	}
	if usable == 0 && d.party.CommonName == "" {
		s.fail(certificateCause(d.party.Signing, d), "no certificate of the P-Mode can judge what the partner signs now")
	}
	e := d.party.Encryption
	if e == nil {
		s.fail(CertificateMissing, "the P-Mode has no certificate to encrypt for the partner")
		return
	}
	s.fact("encrypted for", fmt.Sprintf("%s, %s, until %s", e.Subject, keySize(e), day(e.NotAfter)))
	switch err := pmode.CheckEncryption(e); {
	case err != nil:
		s.fail(CertificateWeak, err.Error())
	case !pmode.ValidAt(e, now):
		s.fail(certificateCause([]*x509.Certificate{e}, d), "the certificate to encrypt for the partner is valid from "+day(e.NotBefore)+" until "+day(e.NotAfter))
	case e.NotAfter.Sub(now) < warning:
		s.doubt(CertificateSoon, "what is encrypted for the partner ends on "+day(e.NotAfter))
	}
}

func certificateCause(all []*x509.Certificate, d *diagnosis) Cause {
	if len(all) == 0 {
		return CertificateMissing
	}
	for _, c := range all {
		if pmode.CheckSigning(c) != nil {
			continue
		}
		if d.Now().After(c.NotAfter) {
			return CertificateExpired
		}
		return CertificateNotYet
	}
	return CertificateWeak
}

// get asks for the endpoint as a browser would: an access point refuses that in its own words, and whatever stands
// before it in others.
func (d *diagnosis) get(s *Step) {
	ctx, cancel := context.WithTimeout(d.ctx, d.Limits.HTTP)
	defer cancel()
	c := &tls.Config{}
	if d.TLS != nil {
		c = d.TLS.Clone()
	}
	t := &http.Transport{TLSClientConfig: c, DisableCompression: true, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) { return d.Dial(ctx, network, d.good) }}
	defer t.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url.String(), nil)
	if err != nil {
		s.fail(BadURL, err.Error())
		return
	}
	res, err := t.RoundTrip(r)
	if err != nil {
		cause := handshakeCause(err)
		if timedOut(err) {
			cause = HTTPTimeout
		}
		s.fail(cause, strings.TrimPrefix(err.Error(), "Get "))
		return
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	s.fact("status", res.Status)
	s.fact("type", res.Header.Get("Content-Type"))
	s.fact("server", res.Header.Get("Server"))
	if to := res.Header.Get("Location"); to != "" {
		s.fact("leads to", to)
	}
	s.judgeStatus(res.StatusCode)
}

// judgeStatus says what an answer to GET tells of the way to the access point. 400, 405, 500 and the like are how
// access points refuse what is no message.
func (s *Step) judgeStatus(status int) {
	detail := "HTTP " + strconv.Itoa(status)
	switch {
	case status == http.StatusNotFound || status == http.StatusGone:
		s.fail(HTTPPath, detail)
	case status >= 300 && status <= 399:
		s.fail(HTTPRedirect, detail)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		s.doubt(HTTPForbidden, detail)
	case status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout:
		s.fail(HTTPBehind, detail)
	}
}

// ping sends a message of the test service and judges its receipt. [AS4 1.15 §16]
func (d *diagnosis) ping(s *Step) {
	if d.Ping == nil {
		s.Verdict, s.Detail = NotTried, "nobody is there to send a test message"
		return
	}
	ctx, cancel := context.WithTimeout(d.ctx, d.Limits.AS4)
	defer cancel()
	p, err := d.Ping(ctx, d.party.ID)
	if err != nil {
		cause := NotSent
		if timedOut(err) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
			cause = NoAnswer
		}
		s.fail(cause, err.Error())
		return
	}
	s.fact("message", p.MessageID)
	if p.Status != 0 {
		s.fact("status", strconv.Itoa(p.Status)+" "+http.StatusText(p.Status))
	}
	s.fact("type", p.Answer)
	if p.Unsigned {
		s.fact("signature", "none: anybody could have given this answer")
	}
	if p.Code == "" {
		s.fact("receipt", "valid: signed by the partner, with every digest of the message")
		return
	}
	s.fact("error", p.Code)
	s.fail(pongCause(p), strings.TrimSpace(p.Code+" "+p.Detail))
}

func pongCause(p Pong) Cause {
	switch {
	case p.Code == ebms.ConnectionFailure:
		return NoAnswer
	case p.Code == ebms.MissingReceipt && p.Status == http.StatusNotFound:
		return HTTPPath
	case p.Code == ebms.MissingReceipt && (p.Status == http.StatusUnauthorized || p.Status == http.StatusForbidden):
		return HTTPForbidden
	case p.Code == ebms.MissingReceipt && p.Unsigned:
		return Unsigned
	case p.Code == ebms.MissingReceipt:
		return NoSignal
	case p.Code == ebms.InvalidReceipt && p.Unsigned:
		return Unsigned
	case p.Code == ebms.InvalidReceipt:
		return WrongSigner
	case p.Code == ebms.FailedAuthentication || p.Code == ebms.PolicyNoncompliance:
		return RefusedUs
	case p.Code == ebms.FailedDecryption:
		return CannotDecrypt
	case p.Code == ebms.ValueInconsistent || p.Code == ebms.ValueNotRecognized || p.Code == ebms.ProcessingModeMismatch:
		return NoPMode
	}
	return Refusal
}
