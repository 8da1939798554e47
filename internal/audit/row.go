package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"oots/edm/exchange"
)

// A Kind tells the sorts of rows apart.
type Kind string

// Rows about an exchange of evidence, about a message of the access point, and about an act of an operator.
const (
	Exchange Kind = "exchange"
	Message  Kind = "message"
	Act      Kind = "act"
)

// Origin is the hash in front of the first row.
const Origin = "0000000000000000000000000000000000000000000000000000000000000000"

// A Row is one row of the log as it is chained: everything but the document, of which only the digest is here.
//
// Its text is one line of JSON with the members in the order of the fields, those left out that are empty. The
// digest of a row is the SHA-256 of that text without previous and hash; its hash is the SHA-256 of the hash of
// the row before, a space, and the digest, all in lower-case hexadecimal. So a chain can be followed past rows of which only the
// digest is shown.
type Row struct {
	Position       int64 // 1 for the first row of the log
	ID             string
	At             time.Time // milliseconds
	Kind           Kind
	Event          string // of exchange.EventName or of the access point
	Box            string // "out" or "in", of a message
	ConversationID string
	ExchangeID     string
	MessageID      string
	RefToMessageID string
	RequestID      string
	Partner        string
	Action         string
	Code           string
	Rule           string
	Detail         string
	Actor          string // account of the operator who acted; "" when the row is about no act
	DocumentType   string
	DocumentSHA256 string // of the plain document; "" without one
	SignedSHA256   string // of the SOAP envelope or of the signal on the wire; of the signed digests of payloads that were deleted
	Parts          []exchange.Part

	Previous string
	Hash     string
}

// line is the wire form of a Row.
type line struct {
	Position       int64      `json:"position"`
	ID             string     `json:"id"`
	At             string     `json:"at"`
	Kind           Kind       `json:"kind"`
	Event          string     `json:"event"`
	Box            string     `json:"box,omitempty"`
	ConversationID string     `json:"conversationId,omitempty"`
	ExchangeID     string     `json:"exchangeId,omitempty"`
	MessageID      string     `json:"messageId,omitempty"`
	RefToMessageID string     `json:"refToMessageId,omitempty"`
	RequestID      string     `json:"requestId,omitempty"`
	Partner        string     `json:"partner,omitempty"`
	Action         string     `json:"action,omitempty"`
	Code           string     `json:"code,omitempty"`
	Rule           string     `json:"rule,omitempty"`
	Detail         string     `json:"detail,omitempty"`
	Actor          string     `json:"actor,omitempty"`
	DocumentType   string     `json:"documentType,omitempty"`
	DocumentSHA256 string     `json:"documentSha256,omitempty"`
	SignedSHA256   string     `json:"signedSha256,omitempty"`
	Parts          []linePart `json:"parts,omitempty"`
	Previous       string     `json:"previous,omitempty"`
	Hash           string     `json:"hash,omitempty"`
}

type linePart struct {
	ContentID string `json:"contentId,omitempty"`
	MimeType  string `json:"mimeType,omitempty"`
	SHA256    string `json:"sha256,omitempty"`
}

const timeForm = "2006-01-02T15:04:05.000Z"

// AppendLine appends the text of r with its line feed.
func (r *Row) AppendLine(dst []byte) []byte { return append(dst, r.text(true)...) }

// MarshalJSON implements json.Marshaler: the text of the row.
func (r Row) MarshalJSON() ([]byte, error) { return bytes.TrimSuffix(r.text(true), []byte("\n")), nil }

// text is the line with its line feed; without links it is what the digest covers, and the line feed is not.
func (r *Row) text(links bool) []byte {
	l := line{
		Position: r.Position, ID: r.ID, At: r.At.UTC().Format(timeForm), Kind: r.Kind, Event: r.Event, Box: r.Box,
		ConversationID: r.ConversationID, ExchangeID: r.ExchangeID, MessageID: r.MessageID, RefToMessageID: r.RefToMessageID,
		RequestID: r.RequestID, Partner: r.Partner, Action: r.Action, Code: r.Code, Rule: r.Rule, Detail: r.Detail, Actor: r.Actor,
		DocumentType: r.DocumentType, DocumentSHA256: r.DocumentSHA256, SignedSHA256: r.SignedSHA256,
	}
	for _, p := range r.Parts {
		l.Parts = append(l.Parts, linePart(p))
	}
	if links {
		l.Previous, l.Hash = r.Previous, r.Hash
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(l) // cannot fail: texts and one number
	return b.Bytes()
}

// Digest is the digest of the row, in hexadecimal.
func (r *Row) Digest() string { return hexSHA256(bytes.TrimSuffix(r.text(false), []byte("\n"))) }

// Link is the hash of a row with that digest behind a row with the hash previous.
func Link(previous, digest string) string { return hexSHA256([]byte(previous + " " + digest)) }

// chain makes r the row behind the one at position with hash.
func (r *Row) chain(position int64, hash string) {
	r.Position, r.Previous = position+1, hash
	r.Hash = Link(r.Previous, r.Digest())
}

// Check compares the hash of r with its content.
func (r *Row) Check() error {
	if Link(r.Previous, r.Digest()) != r.Hash {
		return errors.New("the row does not have the content that its hash was made of")
	}
	return nil
}

// Same reports whether two rows say the same.
func (r *Row) Same(other *Row) bool { return bytes.Equal(r.text(true), other.text(true)) }

// ParseLine reads the text of a row, with or without its line feed, and checks that it is in the one form that
// AppendLine writes, and its hash.
func ParseLine(b []byte) (Row, error) {
	b = bytes.TrimSuffix(b, []byte("\n"))
	var l line
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return Row{}, fmt.Errorf("no row of the log: %w", err)
	}
	at, err := time.Parse(timeForm, l.At)
	if err != nil {
		return Row{}, errors.New("no row of the log: at is no time")
	}
	r := Row{
		Position: l.Position, ID: l.ID, At: at, Kind: l.Kind, Event: l.Event, Box: l.Box, ConversationID: l.ConversationID,
		ExchangeID: l.ExchangeID, MessageID: l.MessageID, RefToMessageID: l.RefToMessageID, RequestID: l.RequestID, Partner: l.Partner,
		Action: l.Action, Code: l.Code, Rule: l.Rule, Detail: l.Detail, Actor: l.Actor, DocumentType: l.DocumentType,
		DocumentSHA256: l.DocumentSHA256, SignedSHA256: l.SignedSHA256, Previous: l.Previous, Hash: l.Hash,
	}
	for _, p := range l.Parts {
		r.Parts = append(r.Parts, exchange.Part(p))
	}
	if !bytes.Equal(bytes.TrimSuffix(r.text(true), []byte("\n")), b) {
		return Row{}, errors.New("the row is not in its canonical form")
	}
	if err := r.Check(); err != nil {
		return Row{}, err
	}
	return r, nil
}

// valid makes every text valid UTF-8, so that the row has one text only.
func (r *Row) valid() {
	texts := []*string{&r.ID, &r.Event, &r.Box, &r.ConversationID, &r.ExchangeID, &r.MessageID, &r.RefToMessageID, &r.RequestID,
		&r.Partner, &r.Action, &r.Code, &r.Rule, &r.Detail, &r.Actor, &r.DocumentType}
	for _, t := range texts {
		*t = strings.ToValidUTF8(*t, "\uFFFD")
	}
	for i := range r.Parts {
		p := &r.Parts[i]
		p.ContentID, p.MimeType = strings.ToValidUTF8(p.ContentID, "\uFFFD"), strings.ToValidUTF8(p.MimeType, "\uFFFD")
	}
}

func hexSHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
