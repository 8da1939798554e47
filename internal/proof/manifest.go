package proof

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The files of an export that have fixed names.
const (
	ManifestFile   = "manifest.json"
	SignatureFile  = "manifest.json.sig"
	ReadmeFile     = "README.txt"
	rowsFile       = "log/rows.jsonl"
	pathFile       = "log/path.txt"
	checkpointFile = "log/checkpoint.json"
	checkpointSig  = "log/checkpoint.json.sig"
)

// manifestType keeps the signature from being taken for one on anything else.
const manifestType = "oots proof of exchange, version 2"

// A Manifest says what an export holds. Its file is this value as indented JSON, and signed.
type Manifest struct {
	Type          string    `json:"type"`
	Made          time.Time `json:"made"` // UTC, seconds
	ID            string    `json:"id"`   // that was asked for
	Kind          Kind      `json:"kind"`
	Conversations []string  `json:"conversations"`
	Exchanges     []string  `json:"exchanges"`
	Requests      []string  `json:"requests"`
	Signer        string    `json:"signer"` // SHA-256 of the certificate that the manifest is signed with
	Messages      []Proved  `json:"messages"`
	Log           *LogPart  `json:"log"` // null without rows
	Findings      []Finding `json:"findings"`
	Files         []File    `json:"files"` // all but the manifest and its signature, by name
}

// A Proved is one message of an export.
type Proved struct {
	Folder         string    `json:"folder"`
	Box            Box       `json:"box"`
	State          string    `json:"state"`
	MessageID      string    `json:"messageId"`
	ConversationID string    `json:"conversationId"`
	RefToMessageID string    `json:"refToMessageId,omitempty"`
	From           string    `json:"from"`
	To             string    `json:"to"`
	Action         string    `json:"action"`
	Timestamp      time.Time `json:"timestamp"`
	Signer         string    `json:"signer"` // SHA-256 of the certificate, whose file has that name
	References     []Signed  `json:"references"`
	Parts          []PartOf  `json:"parts"`
	Receipt        *Receipt  `json:"receipt"` // null when there is none
	Payloads       []Content `json:"payloads,omitempty"`
}

// A Signed is one reference of the signature of a message.
type Signed struct {
	URI    string `json:"uri"`
	Method string `json:"digestMethod"`
	Digest string `json:"digest"` // base64
}

// A PartOf is a part of a message as its header names it.
type PartOf struct {
	ContentID  string `json:"contentId"`
	MimeType   string `json:"mimeType"`
	Compressed bool   `json:"compressed"`
}

// A Receipt is the signal that acknowledges a message.
type Receipt struct {
	MessageID string    `json:"messageId"`
	Timestamp time.Time `json:"timestamp"`
	Signer    string    `json:"signer"`
}

// A Content is a payload in the export. Its octets, compressed when the part was, have the digest that the message signs;
// what has not is no payload of the message and lies with what is not verified.
type Content struct {
	File      string `json:"file"`
	ContentID string `json:"contentId"`
	Form      string `json:"form"` // AsIs, or Canonical
}

// A LogPart is the part of the log in an export.
type LogPart struct {
	Rows       int    `json:"rows"`
	First      int64  `json:"first"`
	Last       int64  `json:"last"`
	Checkpoint int64  `json:"checkpoint"` // position that is signed
	Signer     string `json:"signer"`
	Documents  int    `json:"documents"` // how many of the rows have theirs in the export
}

// A File is one file of an export.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func (m *Manifest) bytes() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// readManifest reads a manifest, which must be in the form that bytes writes.
func readManifest(b []byte) (*Manifest, error) {
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("no manifest: %w", err)
	}
	if m.Type != manifestType {
		return nil, errors.New("no manifest of this version")
	}
	if again, err := m.bytes(); err != nil || !bytes.Equal(again, b) {
		return nil, errors.New("the manifest is not in its canonical form")
	}
	return &m, nil
}

// describe says what a message is by what it has signed; it is made at the export and again at its verification.
func describe(folder string, box Box, state string, s *signed, ack *acknowledgement) (Proved, error) {
	user, err := s.user()
	if err != nil {
		return Proved{}, err
	}
	p := Proved{
		Folder: folder, Box: box, State: state, MessageID: user.MessageID, ConversationID: user.ConversationID, RefToMessageID: user.RefToMessageID,
		From: user.From.ID.Value, To: user.To.ID.Value, Action: user.Action, Timestamp: user.Timestamp.UTC(), Signer: thumbprint(s.signer),
		References: []Signed{}, Parts: []PartOf{},
	}
	for _, r := range s.references {
		p.References = append(p.References, Signed{r.URI, r.DigestMethod, strings.Join(strings.Fields(r.DigestValue), "")})
	}
	for i := range user.Parts {
		part := &user.Parts[i]
		mime, _ := part.Property("MimeType")
		_, compressed := part.Property("CompressionType")
		p.Parts = append(p.Parts, PartOf{strings.TrimPrefix(part.Href, "cid:"), mime, compressed})
	}
	if ack != nil {
		p.Receipt = &Receipt{ack.signal.MessageID, ack.signal.Timestamp.UTC(), thumbprint(ack.signer)}
	}
	return p, nil
}

func thumbprint(c *x509.Certificate) string { return digest(c.Raw) }

func certificateFile(c *x509.Certificate) string { return "certificates/" + thumbprint(c) + ".pem" }
