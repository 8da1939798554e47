package as4

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	p, r := people(), receiver()
	for _, tc := range []struct {
		name     string
		payloads []Payload
		edit     func(*ebms.UserMessage)
	}{
		{"no payload", nil, nil},
		{"one payload", payloads()[:1], nil},
		{"three payloads", payloads(), nil},
		{"empty payload, compressed", []Payload{{ContentID: "1@x", MimeType: "text/xml", Compress: true, Content: Bytes([]byte{})}}, nil},
		{"ping", nil, func(m *ebms.UserMessage) {
			m.Service, m.Action = ebms.Service{Value: ebms.TestService}, ebms.TestAction
		}},
		{"two-way", nil, func(m *ebms.UserMessage) { m.RefToMessageID = "other@x" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := message()
			if tc.edit != nil {
				tc.edit(&m)
			}
			e, err := Pack(m, tc.payloads, p.el, r.PModes.Self, nil)
			if err != nil {
				t.Fatal(err)
			}
			if plain := !strings.HasPrefix(e.ContentType, "multipart/"); plain != (len(tc.payloads) == 0) {
				t.Errorf("content type %s", e.ContentType)
			}
			in, err := r.Receive(e.ContentType, bytes.NewReader(whole(t, e)))
			if err != nil {
				t.Fatal(err)
			}
			checkSame(t, in, m, tc.payloads)
			if in.Test != (tc.name == "ping") || !in.Signer.Equal(p.el.Certificate) || len(in.Tolerated) != 0 {
				t.Errorf("test %v, signer %v, tolerated %v", in.Test, in.Signer.Subject, in.Tolerated)
			}
			checkReceipt(t, r, in, e)
		})
	}
}

func checkSame(t *testing.T, in *Received, m ebms.UserMessage, ps []Payload) {
	t.Helper()
	got := in.Message
	got.Parts = nil
	if !reflect.DeepEqual(got, m) {
		t.Errorf("header\n%+v\nwant\n%+v", got, m)
	}
	if len(in.Payloads) != len(ps) {
		t.Fatalf("%d payloads", len(in.Payloads))
	}
	for i, want := range ps {
		want.Compress = want.Compress && want.MimeType != "application/pdf"
		got := in.Payloads[i]
		if !bytes.Equal(content(t, got.Content), content(t, want.Content)) {
			t.Errorf("payload %d has other bytes", i)
		}
		got.Content, want.Content = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("payload %d\n%+v\nwant\n%+v", i, got, want)
		}
	}
}

func checkReceipt(t *testing.T, r *Receiver, in *Received, sent *Entity) {
	t.Helper()
	receipt, err := Receipt(in, "receipt@ap.example.at", at, r.Self[0])
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSignal(receipt.ContentType, bytes.NewReader(receipt.Envelope), r.PModes.Self.At(at))
	if err != nil {
		t.Fatal(err)
	}
	if e := CheckReceipt(s, in.Message.MessageID, sent.References); e != nil {
		t.Error(e)
	}
	if len(sent.References) != 2+len(in.Payloads) {
		t.Errorf("%d references", len(sent.References))
	}
}

