package proof

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"oots/internal/audit"
	"oots/internal/store"
)

//go:embed README.txt
var readme []byte

// Options of an export.
type Options struct {
	// Payloads adds what is left of the parts of messages and the documents of the log, which hold personal data.
	Payloads bool
}

// Export writes the proof of the exchange that id belongs to into the folder dir, which must not exist or be empty. What
// is wrong with an exchange is exported as it is, with the findings of its trace.
func (p *Prover) Export(ctx context.Context, id, dir string, o Options) (*Manifest, error) {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("%s is not empty", dir)
	}
	m, files, err := p.export(ctx, id, o)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(name, f.content, 0o600); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// ExportTo writes the same files as a zip archive. Nothing is written when the error is ErrUnknown.
func (p *Prover) ExportTo(ctx context.Context, id string, w io.Writer, o Options) (*Manifest, error) {
	m, files, err := p.export(ctx, id, o)
	if err != nil {
		return nil, err
	}
	z := zip.NewWriter(w)
	for _, f := range files {
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: m.Made})
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(f.content); err != nil {
			return nil, err
		}
	}
	return m, z.Close()
}

// exported is one file.
type exported struct {
	name    string
	content []byte
}

// exporter collects the files of one export.
type exporter struct {
	p       *Prover
	tx      *store.Tx
	t       *Trace
	o       Options
	refused *refusals
	m       *Manifest
	s       audit.Signer
	files   []exported
	of      []*Traced // of the messages of the manifest
}

// export makes the files of an export that Verify takes.
func (p *Prover) export(ctx context.Context, id string, o Options) (*Manifest, []exported, error) {
	var e *exporter
	err := p.Source.View(ctx, func(tx *store.Tx) error {
		t, err := p.trace(tx, id)
		if err != nil {
			return err
		}
		refused := &refusals{message: map[*Traced]string{}, receipt: map[*Traced]string{}}
		for {
			e = &exporter{p: p, tx: tx, t: t, o: o, refused: refused}
			if err := e.run(); err != nil {
				return err
			}
			fault, err := e.judge()
			if err != nil || fault == nil {
				return err
			}
			if !refused.add(fault, e.of) {
				return fmt.Errorf("the export would not verify: %w", fault)
			}
		}
	})
	if err != nil {
		return nil, nil, err
	}
	return e.m, e.files, nil
}

func (e *exporter) run() error {
	var err error
	made := e.p.Now().UTC().Truncate(time.Second)
	if e.s, err = e.p.Signer(e.t.ours(), made); err != nil {
		return err
	}
	if e.s.Key == nil || e.s.Certificate == nil {
		return errors.New("there is no key to sign the export with")
	}
	e.m = &Manifest{
		Type: manifestType, Made: made, ID: e.t.ID, Kind: e.t.Kind, Conversations: e.t.Conversations,
		Exchanges: e.t.Exchanges, Requests: e.t.Requests, Signer: thumbprint(e.s.Certificate), Messages: []Proved{}, Findings: slices.Clone(e.t.Findings),
	}
	e.put(ReadmeFile, readme)
	e.certificate(e.s.Certificate)
	for i := range e.t.Messages {
		if err := e.message(&e.t.Messages[i]); err != nil {
			return err
		}
	}
	if err := e.log(); err != nil {
		return err
	}
	return e.finish()
}

// ours are the certificates that our side has signed with, newest first.
func (t *Trace) ours() []*x509.Certificate {
	var out []*x509.Certificate
	for i := range t.Messages {
		m := &t.Messages[len(t.Messages)-1-i]
		switch {
		case m.Box == Out && m.signed != nil:
			out = append(out, m.signed.signer)
		case m.Box == In && m.ack != nil:
			out = append(out, m.ack.signer)
		}
	}
	return out
}

func (e *exporter) put(name string, content []byte) {
	e.files = append(e.files, exported{name, content})
}

