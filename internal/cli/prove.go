package cli

import (
	"archive/zip"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"oots/internal/proof"
)

// proveRun exports the proof of an exchange, or judges an export.
type proveRun struct {
	ID string `arg:"" optional:"" help:"An identifier of the exchange, as for oots trace."`
	proveFolder
	Out          string   `help:"Folder to write, or a file that ends in .zip." placeholder:"DIR" type:"path"`
	WithPayloads bool     `help:"Add what is left of the parts of messages, and the documents of the log: personal data."`
	Verify       string   `help:"Judge this export instead: a folder, or a file that ends in .zip." placeholder:"DIR" type:"path"`
	Log          bool     `help:"Judge the log of --config or --data instead: its chain, its checkpoints, its documents, and the copy apart from the database."`
	Restored     bool     `help:"With --log: that the database was restored from a backup is known; rows that only the copy apart has are no fault."`
	Trust        []string `sep:"none" help:"With --verify: PEM file with certificates that signers must be, or be issued below. PARTY=FILE is for what that party signed; below a FILE for all, the common name of a signer must be its party." placeholder:"[PARTY=]FILE"`
	AnySigner    bool     `help:"With --verify: whether the signatures fit together is enough, whoever made them."`
	Document     string   `help:"With --verify: say of which message this file was a part." type:"existingfile" placeholder:"FILE"`
	JSON         bool     `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (proveRun) Help() string {
	return `The export holds what a third party needs to judge an exchange: messages and receipts as they were signed, the rows
of the log with their way to a signed checkpoint, and certificates; its README.txt says how to judge it without this
program. --verify needs the export alone: it checks every byte of it, all signatures, that each receipt repeats the
digests of its message, and the chain of the log. It exits with 1 at the first thing that fails, and says where; and
with 1 when nobody said by --trust whose the signatures must be, unless --any-signer says that this does not matter:
anybody can make an export with two keys of his own. What is in an export is proven, not that nothing was left out.
--log judges the whole log where it lies, and names the first position that is not as it was written. It exits with 1
also when the database once did not have what the copy apart has: it was restored from a backup, which --restored
takes for known, or somebody has changed it.

Examples:
  oots prove 1f3c9a4e-5b1c-4b8e-9b68-0d0c6e0f3a55 --data oots-data/AT --out proof
  oots prove 1f3c9a4e-5b1c-4b8e-9b68-0d0c6e0f3a55 --config oots.yaml --out proof
  oots prove --verify proof --trust AP_AT_01=at.pem --trust AP_EL_01=el.pem
  oots prove --verify proof --trust authority.pem --json
  oots prove --verify proof --any-signer --document evidence.pdf
  oots prove --log --data oots-data/AT`
}

// Run exports or judges.
func (c proveRun) Run(ctx context.Context, s streams) error {
	switch {
	case c.Verify != "" && (c.ID != "" || c.Out != "" || c.Data != "" || c.Config != ""):
		return &hint{errors.New("an export is judged with nothing but itself"), "oots prove --verify DIR"}
	case c.Verify != "":
		return c.judge(s)
	case c.Log && (c.ID != "" || c.Out != ""):
		return &hint{errors.New("the log is judged as a whole"), "oots prove --log --data oots-data/AT"}
	case c.Log:
		return c.judgeLog(ctx, s)
	case c.ID == "" || c.Out == "":
		return &hint{errors.New("an export needs an identifier and a place"), "oots prove ID --data oots-data/AT --out proof"}
	}
	return c.with(ctx, func(p *proof.Prover) error { return c.export(ctx, s, p) })
}

func (c proveRun) export(ctx context.Context, s streams, p *proof.Prover) error {
	o := proof.Options{Payloads: c.WithPayloads}
	var m *proof.Manifest
	var err error
	if strings.HasSuffix(c.Out, ".zip") {
		m, err = c.archive(ctx, p, o)
	} else {
		m, err = p.Export(ctx, c.ID, c.Out, o)
	}
	if errors.Is(err, proof.ErrUnknown) {
		fmt.Fprintln(s.err, "oots:", &hint{unknown(c.ID, err), "oots trace with another identifier"})
		return errNo
	}
	if errors.Is(err, proof.ErrNoSigner) {
		return &hint{err, "--keystore FILE with the key of the access point"}
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return lcmJSON(s.out, m)
	}
	receipts := 0
	for _, message := range m.Messages {
		if message.Receipt != nil {
			receipts++
		}
	}
	fmt.Fprintf(s.out, "%s: %d messages, %d receipts, %d files, signed with %s\n", c.Out, len(m.Messages), receipts, len(m.Files)+2, m.Signer)
	for _, f := range m.Findings {
		fmt.Fprintf(s.out, "%s: %s %s\n", f.Code, f.Detail, f.MessageID)
	}
	return nil
}

// archive writes the export as one file, which is there only when it is complete.
func (c proveRun) archive(ctx context.Context, p *proof.Prover, o proof.Options) (*proof.Manifest, error) {
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, &hint{fmt.Errorf("%s is there already", c.Out), "--out with another name"}
	}
	if err != nil {
		return nil, err
	}
	m, err := p.ExportTo(ctx, c.ID, f, o)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(c.Out)
		return nil, err
	}
	return m, nil
}

// judge judges an export.
func (c proveRun) judge(s streams) error {
	trust, err := c.trust()
	if err != nil {
		return err
	}
	fsys, done, err := openExport(c.Verify)
	if err != nil {
		return err
	}
	defer done.Close()
	out := judged{Report: proof.Verify(fsys, trust)}
	if c.Document != "" && out.Valid {
		b, err := os.ReadFile(c.Document)
		if err != nil {
			return err
		}
		out.Document = out.Manifest.Match(b)
	}
	if c.JSON {
		if err := lcmJSON(s.out, out); err != nil {
			return err
		}
	} else {
		printVerdict(s.out, out.Report)
		c.printDocument(s.out, out)
	}
	if !out.Valid || !out.Trusted && !c.AnySigner || c.Document != "" && len(out.Document) == 0 {
		return errNo
	}
	return nil
}

// trust reads the certificates of --trust.
func (c proveRun) trust() (proof.Trust, error) {
	t := proof.Trust{Parties: map[string][]*x509.Certificate{}}
	for _, text := range c.Trust {
		party, file, ok := strings.Cut(text, "=")
		if _, err := os.Stat(text); err == nil || !ok {
			party, file = "", text
		}
		found, err := readCertificates(file)
		if err != nil {
			return proof.Trust{}, &hint{err, "--trust FILE, or --trust PARTY=FILE, with certificates in PEM"}
		}
		if party == "" {
			t.Any = append(t.Any, found...)
		} else {
			t.Parties[party] = append(t.Parties[party], found...)
		}
	}
	return t, nil
}

// judged is the JSON form of a verdict.
type judged struct {
	*proof.Report
	Document []proof.Matched `json:"document,omitempty"` // the parts that --document is
}

func (c proveRun) printDocument(out io.Writer, j judged) {
	if c.Document == "" || !j.Valid {
		return
	}
	for _, m := range j.Document {
		by := "its sender has signed it"
		if m.Acknowledged {
			by = "sender and receiver have signed it"
		}
		fmt.Fprintf(out, "%s was part %s of %s (%s): %s\n", c.Document, m.ContentID, m.MessageID, m.Form, by)
	}
	if len(j.Document) == 0 {
		fmt.Fprintf(out, "%s has the digest of no part. Another gzip may have been used for parts that are compressed.\n", c.Document)
	}
}

// openExport opens a folder or an archive.
func openExport(name string) (fs.FS, io.Closer, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, &hint{fmt.Errorf("%s cannot be opened", name), "oots prove --verify with the folder of an export"}
	}
	if info.IsDir() {
		return os.DirFS(name), io.NopCloser(nil), nil
	}
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, &hint{fmt.Errorf("%s is neither a folder nor an archive", name), "oots prove --verify with the folder of an export"}
	}
	return z, z, nil
}

func readCertificates(name string) ([]*x509.Certificate, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var out []*x509.Certificate
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no certificate in PEM", name)
	}
	return out, nil
}
