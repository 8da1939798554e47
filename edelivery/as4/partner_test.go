package as4

import (
	"bytes"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

// revocation answers from a list.
type revocation struct {
	revoked []*x509.Certificate
	unknown error
	asked   []string
}

func (r *revocation) Revoked(c, issuer *x509.Certificate, now time.Time) (bool, error) {
	r.asked = append(r.asked, c.Subject.CommonName)
	if !now.Equal(at) || issuer != nil && c.CheckSignatureFrom(issuer) != nil {
		panic("wrong issuer or time")
	}
	return slices.ContainsFunc(r.revoked, c.Equal), r.unknown
}

func TestRevocation(t *testing.T) {
	t.Parallel()
	p, down := people(), errors.New("list is too old")
	for _, tc := range []struct {
		name      string
		signer    wssec.Identity
		list      revocation
		strict    bool
		want      string
		tolerated bool
		asked     string
	}{
		{"good, below a root", p.issued, revocation{}, true, "", false, "ap.el.example"},
		{"revoked, below a root", p.issued, revocation{revoked: []*x509.Certificate{p.issued.Certificate}}, false, ebms.FailedAuthentication, false, "ap.el.example"},
		{"unknown, soft", p.issued, revocation{unknown: down}, false, "", true, "ap.el.example"},
		{"unknown, strict", p.issued, revocation{unknown: down}, true, ebms.FailedAuthentication, false, "ap.el.example"},
		{"pinned and its own issuer", p.el, revocation{unknown: down}, true, "", false, ""},
		{"pinned below some issuer", p.other, revocation{}, true, "", false, "ap.fr.example"},
		{"pinned and revoked", p.other, revocation{revoked: []*x509.Certificate{p.other.Certificate}}, false, ebms.FailedAuthentication, false, "ap.fr.example"},
	} {
		f, r := good(), receiver()
		f.signer = tc.signer
		r.Trust = Trust{Roots: pool(p.root), Revocation: &tc.list, Strict: tc.strict}
		r.PModes.Peers[0].CommonName = "ap.el.example"
		r.PModes.Peers[0].Signing = []*x509.Certificate{p.el.Certificate, p.other.Certificate}
		ct, body := f.make(t)
		in, err := r.Receive(ct, bytes.NewReader(body))
		var refusal *Refusal
		switch {
		case tc.want == "" && err == nil:
			if slices.Contains(in.Tolerated, "signer of unknown revocation") != tc.tolerated {
				t.Errorf("%s: tolerated %v", tc.name, in.Tolerated)
			}
		case errors.As(err, &refusal) && refusal.Code() == tc.want:
			if tc.list.unknown != nil && !errors.Is(err, down) {
				t.Errorf("%s: the cause is lost", tc.name)
			}
		default:
			t.Errorf("%s: %v", tc.name, err)
		}
		if got := strings.Join(tc.list.asked, " "); got != tc.asked {
			t.Errorf("%s: asked about %q", tc.name, got)
		}
	}
}

// What a P-Mode says about sending is what the partner gets, and every form is read by our own receiver.
func TestSending(t *testing.T) {
	t.Parallel()
	p := people()
	for _, tc := range []struct {
		name    string
		sending pmode.Sending
		has     []string
		lacks   string
	}{
		{"as OOTS", pmode.Sending{}, []string{"#X509v3"}, "KeyIdentifier"},
		{"path", pmode.Sending{PKIPath: true}, []string{"#X509PKIPathv1"}, "KeyIdentifier"},
		{"key identifier", pmode.Sending{EncryptTo: wssec.BySubjectKeyID}, []string{"#X509SubjectKeyIdentifier"}, "IssuerSerial"},
		{"issuer and serial", pmode.Sending{EncryptTo: wssec.ByIssuerSerial}, []string{"X509IssuerSerial"}, "KeyIdentifier"},
		{"path and thumbprint", pmode.Sending{PKIPath: true, EncryptTo: wssec.ByThumbprint}, []string{"#X509PKIPathv1", "#ThumbprintSHA1"}, "#X509v3"},
	} {
		r := receiver()
		r.Trust.Roots, r.PModes.Peers[0].CommonName = pool(p.root), "ap.el.example"
		r.PModes.Peers[0].Signing = nil
		to, self := r.PModes.Self, p.issued
		to.Sending, self.Path = tc.sending, []*x509.Certificate{p.root}
		e, err := Pack(message(), payloads(), self, to, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range tc.has {
			if !bytes.Contains(e.Envelope, []byte(text)) {
				t.Errorf("%s: no %s in the header", tc.name, text)
			}
		}
		if bytes.Contains(e.Envelope, []byte(tc.lacks)) {
			t.Errorf("%s: %s in the header", tc.name, tc.lacks)
		}
		if _, err := r.Receive(e.ContentType, bytes.NewReader(whole(t, e))); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestPartnerLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		limits pmode.Limits
		want   string
		status int
	}{
		{"ok", pmode.Limits{Message: 1 << 40, Part: 1 << 40, Parts: 1000, Plain: 1 << 40}, "", 0},
		{"message", pmode.Limits{Message: 500_000}, "", http.StatusRequestEntityTooLarge},
		{"part", pmode.Limits{Part: 300_000}, "", http.StatusRequestEntityTooLarge},
		{"parts", pmode.Limits{Parts: 2}, "", http.StatusRequestEntityTooLarge},
		{"plain", pmode.Limits{Plain: 700_000}, ebms.ProcessingModeMismatch, http.StatusOK},
	} {
		r, s := receiver(), newFileSpool(t)
		r.Spool, r.PModes.Peers[0].Limits = s, tc.limits
		ct, body := large().make(t)
		_, err := r.Receive(ct, bytes.NewReader(body))
		var refusal *Refusal
		if tc.status == 0 && err != nil || tc.status != 0 && (!errors.As(err, &refusal) || refusal.Status != tc.status || refusal.Code() != tc.want || s.left(t) != 0) {
			t.Errorf("%s: %v, %d files", tc.name, err, s.left(t))
		}
	}
}

// A party has as many messages under way as agreed; the share of another party is its own.
func TestPartnerAtOnce(t *testing.T) {
	t.Parallel()
	r := receiver()
	r.PModes.Peers[0].Limits.AtOnce = 1
	ct, body := large().make(t)
	f := good()
	f.signer, f.message.From.ID = people().fr, r.PModes.Peers[1].ID
	otherType, other := f.make(t)
	nested := false
	first := readerFunc(func(b []byte) (int, error) {
		if len(body) < 500_000 && !nested { // the first is in the middle of its payloads
			nested = true
			again, more := good().make(t)
			var refusal *Refusal
			if _, err := r.Receive(again, bytes.NewReader(more)); !errors.As(err, &refusal) || refusal.Status != http.StatusServiceUnavailable || refusal.Code() != "" {
				t.Errorf("a second message at once: %v", err)
			}
			if _, err := r.Receive(otherType, bytes.NewReader(other)); err != nil {
				t.Errorf("of another party: %v", err)
			}
		}
		n := copy(b, body)
		if body = body[n:]; n == 0 {
			return 0, io.EOF
		}
		return n, nil
	})
	if _, err := r.Receive(ct, first); err != nil || !nested {
		t.Fatal(err)
	}
	again, more := good().make(t)
	if _, err := r.Receive(again, bytes.NewReader(more)); err != nil {
		t.Errorf("after the first: %v", err)
	}
}

// The legacy switch of one partner opens the two forms of the corpus, and for that partner only.
func TestCorpusLegacyTransport(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"s01-rsa-oaep-mgf1p", "s02-oaep-without-mgf"} {
		m, r := corpusMessageNamed(t, id), corpusReceiver(t)
		r.PModes.Peers[1].LegacyTransport = true
		var refusal *Refusal
		if _, err := r.Receive(m.contentType, bytes.NewReader(m.body)); !errors.As(err, &refusal) || refusal.Code() != ebms.PolicyNoncompliance {
			t.Errorf("%s without the switch: %v", id, err)
		}
		r.PModes.Peers[0].LegacyTransport = true
		in, err := r.Receive(m.contentType, bytes.NewReader(m.body))
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		checkDelivery(t, m, in)
	}
	// Nothing else is opened by it.
	for _, id := range []string{"x20-xslt-transform", "x23-rsa-1_5"} {
		for _, m := range corpusMessages(t) {
			if !strings.HasPrefix(m.ID, id) {
				continue
			}
			r := corpusReceiver(t)
			r.PModes.Peers[0].LegacyTransport = true
			if _, err := r.Receive(m.contentType, bytes.NewReader(m.body)); err == nil {
				t.Errorf("%s is accepted", m.ID)
			}
		}
	}
}

// A signal in a request of its own goes to the consumer only when a party signed it that may do so.
func TestCallback(t *testing.T) {
	t.Parallel()
	p := people()
	of := func(id *wssec.Identity) *Entity {
		e, err := signal(&ebms.SignalMessage{Timestamp: at, MessageID: "s@x", RefToMessageID: "m@x", Errors: []ebms.Error{*ebms.NewError(ebms.Other, "x")}}, id)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	busy := errors.New("database is down")
	changed := *of(&p.el)
	changed.Envelope = bytes.Replace(changed.Envelope, []byte("m@x"), []byte("n@x"), 1)
	for _, tc := range []struct {
		name   string
		edit   func(*Receiver)
		e      *Entity
		status int
		got    bool
	}{
		{"ok", nil, of(&p.el), http.StatusAccepted, true},
		{"ok/below a root", func(r *Receiver) {
			r.Trust.Roots, r.PModes.Peers[0].CommonName = pool(p.root), "ap.el.example"
		}, of(&p.issued), http.StatusAccepted, true},
		{"not agreed", func(r *Receiver) { r.PModes.Peers[0].Callback = false }, of(&p.el), http.StatusAccepted, false},
		{"nobody takes it", func(r *Receiver) { r.Signals = nil }, of(&p.el), http.StatusAccepted, false},
		{"consumer fails", func(r *Receiver) {
			r.Signals = func(*Signal, pmode.Party) error { return busy }
		}, of(&p.el), http.StatusServiceUnavailable, false},
		{"unsigned", nil, of(nil), http.StatusAccepted, false},
		{"of a party without callback", nil, of(&p.fr), http.StatusAccepted, false},
		{"of nobody known", nil, of(&p.unknown), http.StatusAccepted, false},
		{"changed", nil, &changed, http.StatusAccepted, false},
	} {
		r := receiver()
		r.PModes.Peers[0].Callback = true
		got := false
		r.Signals = func(s *Signal, peer pmode.Party) error {
			got = true
			if !s.Signed || s.RefToMessageID != "m@x" || peer.ID != r.PModes.Peers[0].ID || len(s.Envelope) == 0 {
				t.Errorf("%s: %+v of %v", tc.name, s, peer.ID)
			}
			return nil
		}
		if tc.edit != nil {
			tc.edit(r)
		}
		in, err := r.Receive(tc.e.ContentType, bytes.NewReader(tc.e.Envelope))
		var refusal *Refusal
		if in != nil || !errors.As(err, &refusal) || refusal.Status != tc.status || refusal.Code() != "" || got != tc.got {
			t.Errorf("%s: %v, consumer called: %v", tc.name, err, got)
		}
	}
}

// The receipt of a partner that is known by its name below a root.
func TestTrustReadSignal(t *testing.T) {
	t.Parallel()
	p := people()
	e, err := ErrorSignal([]ebms.Error{*ebms.NewError(ebms.Other, "x")}, "m@x", "s@x", at, &p.issued)
	if err != nil {
		t.Fatal(err)
	}
	peer := receiver().PModes.Peers[0]
	peer.CommonName = "ap.el.example"
	trust := Trust{Roots: pool(p.root)}
	if s, err := trust.ReadSignal(e.ContentType, bytes.NewReader(e.Envelope), peer, at); err != nil || !s.Signed {
		t.Errorf("got %v, %v", s, err)
	}
	if _, err := ReadSignal(e.ContentType, bytes.NewReader(e.Envelope), peer); err == nil {
		t.Error("accepted without roots")
	}
	peer.CommonName = "ap.fr.example"
	if _, err := trust.ReadSignal(e.ContentType, bytes.NewReader(e.Envelope), peer, at); err == nil {
		t.Error("accepted for another party")
	}
	if _, err := trust.ReadSignal(e.ContentType, bytes.NewReader(e.Envelope), peer, at.AddDate(2, 0, 0)); err == nil {
		t.Error("accepted after its time")
	}
}
