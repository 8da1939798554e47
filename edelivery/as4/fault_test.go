package as4

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/swa"
)

// large is a message of three payloads that go through every buffer: random ones, so that they stay large when
// they are compressed.
func large() *forgery {
	f := good()
	random := rand.NewChaCha8([32]byte{1})
	for i := range f.payloads {
		b := make([]byte, 300_000+i)
		random.Read(b)
		f.payloads[i].Content = Bytes(b)
	}
	return f
}

// A fault at any place of a transfer leaves no half message and no file.
func TestFaultsLeaveNothing(t *testing.T) {
	t.Parallel()
	full, reset := errors.New("no space left on device"), errors.New("connection reset by peer")
	last := func(edit func([]byte) []byte) func([]swa.Part) []swa.Part {
		return func(ps []swa.Part) []swa.Part {
			p := &ps[len(ps)-1]
			p.Content = edit(bytes.Clone(p.Content))
			return ps
		}
	}
	for _, tc := range []struct {
		name   string
		edit   func(*forgery, *Receiver, *fileSpool)
		body   func([]byte) io.Reader // nil for the whole
		want   string
		status int
		cause  error
	}{
		{"ok", func(*forgery, *Receiver, *fileSpool) {}, nil, "", 0, nil},
		{"connection cut in the first payload", nil, cutAt(0.3, reset), "", http.StatusBadRequest, reset},
		{"connection cut in the last payload", nil, cutAt(0.9, reset), "", http.StatusBadRequest, reset},
		{"connection cut before the last byte", nil, cutAt(1, reset), "", http.StatusBadRequest, reset},
		{"body ends in the last payload", nil, cutAt(0.9, io.EOF), ebms.MimeInconsistency, http.StatusBadRequest, nil},
		{"close delimiter missing", nil, func(b []byte) io.Reader { return bytes.NewReader(b[:len(b)-6]) }, ebms.MimeInconsistency, http.StatusBadRequest, nil},
		{"last bit of the last tag", func(f *forgery, _ *Receiver, _ *fileSpool) {
			f.parts = last(func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
		}, nil, ebms.FailedDecryption, 0, nil},
		{"last payload one byte shorter", func(f *forgery, _ *Receiver, _ *fileSpool) {
			f.parts = last(func(b []byte) []byte { return b[:len(b)-1] })
		}, nil, ebms.FailedDecryption, 0, nil},
		{"last byte of the last payload changed after signing", func(f *forgery, _ *Receiver, _ *fileSpool) {
			f.digested = func(as []attachment) { a := as[2].Content; a[len(a)-1] ^= 1 }
		}, nil, ebms.FailedAuthentication, 0, nil},
		{"last checksum of the first payload", func(f *forgery, _ *Receiver, _ *fileSpool) {
			f.prepared = func(_ []ebms.PartInfo, as []attachment) { a := as[0].Content; a[len(a)-1] ^= 1 }
		}, nil, ebms.DecompressionFailure, 0, nil},
		{"decompression of what was changed", func(f *forgery, _ *Receiver, _ *fileSpool) {
			f.digested = func(as []attachment) { as[0].Content[500] ^= 1 }
		}, nil, ebms.FailedAuthentication, 0, nil},
		{"decompression of what was changed in transit", func(f *forgery, _ *Receiver, _ *fileSpool) {
			f.parts = onPart(func(p *swa.Part) { p.Content[500] ^= 1 })
		}, nil, ebms.FailedDecryption, 0, nil},
		{"last payload too large", func(_ *forgery, r *Receiver, _ *fileSpool) { r.Limits.AllPlain = 900_000 }, nil, ebms.ProcessingModeMismatch, 0, nil},
		{"a part too many", func(f *forgery, _ *Receiver, _ *fileSpool) {
			f.parts = func(ps []swa.Part) []swa.Part {
				return append(ps, swa.Part{ContentID: "9@x", MediaType: "a/b", Content: make([]byte, 100_000)})
			}
		}, nil, ebms.MimeInconsistency, 0, nil},
		{"disk full at the first byte", func(_ *forgery, _ *Receiver, s *fileSpool) { s.atByte = 1 }, nil, "", http.StatusServiceUnavailable, full},
		{"disk full in the middle", func(_ *forgery, _ *Receiver, s *fileSpool) { s.atByte = 400_000 }, nil, "", http.StatusServiceUnavailable, full},
		{"disk full at the last byte", func(_ *forgery, _ *Receiver, s *fileSpool) { s.atByte = 900_002 }, nil, "", http.StatusServiceUnavailable, full},
		{"no place for the second payload", func(_ *forgery, _ *Receiver, s *fileSpool) { s.atCreate = 2 }, nil, "", http.StatusServiceUnavailable, full},
		{"not durable", func(_ *forgery, _ *Receiver, s *fileSpool) { s.atFinish = 3 }, nil, "", http.StatusServiceUnavailable, full},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, r, s := large(), receiver(), newFileSpool(t)
			r.Spool, s.failing = s, full
			if tc.edit != nil {
				tc.edit(f, r, s)
			}
			ct, b := f.make(t)
			body := io.Reader(bytes.NewReader(b))
			if tc.body != nil {
				body = tc.body(b)
			}
			in, err := r.Receive(ct, body)
			if tc.name == "ok" {
				if err != nil || s.left(t) != 3 {
					t.Fatalf("%v, %d files", err, s.left(t))
				}
				if err := in.Discard(); err != nil || s.left(t) != 0 {
					t.Errorf("Discard: %v, %d files", err, s.left(t))
				}
				return
			}
			if tc.status == 0 {
				tc.status = http.StatusOK
			}
			var refusal *Refusal
			if in != nil || !errors.As(err, &refusal) || refusal.Code() != tc.want || refusal.Status != tc.status || tc.cause != nil && !errors.Is(err, tc.cause) {
				t.Errorf("got %v, %v", in, err)
			}
			if n := s.left(t); n != 0 {
				t.Errorf("%d files are left", n)
			}
		})
	}
}