// certificate adds a certificate with its issuers, as far as they are known.
func (e *exporter) certificate(c *x509.Certificate, chain ...*x509.Certificate) {
	name := certificateFile(c)
	if slices.ContainsFunc(e.files, func(f exported) bool { return f.name == name }) {
		return
	}
	e.put(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	for _, issuer := range append(chain, e.p.Certificates...) {
		if bytes.Equal(issuer.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(issuer) == nil {
			e.certificate(issuer, chain...)
		}
	}
}

// message adds one message. Of one that does not verify there is the envelope and a finding, and no entry.
func (e *exporter) message(m *Traced) error {
	folder := fmt.Sprintf("messages/%02d", len(e.m.Messages)+1)
	why := e.refused.message[m]
	if m.signed == nil || why != "" {
		e.unverified("envelope.xml", m.message.Envelope)
		e.unverified("receipt.xml", m.message.Receipt)
		e.unproven(m, "message", why)
		return nil
	}
	ack := m.ack
	if why := e.refused.receipt[m]; why != "" {
		ack = nil
		e.unproven(m, "receipt", why)
	}
	entry, err := describe(folder, m.Box, m.State, m.signed, ack)
	if err != nil {
		return err
	}
	e.put(folder+"/envelope.xml", m.message.Envelope)
	e.octets(folder+"/envelope", m.signed)
	e.certificate(m.signed.signer, m.signed.chain...)
	if ack != nil {
		e.put(folder+"/receipt.xml", envelopeOf(m.message.Receipt))
		if raw := m.message.Receipt; !bytes.Equal(raw, envelopeOf(raw)) {
			e.put(folder+"/receipt.mime", raw)
		}
		e.octets(folder+"/receipt", ack.signed)
		e.certificate(ack.signer, ack.chain...)
	} else {
		e.unverified("receipt.xml", m.message.Receipt)
	}
	if e.o.Payloads {
		if err := e.payloads(folder, m, &entry); err != nil {
			return err
		}
	}
	e.m.Messages, e.of = append(e.m.Messages, entry), append(e.of, m)
	return nil
}

// octets adds what the signature of an envelope was computed over, so that general tools can do it again.
func (e *exporter) octets(name string, s *signed) {
	for _, f := range s.derived(name) {
		e.put(f.name, f.content)
	}
}

func (s *signed) derived(name string) []exported {
	return []exported{
		{name + ".signedinfo.xml", s.info}, {name + ".signature.bin", s.value},
		{name + ".messaging.xml", s.messaging}, {name + ".body.xml", s.body},
	}
}

// payloads adds what is left of the parts and has the digest that was signed. What is kept in clear is compressed again;
// what does not have the digest then, because another program has compressed it, or because it was changed, is not given
// out as a part.
func (e *exporter) payloads(folder string, m *Traced, entry *Proved) error {
	all, err := e.p.Source.Payloads(e.tx, m.Box, m.MessageID)
	if err != nil {
		return err
	}
	for _, p := range all {
		b, err := readAll(p)
		if err != nil {
			return fmt.Errorf("payload %s of message %s: %w", p.ContentID, m.MessageID, err)
		}
		form, part := "", entry.part(p.ContentID)
		if part != nil {
			form, _ = entry.form(part, opened(b)) // of what is in memory
		}
		if part != nil && part.Compressed && form == "" {
			again := compressed(b)
			if form, _ = entry.form(part, opened(again)); form != "" {
				b = again
			}
		}
		if form == "" {
			e.unverified("payload", b)
			e.m.Findings = append(e.m.Findings, Finding{Code: PayloadUnproven, Box: m.Box, MessageID: m.MessageID, Exchange: m.ExchangeID,
				Detail: "what is kept of part " + p.ContentID + " does not have the digest that was signed, and is not given out as that part"})
			continue
		}
		c := Content{File: payloadFile(folder, len(entry.Payloads)+1, part.Compressed), ContentID: p.ContentID, Form: form}
		e.put(c.File, b)
		entry.Payloads = append(entry.Payloads, c)
	}
	return nil
}

func readAll(p Payload) ([]byte, error) {
	r, err := p.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// finish adds the list of files, and signs.
func (e *exporter) finish() error {
	slices.SortFunc(e.files, func(a, b exported) int { return strings.Compare(a.name, b.name) })
	for _, f := range e.files {
		e.m.Files = append(e.m.Files, File{f.name, int64(len(f.content)), digest(f.content)})
	}
	b, err := e.m.bytes()
	if err != nil {
		return err
	}
	signature, err := e.s.Sign(b)
	if err != nil {
		return err
	}
	e.files = append([]exported{{ManifestFile, b}, {SignatureFile, signature}}, e.files...)
	return nil
}
