package lifecycle

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"oots/directory"
)

// encode writes the records of a partition as they are stored, and their digest.
func encode(p *directory.Partition) (content []byte, digest string, err error) {
	plain, err := json.Marshal(p.Catalogue)
	if err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(plain)
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(plain)
	return b.Bytes(), hex.EncodeToString(sum[:]), nil
}

// decode reads what encode has written.
func decode(b []byte, r directory.Revision) (directory.Partition, error) {
	p := directory.Partition{Country: r.Country, Service: r.Service}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return p, fmt.Errorf("revision %d: %w", r.Number, err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		return p, fmt.Errorf("revision %d: %w", r.Number, err)
	}
	if err := json.Unmarshal(plain, &p.Catalogue); err != nil {
		return p, fmt.Errorf("revision %d: %w", r.Number, err)
	}
	return p, nil
}
