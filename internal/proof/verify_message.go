package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"reflect"
	"strings"
	"time"
)

// messages verifies the signatures of every message and its receipt, holds the receipt against the message, and the
// manifest against both.
func (v *verifier) messages() (string, error) {
	receipts := 0
	expected := map[string]bool{} // files of messages that are accounted for
	for i := range v.m.Messages {
		entry := &v.m.Messages[i]
		if entry.Folder != fmt.Sprintf("messages/%02d", i+1) || entry.Box != Out && entry.Box != In {
			return "", fault(ManifestFile, "the messages are not in order")
		}
		p, err := v.message(entry, expected)
		if err != nil {
			return "", err
		}
		if p.ack != nil {
			receipts++
		}
		v.opened = append(v.opened, *p)
	}
	for _, f := range v.m.Files {
		if strings.HasPrefix(f.Name, "messages/") && !expected[f.Name] {
			return "", fault(f.Name, "it belongs to no message of the manifest")
		}
	}
	return fmt.Sprintf("%d messages verify, %d of them with a receipt that repeats their digests", len(v.opened), receipts), nil
}

func (v *verifier) message(entry *Proved, expected map[string]bool) (*proven, error) {
	p := &proven{entry: entry}
	var err error
	name := entry.Folder + "/envelope.xml"
	if p.envelope, err = v.read(name, maxEnvelope); err != nil {
		return nil, err
	}
	expected[name] = true
	if p.signed, err = open(p.envelope, v.known()); err != nil {
		return nil, fault(name, "its signature does not verify: %v", err)
	}
	if err := v.octets(entry.Folder+"/envelope", p.signed, expected); err != nil {
		return nil, err
	}
	if entry.Receipt != nil {
		name := entry.Folder + "/receipt.xml"
		if p.receipt, err = v.read(name, maxEnvelope); err != nil {
			return nil, err
		}
		expected[name] = true
		if p.ack, err = openReceipt(p.receipt, v.known(), entry.MessageID, p.signed); err != nil {
			return nil, fault(name, "it is no receipt for the message: %v", err)
		}
		if err := v.octets(entry.Folder+"/receipt", p.ack.signed, expected); err != nil {
			return nil, err
		}
		if err := v.mime(entry.Folder+"/receipt.mime", p, expected); err != nil {
			return nil, err
		}
	}
	again, err := describe(entry.Folder, entry.Box, entry.State, p.signed, p.ack)
	if err != nil {
		return nil, fault(name, "%v", err)
	}
	again.Payloads = entry.Payloads
	if !reflect.DeepEqual(again, *entry) {
		return nil, fault(entry.Folder, "the manifest says something else than the message")
	}
	if err := v.payloads(entry, expected); err != nil {
		return nil, err
	}
	return p, v.times(p)
}

// mime reads a receipt as it came when it came with a MIME structure around it.
func (v *verifier) mime(name string, p *proven, expected map[string]bool) error {
	if !v.listed(name) {
		return nil
	}
	raw, err := v.read(name, maxEnvelope)
	if err != nil {
		return err
	}
	expected[name] = true
	if !bytes.Equal(envelopeOf(raw), p.receipt) {
		return fault(name, "it does not hold the receipt")
	}
	p.receipt = raw
	return nil
}

func (v *verifier) listed(name string) bool { return v.list[name] != nil }

// octets compares the files for general tools with what the signature covers.
func (v *verifier) octets(name string, s *signed, expected map[string]bool) error {
	for _, f := range s.derived(name) {
		b, err := v.read(f.name, maxEnvelope)
		if err != nil {
			return err
		}
		expected[f.name] = true
		if !bytes.Equal(b, f.content) {
			return fault(f.name, "it is not what the signature covers")
		}
	}
	return nil
}

// times holds the times of a message, its receipt, the certificates and the export against each other.
func (v *verifier) times(p *proven) error {
	e := p.entry
	for _, s := range []struct {
		file   string
		signed *signed
		at     time.Time
	}{{"/envelope.xml", p.signed, e.Timestamp}, {"/receipt.xml", signedOf(p.ack), timeOf(e.Receipt)}} {
		if s.signed == nil {
			continue
		}
		if err := during(s.signed.signer, s.at); err != nil {
			return fault(e.Folder+s.file, "it is dated %s, when %v", s.at.Format(time.RFC3339), err)
		}
		if s.at.After(v.m.Made.Add(Skew)) {
			return fault(e.Folder+s.file, "it is dated after the export")
		}
	}
	if e.Receipt != nil && e.Receipt.Timestamp.Before(e.Timestamp.Add(-Skew)) {
		return fault(e.Folder+"/receipt.xml", "it is dated before the message")
	}
	return nil
}

func signedOf(a *acknowledgement) *signed {
	if a == nil {
		return nil
	}
	return a.signed
}

func timeOf(r *Receipt) time.Time {
	if r == nil {
		return time.Time{}
	}
	return r.Timestamp
}

// signers finds for which party every certificate has signed: for the sender of a message and for the receiver of what
// it acknowledges. No certificate may speak for two, and the one who made the export must not be one of the other side.
func (v *verifier) signers() (string, error) {
	v.own = map[string]bool{}
	for i := range v.opened {
		p := &v.opened[i]
		if err := v.speaks(p.entry.Folder+"/envelope.xml", p.signed, p.entry.From, p.entry.Box == Out, p.entry.Timestamp); err != nil {
			return "", err
		}
		if p.ack == nil {
			continue
		}
		if err := v.speaks(p.entry.Folder+"/receipt.xml", p.ack.signed, p.entry.To, p.entry.Box == In, p.entry.Receipt.Timestamp); err != nil {
			return "", err
		}
	}
	if err := v.makes(SignatureFile, v.m.Signer, v.m.Made); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d certificates, none for two parties", len(v.report.Signers)), nil
}

// payloads holds each payload against the digest that its message signs, and says who has signed it.
func (v *verifier) payloads(entry *Proved, expected map[string]bool) error {
	seen := map[string]bool{}
	for i, c := range entry.Payloads {
		part := entry.part(c.ContentID)
		if part == nil || seen[c.ContentID] || c.File != payloadFile(entry.Folder, i+1, part.Compressed) {
			return fault(c.File, "the manifest takes it for a part that the message does not have")
		}
		seen[c.ContentID], expected[c.File] = true, true
		form, err := entry.form(part, func() (io.ReadCloser, error) { return v.open(c.File) })
		switch {
		case err != nil:
			return err
		case form == "":
			return fault(c.File, "it does not have the digest that the message signs: it was never sent as part %s", c.ContentID)
		case form != c.Form:
			return fault(c.File, "it has the signed digest in the form %q, and the manifest says %q", form, c.Form)
		}
		v.report.Contents = append(v.report.Contents, Standing{c.File, entry.MessageID, c.ContentID, entry.signedBy()})
	}
	return nil
}

type hexHash struct{ hash.Hash }

func newHash() hexHash { return hexHash{sha256.New()} }

func (h hexHash) hex() string { return hex.EncodeToString(h.Sum(nil)) }
