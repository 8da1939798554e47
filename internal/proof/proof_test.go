package proof_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"archive/zip"

	"oots/internal/corpus"
	"oots/internal/proof"
	"oots/internal/store"
)

func trust() proof.Trust { return proof.Trust{Any: []*x509.Certificate{makeKeys().root}} }

func verify(t *testing.T, dir string) *proof.Report {
	t.Helper()
	return proof.Verify(os.DirFS(dir), trust())
}

// names lists the files of a folder.
func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestVerify exports an exchange on both sides, and judges the export with nothing but its folder.
func TestVerify(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exchange()
	x := w.exchange()
	w.exchange()
	for _, s := range []*side{w.a, w.b} {
		dir := w.export(s, x.exchange, proof.Options{})
		r := verify(t, dir)
		if !r.Valid || !r.Trusted || r.Fault != nil || len(r.Signers) != 2 {
			t.Fatalf("%s: %+v, fault %v", s.name, r, r.Fault)
		}
		m := r.Manifest
		if len(m.Messages) != 2 || m.Messages[0].MessageID != x.request || m.Messages[1].MessageID != x.answer || m.Messages[0].Receipt == nil || m.Messages[1].Receipt == nil ||
			m.Log == nil || len(m.Findings) != 0 || m.Kind != proof.Exchange {
			t.Errorf("%s: %+v", s.name, m)
		}
		for text, want := range map[string]string{
			"<request/>" + x.exchange: "messages/01 gzip", "%PDF <request/>" + x.exchange: "messages/01 as it is",
			"%PDF <request/>": "", "": "",
		} {
			got := ""
			for _, found := range m.Match([]byte(text)) {
				got += found.Folder + " " + found.Form
			}
			if got != want {
				t.Errorf("%q is %q, want %q", text, got, want)
			}
		}
		for _, name := range names(t, dir) {
			if b := read(t, filepath.Join(dir, name)); bytes.Contains(b, []byte("<request/>")) || bytes.Contains(b, []byte("%PDF")) {
				t.Errorf("%s holds content that nobody asked for", name)
			}
		}
	}
}

