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
	"sync"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
	"oots/xml/xmltree"
)

// A Receiver takes user messages for one access point. It is safe for concurrent use, and must not be copied.
type Receiver struct {
	Self   []wssec.Identity // keys that peers may have encrypted for; several during a rollover
	PModes *pmode.Set
	Source pmode.Source // when not nil, asked once for each message instead of PModes
	Limits Limits
	Now    func() time.Time // for the validity of certificates and for the pace of a body; nil means the clock of the machine
	Trust  Trust
	Spool  Spool // where payloads go while they are read; nil means Memory

	// Signals takes a receipt or an error that a party posted by itself, verified as that party's, when the P-Mode of
	// the party has Callback. The sender is told to come again when it fails, and may come again when it does not:
	// what a receipt proves is for CheckReceipt and the state of the message to say. nil ignores all signals.
	Signals func(s *Signal, peer pmode.Party) error

	mu      sync.Mutex
	reading map[ebms.PartyID]int // messages of a party whose payloads are being read
}

// ErrNotAdmitted is the Cause of a Refusal that the admit of ReceiveAdmitted wanted.
var ErrNotAdmitted = errors.New("as4: the party sends more messages than it may")

// A Received is one message that passed every check of the access point. It is not yet acknowledged: the
// caller stores it, and only then sends the receipt. [AS4 1.15 §3.2]
type Received struct {
	Message     ebms.UserMessage // CompressionType removed from the part properties
	Payloads    []Payload        // in the order of PartInfo, decrypted and decompressed, durable in the spool
	Test        bool             // a ping: receipt, no delivery
	Peer        pmode.Party      // the P-Mode entry of the sender
	References  []wssec.Reference
	Signer      *x509.Certificate
	Envelope    []byte   // the SOAP envelope as it came, for the evidence
	Fingerprint string   // of the signed content: a retry has the same one
	Tolerated   []string // deviations that were accepted, for the log

	intake *intake
}

// Discard removes the payloads from the spool: for a duplicate, or when the message cannot be stored.
func (r *Received) Discard() error {
	if r.intake == nil {
		return nil
	}
	return r.intake.discard()
}

// Receive reads one entity in one pass and checks it in the order of the profile: MIME, XML, envelope, header,
// P-Mode, signature, signer, then each payload while it goes into the spool. On error, which is always a
// *Refusal, there is no result, and nothing of the message is left in the spool. For the body of an HTTP
// request see Body. [AS4 1.15 §3.2]
func (r *Receiver) Receive(contentType string, body io.Reader) (*Received, error) {
	return r.ReceiveAdmitted(contentType, body, nil)
}

// ReceiveAdmitted is Receive that asks admit once the message is proven to be of peer, before its payloads are read. The
// sender is told to come again when it says no. nil admits all.
func (r *Receiver) ReceiveAdmitted(contentType string, body io.Reader, admit func(peer pmode.Party) bool) (*Received, error) {
	lim := r.Limits.withDefaults(r.Spool != nil)
	paced := newPace(body, r.now, lim)
	e, err := open(contentType, paced, lim)
	if err != nil {
		return nil, refusalOf(err, "")
	}
	refTo := ebms.PeekMessageID(e.env.Messaging)
	in, err := r.accept(e, lim, func(peer pmode.Party) bool {
		paced.proven = true
		return admit == nil || admit(peer)
	})
	if err != nil {
		refusal := refusalOf(err, refTo)
		if refusal.Status != StatusError {
			return nil, refusal
		}
		// A sender that is still writing would not read the answer.
		paced.stop = paced.n + maxDrain
		if broken := e.drain(); errors.Is(broken, swa.ErrMalformed) {
			return nil, refusalOf(broken, refTo) // MIME comes before what it carries
		}
		return nil, refusal
	}
	return in, nil
}

// maxDrain is how much of a refused body is still read, in bytes.
const maxDrain = 16 << 20

// An opened entity has well-formed XML with a sound envelope in its first part; nothing of it is verified, and
// the other parts are still to be read.
type opened struct {
	mime *swa.Reader
	root swa.Part
	doc  *xmltree.Document
	env  *ebms.Envelope
}

func open(contentType string, body io.Reader, lim Limits) (*opened, error) {
	mime, err := swa.NewReader(contentType, body, lim.mime())
	if err != nil {
		return nil, err
	}
	root, err := mime.Root()
	if err != nil {
		return nil, err
	}
	mt, err := swa.ParseMediaType(root.MediaType)
	if err != nil {
		return nil, err
	}
	if cs := mt.Params["charset"]; cs != "" && !strings.EqualFold(cs, "utf-8") {
		return nil, unreadable(fmt.Errorf("charset %.20q", cs))
	}
	doc, err := xmltree.Parse(root.Content, lim.xml())
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
	return &opened{mime: mime, root: root, doc: doc, env: env}, nil
}