// cutAt ends the body with err after a share of it.
func cutAt(share float64, err error) func([]byte) io.Reader {
	return func(b []byte) io.Reader {
		n := min(int(share*float64(len(b))), len(b)-1)
		return io.MultiReader(bytes.NewReader(b[:n]), iotest.ErrReader(err))
	}
}

// A spool that cannot even remove is our failure, whatever was wrong with the message.
func TestDiscardFails(t *testing.T) {
	t.Parallel()
	f, r, s := large(), receiver(), newFileSpool(t)
	r.Spool, s.failing, s.atDiscard = s, errors.New("read-only file system"), 1
	f.parts = onPart(func(p *swa.Part) { p.Content[500] ^= 1 })
	ct, b := f.make(t)
	in, err := r.Receive(ct, bytes.NewReader(b))
	var refusal *Refusal
	if in != nil || !errors.As(err, &refusal) || refusal.Status != http.StatusServiceUnavailable || !errors.Is(err, s.failing) {
		t.Errorf("got %v, %v", in, err)
	}
}

// What is refused early is read on, so that the sender gets to reading the answer, but not without end.
func TestRefusedBodyIsRead(t *testing.T) {
	t.Parallel()
	f := large()
	f.message.Action = "x"
	ct, b := f.make(t)
	body := bytes.NewReader(b)
	if _, err := receiver().Receive(ct, body); err == nil || body.Len() != 0 {
		t.Errorf("%v, %d bytes unread", err, body.Len())
	}
	head := b[:bytes.Index(b, []byte("Envelope>\r\n--"))+13]
	rest := &meter{src: io.LimitReader(zeroes{}, 100<<20)}
	r := receiver()
	r.Limits.Part, r.Limits.Message = 1<<30, 1<<30
	more := "oots-test\r\nContent-ID: <1@ap.example.el>\r\n\r\n"
	if _, err := r.Receive(ct, io.MultiReader(bytes.NewReader(head), strings.NewReader(more), rest)); err == nil || rest.n < maxDrain-1<<20 || rest.n > maxDrain+1<<20 {
		t.Errorf("%v, %d bytes read", err, rest.n)
	}
}

type zeroes struct{}

