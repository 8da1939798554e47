package as4

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// BenchmarkPack and BenchmarkReceive: one payload, signed and encrypted with RSA-2048. "xml" is compressed, "pdf"
// is not.
var benchmarks = []struct {
	name, mediaType string
	size            int
}{
	{"xml/1kB", "application/x-ebrs+xml", 1_000},
	{"xml/1MB", "application/x-ebrs+xml", 1_000_000},
	{"xml/100MB", "application/x-ebrs+xml", 100_000_000},
	{"pdf/1MB", "application/pdf", 1_000_000},
	{"pdf/100MB", "application/pdf", 100_000_000},
}

// endless is content that costs no memory: the same lines over and over.
type endless struct{ size int64 }

var line = bytes.Repeat([]byte("<rim:Slot name=\"x\">0123456789</rim:Slot>\n"), 1000)

func (e endless) Size() int64 { return e.size }
func (e endless) Open() (io.ReadCloser, error) {
	return io.NopCloser(io.LimitReader(&lines{}, e.size)), nil
}

type lines struct{ n int }

func (l *lines) Read(b []byte) (int, error) {
	n := copy(b, line[l.n%len(line):])
	l.n += n
	return n, nil
}

// nowhere is a Spool that keeps only the size.
type nowhere struct{}

type forgotten struct{ n int64 }

func (nowhere) Create() (Spooled, error)         { return &forgotten{}, nil }
func (f *forgotten) Write(b []byte) (int, error) { f.n += int64(len(b)); return len(b), nil }
func (f *forgotten) Finish() (Content, error)    { return endless{f.n}, nil }
func (f *forgotten) Discard() error              { return nil }

func BenchmarkPack(b *testing.B) {
	p, r, m := people(), receiver(), message()
	for _, tc := range benchmarks {
		ps := []Payload{{ContentID: "1@x", MimeType: tc.mediaType, Compress: true, Content: endless{int64(tc.size)}}}
		b.Run(tc.name, func(b *testing.B) {
			b.SetBytes(int64(tc.size))
			b.ReportAllocs()
			for b.Loop() {
				e, err := Pack(m, ps, p.el, r.PModes.Self, nil)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := e.WriteTo(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReceive(b *testing.B) {
	p, r, m := people(), receiver(), message()
	r.Spool = nowhere{}
	for _, tc := range benchmarks {
		ps := []Payload{{ContentID: "1@x", MimeType: tc.mediaType, Compress: true, Content: endless{int64(tc.size)}}}
		e, err := Pack(m, ps, p.el, r.PModes.Self, nil)
		if err != nil {
			b.Fatal(err)
		}
		body := whole(b, e)
		b.Run(tc.name, func(b *testing.B) {
			b.SetBytes(int64(tc.size))
			b.ReportAllocs()
			for b.Loop() {
				in, err := r.Receive(e.ContentType, bytes.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				if got := in.Payloads[0].Content.Size(); got != int64(tc.size) {
					b.Fatal(fmt.Sprint(got, " bytes"))
				}
			}
		})
	}
}