// TestEverySingleByte changes every file at many places, one byte at a time: each of the exports fails.
func TestEverySingleByte(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.exchange()
	w.exchange()
	dir := w.export(w.a, x.request, proof.Options{Payloads: true})
	if r := verify(t, dir); !r.Valid {
		t.Fatal(r.Fault)
	}
	n := 0
	for _, name := range names(t, dir) {
		file := filepath.Join(dir, name)
		b := read(t, file)
		step := max(1, len(b)/7)
		for at := 0; at < len(b); at += step {
			for _, bit := range []byte{1, 0x20} { // the second changes the case of a letter
				changed := bytes.Clone(b)
				changed[at] ^= bit
				write(t, file, changed)
				n++
				if r := verify(t, dir); r.Valid || r.Fault == nil || r.Fault.File == "" || r.Fault.Detail == "" {
					t.Errorf("%s, byte %d: %+v", name, at, r)
				}
			}
		}
		for what, changed := range map[string][]byte{"one more": append(bytes.Clone(b), '\n'), "one less": b[:max(0, len(b)-1)]} {
			if len(b) == len(changed) {
				continue
			}
			write(t, file, changed)
			n++
			if verify(t, dir).Valid {
				t.Errorf("%s, %s: it verifies", name, what)
			}
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, dir); r.Valid || r.Fault.File != name {
			t.Errorf("%s is missing: %+v", name, r.Fault)
		}
		write(t, file, b)
	}
	for _, name := range []string{"more.txt", "messages/01/more.xml", "messages/03/envelope.xml", "log/more", "certificates/more.pem"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, file, []byte("x"))
		if r := verify(t, dir); r.Valid || !strings.HasPrefix(name, r.Fault.File) {
			t.Errorf("%s is too much: %+v", name, r.Fault)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if name == "messages/03/envelope.xml" {
			if verify(t, dir).Valid {
				t.Error("an empty folder is too much")
			}
			if err := os.Remove(filepath.Dir(file)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r := verify(t, dir); !r.Valid {
		t.Fatal(r.Fault)
	}
	t.Logf("%d changes of a byte", n)
}

// swapped gives out wrong receipts, as somebody does who falsifies an export and can sign it.
type swapped struct {
	proof.Source
	change func(all []proof.Message)
}

func (s swapped) Messages(tx *store.Tx, id string) ([]proof.Message, error) {
	all, err := s.Source.Messages(tx, id)
	s.change(all)
	return all, err
}

// TestSwappedReceipts has the access point itself sign a false export: signatures of others cannot be made to say it.
func TestSwappedReceipts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x, other := w.exchange(), w.exchange()
	var foreign []byte
	err := w.a.store.DB.View(context.Background(), func(tx *store.Tx) error {
		return tx.Row(`SELECT receipt FROM gateway_outbox WHERE message_id = $1`, []any{other.request}, &foreign)
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(m *proof.Message){
		"the receipt of another exchange": func(m *proof.Message) { m.Receipt = foreign },
		"the message as its receipt":      func(m *proof.Message) { m.Receipt = m.Envelope },
		"a receipt for another id": func(m *proof.Message) {
			m.Receipt = bytes.Replace(m.Receipt, []byte(m.MessageID), []byte("x"+m.MessageID[1:]), 1)
		},
		"no signature": func(m *proof.Message) {
			m.Receipt = bytes.Replace(m.Receipt, []byte("<ds:SignatureValue>"), []byte("<ds:SignatureValue>AAAA"), 1)
		},
	} {
		p := w.prover(w.a)
		p.Source = swapped{p.Source, func(all []proof.Message) {
			for i := range all {
				if all[i].MessageID == x.request {
					change(&all[i])
				}
			}
		}}
		dir := t.TempDir()
		m, err := p.Export(context.Background(), x.exchange, dir, proof.Options{})
		if err != nil {
			t.Fatal(err)
		}
		// The export says that there is no proof; it does not claim one.
		if len(m.Findings) == 0 || m.Findings[0].Code != proof.ReceiptWrong || m.Messages[0].Receipt != nil {
			t.Errorf("%s: %+v", name, m.Findings)
		}
		if _, err := os.Stat(filepath.Join(dir, "messages/01/receipt.xml")); err == nil {
			t.Errorf("%s: the wrong receipt is given out as one", name)
		}
	}
}

// TestTrace finds an exchange by every identifier.
func TestTrace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.exchange()
	sibling := w.exchangeIn(exchanged{conversation: x.conversation, exchange: "0b7d3f8e-0f6c-4c5e-9d4c-3f0d6a1c2b3a"})
	p := w.prover(w.b)
	full, err := p.Trace(t.Context(), x.exchange)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		id       string
		kind     proof.Kind
		messages int
	}{
		{x.exchange, proof.Exchange, 2}, {x.request, proof.ByMessage, 2}, {x.answer, proof.ByMessage, 2}, {"<" + x.answer + ">", proof.ByMessage, 2},
		{"urn:uuid:" + x.exchange, proof.Request, 2}, {x.conversation, proof.Conversation, 4}, {sibling.exchange, proof.Exchange, 2},
		{answerID, proof.Mention, 4}, {"urn:uuid:" + answerID, proof.Mention, 4},
	} {
		got, err := p.Trace(t.Context(), tc.id)
		if err != nil || got.Kind != tc.kind || len(got.Messages) != tc.messages || len(got.Findings) != 0 {
			t.Errorf("%s: %+v, %v", tc.id, got, err)
			continue
		}
		if tc.messages == 2 && tc.id != sibling.exchange && len(got.Timeline) != len(full.Timeline) {
			t.Errorf("%s: %d steps, want %d", tc.id, len(got.Timeline), len(full.Timeline))
		}
	}
	for i, s := range full.Timeline[1:] {
		if s.At.Before(full.Timeline[i].At) {
			t.Errorf("step %d is before the one in front", i+1)
		}
	}
	for _, id := range []string{"", "nobody@ap.test", "Papadopoulou", "<request/>", "9d2f6a52-64e6-4f38-8a53-6a4a3f2f4f4a"} {
		if got, err := p.Trace(t.Context(), id); err != proof.ErrUnknown {
			t.Errorf("%q: %+v, %v", id, got, err)
		}
	}
}

// TestTools has other programs judge an export, with the commands of its description.
func TestTools(t *testing.T) {
	t.Parallel()
	xmlsec1, openssl := corpus.Tool(t, "xmlsec1"), corpus.Tool(t, "openssl")
	w := newWorld(t)
	x := w.exchange()
	dir := w.export(w.a, x.exchange, proof.Options{})
	m := verify(t, dir).Manifest
	key := func(sum string) string {
		block, _ := pem.Decode(read(t, filepath.Join(dir, "certificates", sum+".pem")))
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKIXPublicKey(c.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "key.pem")
		write(t, name, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		return name
	}
	run := func(ok bool, name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); (err == nil) != ok {
			t.Errorf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
		}
	}
	signed := []string{"--verify", "--id-attr:Id", "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/:Messaging",
		"--id-attr:Id", "http://www.w3.org/2003/05/soap-envelope:Body", "--pubkey-pem"}
	run(true, openssl, "dgst", "-sha256", "-verify", key(m.Signer), "-signature", proof.SignatureFile, proof.ManifestFile)
	run(false, openssl, "dgst", "-sha256", "-verify", key(m.Signer), "-signature", proof.SignatureFile, proof.ReadmeFile)
	run(true, openssl, "dgst", "-sha256", "-verify", key(m.Log.Signer), "-signature", "log/checkpoint.json.sig", "log/checkpoint.json")
	for _, p := range m.Messages {
		run(true, xmlsec1, append(signed, key(p.Receipt.Signer), p.Folder+"/receipt.xml")...)
		run(false, xmlsec1, append(signed, key(p.Signer), p.Folder+"/receipt.xml")...)
		run(true, openssl, "dgst", "-sha256", "-verify", key(p.Signer), "-signature", p.Folder+"/envelope.signature.bin", p.Folder+"/envelope.signedinfo.xml")
	}
}

// TestArchive is the same export as a zip archive, which verifies as it is.
func TestArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.exchange()
	var b bytes.Buffer
	if _, err := w.prover(w.b).ExportTo(t.Context(), x.answer, &b, proof.Options{}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if r := proof.Verify(z, trust()); !r.Valid {
		t.Error(r.Fault)
	}
	b.Reset()
	if _, err := w.prover(w.b).ExportTo(t.Context(), "nobody@ap.test", &b, proof.Options{}); err != proof.ErrUnknown || b.Len() > 0 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}
