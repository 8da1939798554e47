package as4

import (
	"bufio"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"oots/edelivery/ebms"
)

// Compressors and decompressors are hundreds of kilobytes each, and a message needs one for moments.
var (
	compressors   = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
	decompressors = sync.Pool{New: func() any { return &decompressor{in: bufio.NewReaderSize(nil, 16<<10)} }}
)

type decompressor struct {
	z  gzip.Reader
	in *bufio.Reader
}

// compress writes the content of src to dst as one gzip member without name and time, so that equal content
// gives equal bytes: receipts refer to their digest. [AS4 §3.1] [RFC 1952]
func compress(dst io.Writer, src io.Reader) (read int64, err error) {
	z := compressors.Get().(*gzip.Writer)
	defer func() {
		z.Reset(nil)
		compressors.Put(z)
	}()
	z.Reset(dst)
	z.ModTime = time.Unix(0, 0) // written as zero: none
	read, err = pour(z, src)
	if err != nil {
		return read, err
	}
	return read, z.Close()
}

// compressible reports whether compressing a media type may gain anything.
func compressible(mediaType string) bool {
	essence, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	essence = strings.TrimSpace(essence)
	switch essence {
	case "application/pdf", "application/zip", "application/gzip", "application/x-gzip", "application/x-7z-compressed",
		"application/vnd.etsi.asic-s+zip", "application/vnd.etsi.asic-e+zip",
		"image/jpeg", "image/png", "image/gif", "image/webp":
		return false
	}
	return !strings.HasPrefix(essence, "video/") && !strings.HasPrefix(essence, "audio/")
}

// ratioFrom is the output from which the ratio is judged: small payloads of one repeated byte are no bombs.
const ratioFrom = 10 << 20

// decompress writes the content of all gzip members of src to dst. Anything but whole members with right
// checksums, and anything above limit or above ratio, is EBMS:0303; src is not read to its end then. Errors of
// dst are *spoolError; src must repeat an error that it gave. [AS4 §3.1] [RFC 1952 §2.2]
func decompress(dst io.Writer, src io.Reader, limit, ratio int64) (int64, error) {
	d := decompressors.Get().(*decompressor)
	defer func() {
		d.in.Reset(nil) // a body must not live on in the pool
		decompressors.Put(d)
	}()
	packed := &meter{src: src}
	d.in.Reset(packed)
	out := &bounded{dst: dst, limit: limit, packed: packed, ratio: ratio}
	var n int64
	// The library takes a second member whose header breaks off for the end of the first: members are counted here.
	for {
		if err := d.z.Reset(d.in); err != nil {
			return n, ebms.NewError(ebms.DecompressionFailure, "payload is no gzip, or has something else behind it")
		}
		d.z.Multistream(false)
		m, err := pour(out, &d.z)
		n += m
		switch e := err.(type) {
		case nil:
		case *spoolError, *ebms.Error:
			return n, e
		default:
			return n, ebms.NewError(ebms.DecompressionFailure, "payload is broken gzip")
		}
		if _, err := d.in.Peek(1); err != nil {
			return n, nil // the end, or an error of src that its next Read repeats
		}
	}
}

// A meter counts what is read.
type meter struct {
	src io.Reader
	n   int64
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.src.Read(b)
	m.n += int64(n)
	return n, err
}

// bounded stops decompression as soon as it goes too far, judged while it goes.
type bounded struct {
	dst    io.Writer
	n      int64
	limit  int64
	packed *meter
	ratio  int64
}

func (w *bounded) Write(b []byte) (int, error) {
	w.n += int64(len(b))
	if w.n > w.limit || w.n > ratioFrom && w.n/w.ratio > w.packed.n {
		return 0, ebms.NewError(ebms.DecompressionFailure, "payload is above the size limit when decompressed")
	}
	return w.dst.Write(b)
}

// Most payloads fit into the first buffer.
const (
	firstBuffer = 4 << 10
	laterBuffer = 64 << 10
)

// pour copies src to dst. Unlike io.Copy it knows which of the two failed, and costs a small payload little.
func pour(dst io.Writer, src io.Reader) (int64, error) {
	buf := make([]byte, firstBuffer)
	var sum int64
	for {
		n, err := src.Read(buf)
		if n > 0 {
			if _, err := dst.Write(buf[:n]); err != nil {
				return sum, err
			}
			sum += int64(n)
		}
		if err == io.EOF {
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
		if sum >= firstBuffer && len(buf) < laterBuffer {
			buf = make([]byte, laterBuffer)
		}
	}
}
