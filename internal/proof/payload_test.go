package proof_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/internal/proof"
	"oots/internal/store"
)

// kept has the parts of an exchange in clear, as an inbox does until they are delivered.
type kept struct {
	proof.Source
	parts map[string][]proof.Payload // by message
}

func (k kept) Payloads(_ *store.Tx, _ proof.Box, messageID string) ([]proof.Payload, error) {
	return k.parts[messageID], nil
}

// complete writes the proof of an exchange with all its parts.
func (w *world) complete(s *side, x exchanged) string {
	w.t.Helper()
	p := w.prover(s)
	m, err := p.Export(context.Background(), x.exchange, w.t.TempDir(), proof.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	k := kept{p.Source, map[string][]proof.Payload{}}
	for i, text := range []string{"<request/>" + x.exchange, `<answer id="urn:uuid:` + answerID + `"/>` + x.exchange} {
		for j, content := range []string{text, "%PDF " + text} {
			k.parts[m.Messages[i].MessageID] = append(k.parts[m.Messages[i].MessageID], proof.Payload{ContentID: m.Messages[i].Parts[j].ContentID,
				Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }})
		}
	}
	p.Source = k
	dir := w.t.TempDir()
	if _, err := p.Export(context.Background(), x.exchange, dir, proof.Options{Payloads: true}); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

// TestStandings says of every content by whose signatures it stands: parts by those of sender and receiver, on both sides.
func TestStandings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.exchange()
	for _, s := range []*side{w.a, w.b} {
		dir := w.complete(s, x)
		r := verify(t, dir)
		if !r.Valid || len(r.Unverified) != 0 {
			t.Fatalf("%s: %v, %v", s.name, r.Fault, r.Unverified)
		}
		documents := 0
		for _, c := range r.Contents {
			if strings.HasPrefix(c.File, "log/") {
				documents++
			}
			if by := slices.Sorted(slices.Values(c.SignedBy)); !slices.Equal(by, []string{"AP_A", "AP_B"}) || c.ContentID == "" {
				t.Errorf("%s: %s stands by %q", s.name, c.File, by)
			}
		}
		if documents != 2 || len(r.Contents) != 6 {
			t.Errorf("%s: %+v", s.name, r.Contents)
		}
		for _, p := range r.Manifest.Messages {
			for _, c := range p.Payloads {
				if !strings.HasSuffix(c.File, ".gz") {
					continue
				}
				z, err := gzip.NewReader(bytes.NewReader(read(t, filepath.Join(dir, c.File))))
				if err != nil {
					t.Fatal(err)
				}
				if b, err := io.ReadAll(z); err != nil || !bytes.Contains(b, []byte(x.exchange)) {
					t.Errorf("%s: %q, %v", c.File, b, err)
				}
			}
		}
	}
}

// other keeps content that is not what was signed, or that another program has compressed.
type other struct{ proof.Source }

func (o other) Payloads(tx *store.Tx, b proof.Box, messageID string) ([]proof.Payload, error) {
	all, err := o.Source.Payloads(tx, b, messageID)
	for i := range all {
		all[i].Open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("another document")), nil }
	}
	return all, err
}

// TestUnprovenPayload does not give out as a part what nobody has signed.
func TestUnprovenPayload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cut = true
	x := w.exchange()
	p := w.prover(w.a)
	p.Source = other{p.Source}
	dir := t.TempDir()
	m, err := p.Export(context.Background(), x.exchange, dir, proof.Options{Payloads: true})
	if err != nil {
		t.Fatal(err)
	}
	r := verify(t, dir)
	if !r.Valid || len(r.Unverified) != 2 || len(r.Manifest.Messages[0].Payloads) != 0 {
		t.Errorf("%v, %+v", r.Fault, r)
	}
	n := 0
	for _, f := range m.Findings {
		if f.Code == proof.PayloadUnproven {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%+v", m.Findings)
	}
}