// Nothing of a payload is on the wire in clear, compressed or not.
func TestPayloadsAreEncrypted(t *testing.T) {
	t.Parallel()
	secret := bytes.Repeat([]byte("secret of a person "), 50)
	e, err := Pack(message(), []Payload{{ContentID: "1@x", MimeType: "text/plain", Content: Bytes(secret)}}, people().el, receiver().PModes.Self, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(whole(t, e), secret[:19]) {
		t.Error("the payload can be read")
	}
}

func TestCompressionIsDeterministic(t *testing.T) {
	t.Parallel()
	run := func() []byte {
		var b bytes.Buffer
		if _, err := compress(&b, strings.NewReader(strings.Repeat("0123456789", 1000))); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	a := run()
	if !bytes.Equal(a, run()) {
		t.Error("two runs differ")
	}
	// ID1 ID2 CM FLG, MTIME zero, XFL, OS unknown. [RFC 1952 §2.3]
	if want := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}; !bytes.Equal(a[:10], want) {
		t.Errorf("gzip header % x", a[:10])
	}
}

func TestCompressible(t *testing.T) {
	t.Parallel()
	for mediaType, want := range map[string]bool{
		"application/x-ebrs+xml": true, "text/xml; charset=utf-8": true, "application/json": true, "image/svg+xml": true,
		"application/pdf": false, "Application/PDF; x=y": false, "image/jpeg": false, "video/mp4": false, "application/zip": false,
	} {
		if compressible(mediaType) != want {
			t.Errorf("%s: %v", mediaType, !want)
		}
	}
}

// Two entities of one message are different messages to a peer: ids and keys are fresh.
func TestPackIsFresh(t *testing.T) {
	t.Parallel()
	pack := func() *Entity {
		e, err := Pack(message(), payloads(), people().el, receiver().PModes.Self, nil)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	a, b := pack(), pack()
	if bytes.Equal(a.Envelope, b.Envelope) || bytes.Equal(a.Key, b.Key) || a.ContentType == b.ContentType {
		t.Error("ids are not random")
	}
}

func TestFingerprintIgnoresHowItWasSigned(t *testing.T) {
	t.Parallel()
	r := receiver()
	fingerprintOf := func(edit func(*forgery)) string {
		f := good()
		edit(f)
		ct, body := f.make(t)
		in, err := r.Receive(ct, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		return in.Fingerprint
	}
	first := fingerprintOf(func(*forgery) {})
	if fingerprintOf(func(f *forgery) { f.envelope = replace(`wsu:Id="_b"`, `wsu:Id="_other"`) }) != first {
		t.Error("another id of the Body changes the fingerprint")
	}
	if fingerprintOf(func(f *forgery) { f.payloads[0].Content = Bytes([]byte("x")) }) == first {
		t.Error("another payload does not change the fingerprint")
	}
	if fingerprintOf(func(f *forgery) { f.message.ConversationID = "x" }) == first {
		t.Error("another header does not change the fingerprint")
	}
}

func TestPackRefuses(t *testing.T) {
	t.Parallel()
	p := people()
	for _, tc := range []struct {
		name string
		edit func(m *ebms.UserMessage, ps []Payload, self *wssec.Identity, peer *pmode.Party)
		want string
	}{
		{"no key", func(_ *ebms.UserMessage, _ []Payload, self *wssec.Identity, _ *pmode.Party) { self.Key = nil }, "no key"},
		{"no recipient", func(_ *ebms.UserMessage, _ []Payload, _ *wssec.Identity, peer *pmode.Party) { peer.Encryption = nil }, "no certificate to encrypt"},
		{"own certificate expired", func(_ *ebms.UserMessage, _ []Payload, self *wssec.Identity, _ *pmode.Party) { *self = p.expired }, "own signing certificate"},
		{"their certificate expired", func(_ *ebms.UserMessage, _ []Payload, _ *wssec.Identity, peer *pmode.Party) {
			peer.Encryption = p.expired.Certificate
		}, "encryption certificate of party"},
		{"message id", func(m *ebms.UserMessage, _ []Payload, _ *wssec.Identity, _ *pmode.Party) { m.MessageID = "<a@b>" }, "EBMS:0009"},
		{"content id", func(_ *ebms.UserMessage, ps []Payload, _ *wssec.Identity, _ *pmode.Party) { ps[0].ContentID = "a+b@c" }, "Content-ID"},
		{"content id twice", func(_ *ebms.UserMessage, ps []Payload, _ *wssec.Identity, _ *pmode.Party) {
			ps[0].ContentID = ps[1].ContentID
		}, "EBMS:0003"},
		{"media type", func(_ *ebms.UserMessage, ps []Payload, _ *wssec.Identity, _ *pmode.Party) { ps[0].MimeType = "pdf" }, "media type"},
		{"CompressionType of the producer", func(_ *ebms.UserMessage, ps []Payload, _ *wssec.Identity, _ *pmode.Party) {
			ps[2].Properties = []ebms.Property{{Name: "compressiontype", Value: ebms.Gzip}}
		}, "set by the access point"},
		{"control character in a property", func(m *ebms.UserMessage, _ []Payload, _ *wssec.Identity, _ *pmode.Party) {
			m.Properties[0].Name = "a\x00"
		}, "EBMS:0009"},
	} {
		m, ps, self, peer := message(), payloads(), p.el, receiver().PModes.Self
		tc.edit(&m, ps, &self, &peer)
		e, err := Pack(m, ps, self, peer, nil)
		if e != nil || err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}
