package as4

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
)

// good is a message that is accepted; every case spoils one thing of it.
func good() *forgery {
	p := people()
	return &forgery{message: message(), payloads: payloads(), signer: p.el, to: p.at.Certificate}
}

func replace(old, new string) func([]byte) []byte {
	return func(b []byte) []byte {
		if !bytes.Contains(b, []byte(old)) {
			panic("the case edits nothing: " + old)
		}
		return bytes.Replace(b, []byte(old), []byte(new), 1)
	}
}

func fixed(ct string) func(string) string { return func(string) string { return ct } }

// The names cite the step of the receiver's order of work or the clause behind it.
func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	p := people()
	first := func(edit func(*attachment)) func([]ebms.PartInfo, []attachment) {
		return func(_ []ebms.PartInfo, atts []attachment) { edit(&atts[0]) }
	}
	for _, tc := range []struct {
		name string
		edit func(*forgery, *Receiver)
		want string
		http int // 0 means 200
	}{
		{"ok", func(*forgery, *Receiver) {}, "", 0},
		{"ok/byte order mark", func(f *forgery, _ *Receiver) {
			f.secured = func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) }
		}, "", 0},

		{"9.1 no content type", func(f *forgery, _ *Receiver) { f.mediaType = fixed("") }, "Sender", 415},
		{"9.1 another media type", func(f *forgery, _ *Receiver) { f.mediaType = fixed("application/json") }, "Sender", 415},
		{"9.1 SOAP 1.2 as text/xml", func(f *forgery, _ *Receiver) { f.payloads = nil; f.mediaType = fixed("text/xml") }, "Sender", 415},
		{"5.1 SOAP 1.1", func(f *forgery, _ *Receiver) {
			f.payloads, f.mediaType = nil, fixed("text/xml; charset=UTF-8")
			f.secured = func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(ebms.NSSOAP12), []byte(ebms.NSSOAP11)) }
		}, "VersionMismatch", 500},
		{"5.1 unknown header", func(f *forgery, _ *Receiver) {
			f.envelope = replace("<env:Header>", `<env:Header><x xmlns="urn:x" env:mustUnderstand="true"/>`)
		}, "MustUnderstand", 500},
		{"9.2 message too large", func(_ *forgery, r *Receiver) { r.Limits.Message = 5000 }, "", 413},
		{"9.2 envelope too large", func(_ *forgery, r *Receiver) { r.Limits.Envelope = 2000 }, "", 413},
		{"9.2 part too large", func(_ *forgery, r *Receiver) { r.Limits.Part = 20 }, "", 413},
		{"9.2 too many parts", func(_ *forgery, r *Receiver) { r.Limits.Parts = 2 }, "", 413},
		{"4 no close delimiter", func(f *forgery, _ *Receiver) {
			f.mediaType = func(s string) string { return strings.Replace(s, "oots-test", "oots-tes", 1) }
		}, ebms.MimeInconsistency, 400},
		{"4 start names no part", func(f *forgery, _ *Receiver) {
			f.mediaType = func(s string) string { return strings.Replace(s, "root@x", "r@x", 1) }
		}, ebms.MimeInconsistency, 400},
		{"9.3 no XML", func(f *forgery, _ *Receiver) { f.secured = func([]byte) []byte { return []byte("hello") } }, ebms.InvalidHeader, 400},
		{"9.3 empty envelope", func(f *forgery, _ *Receiver) { f.secured = func([]byte) []byte { return nil } }, ebms.InvalidHeader, 400},
		{"9.3 DOCTYPE", func(f *forgery, _ *Receiver) {
			f.secured = func(b []byte) []byte { return append([]byte("<!DOCTYPE x>"), b...) }
		}, ebms.InvalidHeader, 400},
		{"9.3 processing instruction", func(f *forgery, _ *Receiver) { f.secured = replace("<env:Header>", "<?x y?><env:Header>") }, ebms.InvalidHeader, 400},
		{"9.3 bad UTF-8", func(f *forgery, _ *Receiver) { f.secured = replace("AP_EL_01", "AP_EL_\xff") }, ebms.InvalidHeader, 400},
		{"9.3 another charset", func(f *forgery, _ *Receiver) {
			f.payloads, f.mediaType = nil, fixed("application/soap+xml; charset=UTF-16")
		}, ebms.InvalidHeader, 400},
		{"9.4 one id twice", func(f *forgery, _ *Receiver) {
			f.secured = replace("<env:Header>", `<env:Header><x xmlns="urn:x" xml:id="_m"/>`)
		}, ebms.PolicyNoncompliance, 0},
		{"9.5 two Messaging", func(f *forgery, _ *Receiver) {
			f.secured = replace("<env:Header>", `<env:Header><eb:Messaging xmlns:eb="`+ebms.NS+`"/>`)
		}, ebms.InvalidHeader, 0},
		{"9.5 MessageId", func(f *forgery, _ *Receiver) { f.message.MessageID = "<a@b>" }, ebms.InvalidHeader, 0},
		{"9.6 party unknown", func(f *forgery, _ *Receiver) { f.message.From.ID.Value = "AP_XX_01" }, ebms.ValueInconsistent, 0},
		{"9.6 not for us", func(f *forgery, _ *Receiver) { f.message.To.ID = f.message.From.ID }, ebms.ValueInconsistent, 0},
		{"9.6 action unknown", func(f *forgery, _ *Receiver) { f.message.Action = "x" }, ebms.ValueNotRecognized, 0},
		{"9.6 no combination", func(_ *forgery, r *Receiver) { r.PModes.Peers[0].Actions = []string{"ExceptionResponse"} }, ebms.ProcessingModeMismatch, 0},
		{"9.15 property missing", func(f *forgery, _ *Receiver) { f.message.Properties = f.message.Properties[:1] }, ebms.ProcessingModeMismatch, 0},

		{"9.7 unsigned and in clear", func(f *forgery, _ *Receiver) { f.signer = wssec.Identity{} }, ebms.PolicyNoncompliance, 0},
		{"9.7 unsigned without payload", func(f *forgery, _ *Receiver) { f.signer, f.payloads = wssec.Identity{}, nil }, ebms.PolicyNoncompliance, 0},
		{"9.8 signed by another known party", func(f *forgery, _ *Receiver) { f.signer = p.fr }, ebms.FailedAuthentication, 0},
		{"9.8 signed by us", func(f *forgery, _ *Receiver) { f.signer = p.at }, ebms.FailedAuthentication, 0},
		{"9.8 unknown certificate", func(f *forgery, _ *Receiver) { f.signer = p.unknown }, ebms.FailedAuthentication, 0},
		{"9.8 expired although pinned", func(f *forgery, r *Receiver) {
			f.signer = p.expired
			r.PModes.Peers[0].Signing = []*x509.Certificate{p.expired.Certificate}
		}, ebms.FailedAuthentication, 0},
		{"9.8 not yet valid", func(_ *forgery, r *Receiver) { r.Now = func() time.Time { return at.AddDate(-2, 0, 0) } }, ebms.FailedAuthentication, 0},
		{"ok/second pinned certificate", func(f *forgery, r *Receiver) {
			f.signer = p.el2
			r.PModes.Peers[0].Signing = append(r.PModes.Peers[0].Signing, p.el2.Certificate)
		}, "", 0},
		{"ok/issued below a root for the party", func(f *forgery, r *Receiver) {
			f.signer = p.issued
			r.Trust.Roots, r.PModes.Peers[0].CommonName = pool(p.root), "ap.el.example"
		}, "", 0},
		{"9.8 issued for another party", func(f *forgery, r *Receiver) {
			f.signer = p.other
			r.Trust.Roots, r.PModes.Peers[0].CommonName = pool(p.root), "ap.el.example"
		}, ebms.FailedAuthentication, 0},
		{"9.8 issued for two parties", func(f *forgery, r *Receiver) {
			f.signer = p.twoNames
			r.Trust.Roots, r.PModes.Peers[0].CommonName = pool(p.root), "ap.el.example"
		}, ebms.FailedAuthentication, 0},
		{"9.8 issued, but the party has no name", func(f *forgery, r *Receiver) {
			f.signer, r.Trust.Roots = p.issued, pool(p.root)
		}, ebms.FailedAuthentication, 0},
		{"9.8 right name below another root", func(f *forgery, r *Receiver) {
			f.signer = p.issued
			r.Trust.Roots, r.PModes.Peers[0].CommonName = pool(p.fr.Certificate), "ap.el.example"
		}, ebms.FailedAuthentication, 0},
		{"9.10 header changed", func(f *forgery, _ *Receiver) { f.secured = replace("a4c1e7f2", "a4c1e7f3") }, ebms.FailedAuthentication, 0},
		{"9.10 header changed in a comment only", func(f *forgery, _ *Receiver) { f.secured = replace("a4c1e7f2", "a4c1<!-- -->e7f2") }, "", 0},

		{"9.12 encrypted for another", func(f *forgery, _ *Receiver) { f.to = p.fr.Certificate }, ebms.FailedDecryption, 0},
		{"ok/encrypted for our second key", func(f *forgery, r *Receiver) { f.to, r.Self = p.el2.Certificate, append(r.Self, p.el2) }, "", 0},
		{"9.13 ciphertext changed", func(f *forgery, _ *Receiver) { f.parts = onPart(func(p *swa.Part) { p.Content[12] ^= 1 }) }, ebms.FailedDecryption, 0},
		{"9.13 ciphertext cut", func(f *forgery, _ *Receiver) {
			f.parts = onPart(func(p *swa.Part) { p.Content = p.Content[:len(p.Content)-1] })
		}, ebms.FailedDecryption, 0},
		{"9.13 ciphertext empty", func(f *forgery, _ *Receiver) { f.parts = onPart(func(p *swa.Part) { p.Content = nil }) }, ebms.FailedDecryption, 0},
		{"9.13 ciphertexts exchanged", func(f *forgery, _ *Receiver) {
			f.parts = func(ps []swa.Part) []swa.Part {
				ps[0].Content, ps[1].Content = ps[1].Content, ps[0].Content
				return ps
			}
		}, ebms.FailedAuthentication, 0},
		{"9.13 part without PartInfo", func(f *forgery, _ *Receiver) {
			f.parts = func(ps []swa.Part) []swa.Part {
				return append(ps, swa.Part{ContentID: "9@x", MediaType: "a/b"})
			}
		}, ebms.MimeInconsistency, 0},
		{"9.13 part neither signed nor encrypted", func(f *forgery, _ *Receiver) {
			f.attach = func(a []attachment) []attachment { return a[:2] }
			f.parts = func(ps []swa.Part) []swa.Part {
				return append(ps, swa.Part{ContentID: "3@ap.example.el", MediaType: "a/b"})
			}
		}, ebms.PolicyNoncompliance, 0},
		{"9.14 PartInfo without part", func(f *forgery, _ *Receiver) { f.parts = func(ps []swa.Part) []swa.Part { return ps[:2] } }, ebms.ExternalPayloadError, 0},
		{"9.14 signed part without PartInfo and part", func(f *forgery, _ *Receiver) {
			f.envelope = func(b []byte) []byte {
				i := bytes.Index(b, []byte(`<eb:PartInfo href="cid:3@`))
				return append(b[:i:i], b[i+bytes.Index(b[i:], []byte("</eb:PayloadInfo>")):]...)
			}
			f.parts = func(ps []swa.Part) []swa.Part { return ps[:2] }
		}, ebms.PolicyNoncompliance, 0},
		{"4 payload outside the message", func(f *forgery, _ *Receiver) { f.envelope = replace("cid:1@ap.example.el", "https://x.example/1") }, ebms.ExternalPayloadError, 0},
		{"4 payload in the Body", func(f *forgery, _ *Receiver) { f.envelope = replace("></env:Body>", "><a/></env:Body>") }, ebms.FeatureNotSupported, 0},
		{"4 text in the Body", func(f *forgery, _ *Receiver) { f.envelope = replace("></env:Body>", ">a</env:Body>") }, ebms.FeatureNotSupported, 0},

		{"6 no gzip", func(f *forgery, _ *Receiver) {
			f.prepared = first(func(a *attachment) { a.Content = []byte("<a/>") })
		}, ebms.DecompressionFailure, 0},
		{"6 nothing instead of gzip", func(f *forgery, _ *Receiver) { f.prepared = first(func(a *attachment) { a.Content = nil }) }, ebms.DecompressionFailure, 0},
		{"6 gzip cut", func(f *forgery, _ *Receiver) {
			f.prepared = first(func(a *attachment) { a.Content = a.Content[:len(a.Content)-1] })
		}, ebms.DecompressionFailure, 0},
		{"6 checksum", func(f *forgery, _ *Receiver) {
			f.prepared = first(func(a *attachment) { a.Content[len(a.Content)-8] ^= 1 })
		}, ebms.DecompressionFailure, 0},
		{"6 garbage behind", func(f *forgery, _ *Receiver) {
			f.prepared = first(func(a *attachment) { a.Content = append(a.Content, 'x') })
		}, ebms.DecompressionFailure, 0},
		{"6 zeros behind", func(f *forgery, _ *Receiver) {
			f.prepared = first(func(a *attachment) { a.Content = append(a.Content, 0, 0, 0, 0) })
		}, ebms.DecompressionFailure, 0},
		{"ok/two members", func(f *forgery, _ *Receiver) {
			f.prepared = first(func(a *attachment) { a.Content = append(a.Content, a.Content...) })
		}, "", 0},
		{"6 above the size of one payload", func(_ *forgery, r *Receiver) { r.Limits.Plain = 5 }, ebms.DecompressionFailure, 0},
		{"6 above the size of all payloads", func(_ *forgery, r *Receiver) { r.Limits.AllPlain = 20 }, ebms.ProcessingModeMismatch, 0},
		{"6 bomb", func(f *forgery, r *Receiver) {
			r.Limits.Ratio, f.prepared = 100, first(func(a *attachment) { a.Content = zeros(12 << 20) })
		}, ebms.DecompressionFailure, 0},
		{"5.4 compressed without MimeType", func(f *forgery, _ *Receiver) {
			f.envelope = replace(`<eb:Property name="MimeType">application/x-ebrs+xml</eb:Property>`, "")
		}, ebms.ValueInconsistent, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, r := good(), receiver()
			tc.edit(f, r)
			ct, body := f.make(t)
			in, err := r.Receive(ct, bytes.NewReader(body))
			if tc.want == "" && tc.http == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var refusal *Refusal
			if in != nil || !errors.As(err, &refusal) {
				t.Fatalf("got %v, %v", in, err)
			}
			if tc.http == 0 {
				tc.http = http.StatusOK
			}
			if refusal.Code() != tc.want || refusal.Status != tc.http {
				t.Errorf("got %s with status %d (%v), want %s with %d", refusal.Code(), refusal.Status, err, tc.want, tc.http)
			}
			checkAnswer(t, refusal, tc.http == http.StatusOK && f.message.MessageID == message().MessageID && tc.name != "9.5 two Messaging")
		})
	}
}

