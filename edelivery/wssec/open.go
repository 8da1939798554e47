package wssec

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"io"
	"slices"

	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// Bounds of what one header may ask a private key for.
const (
	maxEncryptedKeys = 8
	maxFallbackKeys  = 4 // own keys tried when no reference names one of them
)

// A signedPart is the reference of one attachment.
type signedPart struct {
	id, decoded string
	ref         *xmldsig.Reference
	taken       bool // Open was called for it
	opened      bool // and all was read and is right
}

// An encryptedPart is the xenc:EncryptedData of one attachment with the keys that may open it.
type encryptedPart struct {
	id, decoded string
	data        *xmlenc.EncryptedData
	keys        []*encryptedKey
	taken       bool
	opened      bool
}

// An encryptedKey is unwrapped at most once.
type encryptedKey struct {
	*xmlenc.EncryptedKey
	reference keyReference
	named     bool // reference is set
	tried     bool
	content   []byte // nil when it cannot be opened
}

// readEncryption reads keys and data of the header and holds them against the policy. Forward and backward
// references are accepted alike. [AS4 1.15 §8]
func readEncryption(h securityHeader, security *xmltree.Element, ids index, p *Policy) ([]*encryptedPart, error) {
	if len(h.encryptedKeys) > maxEncryptedKeys || len(h.encryptedData) > maxReferences || len(h.references) > maxReferences {
		return nil, noncompliant("too many encrypted keys or data")
	}
	keys := make([]*encryptedKey, 0, len(h.encryptedKeys))
	for _, e := range h.encryptedKeys {
		k, err := readEncryptedKey(e, security, ids, p)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	parts := make([]*encryptedPart, 0, len(h.encryptedData))
	names := make(map[string]bool, len(h.encryptedData))
	for _, e := range h.encryptedData {
		part, err := readEncryptedPart(e, keys, h.references, ids, p)
		if err != nil {
			return nil, err
		}
		if names[part.decoded] {
			return nil, noncompliant("an attachment that is encrypted twice")
		}
		names[part.decoded] = true
		parts = append(parts, part)
	}
	return parts, nil
}

func readEncryptedKey(e, security *xmltree.Element, ids index, p *Policy) (*encryptedKey, error) {
	ek, err := xmlenc.ReadEncryptedKey(e)
	if err != nil {
		return nil, &Error{Code: PolicyNoncompliance, Detail: "an EncryptedKey is malformed", Err: err}
	}
	if !p.allowsTransport(ek.Transport) {
		return nil, noncompliant("the key transport is not allowed")
	}
	if len(ek.References) > maxReferences {
		return nil, noncompliant("too many references")
	}
	k := &encryptedKey{EncryptedKey: ek}
	if ek.KeyInfo == nil {
		return k, nil
	}
	k.named = true
	// Some networks put X509Data into KeyInfo without a token reference around it.
	if data := only(ek.KeyInfo); data.Is(nsDS, "X509Data") {
		k.reference, err = readX509Data(data)
	} else {
		k.reference, err = readKeyReference(ek.KeyInfo, security, ids)
	}
	if err != nil {
		return nil, &Error{Code: PolicyNoncompliance, Detail: "the recipient of an EncryptedKey cannot be read", Err: err}
	}
	return k, nil
}

func readEncryptedPart(e *xmltree.Element, keys []*encryptedKey, alone []string, ids index, p *Policy) (*encryptedPart, error) {
	data, err := xmlenc.ReadEncryptedData(e)
	if err != nil {
		return nil, &Error{Code: PolicyNoncompliance, Detail: "an EncryptedData is malformed", Err: err}
	}
	switch {
	case data.Type != typeContentOnly:
		return nil, noncompliant("an EncryptedData that is not the content of an attachment")
	case !p.allowsContent(data.Content):
		return nil, noncompliant("the content encryption is not allowed")
	case data.Reference == nil || len(data.Reference.Transforms) != 1 || data.Reference.Transforms[0] != transformCipher:
		return nil, noncompliant("an EncryptedData without the reference to an attachment")
	}
	part := &encryptedPart{data: data}
	var ok bool
	if part.id, part.decoded, ok = cid(data.Reference.URI); !ok {
		return nil, noncompliant("an EncryptedData that refers to no attachment")
	}
	if data.KeyInfo != nil {
		str := only(data.KeyInfo)
		ref := only(str)
		if !str.Is(nsWSSE, "SecurityTokenReference") || !ref.Is(nsWSSE, "Reference") {
			return nil, noncompliant("an EncryptedData whose key is not an EncryptedKey of this header")
		}
		uri, _ := ref.Attr("", "URI")
		target := ids.local(uri)
		part.keys = keysWhere(keys, func(k *encryptedKey) bool { return k.Element == target })
	} else {
		own := "#" + data.ID
		part.keys = keysWhere(keys, func(k *encryptedKey) bool { return slices.Contains(k.References, own) })
		if len(part.keys) == 0 && slices.Contains(alone, own) {
			part.keys = keys
		}
	}
	if len(part.keys) == 0 {
		return nil, noncompliant("an EncryptedData without a key")
	}
	return part, nil
}

func keysWhere(keys []*encryptedKey, keep func(*encryptedKey) bool) []*encryptedKey {
	var out []*encryptedKey
	for _, k := range keys {
		if keep(k) {
			out = append(out, k)
		}
	}
	return out
}

// Open returns a reader of the octets of one attachment as they were signed: it decrypts with the first of keys
// that the attachment is meant for. mediaType is that of the MIME part, content its octets with the transfer
// encoding undone. Every attachment of the message must be opened, each once. [AS4 1.15 §9.13]
//
// Nothing that was read may be used before the reader has returned io.EOF, which it does only when the tag of
// the encryption and the digest of the signature are right. Its other errors are *Error, or those of content as they
// are; all failures of decryption look the same.
func (v *Verified) Open(contentID, mediaType string, content io.Reader, keys []Identity) (*Opening, error) {
	signed := v.signedPart(contentID)
	if signed == nil {
		return nil, noncompliant("an attachment is not signed")
	}
	sealed := v.encryptedPart(contentID)
	o := &Opening{MediaType: mediaType, content: content, signed: signed, sealed: sealed}
	switch {
	case sealed != nil:
		plain, err := sealed.open(content, keys)
		if err != nil {
			return nil, err
		}
		o.content, sealed.taken = plain, true
		// The type before encryption: that of the MIME part is application/octet-stream. [SwA Profile 1.1.1 §5.5]
		if sealed.data.MimeType != "" {
			o.MediaType = sealed.data.MimeType
		}
	case !v.policy.PlainAttachments:
		return nil, noncompliant("an attachment is not encrypted")
	}
	signed.taken = true
	o.digest = NewDigest(signed.ref.Digest, o.MediaType)
	return o, nil
}

// An Opening is one attachment while it is decrypted and checked.
type Opening struct {
	MediaType string // under which the content was signed; not itself signed

	content io.Reader
	digest  *Digest
	signed  *signedPart
	sealed  *encryptedPart // nil if it came in clear
	err     error
}

// Read reads octets that are not to be used before io.EOF.
func (o *Opening) Read(b []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.content.Read(b)
	if _, large := o.digest.Write(b[:n]); large != nil {
		err = unauthenticated("an XML attachment cannot be read", large)
		n = 0
	}
	switch {
	case err == io.EOF:
		err = o.finish()
	case errors.Is(err, xmlenc.ErrOpen):
		err = undecryptable(err)
	}
	if o.err = err; err != nil && err != io.EOF {
		n = 0
	}
	return n, err
}

// finish is reached when the tag is right; it returns io.EOF when the digest is, too.
func (o *Opening) finish() error {
	sum, err := o.digest.Sum()
	if err != nil {
		return unauthenticated("an XML attachment cannot be read", err)
	}
	if subtle.ConstantTimeCompare(sum, o.signed.ref.Value) != 1 {
		return unauthenticated("digest mismatch of an attachment", nil)
	}
	o.signed.opened = true
	if o.sealed != nil {
		o.sealed.opened = true
	}
	return io.EOF
}

// Complete reports whether every signed attachment and every encrypted one has been opened. [AS4 1.15 §9.14]
func (v *Verified) Complete() error {
	for _, s := range v.attachments {
		if !s.opened {
			return noncompliant("the signature covers an attachment that is not there")
		}
	}
	for _, e := range v.encrypted {
		if !e.opened {
			return noncompliant("an encrypted attachment is not there")
		}
	}
	return nil
}

// signedPart finds the reference of an attachment that was not asked for yet: by the text as written before the
// decoded one, since peers disagree about percent signs.
func (v *Verified) signedPart(contentID string) *signedPart {
	for _, decoded := range []bool{false, true} {
		for _, s := range v.attachments {
			if !s.taken && (s.id == contentID && !decoded || s.decoded == contentID && decoded) {
				return s
			}
		}
	}
	return nil
}

func (v *Verified) encryptedPart(contentID string) *encryptedPart {
	for _, decoded := range []bool{false, true} {
		for _, e := range v.encrypted {
			if !e.taken && (e.id == contentID && !decoded || e.decoded == contentID && decoded) {
				return e
			}
		}
	}
	return nil
}

// open decrypts content while it is read. A key that cannot be unwrapped is replaced by a random one, so that the
// work and the answer are those of a wrong tag.
func (p *encryptedPart) open(content io.Reader, keys []Identity) (io.Reader, error) {
	k := p.keys[0]
	for _, other := range p.keys {
		if slices.ContainsFunc(keys, func(id Identity) bool { return other.reference.means(id.Certificate) }) {
			k = other
			break
		}
	}
	key := k.unwrap(keys)
	size := p.data.Content.KeySize()
	if len(key) != size {
		key = make([]byte, size)
		rand.Read(key)
	}
	plain, err := xmlenc.NewOpener(p.data.Content, key, content)
	if err != nil {
		return nil, undecryptable(err)
	}
	return plain, nil
}

// unwrap opens the content key with the identities that the reference means; when it means none of ours, a few
// keys are tried, since some peers name the certificate in ways of their own. [AS4 1.15 §8]
func (k *encryptedKey) unwrap(keys []Identity) []byte {
	if k.tried {
		return k.content
	}
	k.tried = true
	var meant, others []Identity
	for _, id := range keys {
		if id.Decrypter == nil {
			continue
		}
		if k.named && k.reference.means(id.Certificate) {
			meant = append(meant, id)
		} else {
			others = append(others, id)
		}
	}
	if len(meant) == 0 {
		meant = others[:min(len(others), maxFallbackKeys)]
	}
	for _, id := range meant {
		if content, err := xmlenc.UnwrapKey(id.Decrypter, k.Transport, k.Value); err == nil {
			k.content = content
			break
		}
	}
	return k.content
}
