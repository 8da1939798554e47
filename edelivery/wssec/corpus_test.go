package wssec

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// A vector is one golden message as its manifest describes it.
type vector struct {
	ID, Role, Expect string
	Parts            []struct {
		CID        string `json:"cid"`
		SHA256Wire string `json:"sha256_wire"`
	}
}

func vectors(t testing.TB) []vector {
	t.Helper()
	var vs []vector
	if err := json.Unmarshal(corpus.Read(t, "as4/generated/messages/manifest.json"), &vs); err != nil {
		t.Fatal(err)
	}
	if len(vs) == 0 {
		t.Fatal("no vectors")
	}
	return vs
}

// message splits one vector; ok is false when it is no MIME message that a standard reader accepts.
func message(t testing.TB, id string) (envelope []byte, atts []attachment, ok bool) {
	t.Helper()
	header := string(corpus.Read(t, "as4/generated/messages/"+id+".headers"))
	body := corpus.Read(t, "as4/generated/messages/"+id+".body")
	_, value, _ := strings.Cut(strings.TrimSpace(header), ":")
	mediaType, params, err := mime.ParseMediaType(strings.TrimSpace(value))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if !strings.HasPrefix(mediaType, "multipart/") {
		return body, nil, true
	}
	for r := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return envelope, atts, envelope != nil
		}
		if err != nil {
			return nil, nil, false
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return nil, nil, false
		}
		if envelope == nil {
			envelope = content
			continue
		}
		if strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "base64") {
			packed := strings.Join(strings.Fields(string(content)), "")
			if content, err = base64.StdEncoding.DecodeString(packed); err != nil {
				t.Fatal(err)
			}
		}
		atts = append(atts, attachment{
			ContentID: strings.Trim(p.Header.Get("Content-ID"), "<>"), MediaType: p.Header.Get("Content-Type"), Content: content,
		})
	}
}

func corpusCertificate(t testing.TB, party string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(corpus.Read(t, "as4/generated/keys/"+party+".crt.pem"))
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func corpusIdentity(t testing.TB, party string) Identity {
	t.Helper()
	block, _ := pem.Decode(corpus.Read(t, "as4/generated/keys/"+party+".key.pem"))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return Identity{Key: key.(crypto.Signer), Decrypter: key.(crypto.Decrypter), Certificate: corpusCertificate(t, party)}
}

// receive verifies a message whole.
func receive(envelope []byte, atts []attachment, p Policy, keys ...Identity) (*Verified, []attachment, error) {
	doc, err := xmltree.Parse(envelope, xmltree.Limits{NoProcInst: true})
	if err != nil {
		return nil, nil, err
	}
	v, err := Verify(doc, p)
	if err != nil {
		return nil, nil, err
	}
	var opened []attachment
	for _, a := range atts {
		plain, mediaType, err := v.openWhole(a, keys)
		if err != nil {
			return nil, nil, err
		}
		opened = append(opened, attachment{ContentID: a.ContentID, MediaType: mediaType, Content: plain})
	}
	if err := v.Complete(); err != nil {
		return nil, nil, err
	}
	return v, opened, nil
}

func code(err error) string {
	var e *Error
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &e):
		return e.Code
	}
	return err.Error()
}

// TestCorpusMessages receives every golden message. Those that break a rule of another layer are authentic, and
// must verify here.
func TestCorpusMessages(t *testing.T) {
	t.Parallel()
	self := corpusIdentity(t, "AP_YY_01")
	sender := corpusCertificate(t, "AP_XX_01")
	seen := map[string]int{}
	for _, m := range vectors(t) {
		if m.Role != "receiver" {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			envelope, atts, ok := message(t, m.ID)
			want := expectation(m)
			seen[want]++
			if want == "not a message" {
				_, err := xmltree.Parse(envelope, xmltree.Limits{NoProcInst: true})
				if ok && err == nil && len(atts) == len(m.Parts) {
					t.Error("accepted")
				}
				return
			}
			if !ok {
				t.Fatal("the message cannot be split")
			}
			v, opened, err := receive(envelope, atts, Policy{}, self)
			if got := code(err); got != want {
				t.Fatalf("%v, want %s", err, want)
			}
			if err != nil {
				return
			}
			if trusted := v.Signer.Equal(sender); trusted != (m.ID != "x26-untrusted-self-signed") {
				t.Errorf("signed by %s", v.Signer.Subject)
			}
			checkParts(t, m, opened)
			if len(v.References) != 2+len(atts) {
				t.Errorf("%d references for %d attachments", len(v.References), len(atts))
			}
		})
	}
	for _, want := range []string{"ok", FailedAuthentication, FailedDecryption, PolicyNoncompliance, "not a message"} {
		if seen[want] == 0 {
			t.Errorf("no vector expects %s", want)
		}
	}
}

