package partner

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"time"
)

// warning is how long before the end of a certificate it is doubtful.
const warning = 30 * 24 * time.Hour

// handshake speaks TLS as messages do, and judges the certificate by itself, so that one that does not pass can be
// shown. [TDD 3.7] [AS4 1.15 §3.2.6.1]
func (d *diagnosis) handshake(s *Step) {
	ctx, cancel := context.WithTimeout(d.ctx, d.Limits.TLS)
	defer cancel()
	raw, err := d.Dial(ctx, "tcp", d.good)
	if err != nil {
		s.fail(networkCause(err), err.Error())
		return
	}
	defer raw.Close()
	c := tls.Client(raw, d.config(s))
	err = c.HandshakeContext(ctx)
	if err != nil {
		cause := handshakeCause(err)
		if cause == TLSSuites && slices.ContainsFunc(s.Facts, func(f Fact) bool { return f.Name == asked }) {
			cause = TLSClient // TLS 1.2 has no alert of its own for a certificate that is missing
		}
		s.fail(cause, err.Error())
		return
	}
	state := c.ConnectionState()
	s.fact("version", tls.VersionName(state.Version))
	s.fact("suite", tls.CipherSuiteName(state.CipherSuite))
	if state.CurveID != 0 {
		s.fact("key exchange", state.CurveID.String())
	}
	for i, x := range state.PeerCertificates {
		if i == 4 {
			break
		}
		describe(s, x, i)
	}
	d.judge(s, state.PeerCertificates)
}

// asked names the fact that the server has asked for our certificate.
const asked = "client certificate"

// config is the configuration of one handshake: nothing is verified in it, and a request for our certificate is noted.
func (d *diagnosis) config(s *Step) *tls.Config {
	c := &tls.Config{}
	if d.TLS != nil {
		c = d.TLS.Clone()
	}
	c.ServerName = d.url.Hostname()
	c.InsecureSkipVerify = true // judge verifies
	c.VerifyPeerCertificate, c.VerifyConnection = nil, nil
	c.ClientSessionCache = nil
	inner, own := c.GetClientCertificate, c.Certificates
	c.GetClientCertificate = func(q *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		give := &tls.Certificate{}
		var err error
		if inner != nil {
			give, err = inner(q)
		} else {
			for i := range own {
				if q.SupportsCertificate(&own[i]) == nil {
					give = &own[i]
					break
				}
			}
		}
		answer := "asked for, and we have none that it accepts"
		if err == nil && give != nil && len(give.Certificate) > 0 {
			answer = "asked for, and given"
		}
		s.fact(asked, answer)
		return give, err
	}
	return c
}

func describe(s *Step, x *x509.Certificate, depth int) {
	name := "certificate"
	if depth > 0 {
		name = fmt.Sprintf("issuer %d", depth)
	}
	s.fact(name, x.Subject.String())
	if depth > 0 {
		return
	}
	s.fact("issued by", x.Issuer.String())
	var names []string
	names = append(names, x.DNSNames...)
	for _, ip := range x.IPAddresses {
		names = append(names, ip.String())
	}
	s.fact("names", strings.Join(names[:min(len(names), 10)], ", "))
	s.fact("key", keySize(x))
	s.fact("valid from", day(x.NotBefore))
	s.fact("valid until", day(x.NotAfter))
}

// judge verifies the chain as a client does, and tells the reasons apart.
func (d *diagnosis) judge(s *Step, chain []*x509.Certificate) {
	if len(chain) == 0 {
		s.fail(TLSOther, "the server shows no certificate")
		return
	}
	now, leaf := d.Now(), chain[0]
	switch {
	case now.After(leaf.NotAfter):
		s.fail(TLSExpired, "the certificate of the server ended on "+day(leaf.NotAfter))
		return
	case now.Before(leaf.NotBefore):
		s.fail(TLSNotYet, "the certificate of the server begins on "+day(leaf.NotBefore))
		return
	}
	o := x509.VerifyOptions{DNSName: d.url.Hostname(), CurrentTime: now, Intermediates: x509.NewCertPool()}
	if d.TLS != nil {
		o.Roots = d.TLS.RootCAs
	}
	for _, x := range chain[1:] {
		o.Intermediates.AddCert(x)
	}
	if err := leaf.VerifyHostname(o.DNSName); err != nil {
		s.fail(TLSName, err.Error())
		return
	}
	if _, err := leaf.Verify(o); err != nil {
		var unknown x509.UnknownAuthorityError
		var invalid x509.CertificateInvalidError
		switch {
		case errors.As(err, &unknown):
			s.fail(TLSAuthority, err.Error())
		case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
			s.fail(TLSExpired, err.Error())
		default:
			s.fail(TLSOther, err.Error())
		}
		return
	}
	if left := leaf.NotAfter.Sub(now); left < warning {
		s.doubt(TLSSoon, fmt.Sprintf("the certificate of the server ends on %s", day(leaf.NotAfter)))
	}
}

// refusals are the alerts of a server that does not take the certificate of its client, as package tls words them.
// [RFC 8446 §6.2]
var refusals = [...]string{"certificate required", "bad certificate", "unsupported certificate", "revoked certificate", "expired certificate",
	"unknown certificate", "unknown certificate authority", "access denied"}

func handshakeCause(err error) Cause {
	var record tls.RecordHeaderError
	text, remote := strings.CutPrefix(reason(err), "tls: ")
	remote = remote && strings.Contains(err.Error(), "remote error")
	switch {
	case errors.As(err, &record):
		return TLSNotSpoken
	case timedOut(err):
		return TLSTimeout
	case strings.Contains(text, "protocol version"):
		return TLSVersion
	case remote && text == "handshake failure":
		return TLSSuites
	case remote && slices.Contains(refusals[:], text):
		return TLSClient
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET):
		return TLSClosed
	}
	return TLSOther
}

func keySize(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return c.PublicKeyAlgorithm.String()
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
