package proof_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"oots/internal/audit"
	"oots/internal/proof"
)

// resign makes the list of files anew, changes the manifest, and signs it with the key of a side, as somebody can who
// owns it.
func resign(t *testing.T, dir, side string, change func(*proof.Manifest)) {
	t.Helper()
	var m proof.Manifest
	if err := json.Unmarshal(read(t, filepath.Join(dir, proof.ManifestFile)), &m); err != nil {
		t.Fatal(err)
	}
	m.Files = nil
	for _, name := range names(t, dir) {
		if name == proof.ManifestFile || name == proof.SignatureFile {
			continue
		}
		b := read(t, filepath.Join(dir, name))
		sum := sha256.Sum256(b)
		m.Files = append(m.Files, proof.File{Name: name, Size: int64(len(b)), SHA256: hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(m.Files, func(a, b proof.File) int { return strings.Compare(a.Name, b.Name) })
	pair := makeKeys().pairs[side]
	sum := sha256.Sum256(pair.Certificate.Raw)
	m.Signer = hex.EncodeToString(sum[:])
	if change != nil {
		change(&m)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		t.Fatal(err)
	}
	signature, err := audit.Signer{Key: pair.Key, Certificate: pair.Certificate}.Sign(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, proof.ManifestFile), b.Bytes())
	write(t, filepath.Join(dir, proof.SignatureFile), signature)
}

// TestForged has the access point that made an export, A, falsify it and sign it again. What B has signed, and what it
// has signed itself in the exchange and in its log, still says no.
func TestForged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x, other := w.exchange(), w.exchange()
	good := w.complete(w.a, x)
	foreign := w.export(w.a, other.exchange, proof.Options{})
	copyFrom := func(from string, pairs ...string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			contents := map[string][]byte{}
			for i := 0; i < len(pairs); i += 2 {
				contents[pairs[i+1]] = read(t, filepath.Join(from, pairs[i]))
			}
			for name, b := range contents {
				write(t, filepath.Join(dir, name), b)
			}
		}
	}
	whole := func(from, to string) (out []string) { // the files of a receipt or an envelope
		for _, end := range []string{".xml", ".signedinfo.xml", ".signature.bin", ".messaging.xml", ".body.xml"} {
			out = append(out, from+end, to+end)
		}
		return out
	}
	edit := func(name, old, new string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			file := filepath.Join(dir, name)
			b := read(t, file)
			changed := bytes.Replace(b, []byte(old), []byte(new), 1)
			if bytes.Equal(b, changed) {
				t.Fatal("nothing changed")
			}
			write(t, file, changed)
		}
	}
	nothing := func(*testing.T, string) {}
	forged := func(name string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { write(t, filepath.Join(dir, name), []byte("a forged document")) }
	}
	for _, tc := range []struct {
		name   string
		change func(t *testing.T, dir string)
		m      func(*proof.Manifest)
		file   string // where it fails; "" verifies
	}{
		{"nothing", nothing, nil, ""},
		{"receipts swapped", copyFrom(good, append(whole("messages/01/receipt", "messages/02/receipt"), whole("messages/02/receipt", "messages/01/receipt")...)...), nil, "messages/01/receipt.xml"},
		{"receipt of another exchange", copyFrom(foreign, whole("messages/01/receipt", "messages/01/receipt")...), nil, "messages/01/receipt.xml"},
		{"message of another exchange", copyFrom(foreign, whole("messages/01/envelope", "messages/01/envelope")...), nil, "messages/01/receipt.xml"},
		{"message as its receipt", copyFrom(good, whole("messages/01/envelope", "messages/01/receipt")...), nil, "messages/01/receipt.xml"},
		{"message and receipt of another exchange", copyFrom(foreign, append(whole("messages/01/envelope", "messages/01/envelope"), whole("messages/01/receipt", "messages/01/receipt")...)...), nil, "messages/01/receipt.xml"},
		{"header of a message", edit("messages/01/envelope.xml", ">c1<", ">c9<"), nil, "messages/01/envelope.xml"},
		{"signed octets", edit("messages/01/envelope.messaging.xml", ">c1<", ">c9<"), nil, "messages/01/envelope.messaging.xml"},
		{"another receiver in the manifest", nothing, func(m *proof.Manifest) { m.Messages[0].To = "AP_C" }, "messages/01"},
		{"another time in the manifest", nothing, func(m *proof.Manifest) { m.Messages[0].Timestamp = m.Made }, "messages/01"},
		{"another box", nothing, func(m *proof.Manifest) { m.Messages[0].Box = proof.In }, "messages/02/envelope.xml"},
		{"a receipt that is not claimed", nothing, func(m *proof.Manifest) { m.Messages[0].Receipt = nil }, "messages/01/receipt.body.xml"},
		{"a message is left out", nothing, func(m *proof.Manifest) { m.Messages = m.Messages[:1] }, "messages/02/envelope.body.xml"},
		{"made before the message", nothing, func(m *proof.Manifest) { m.Made = m.Made.Add(-time.Hour) }, "messages/01/envelope.xml"},
		{"a row of the log", edit("log/rows.jsonl", "request_sent", "request_gone"), nil, "log/rows.jsonl"},
		{"a row is left out", func(t *testing.T, dir string) {
			file := filepath.Join(dir, "log/rows.jsonl")
			write(t, file, bytes.SplitAfterN(read(t, file), []byte("\n"), 2)[1])
		}, nil, "log/rows.jsonl"},
		{"a row is left out, and not counted", func(t *testing.T, dir string) {
			file := filepath.Join(dir, "log/rows.jsonl")
			lines := bytes.SplitAfter(read(t, file), []byte("\n"))
			write(t, file, bytes.Join(append(lines[:1:1], lines[2:]...), nil))
			if err := os.Remove(filepath.Join(dir, "log/documents/2")); err != nil {
				t.Fatal(err)
			}
		}, func(m *proof.Manifest) { m.Log.Rows--; m.Log.Documents-- }, "log/path.txt"},
		{"path", edit("log/path.txt", "1", "2"), nil, "log/path.txt"},
		{"log of another exchange", copyFrom(foreign, "log/rows.jsonl", "log/rows.jsonl"), nil, "log/rows.jsonl"},
		{"checkpoint", edit("log/checkpoint.json", `"hash":"`, `"hash":"0`), nil, "log/checkpoint.json.sig"},
		{"checkpoint signed by nobody", copyFrom(good, "manifest.json.sig", "log/checkpoint.json.sig"), nil, "log/checkpoint.json.sig"},
		{"document of a row", edit("log/documents/2", "<request/>", "<reguest/>"), nil, "log/documents/2"},
		{"a document of no row", copyFrom(good, "log/documents/2", "log/documents/99"), nil, "log/documents/99"},
		{"a document that nobody sent", forged("messages/01/payloads/2"), nil, "messages/01/payloads/2"},
		{"a document more that nobody sent", forged("messages/01/payloads/3"), func(m *proof.Manifest) {
			p := &m.Messages[0]
			p.Payloads = append(p.Payloads, proof.Content{File: "messages/01/payloads/3", ContentID: p.Payloads[1].ContentID, Form: proof.AsIs})
		}, "messages/01/payloads/3"},
		{"a document that nobody sent, of no form", forged("messages/01/payloads/2"), func(m *proof.Manifest) { m.Messages[0].Payloads[1].Form = "" }, "messages/01/payloads/2"},
		{"a document that nobody sent, as an unknown part", forged("messages/01/payloads/3"), func(m *proof.Manifest) {
			m.Messages[0].Payloads = append(m.Messages[0].Payloads, proof.Content{File: "messages/01/payloads/3", ContentID: "x@ap.test"})
		}, "messages/01/payloads/3"},
		{"a payload elsewhere", forged("messages/01/payload"), func(m *proof.Manifest) { m.Messages[0].Payloads[1].File = "messages/01/payload" }, "messages/01/payload"},
		{"a payload of another message", copyFrom(good, "messages/02/payloads/2", "messages/01/payloads/2"), nil, "messages/01/payloads/2"},
		{"a payload in another form", nothing, func(m *proof.Manifest) { m.Messages[0].Payloads[1].Form = proof.Canonical }, "messages/01/payloads/2"},
		{"a certificate under another name", copyFrom(good, "README.txt", "certificates/00.pem"), nil, "certificates/00.pem"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			tc.change(t, dir)
			resign(t, dir, "A", tc.m)
			r := verify(t, dir)
			got := ""
			if r.Fault != nil {
				got = r.Fault.File
			}
			if got != tc.file || r.Valid != (tc.file == "") {
				t.Errorf("fault %v, want one in %q", r.Fault, tc.file)
			}
		})
	}
	t.Run("signed by the other side", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		resign(t, dir, "B", nil)
		if r := verify(t, dir); r.Valid || r.Fault.File != proof.SignatureFile {
			t.Errorf("%+v", r.Fault)
		}
	})
	t.Run("nobody is trusted", func(t *testing.T) {
		r := proof.Verify(os.DirFS(good), proof.Trust{})
		if !r.Valid || r.Trusted {
			t.Errorf("%+v", r.Fault)
		}
		if r = proof.Verify(os.DirFS(good), only("A")); r.Valid || r.Trusted {
			t.Error("B is trusted because of A")
		}
		if r = proof.Verify(os.DirFS(good), only("A", "B")); !r.Valid || !r.Trusted {
			t.Errorf("%+v", r.Fault)
		}
	})
	t.Run("a link for the manifest", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, proof.ManifestFile)
		if err := errors.Join(os.Remove(file), os.Symlink(filepath.Join(good, proof.ManifestFile), file)); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, dir); r.Valid || r.Fault.Detail != "it is no file" {
			t.Errorf("%+v", r.Fault)
		}
	})
	t.Run("a link", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, proof.ReadmeFile)
		if err := os.Rename(file, filepath.Join(t.TempDir(), "x")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(good, proof.ReadmeFile), file); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, dir); r.Valid {
			t.Error("a link out of the folder counts as a file of it")
		}
	})
}

// FuzzVerify gives strangers' manifests and envelopes to the judge.
func FuzzVerify(f *testing.F) {
	f.Add([]byte(`{"type":"oots proof of exchange, version 2"}`), []byte("{}"))
	f.Add([]byte(`{"type":"oots proof of exchange, version 2","signer":"../x","files":[{"name":"../x"}]}`), []byte("<x/>"))
	f.Fuzz(func(t *testing.T, manifest, other []byte) {
		fsys := fstest.MapFS{proof.ManifestFile: {Data: manifest}, proof.SignatureFile: {Data: other}, "messages/01/envelope.xml": {Data: other}}
		if r := proof.Verify(fsys, proof.Trust{}); r.Valid || r.Fault == nil {
			t.Error("it verifies")
		}
	})
}