// checkAnswer reads the refusal as the sender gets it. named says that the message id was readable.
func checkAnswer(t *testing.T, refusal *Refusal, named bool) {
	t.Helper()
	p := people()
	e, err := refusal.Entity("error@ap.example.at", at, &p.at)
	if err != nil {
		t.Fatal(err)
	}
	if refusal.Code() == "" {
		if e != nil {
			t.Error("an answer to what deserves none")
		}
		return
	}
	if len(e.Envelope) > 16<<10 {
		t.Errorf("answer of %d bytes", len(e.Envelope))
	}
	s, err := ReadSignal(e.ContentType, bytes.NewReader(e.Envelope), receiver().PModes.Self)
	if err != nil {
		t.Fatal(err)
	}
	if len(refusal.Errors) == 0 {
		if !strings.HasPrefix(s.Fault, refusal.Fault+" ") {
			t.Errorf("fault %q", s.Fault)
		}
		return
	}
	if !s.Signed || len(s.Errors) != 1 || s.Errors[0].Code != refusal.Code() || s.Errors[0].Detail == "" {
		t.Errorf("signal %+v", s.SignalMessage)
	}
	want := ""
	if named {
		want = message().MessageID
	}
	if s.RefToMessageID != want || s.Errors[0].RefToMessageInError != want {
		t.Errorf("about %q and %q, want %q", s.RefToMessageID, s.Errors[0].RefToMessageInError, want)
	}
}

