package proof

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"oots/internal/audit"
)

// Limits of what Verify reads: an export is made by a stranger.
const (
	maxManifest = 64 << 20
	maxFiles    = 100_000
	maxSmall    = 256 << 20 // a file that is read as a whole
)

// A Report is what Verify has found.
type Report struct {
	Valid      bool       `json:"valid"`
	Fault      *Fault     `json:"fault,omitempty"` // the first thing that fails
	Checks     []Check    `json:"checks"`          // what was done, in order
	Signers    []Signer   `json:"signers"`
	Trusted    bool       `json:"trusted"`            // every signer is that of its party, as far as the Trust says
	Contents   []Standing `json:"contents"`           // payloads, and documents of the log
	Unverified []string   `json:"unverified"`         // files that prove nothing
	Manifest   *Manifest  `json:"manifest,omitempty"` // once its signature verifies
}

// A Check is one step that was passed, or the one that failed.
type Check struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	Detail string `json:"detail"`
}

// A Fault is where an export fails, and why.
type Fault struct {
	File   string `json:"file"` // or the folder of a message
	Detail string `json:"detail"`
}

// Error implements error.
func (f *Fault) Error() string { return f.File + ": " + f.Detail }

// Verify judges an export with what is in its folder. Without any trust, who signed is reported and not judged, and anybody
// can have made the export with keys of his own. Fsys may be a folder or a zip archive.
func Verify(fsys fs.FS, trust Trust) *Report {
	v := &verifier{fsys: fsys, trust: trust, list: map[string]*File{}, report: &Report{Checks: []Check{}, Signers: []Signer{}, Contents: []Standing{}, Unverified: []string{}}, certificates: map[string]*x509.Certificate{}, parties: map[string]string{}}
	steps := []struct {
		name string
		run  func() (string, error)
	}{
		{"manifest", v.manifest}, {"files", v.files}, {"certificates", v.allCertificates}, {"messages", v.messages},
		{"signers", v.signers}, {"log", v.log}, {"trust", v.judgeTrust},
	}
	for _, s := range steps {
		detail, err := s.run()
		if err != nil {
			var f *Fault
			if !errors.As(err, &f) {
				f = &Fault{File: ManifestFile, Detail: err.Error()}
			}
			v.report.Fault = f
			v.report.Checks = append(v.report.Checks, Check{s.name, false, f.Error()})
			return v.report
		}
		v.report.Checks = append(v.report.Checks, Check{s.name, true, detail})
	}
	v.report.Valid = true
	return v.report
}

type verifier struct {
	fsys         fs.FS
	trust        Trust
	report       *Report
	m            *Manifest
	list         map[string]*File             // of the manifest, by name
	certificates map[string]*x509.Certificate // by SHA-256
	parties      map[string]string            // by SHA-256 of the certificate that signs for it
	own          map[string]bool              // certificates of the access point that made the export
	opened       []proven
}

// proven is a message whose signatures verify.
type proven struct {
	entry    *Proved
	envelope []byte
	receipt  []byte
	signed   *signed
	ack      *acknowledgement
}

func fault(file, format string, args ...any) error {
	return &Fault{File: file, Detail: fmt.Sprintf(format, args...)}
}

// open opens a file of the folder itself: no link, no pipe.
func (v *verifier) open(name string) (fs.File, error) {
	info, err := fs.Lstat(v.fsys, name)
	if err != nil {
		return nil, fault(name, "it is missing")
	}
	if !info.Mode().IsRegular() {
		return nil, fault(name, "it is no file")
	}
	f, err := v.fsys.Open(name)
	if err != nil {
		return nil, fault(name, "it cannot be read: %v", err)
	}
	return f, nil
}

func (v *verifier) read(name string, limit int64) ([]byte, error) {
	f, err := v.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fault(name, "it cannot be read: %v", err)
	}
	if int64(len(b)) > limit {
		return nil, fault(name, "it is too large")
	}
	return b, nil
}