// drain reads what is left of the body.
func (e *opened) drain() error {
	for {
		if _, err := e.mime.Next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// unreadable refuses an envelope that is no XML, or XML with what SOAP forbids. [SOAP 1.2 §5]
func unreadable(cause error) *Refusal {
	r := Refuse(ebms.InvalidHeader, "", "the SOAP envelope is not well-formed XML of the accepted kind")
	r.Status, r.Cause = StatusMalformed, cause
	return r
}

// modes are the P-Modes in force.
func (r *Receiver) modes() *pmode.Set {
	if r.Source != nil {
		return r.Source.PModes()
	}
	return r.PModes
}

func (r *Receiver) accept(e *opened, lim Limits, admit func(pmode.Party) bool) (*Received, error) {
	if e.env.Messaging == nil {
		return nil, unreadable(errors.New("a SOAP fault was posted"))
	}
	units, err := ebms.ReadMessaging(e.env.Messaging)
	if err != nil {
		return nil, err
	}
	if len(units.Users) == 0 && len(units.Signals) == 1 {
		return nil, r.lonelySignal(e, units)
	}
	m, refused := units.User()
	if refused != nil {
		return nil, refused
	}
	peer, test, refused := r.modes().Match(m)
	if refused != nil {
		return nil, refused
	}
	v, unknown, err := r.verify(e, peer)
	if err != nil {
		return nil, err
	}
	if !r.enter(peer) {
		return nil, &Refusal{Status: StatusBusy, Cause: errors.New("as4: the party sends more messages at once than agreed")}
	}
	defer r.leave(peer)
	if !admit(peer) {
		return nil, &Refusal{Status: StatusBusy, Cause: ErrNotAdmitted}
	}
	lim = lim.of(peer)
	e.mime.Restrict(lim.mime())
	in := &intake{
		v: v, keys: r.Self, spool: r.Spool, lim: lim, left: lim.AllPlain, pairs: newPairing(m.Parts),
		payloads: make([]Payload, len(m.Parts)), spooled: make([]Spooled, len(m.Parts)),
	}
	if in.spool == nil {
		in.spool = Memory()
	}
	if err := in.all(e.mime); err != nil {
		if left := in.discard(); left != nil {
			return nil, &spoolError{errors.Join(err, left)}
		}
		return nil, err
	}
	tolerated := e.tolerated()
	if unknown {
		tolerated = append(tolerated, "signer of unknown revocation")
	}
	return &Received{
		Message: delivered(m), Payloads: in.payloads, Test: test, Peer: peer,
		References: v.References, Signer: v.Signer, Envelope: e.root.Content,
		Fingerprint: fingerprint(v), Tolerated: tolerated, intake: in,
	}, nil
}

// enter counts a message of peer that is proven to be peer's: nobody else can use up its share.
func (r *Receiver) enter(peer pmode.Party) bool {
	if peer.Limits.AtOnce == 0 {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reading[peer.ID] >= peer.Limits.AtOnce {
		return false
	}
	if r.reading == nil {
		r.reading = map[ebms.PartyID]int{}
	}
	r.reading[peer.ID]++
	return true
}

func (r *Receiver) leave(peer pmode.Party) {
	if peer.Limits.AtOnce == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reading[peer.ID]--; r.reading[peer.ID] == 0 {
		delete(r.reading, peer.ID)
	}
}

// verify checks the signature of a message and that its signer is peer. unknown says that it may be revoked.
func (r *Receiver) verify(e *opened, peer pmode.Party) (v *wssec.Verified, unknown bool, err error) {
	policy := wssec.Policy{Candidates: peer.Signing}
	if peer.LegacyTransport {
		policy.Transports = wssec.LegacyTransports()
	}
	if v, err = wssec.Verify(e.doc, policy); err != nil {
		return nil, false, err
	}
	if v.Messaging != e.env.Messaging || v.Body != e.env.Body {
		return nil, false, ebms.NewError(ebms.PolicyNoncompliance, "what is signed is not what is in place")
	}
	if unknown, err = r.Trust.check(v, peer, r.now()); err != nil {
		return nil, false, err
	}
	if !ebms.BodyIsEmpty(v.Body) {
		return nil, false, ebms.NewError(ebms.FeatureNotSupported, "the SOAP Body is not empty")
	}
	return v, unknown, nil
}

func (r *Receiver) now() time.Time {
	if r.Now == nil {
		return time.Now().UTC()
	}
	return r.Now()
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
	if e.mime.LFOnly() {
		t = append(t, "MIME lines end with LF")
	}
	if e.env.Unmarked {
		t = append(t, "eb:Messaging without mustUnderstand")
	}
	if bytes.HasPrefix(e.root.Content, []byte("\xef\xbb\xbf")) {
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
