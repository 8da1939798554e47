package lifecycle

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"

	"oots/directory"
	"oots/edm"
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
	share(p.Services)
	return p, nil
}

// share lets neighbours that say the same say it with the same memory: the records of one evidence type stand side
// by side.
func share(all []directory.DataService) {
	for i := 1; i < len(all); i++ {
		a, b := &all[i-1], &all[i]
		if b.ID == a.ID {
			b.ID = a.ID
		}
		if b.Classification == a.Classification {
			b.Classification = a.Classification
		}
		if b.AccessPoint == a.AccessPoint {
			b.AccessPoint = a.AccessPoint
		}
		if slices.Equal(a.Titles, b.Titles) {
			b.Titles = a.Titles
		}
		if slices.Equal(a.Descriptions, b.Descriptions) {
			b.Descriptions = a.Descriptions
		}
		if slices.Equal(a.ConformsTo, b.ConformsTo) {
			b.ConformsTo = a.ConformsTo
		}
		if slices.EqualFunc(a.Distributions, b.Distributions, func(x, y edm.Distribution) bool { return reflect.DeepEqual(x, y) }) {
			b.Distributions = a.Distributions
		}
	}
}