// manifest checks the form and the signature of the manifest.
func (v *verifier) manifest() (string, error) {
	b, err := v.read(ManifestFile, maxManifest)
	if err != nil {
		return "", err
	}
	m, err := readManifest(b)
	if err != nil {
		return "", fault(ManifestFile, "%v", err)
	}
	signature, err := v.read(SignatureFile, 1<<16)
	if err != nil {
		return "", err
	}
	c, err := v.certificate(m.Signer)
	if err != nil {
		return "", err
	}
	if err := audit.CheckSignature(c, b, signature); err != nil {
		return "", fault(SignatureFile, "%v", err)
	}
	v.m, v.report.Manifest = m, m
	return "signed by " + c.Subject.String() + " on " + m.Made.Format(time.RFC3339), nil
}

// certificate reads the certificate with that SHA-256.
func (v *verifier) certificate(sum string) (*x509.Certificate, error) {
	if c, ok := v.certificates[sum]; ok {
		return c, nil
	}
	name := "certificates/" + sum + ".pem"
	if !fs.ValidPath(name) || strings.Count(name, "/") != 1 {
		return nil, fault(ManifestFile, "it names a certificate that cannot be")
	}
	b, err := v.read(name, 1<<20)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(b)
	if block == nil || block.Type != "CERTIFICATE" || len(rest) > 0 || !bytes.Equal(pem.EncodeToMemory(block), b) {
		return nil, fault(name, "it is no certificate in PEM")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil || thumbprint(c) != sum {
		return nil, fault(name, "it is not the certificate that it is named after")
	}
	v.certificates[sum] = c
	return c, nil
}

// files compares the folder with the list: nothing is missing, nothing is more, and every byte counts.
func (v *verifier) files() (string, error) {
	folders := map[string]bool{".": true}
	for i := range v.m.Files {
		f := &v.m.Files[i]
		if !fs.ValidPath(f.Name) || i > 0 && f.Name <= v.m.Files[i-1].Name {
			return "", fault(ManifestFile, "the list of files is not in order")
		}
		v.list[f.Name] = f
		for d := path.Dir(f.Name); !folders[d]; d = path.Dir(d) {
			folders[d] = true
		}
	}
	n := 0
	err := fs.WalkDir(v.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fault(name, "it cannot be read: %v", err)
		case d.IsDir() && folders[name]:
			return nil
		case name == ManifestFile || name == SignatureFile:
			return nil
		case v.list[name] == nil || !d.Type().IsRegular() || !known(name):
			return fault(name, "it does not belong to the export")
		}
		if n++; n > maxFiles {
			return fault(name, "there are too many files")
		}
		return v.file(v.list[name])
	})
	if err != nil {
		return "", err
	}
	if n != len(v.list) {
		for _, f := range v.m.Files {
			if _, err := fs.Stat(v.fsys, f.Name); err != nil {
				return "", fault(f.Name, "it is missing")
			}
		}
	}
	return fmt.Sprintf("%d files have their SHA-256, and there is no other", n), nil
}

// known reports whether a file may be there at all; what those in folders are for is checked with the messages and the log.
func known(name string) bool {
	folder, _, _ := strings.Cut(name, "/")
	return name == ReadmeFile || folder != name && slices.Contains([]string{"certificates", "messages", "log", "unverified"}, folder)
}

func (v *verifier) file(want *File) error {
	f, err := v.open(want.Name)
	if err != nil {
		return err
	}
	defer f.Close()
	if strings.HasPrefix(want.Name, "unverified/") {
		v.report.Unverified = append(v.report.Unverified, want.Name)
	}
	h := newHash()
	n, err := io.Copy(h, io.LimitReader(f, want.Size+1))
	switch {
	case err != nil:
		return fault(want.Name, "it cannot be read: %v", err)
	case n != want.Size || h.hex() != want.SHA256:
		return fault(want.Name, "it was changed: its SHA-256 is not that of the manifest")
	}
	return nil
}

// allCertificates reads every certificate, for messages that only name theirs.
func (v *verifier) allCertificates() (string, error) {
	for _, f := range v.m.Files {
		if sum, ok := strings.CutPrefix(f.Name, "certificates/"); ok {
			if _, err := v.certificate(strings.TrimSuffix(sum, ".pem")); err != nil {
				return "", err
			}
		}
	}
	return fmt.Sprintf("%d can be read", len(v.certificates)), nil
}

func (v *verifier) known() []*x509.Certificate {
	var out []*x509.Certificate
	for _, c := range v.certificates {
		out = append(out, c)
	}
	return out
}