// expectation is what this layer alone must say about a vector.
func expectation(m vector) string {
	switch m.ID {
	case "x26-untrusted-self-signed":
		return "ok" // trust is the caller's
	case "s04-signature-by-issuer-serial":
		return FailedAuthentication // without candidates
	case "x54-two-messaging":
		return PolicyNoncompliance // the header layer says EBMS:0009 first
	case "x42-truncated-mime", "x43-no-close-delimiter", "x27-doctype":
		return "not a message"
	case "x41-duplicate-content-id":
		return PolicyNoncompliance // the MIME layer says EBMS:0007 first
	}
	switch {
	case strings.HasPrefix(m.ID, "s0"):
		return PolicyNoncompliance // without the switch
	case strings.HasPrefix(m.Expect, "EBMS:010"):
		return m.Expect[:9]
	}
	return "ok"
}

func checkParts(t *testing.T, m vector, opened []attachment) {
	t.Helper()
	for _, part := range m.Parts {
		for _, a := range opened {
			if sum := sha256.Sum256(a.Content); a.ContentID == part.CID && part.SHA256Wire != "" && hex.EncodeToString(sum[:]) != part.SHA256Wire {
				t.Errorf("%s opens to other octets", a.ContentID)
			}
		}
	}
}

// TestCorpusSwitches receives the messages that need a switch or a certificate known beforehand.
func TestCorpusSwitches(t *testing.T) {
	t.Parallel()
	self := corpusIdentity(t, "AP_YY_01")
	legacy := Policy{Transports: []xmlenc.Transport{
		{Algorithm: xmlenc.RSAOAEPMGF1P, Digest: xmlenc.SHA256},
		{Algorithm: xmlenc.RSAOAEP, Digest: xmlenc.SHA256, MGF: xmlenc.MGF1SHA1},
	}}
	sender := corpusCertificate(t, "AP_XX_01")
	other := corpusCertificate(t, "AP_ZZ_01")
	for _, tc := range []struct {
		id   string
		p    Policy
		want string
	}{
		{"s01-rsa-oaep-mgf1p", legacy, "ok"},
		{"s02-oaep-without-mgf", legacy, "ok"},
		{"v04-two-payloads", legacy, PolicyNoncompliance},
		{"s04-signature-by-issuer-serial", Policy{Candidates: []*x509.Certificate{other, sender}}, "ok"},
		{"s04-signature-by-issuer-serial", Policy{Candidates: []*x509.Certificate{other}}, FailedAuthentication},
		{"x02-signed-only", Policy{PlainAttachments: true}, "ok"},
		{"x10-one-attachment-unsigned", Policy{PlainAttachments: true}, PolicyNoncompliance},
		{"x11-one-attachment-plain", Policy{PlainAttachments: true}, "ok"},
	} {
		envelope, atts, _ := message(t, tc.id)
		v, _, err := receive(envelope, atts, tc.p, self)
		if code(err) != tc.want {
			t.Errorf("%s: %v, want %s", tc.id, err, tc.want)
		}
		if err == nil && !v.Signer.Equal(sender) {
			t.Errorf("%s: signed by %s", tc.id, v.Signer.Subject)
		}
	}
}

// TestCorpusSignals verifies the signed answers of the other side.
func TestCorpusSignals(t *testing.T) {
	t.Parallel()
	n := 0
	for _, m := range vectors(t) {
		if m.Role != "sender-response" {
			continue
		}
		n++
		envelope, _, _ := message(t, m.ID)
		v, _, err := receive(envelope, nil, Policy{})
		want := "ok"
		if m.ID == "r05-receipt-v04-unsigned" {
			want = PolicyNoncompliance
		}
		if code(err) != want {
			t.Errorf("%s: %v, want %s", m.ID, err, want)
		}
		if err == nil && !v.Signer.Equal(corpusCertificate(t, "AP_YY_01")) {
			t.Errorf("%s: signed by %s", m.ID, v.Signer.Subject)
		}
	}
	if n == 0 {
		t.Error("no signals")
	}
}

// TestConstantDecryptionError holds that all failures of decryption read alike.
func TestConstantDecryptionError(t *testing.T) {
	t.Parallel()
	texts := map[string]bool{}
	for _, id := range []string{"x06-gcm-tag", "x07-encrypted-for-other", "v03-one-payload"} {
		envelope, atts, _ := message(t, id)
		if id == "v03-one-payload" {
			atts[0].Content = atts[0].Content[:10]
		}
		_, _, err := receive(envelope, atts, Policy{}, corpusIdentity(t, "AP_YY_01"))
		var e *Error
		if !errors.As(err, &e) || e.Code != FailedDecryption {
			t.Fatalf("%s: %v", id, err)
		}
		texts[e.Error()] = true
	}
	if len(texts) != 1 {
		t.Errorf("several texts: %v", texts)
	}
}