func (zeroes) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// A body that stalls or drips is given up. The clock moves with each Read.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	ct, body := large().make(t)
	for _, tc := range []struct {
		name  string
		rate  int           // bytes per second
		stall time.Duration // once, in the middle
		ok    bool
	}{
		{"quick", 1_000_000, 0, true},
		{"just quick enough", 1100, 0, true},
		{"a pause", 100_000, 29 * time.Second, true},
		{"stalls", 1_000_000, 31 * time.Second, false},
		{"drips", 1000, 0, false},
	} {
		now, stalled := at, false
		r := receiver()
		r.Now = func() time.Time { return now }
		src := bytes.NewReader(body)
		slow := readerFunc(func(b []byte) (int, error) {
			n, err := src.Read(b[:min(len(b), 4096)]) // as a connection gives it
			now = now.Add(time.Duration(n) * time.Second / time.Duration(tc.rate))
			if src.Len() < len(body)/2 && !stalled {
				now, stalled = now.Add(tc.stall), true
			}
			return n, err
		})
		_, err := r.Receive(ct, slow)
		var refusal *Refusal
		if tc.ok && err != nil || !tc.ok && (!errors.As(err, &refusal) || refusal.Status != StatusTimeout || !errors.Is(err, errSlow)) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// fake is content that does not keep its word.
type fake struct {
	size    int64
	text    string
	openErr error
	readErr error
}

func (f fake) Size() int64 { return f.size }
func (f fake) Open() (io.ReadCloser, error) {
	if f.openErr != nil {
		return nil, f.openErr
	}
	var r io.Reader = strings.NewReader(f.text)
	if f.readErr != nil {
		r = io.MultiReader(r, iotest.ErrReader(f.readErr))
	}
	return io.NopCloser(r), nil
}

func TestPackFaultsLeaveNothing(t *testing.T) {
	t.Parallel()
	full, gone := errors.New("no space left on device"), errors.New("gone")
	for _, tc := range []struct {
		name string
		edit func([]Payload, *fileSpool)
		want error
	}{
		{"disk full", func(_ []Payload, s *fileSpool) { s.atByte = 100_000 }, full},
		{"no place", func(_ []Payload, s *fileSpool) { s.atCreate = 2 }, full},
		{"not durable", func(_ []Payload, s *fileSpool) { s.atFinish = 2 }, full},
		{"content shorter than said", func(ps []Payload, _ *fileSpool) { ps[2].Content = fake{size: 5, text: "abcd"} }, errSize},
		{"content longer than said", func(ps []Payload, _ *fileSpool) { ps[1].Content = fake{size: 5, text: "abcdef"} }, errSize},
		{"content does not open", func(ps []Payload, _ *fileSpool) { ps[2].Content = fake{openErr: gone} }, gone},
		{"content breaks", func(ps []Payload, _ *fileSpool) { ps[1].Content = fake{size: 5, text: "abc", readErr: gone} }, gone},
	} {
		ps, s := large().payloads, newFileSpool(t)
		ps[1].MimeType = "text/plain" // compressed, too
		s.failing = full
		tc.edit(ps, s)
		e, err := Pack(message(), ps, people().el, receiver().PModes.Self, s)
		if e != nil || !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if n := s.left(t); n != 0 {
			t.Errorf("%s: %d files are left", tc.name, n)
		}
	}
}

// An entity is the same bytes each time, also when its owner has built it again, and breaks off when its content
// has changed.
func TestEntity(t *testing.T) {
	t.Parallel()
	s := newFileSpool(t)
	e, err := Pack(message(), large().payloads, people().el, receiver().PModes.Self, s)
	if err != nil {
		t.Fatal(err)
	}
	if n := s.left(t); n != 1 {
		t.Errorf("%d files for one compressed payload", n)
	}
	first := whole(t, e)
	again := &Entity{ContentType: e.ContentType, Envelope: e.Envelope, Boundary: e.Boundary, Key: e.Key, Parts: e.Parts}
	var b bytes.Buffer
	if n, err := again.WriteTo(&b); err != nil || n != again.Length() || !bytes.Equal(b.Bytes(), first) {
		t.Errorf("%d bytes, %v, or other bytes", n, err)
	}
	if _, err := receiver().Receive(e.ContentType, bytes.NewReader(first)); err != nil {
		t.Error(err)
	}
	for _, c := range []Content{fake{size: 300_002, text: "short"}, fake{size: 3, text: "long"}, fake{openErr: io.ErrClosedPipe}} {
		again.Parts = append(e.Parts[:2:2], EntityPart{ContentID: "3@ap.example.el", IV: e.Parts[2].IV, Content: c})
		if _, err := again.WriteTo(io.Discard); err == nil {
			t.Errorf("%+v is sent", c)
		}
	}
	r := e.Open()
	r.Close()
	if _, err := r.Read(make([]byte, 1)); err == nil || err == io.EOF {
		t.Error("read after Close")
	}
	if err := e.Discard(); err != nil || s.left(t) != 0 {
		t.Errorf("Discard: %v, %d files", err, s.left(t))
	}
}
