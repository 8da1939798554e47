package as4

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"

	"oots/edelivery/ebms"
)

// compress returns content as one gzip member without name and time, so that equal content gives equal
// bytes: receipts refer to their digest. [AS4 §3.1] [RFC 1952]
func compress(content []byte) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(len(content)/2 + 64)
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
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

// decompress returns the content of all gzip members of b. left is what the message may still take.
// Anything but whole members with right checksums, and anything above a limit, is EBMS:0303.
// [AS4 §3.1] [RFC 1952 §2.2]
func decompress(b []byte, lim Limits, left int64) ([]byte, *ebms.Error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, ebms.NewError(ebms.DecompressionFailure, "payload is no gzip")
	}
	limit := min(lim.Plain, left, max(ratioFrom, int64(len(b))*lim.Ratio))
	var out bytes.Buffer
	out.Grow(int(min(limit, int64(len(b))*3)))
	n, err := io.Copy(&out, io.LimitReader(z, limit+1))
	switch {
	case err != nil:
		return nil, ebms.NewError(ebms.DecompressionFailure, "payload is broken gzip")
	case n > limit:
		return nil, ebms.NewError(ebms.DecompressionFailure, "payload is above the size limit when decompressed")
	}
	return out.Bytes(), nil
}
