package as4

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
	"oots/xml/xmltree"
)

// A Receiver takes user messages for one access point. It is safe for concurrent use.
type Receiver struct {
	Self   []wssec.Identity // keys that peers may have encrypted for; several during a rollover
	PModes *pmode.Set
	Limits Limits
	Now    func() time.Time // for the validity of certificates; nil means the clock of the machine
	Roots  *x509.CertPool   // for parties with a CommonName; nil means that only pinned certificates count. Never the system's roots
}

// A Received is one message that passed every check of the access point. It is not yet acknowledged: the
// caller stores it, and only then sends the receipt. [AS4 1.15 §3.2]
type Received struct {
	Message     ebms.UserMessage // CompressionType removed from the part properties
	Payloads    []Payload        // in the order of PartInfo, decrypted and decompressed
	Test        bool             // a ping: receipt, no delivery
	Peer        pmode.Party      // the P-Mode entry of the sender
	References  []wssec.Reference
	Signer      *x509.Certificate
	Envelope    []byte   // the SOAP envelope as it came, for the evidence
	Fingerprint string   // of the signed content: a retry has the same one
	Tolerated   []string // deviations that were accepted, for the log
}

// Receive reads one entity and checks it in the order of the profile: MIME, XML, envelope, header, P-Mode,
// signature, signer, payloads. On error, which is always a *Refusal, there is no result and nothing of the
// message may be used. [AS4 1.15 §3.2]
func (r *Receiver) Receive(contentType string, body io.Reader) (*Received, error) {
	lim := r.Limits.withDefaults()
	e, err := open(contentType, body, lim)
	if err != nil {
		return nil, refusalOf(err, "")
	}
	refTo := ebms.PeekMessageID(e.env.Messaging)
	in, err := r.accept(e, lim)
	if err != nil {
		return nil, refusalOf(err, refTo)
	}
	return in, nil
}

// An opened entity is well-formed MIME and XML with a sound envelope; nothing of it is verified.
type opened struct {
	mime *swa.Message
	doc  *xmltree.Document
	env  *ebms.Envelope
}

func open(contentType string, body io.Reader, lim Limits) (*opened, error) {
	m, err := swa.ReadAll(contentType, body, lim.mime())
	if err != nil {
		return nil, err
	}
	mt, err := swa.ParseMediaType(m.Root.MediaType)
	if err != nil {
		return nil, err
	}
	if cs := mt.Params["charset"]; cs != "" && !strings.EqualFold(cs, "utf-8") {
		return nil, unreadable(fmt.Errorf("charset %.20q", cs))
	}
	doc, err := xmltree.Parse(m.Root.Content, lim.xml())
	if err != nil {
		return nil, unreadable(err)
	}
	env, err := ebms.ReadEnvelope(doc)
	if err != nil {
		return nil, err
	}
	if mt.Type != swa.SOAP {
		return nil, &swa.Error{Kind: swa.ErrMediaType, Detail: "SOAP 1.2 under another media type"}
	}
	return &opened{mime: m, doc: doc, env: env}, nil
}

// unreadable refuses an envelope that is no XML, or XML with what SOAP forbids. [SOAP 1.2 §5]
func unreadable(cause error) *Refusal {
	r := Refuse(ebms.InvalidHeader, "", "the SOAP envelope is not well-formed XML of the accepted kind")
	r.Status, r.Cause = StatusMalformed, cause
	return r
}

func (r *Receiver) accept(e *opened, lim Limits) (*Received, error) {
	if e.env.Messaging == nil {
		return nil, unreadable(errors.New("a SOAP fault was posted"))
	}
	units, err := ebms.ReadMessaging(e.env.Messaging)
	if err != nil {
		return nil, err
	}
	if len(units.Users) == 0 && len(units.Signals) == 1 {
		return nil, lonelySignal(&units.Signals[0])
	}
	m, refused := units.User()
	if refused != nil {
		return nil, refused
	}
	peer, test, refused := r.PModes.Match(m)
	if refused != nil {
		return nil, refused
	}
	v, err := wssec.Verify(e.doc, wssec.Policy{Candidates: peer.Signing})
	if err != nil {
		return nil, err
	}
	if v.Messaging != e.env.Messaging || v.Body != e.env.Body {
		return nil, ebms.NewError(ebms.PolicyNoncompliance, "what is signed is not what is in place")
	}
	if err := trust(v, peer, r.now(), r.Roots); err != nil {
		return nil, err
	}
	if !ebms.BodyIsEmpty(v.Body) {
		return nil, ebms.NewError(ebms.FeatureNotSupported, "the SOAP Body is not empty")
	}
	payloads, err := r.payloads(m, e.mime.Parts, v, lim)
	if err != nil {
		return nil, err
	}
	return &Received{
		Message: delivered(m), Payloads: payloads, Test: test, Peer: peer,
		References: v.References, Signer: v.Signer, Envelope: e.mime.Root.Content,
		Fingerprint: fingerprint(v), Tolerated: e.tolerated(),
	}, nil
}

func (r *Receiver) now() time.Time {
	if r.Now == nil {
		return time.Now().UTC()
	}
	return r.Now()
}

