package as4

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"

	"oots/edelivery/ebms"
)

// FuzzGunzip: what is taken is what the standard library reads, nothing goes beyond the limit, and what is refused
// is refused with the code for it.
func FuzzGunzip(f *testing.F) {
	member := func(content []byte) []byte {
		var b bytes.Buffer
		if _, err := compress(&b, bytes.NewReader(content)); err != nil {
			f.Fatal(err)
		}
		return b.Bytes()
	}
	f.Add(member([]byte("<a>\r\n\tβ</a>")))
	f.Add(append(member([]byte("one")), member([]byte("two"))...))
	f.Add(member(bytes.Repeat([]byte{0}, 1<<16)))
	f.Add(member(nil))
	f.Add(append(member([]byte("one")), 0))
	var named bytes.Buffer
	z := gzip.NewWriter(&named)
	z.Name, z.Comment, z.Extra = "name", "comment", []byte("extra")
	z.Close()
	f.Add(named.Bytes())
	f.Fuzz(func(t *testing.T, packed []byte) {
		const limit = 1 << 20
		var got bytes.Buffer
		n, err := decompress(&got, bytes.NewReader(packed), limit, 1<<20)
		if n != int64(got.Len()) && err == nil || got.Len() > limit {
			t.Fatalf("%d octets, %d said", got.Len(), n)
		}
		want, wantErr := standardGunzip(packed, limit)
		switch {
		case err == nil && (wantErr != nil || !bytes.Equal(got.Bytes(), want)):
			t.Fatalf("taken as %d octets, the standard library says %v after %d", got.Len(), wantErr, len(want))
		case err != nil && wantErr == nil:
			t.Fatalf("refused: %v, and the standard library reads %d octets", err, len(want))
		}
		var e *ebms.Error
		if err != nil && (!errors.As(err, &e) || e.Code != ebms.DecompressionFailure) {
			t.Fatalf("refused with %v", err)
		}
	})
}

func standardGunzip(packed []byte, limit int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(z, limit+1))
	if int64(len(b)) > limit {
		return b, io.ErrShortBuffer
	}
	return b, err
}
