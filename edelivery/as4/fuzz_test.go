package as4

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"

	"oots/edelivery/swa"
	"oots/edelivery/wssec"
)

// seeds gives entities of our own making, so that the targets work without the corpus.
func seeds(f *testing.F) {
	ct, body := good().make(f)
	f.Add(ct, body)
	plain := good()
	plain.payloads = nil
	ct, body = plain.make(f)
	f.Add(ct, body)
	bare := good()
	bare.signer = wssec.Identity{}
	ct, body = bare.make(f)
	f.Add(ct, body)
	id := people().at
	e, err := Refuse("EBMS:0004", "m@x", "x").Entity("e@x", at, &id)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(e.ContentType, e.Envelope)
	f.Add(swa.SOAP, []byte("<html/>"))
}

// FuzzReceive: an error is a Refusal without result, and what is accepted is one of the genuine messages.
func FuzzReceive(f *testing.F) {
	seeds(f)
	r := receiver()
	want := message()
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		in, err := r.Receive(contentType, bytes.NewReader(body))
		if err == nil {
			if in.Message.MessageID != want.MessageID || in.Message.ConversationID != want.ConversationID {
				t.Fatalf("a message that nobody signed: %+v", in.Message)
			}
			return
		}
		var refusal *Refusal
		if in != nil || !errors.As(err, &refusal) || refusal.Status == 0 {
			t.Fatalf("got %v, %v", in, err)
		}
		if _, err := refusal.Entity("e@x", at, nil); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzReadSignal: nothing is taken for signed that the peer did not sign.
func FuzzReadSignal(f *testing.F) {
	seeds(f)
	peer := receiver().PModes.Self
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		s, err := ReadSignal(contentType, bytes.NewReader(body), peer)
		if err != nil {
			if s != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		if s.Signed && (s.MessageID != "e@x" || s.RefToMessageID != "m@x") {
			t.Fatalf("a signal that nobody signed: %+v", s.SignalMessage)
		}
	})
}

// reservedFlags reports whether b may hold a member that sets flags which must be zero. [RFC 1952 §2.3.1.2]
func reservedFlags(b []byte) bool {
	for i := 0; i+3 < len(b); i++ {
		if b[i] == 0x1f && b[i+1] == 0x8b && b[i+3]>>5 != 0 {
			return true
		}
	}
	return false
}

// FuzzDecompress: what is accepted is what the standard library decompresses, and never more than the limit.
func FuzzDecompress(f *testing.F) {
	f.Add(zeros(100))
	f.Add(append(zeros(10), zeros(5000)...))
	f.Add(append(zeros(10), 0))
	f.Add([]byte{0x1f, 0x8b, 8, 0x1f, 0, 0, 0, 0, 0, 255})
	const limit = 1 << 20
	f.Fuzz(func(t *testing.T, b []byte) {
		var got bytes.Buffer
		_, err := decompress(&got, bytes.NewReader(b), limit, 1000)
		if got.Len() > limit {
			t.Fatalf("%d bytes", got.Len())
		}
		var want []byte
		z, wrong := gzip.NewReader(bytes.NewReader(b))
		if wrong == nil {
			want, wrong = io.ReadAll(io.LimitReader(z, limit+1))
		}
		accepted := wrong == nil && len(want) <= limit
		if accepted && err != nil && reservedFlags(b) {
			return // the standard library does not look at them
		}
		if accepted != (err == nil) {
			t.Fatalf("%v, the standard library %v with %d bytes", err, wrong, len(want))
		}
		if err == nil && !bytes.Equal(got.Bytes(), want) {
			t.Fatal("other bytes")
		}
	})
}
