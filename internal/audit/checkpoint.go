package audit

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// A Signer is the key of the access point with its certificate.
type Signer struct {
	Key         crypto.Signer // RSA, ECDSA or Ed25519
	Certificate *x509.Certificate
}

// Sign signs text as openssl dgst -sha256 -sign does: PKCS#1 1.5 or ECDSA over SHA-256; Ed25519 signs the text itself.
func (s Signer) Sign(text []byte) ([]byte, error) {
	if s.Key == nil || s.Certificate == nil {
		return nil, errors.New("there is no key to sign with")
	}
	switch s.Key.Public().(type) {
	case ed25519.PublicKey:
		return s.Key.Sign(rand.Reader, text, crypto.Hash(0))
	case *rsa.PublicKey, *ecdsa.PublicKey:
		sum := sha256.Sum256(text)
		return s.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
	}
	return nil, errors.New("the key is of a kind that is not supported")
}

// CheckSignature verifies what Sign made.
func CheckSignature(c *x509.Certificate, text, signature []byte) error {
	algorithm := x509.UnknownSignatureAlgorithm
	switch c.PublicKey.(type) {
	case ed25519.PublicKey:
		algorithm = x509.PureEd25519
	case *rsa.PublicKey:
		algorithm = x509.SHA256WithRSA
	case *ecdsa.PublicKey:
		algorithm = x509.ECDSAWithSHA256
	}
	if c.CheckSignature(algorithm, text, signature) != nil {
		return errors.New("the signature does not verify")
	}
	return nil
}

// A Reason is why a checkpoint was made.
type Reason string

// The reasons: time has passed, a proof was exported, the rows up to it were erased, the database was restored and has not
// the rows that the copy apart has.
const (
	Interval Reason = "interval"
	Export   Reason = "export"
	Erasure  Reason = "erasure"
	Restored Reason = "restored"
)

// A Head is a position of the log with the hash of its row.
type Head struct {
	Position int64  `json:"position"`
	Hash     string `json:"hash"`
}

// A Checkpoint says under a signature how far the log had come: who holds one notices when anything up to it is
// changed later, or is gone.
type Checkpoint struct {
	Number   int64 // 1 for the first; not signed
	Position int64
	Hash     string
	At       time.Time // milliseconds
	Reason   Reason
	Copy     *Head // only of Restored: where the copy apart ended then

	Text        []byte // what is signed: one line of JSON
	Signature   []byte // nil when there was no key
	Certificate []byte // DER, of the key that signed
}

type statement struct {
	Type     string `json:"type"`
	Position int64  `json:"position"`
	Hash     string `json:"hash"`
	At       string `json:"at"`
	Reason   Reason `json:"reason"`
	Copy     *Head  `json:"copy,omitempty"`
}

// statementType keeps the signature from being taken for one on anything else.
const statementType = "oots journal checkpoint"

// NewCheckpoint signs that the row at position has hash. Without a key the checkpoint is not signed.
func NewCheckpoint(position int64, hash string, at time.Time, why Reason, s Signer) (Checkpoint, error) {
	return Checkpoint{Position: position, Hash: hash, At: at.UTC().Truncate(time.Millisecond), Reason: why}.sign(s)
}

// NewRestored signs that the log goes on behind the row at position with hash, and that the copy apart ended otherwise.
func NewRestored(position int64, hash string, at time.Time, copied Head, s Signer) (Checkpoint, error) {
	return Checkpoint{Position: position, Hash: hash, At: at.UTC().Truncate(time.Millisecond), Reason: Restored, Copy: &copied}.sign(s)
}

func (c Checkpoint) sign(s Signer) (Checkpoint, error) {
	text, err := json.Marshal(statement{statementType, c.Position, c.Hash, c.At.Format(timeForm), c.Reason, c.Copy})
	if err != nil {
		return Checkpoint{}, err
	}
	c.Text = append(text, '\n')
	if s.Key == nil {
		return c, nil
	}
	if c.Signature, err = s.Sign(c.Text); err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	c.Certificate = s.Certificate.Raw
	return c, nil
}

// ReadCheckpoint reads the text of a checkpoint, which must be in the form that NewCheckpoint writes. The signature
// is not looked at.
func ReadCheckpoint(text []byte) (Checkpoint, error) {
	var s statement
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Checkpoint{}, fmt.Errorf("no checkpoint: %w", err)
	}
	at, err := time.Parse(timeForm, s.At)
	if err != nil || s.Type != statementType || (s.Copy != nil) != (s.Reason == Restored) {
		return Checkpoint{}, errors.New("no checkpoint")
	}
	again, err := json.Marshal(s)
	if err != nil || !bytes.Equal(append(again, '\n'), text) {
		return Checkpoint{}, errors.New("the checkpoint is not in its canonical form")
	}
	return Checkpoint{Position: s.Position, Hash: s.Hash, At: at, Reason: s.Reason, Copy: s.Copy, Text: bytes.Clone(text)}, nil
}

// Verify checks that the text says what the fields say and, unless there is none, the signature. It returns the
// certificate that verifies it; whose that is, the caller judges.
func (c *Checkpoint) Verify() (*x509.Certificate, error) {
	said, err := ReadCheckpoint(c.Text)
	if err != nil {
		return nil, err
	}
	if said.Position != c.Position || said.Hash != c.Hash || !said.At.Equal(c.At) || said.Reason != c.Reason {
		return nil, errors.New("the checkpoint says something else than was signed")
	}
	if c.Signature == nil {
		return nil, nil
	}
	cert, err := x509.ParseCertificate(c.Certificate)
	if err != nil {
		return nil, errors.New("the certificate of the checkpoint cannot be read")
	}
	return cert, CheckSignature(cert, c.Text, c.Signature)
}