func pool(c *x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(c)
	return p
}

func onPart(edit func(*swa.Part)) func([]swa.Part) []swa.Part {
	return func(ps []swa.Part) []swa.Part {
		edit(&ps[0])
		return ps
	}
}

func zeros(n int) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(make([]byte, n))
	z.Close()
	return b.Bytes()
}

// Below 10 MiB a high ratio is no bomb: real forms are full of repetition.
func TestSmallPayloadsMayCompressWell(t *testing.T) {
	t.Parallel()
	if _, err := decompress(io.Discard, bytes.NewReader(zeros(9<<20)), 1<<30, 10); err != nil {
		t.Error(err)
	}
	if n, err := decompress(io.Discard, bytes.NewReader(zeros(11<<20)), 1<<30, 10); err == nil || n > ratioFrom {
		t.Errorf("bomb accepted, or seen after %d bytes", n)
	}
}

// What is decrypted wrongly looks the same to the sender, whatever was wrong.
func TestDecryptionErrorsAreAlike(t *testing.T) {
	t.Parallel()
	p := people()
	seen := map[string]bool{}
	for _, edit := range []func(*forgery){
		func(f *forgery) { f.to = p.fr.Certificate },
		func(f *forgery) { f.parts = onPart(func(p *swa.Part) { p.Content[0] ^= 1 }) },
		func(f *forgery) { f.parts = onPart(func(p *swa.Part) { p.Content = p.Content[:5] }) },
	} {
		f := good()
		edit(f)
		ct, body := f.make(t)
		_, err := receiver().Receive(ct, bytes.NewReader(body))
		var r *Refusal
		if !errors.As(err, &r) {
			t.Fatal(err)
		}
		seen[r.Code()+r.Detail()] = true
	}
	if len(seen) != 1 {
		t.Errorf("answers differ: %v", seen)
	}
}