// lonelySignal answers a signal that was posted by itself. Receipts and errors belong into HTTP responses;
// one that arrives otherwise changes nothing and is not answered with another signal. [AS4 1.15 §3.2]
func lonelySignal(s *ebms.SignalMessage) *Refusal {
	if s.Pull {
		return Refuse(ebms.ProcessingModeMismatch, s.MessageID, "pull is not agreed")
	}
	return &Refusal{Status: StatusNothing, RefTo: s.RefToMessageID, Cause: errors.New("a signal that was not asked for")}
}

// payloads opens every part in the order of PartInfo. Parts, PartInfo, signed references and encrypted data
// must correspond one to one; nothing is released before the last of them is checked.
func (r *Receiver) payloads(m *ebms.UserMessage, parts []swa.Part, v *wssec.Verified, lim Limits) ([]Payload, error) {
	ordered, refused := pair(m.Parts, parts)
	if refused != nil {
		return nil, refused
	}
	contents := make([][]byte, len(ordered))
	for i, p := range ordered {
		var err error
		contents[i], _, err = v.OpenAttachment(wssec.Attachment{ContentID: p.ContentID, MediaType: p.MediaType, Content: p.Content}, r.Self)
		if err != nil {
			return nil, err
		}
	}
	if err := v.Complete(); err != nil {
		return nil, err
	}
	left := lim.AllPlain
	payloads := make([]Payload, len(ordered))
	for i, p := range ordered {
		var err *ebms.Error
		if payloads[i], err = payload(&m.Parts[i], contents[i], lim, left); err != nil {
			return nil, err
		}
		payloads[i].ContentID = p.ContentID
		left -= int64(len(payloads[i].Content))
	}
	return payloads, nil
}

// pair finds the part of each PartInfo: by the reference as written, else with its escapes decoded.
func pair(infos []ebms.PartInfo, parts []swa.Part) ([]*swa.Part, *ebms.Error) {
	byID := make(map[string]*swa.Part, len(parts))
	for i := range parts {
		byID[parts[i].ContentID] = &parts[i]
	}
	ordered := make([]*swa.Part, len(infos))
	for i := range infos {
		raw, decoded, _ := ebms.ContentID(infos[i].Href)
		id := raw
		if byID[id] == nil {
			id = decoded
		}
		if byID[id] == nil {
			return nil, ebms.NewError(ebms.ExternalPayloadError, "PartInfo %d has no part in the message", i+1)
		}
		ordered[i] = byID[id]
		delete(byID, id)
	}
	if len(byID) > 0 {
		return nil, ebms.NewError(ebms.MimeInconsistency, "%d parts have no PartInfo", len(byID))
	}
	return ordered, nil
}

// payload makes what the consumer gets. The media type is the signed part property, never that of the MIME
// part or of the encrypted data, which nobody signed.
func payload(info *ebms.PartInfo, content []byte, lim Limits, left int64) (Payload, *ebms.Error) {
	p := Payload{MimeType: "application/octet-stream", Content: content}
	for _, q := range info.Properties {
		if !strings.EqualFold(q.Name, ebms.MimeType) && !strings.EqualFold(q.Name, ebms.CompressionType) {
			p.Properties = append(p.Properties, q)
		}
	}
	if t, _ := info.Property(ebms.MimeType); t != "" {
		p.MimeType = t
	}
	if _, p.Compress = info.Property(ebms.CompressionType); p.Compress {
		var err *ebms.Error
		if p.Content, err = decompress(content, lim, left); err != nil {
			return Payload{}, err
		}
	}
	if int64(len(p.Content)) > left || int64(len(p.Content)) > lim.Plain {
		return Payload{}, ebms.NewError(ebms.ProcessingModeMismatch, "payloads are above the size limit")
	}
	return p, nil
}

// delivered returns m without CompressionType, which is the business of access points only. [AS4 §3.1]
func delivered(m *ebms.UserMessage) ebms.UserMessage {
	d := *m
	d.Parts = make([]ebms.PartInfo, len(m.Parts))
	for i, p := range m.Parts {
		d.Parts[i].Href = p.Href
		for _, q := range p.Properties {
			if !strings.EqualFold(q.Name, ebms.CompressionType) {
				d.Parts[i].Properties = append(d.Parts[i].Properties, q)
			}
		}
	}
	return d
}

func (e *opened) tolerated() []string {
	var t []string
	if e.mime.LFOnly {
		t = append(t, "MIME lines end with LF")
	}
	if e.env.Unmarked {
		t = append(t, "eb:Messaging without mustUnderstand")
	}
	if bytes.HasPrefix(e.mime.Root.Content, []byte("\xef\xbb\xbf")) {
		t = append(t, "byte order mark")
	}
	return t
}

// fingerprint hashes the digests of eb:Messaging and of the payloads. A retry repeats them, whereas a peer
// that signs again for each attempt may change the rest: tokens, time stamps, the id of the Body.
func fingerprint(v *wssec.Verified) string {
	messaging := map[string]bool{}
	for i := range v.Messaging.Attrs {
		if a := &v.Messaging.Attrs[i]; strings.EqualFold(a.Name.Local, "id") {
			messaging["#"+a.Value] = true
		}
	}
	var lines []string
	for _, ref := range v.References {
		uri := ref.URI
		switch {
		case messaging[uri]:
			uri = "eb:Messaging"
		case strings.HasPrefix(uri, "#"):
			continue
		}
		lines = append(lines, uri+"\n"+ref.DigestMethod+"\n"+unspaced(ref.DigestValue)+"\n")
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, l := range lines {
		io.WriteString(h, l)
	}
	return hex.EncodeToString(h.Sum(nil))
}
