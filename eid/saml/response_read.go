package saml

import (
	"time"

	"oots/xml/xmltree"
)

// A ResponseContext is what a service provider knows when an answer arrives.
type ResponseContext struct {
	EntityID string      // our own: the audience
	Consumer string      // address that the answer came to
	Keys     []Decrypter // the current one first
	// Open returns the request that waits for an answer, with the metadata of who was asked; false when there
	// is none.
	Open   func(requestID string) (*AuthnRequest, *Metadata, bool)
	Policy Policy
	Replay Replay
	Now    time.Time
}

// ReadResponse verifies an answer and returns who it is about. The error is a *StatusError when the answer is
// genuine and not a success, a *Refusal otherwise. [eIDAS Message Format 1.4 §6.4] [SAML Profiles 2.0 §4.1.4.3]
func ReadResponse(m *Message, c ResponseContext) (*Assertion, error) {
	if m.Binding != BindingPOST {
		return nil, refuse(badEncoding, "an answer by another binding than POST")
	}
	root, err := parse(m.xml, messageLimits)
	if err != nil {
		return nil, err
	}
	r, err := readResponse(root)
	if err != nil {
		return nil, err
	}
	request, peer, ok := c.Open(r.inResponseTo)
	if !ok || peer.IDP == nil || request.ID != r.inResponseTo {
		return nil, refuse(unsolicited, "no request waits for this answer")
	}
	if r.signature == nil {
		return nil, refuse(unsigned, "the response")
	}
	if _, err := verifyEnveloped(root, r.signature, peer.IDP.Signing, &c.Policy, c.Now); err != nil {
		return nil, err
	}
	// All of root is signed from here on, and r was read from it.
	if err := r.judge(peer, &c); err != nil {
		return nil, err
	}
	if r.encrypted == nil {
		return nil, &StatusError{Code: r.status, SubCode: r.subStatus, InResponseTo: r.inResponseTo}
	}
	plain, err := decrypt(r.encrypted, c.Keys, &c.Policy)
	if err != nil {
		return nil, err
	}
	a, err := readAssertion(plain, peer, &c)
	if err != nil {
		return nil, err
	}
	if err := a.judge(request, peer, &c); err != nil {
		return nil, err
	}
	return a, nil
}

// received is the outer part of an answer.
type received struct {
	id, inResponseTo, destination, issuer string
	issued                                time.Time
	status, subStatus                     string
	signature, encrypted                  *xmltree.Element
}

// readResponse reads the elements in the order of their schema and counts the assertions.
func readResponse(root *xmltree.Element) (*received, error) {
	if !root.Is(nsProtocol, "Response") {
		return nil, refuse(badSchema, "Response expected")
	}
	if err := only(root, "ID", "InResponseTo", "Version", "IssueInstant", "Destination", "Consent"); err != nil {
		return nil, err
	}
	if attr(root, "Version") != "2.0" {
		return nil, refuse(badVersion, "not 2.0")
	}
	r := &received{id: attr(root, "ID"), inResponseTo: attr(root, "InResponseTo"), destination: attr(root, "Destination")}
	if !isNCName(r.id) {
		return nil, refuse(badID, "a response without identifier")
	}
	var err error
	if r.issued, err = instant(root, "IssueInstant"); err != nil {
		return nil, err
	}
	c := children(root)
	if r.issuer, err = readIssuer(c); err != nil {
		return nil, err
	}
	r.signature = c.optional(nsSignature, "Signature")
	c.optional(nsProtocol, "Extensions")
	status, err := c.one(nsProtocol, "Status")
	if err != nil {
		return nil, err
	}
	if err := r.readStatus(status); err != nil {
		return nil, err
	}
	n := 0
	for e := c.peek(); e != nil; e = c.peek() {
		switch {
		case e.Is(nsAssertion, "Assertion"):
			return nil, refuse(unencrypted, "an assertion in the clear")
		case e.Is(nsAssertion, "EncryptedAssertion"):
			r.encrypted = e
			n++
		default:
			return nil, c.done()
		}
		c.at++
	}
	success := r.status == StatusSuccess
	switch {
	case success && n != 1:
		return nil, refuse(severalAssertion, "%d encrypted assertions", n)
	case !success && n > 0:
		return nil, refuse(badStatus, "an assertion beside a failure")
	}
	return r, c.done()
}

// readIssuer takes the Issuer of a response or an assertion.
func readIssuer(c *sequence) (string, error) {
	e, err := c.one(nsAssertion, "Issuer")
	if err != nil {
		return "", err
	}
	if f := attr(e, "Format"); f != "" && f != formatEntity {
		return "", refuse(unknownIssuer, "an issuer that is no entity")
	}
	return leaf(e)
}

func (r *received) readStatus(e *xmltree.Element) error {
	c := children(e)
	code, err := c.one(nsProtocol, "StatusCode")
	if err != nil {
		return err
	}
	r.status = attr(code, "Value")
	switch r.status {
	case StatusSuccess, StatusRequester, StatusResponder, StatusVersionMismatch:
	default:
		return refuse(badStatus, "unknown status at the top")
	}
	below := children(code)
	if sub := below.optional(nsProtocol, "StatusCode"); sub != nil {
		if r.status == StatusSuccess {
			return refuse(badStatus, "a success with a reason")
		}
		r.subStatus = attr(sub, "Value")
	}
	if err := below.done(); err != nil {
		return err
	}
	c.optional(nsProtocol, "StatusMessage")
	c.optional(nsProtocol, "StatusDetail")
	return c.done()
}

// judge checks the content of a verified response.
func (r *received) judge(peer *Metadata, c *ResponseContext) error {
	if r.issuer != peer.EntityID {
		return refuse(unknownIssuer, "not who was asked")
	}
	if r.destination != c.Consumer {
		return refuse(badDestination, "the response")
	}
	switch age := c.Now.Sub(r.issued); {
	case age > c.Policy.Lifetime+c.Policy.Skew:
		return refuse(expired, "the response")
	case age < -c.Policy.Skew:
		return refuse(early, "the response")
	}
	if !c.Replay.Use("response "+r.issuer+" "+r.id, c.Now, r.issued.Add(c.Policy.Lifetime+2*c.Policy.Skew)) {
		return refuse(replayed, "the response")
	}
	return nil
}