func TestPostedSignalsChangeNothing(t *testing.T) {
	t.Parallel()
	p := people()
	receipt, err := signal(&ebms.SignalMessage{Timestamp: at, MessageID: "s@x", RefToMessageID: "m@x", Errors: []ebms.Error{*ebms.NewError(ebms.Other, "x")}}, &p.el)
	if err != nil {
		t.Fatal(err)
	}
	in, err := receiver().Receive(receipt.ContentType, bytes.NewReader(receipt.Envelope))
	var r *Refusal
	if in != nil || !errors.As(err, &r) || r.Status != http.StatusAccepted || r.Code() != "" {
		t.Fatalf("got %v, %v", in, err)
	}
	if e, err := r.Entity("x@y", at, &p.at); e != nil || err != nil {
		t.Error("a signal is answered with a signal")
	}
	pull := `<env:Envelope xmlns:env="` + ebms.NSSOAP12 + `"><env:Header><eb:Messaging xmlns:eb="` + ebms.NS + `"><eb:SignalMessage><eb:MessageInfo><eb:Timestamp>2026-01-01T00:00:00Z</eb:Timestamp><eb:MessageId>s@x</eb:MessageId></eb:MessageInfo><eb:PullRequest mpc="urn:x"/></eb:SignalMessage></eb:Messaging></env:Header><env:Body/></env:Envelope>`
	if _, err := receiver().Receive(swa.SOAP, strings.NewReader(pull)); !errors.As(err, &r) || r.Code() != ebms.ProcessingModeMismatch {
		t.Errorf("pull: %v", err)
	}
	fault := string(ebms.AppendFault(nil, &ebms.Fault{Code: "Sender", Reason: "x"}))
	if _, err := receiver().Receive(swa.SOAP, strings.NewReader(fault)); !errors.As(err, &r) || r.Code() != ebms.InvalidHeader {
		t.Errorf("fault: %v", err)
	}
}

func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	ct, body := good().make(t)
	reset := errors.New("connection reset by peer")
	in, err := receiver().Receive(ct, io.MultiReader(bytes.NewReader(body[:len(body)-100]), iotest.ErrReader(reset)))
	var r *Refusal
	if in != nil || !errors.As(err, &r) || r.Status != http.StatusBadRequest || r.Code() != "" || !errors.Is(err, reset) {
		t.Errorf("got %v, %v", in, err)
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	r := Refuse(ebms.ValueInconsistent, "m@x", "taken")
	if r.Code() != "EBMS:0003" || r.Detail() != "taken" || r.RefTo != "m@x" || r.Errors[0].RefToMessageInError != "m@x" || r.Errors[0].Severity != "failure" {
		t.Errorf("%+v", r)
	}
	e, err := r.Entity("e@x", at, nil)
	if err != nil || bytes.Contains(e.Envelope, []byte("Signature")) {
		t.Errorf("without a key: %v", err)
	}
}
