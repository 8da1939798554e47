package saml

import (
	"slices"
	"time"

	"oots/eid/eidas"
	"oots/xml/xmltree"
)

// A RequestContext is what a service knows when a request arrives.
type RequestContext struct {
	Destination string // address that the message came to
	// Peer returns the metadata of who may ask; false for strangers.
	Peer   func(entityID string) (*Metadata, bool)
	Policy Policy
	Replay Replay
	Now    time.Time
}

// ReadRequest verifies a request and returns it with the metadata of its issuer, whose default address, or the one
// that the request repeats, is in ConsumerURL. A request that cannot be answered to a known address is an error and
// must not be answered.
func ReadRequest(m *Message, c RequestContext) (*AuthnRequest, *Metadata, error) {
	root, err := parse(m.xml, messageLimits)
	if err != nil {
		return nil, nil, err
	}
	if !root.Is(nsProtocol, "AuthnRequest") {
		return nil, nil, refuse(badSchema, "AuthnRequest expected")
	}
	r, signature, err := readRequest(root)
	if err != nil {
		return nil, nil, err
	}
	peer, ok := c.Peer(r.Issuer)
	if !ok || peer.SP == nil {
		return nil, nil, refuse(unknownIssuer, "no such service provider")
	}
	if err := verifyRequest(m, root, signature, peer, &c); err != nil {
		return nil, nil, err
	}
	if err := r.judge(peer, &c); err != nil {
		return nil, nil, err
	}
	return r, peer, nil
}

// verifyRequest verifies the signature that the binding has.
func verifyRequest(m *Message, root, signature *xmltree.Element, peer *Metadata, c *RequestContext) error {
	if m.Binding == BindingPOST {
		if signature == nil {
			return refuse(unsigned, "the request")
		}
		_, err := verifyEnveloped(root, signature, peer.SP.Signing, &c.Policy, c.Now)
		return err
	}
	if countSignatures(root) != 0 {
		return refuse(badSignature, "two signatures")
	}
	if err := c.Policy.signature(m.method); err != nil {
		return err
	}
	_, err := verifyValue(peer.SP.Signing, m.method, m.signed, m.value, &c.Policy, c.Now)
	return err
}

// judge checks the content of a verified request and fills ConsumerURL.
func (r *AuthnRequest) judge(peer *Metadata, c *RequestContext) error {
	if r.Destination != c.Destination {
		return refuse(badDestination, "the request")
	}
	switch age := c.Now.Sub(r.IssueInstant); {
	case age > c.Policy.Lifetime+c.Policy.Skew:
		return refuse(expired, "the request")
	case age < -c.Policy.Skew:
		return refuse(early, "the request")
	}
	if (r.SPType == "") == (peer.SPType == "") {
		return refuse(badRequest, "SPType must be in the metadata or in the request, not in both")
	}
	if r.SPType == SPPrivate || peer.SPType == SPPrivate {
		return refuse(badRequest, "a private service provider")
	}
	if err := r.Check(); err != nil {
		return err
	}
	if r.ConsumerURL == "" {
		r.ConsumerURL = peer.SP.Consumer()
	} else if !slices.ContainsFunc(peer.SP.Consumers, func(a Consumer) bool { return a.Location == r.ConsumerURL }) {
		return refuse(badRequest, "an address for the answer that the metadata does not have")
	}
	if !c.Replay.Use("request "+r.Issuer+" "+r.ID, c.Now, r.IssueInstant.Add(c.Policy.Lifetime+2*c.Policy.Skew)) {
		return refuse(replayed, "the request")
	}
	return nil
}

// readRequest reads the elements in the order of their schema.
func readRequest(root *xmltree.Element) (*AuthnRequest, *xmltree.Element, error) {
	r := &AuthnRequest{ID: attr(root, "ID"), Destination: attr(root, "Destination"), ConsumerURL: attr(root, "AssertionConsumerServiceURL"), ProviderName: attr(root, "ProviderName")}
	if err := r.readAttributes(root); err != nil {
		return nil, nil, err
	}
	c := children(root)
	issuer, err := c.one(nsAssertion, "Issuer")
	if err != nil {
		return nil, nil, err
	}
	if r.Issuer, err = leaf(issuer); err != nil {
		return nil, nil, err
	}
	signature := c.optional(nsSignature, "Signature")
	extensions, err := c.one(nsProtocol, "Extensions")
	if err != nil {
		return nil, nil, err
	}
	if err := r.readExtensions(extensions); err != nil {
		return nil, nil, err
	}
	if policy := c.optional(nsProtocol, "NameIDPolicy"); policy != nil {
		r.NameID = attr(policy, "Format")
	}
	c.optional(nsAssertion, "Conditions")
	levels, err := c.one(nsProtocol, "RequestedAuthnContext")
	if err != nil {
		return nil, nil, err
	}
	if err := r.readLevels(levels); err != nil {
		return nil, nil, err
	}
	if scoping := c.optional(nsProtocol, "Scoping"); scoping != nil {
		r.Service = attr(scoping.First(nsProtocol, "IDPList").First(nsProtocol, "IDPEntry"), "ProviderID")
		r.RequesterID = scoping.First(nsProtocol, "RequesterID").Value()
	}
	return r, signature, c.done()
}

func (r *AuthnRequest) readAttributes(root *xmltree.Element) (err error) {
	if attr(root, "Version") != "2.0" {
		return refuse(badVersion, "not 2.0")
	}
	if !isNCName(r.ID) {
		return refuse(badID, "a request without identifier")
	}
	if r.IssueInstant, err = instant(root, "IssueInstant"); err != nil {
		return err
	}
	force, _, err := boolean(root, "ForceAuthn")
	if err != nil {
		return err
	}
	if !force {
		return refuse(badRequest, "ForceAuthn is not true")
	}
	passive, _, err := boolean(root, "IsPassive")
	if err != nil {
		return err
	}
	if passive {
		return refuse(badRequest, "IsPassive is true")
	}
	if binding := attr(root, "ProtocolBinding"); binding != "" && binding != BindingPOST {
		return refuse(badRequest, "an answer by another binding than POST")
	}
	return nil
}

func (r *AuthnRequest) readExtensions(e *xmltree.Element) error {
	var attributes *xmltree.Element
	for c := range e.Elements() {
		switch {
		case c.Is(nsEIDAS, "SPType") && r.SPType == "":
			r.SPType = c.Value()
		case c.Is(nsEIDAS, "RequestedAttributes") && attributes == nil:
			attributes = c
		case c.Is(nsEIDAS, "NodeCountry"):
			return refuse(badRequest, "NodeCountry in a request")
		case c.Name.Space == nsEIDAS:
			return refuse(badSchema, "line %d: %s is out of place in Extensions", c.Line, short(c.Name.Local))
		}
	}
	if attributes == nil {
		return refuse(badRequest, "no requested attributes")
	}
	for a := range attributes.Elements() {
		if !a.Is(nsEIDAS, "RequestedAttribute") || attr(a, "NameFormat") != nameFormatURI {
			return refuse(badSchema, "line %d: not a requested attribute named by a URI", a.Line)
		}
		required, _, err := boolean(a, "isRequired")
		if err != nil {
			return err
		}
		r.Asked = append(r.Asked, Requested{Name: attr(a, "Name"), Required: required})
	}
	return nil
}

func (r *AuthnRequest) readLevels(e *xmltree.Element) error {
	comparison := attr(e, "Comparison")
	if comparison == "" {
		comparison = comparisonExact // [SAML Core 2.0 §3.3.2.2.1]
	}
	for c := range e.Elements() {
		if !c.Is(nsAssertion, "AuthnContextClassRef") {
			return refuse(badSchema, "line %d: %s is out of place", c.Line, short(c.Name.Local))
		}
		r.Levels = append(r.Levels, eidas.Level(c.Value()))
	}
	switch {
	case comparison == comparisonMinimum && len(r.Levels) == 1, comparison == comparisonExact && len(r.Levels) > 1:
		return nil
	case comparison == comparisonExact && len(r.Levels) == 1:
		r.Levels = append(r.Levels, r.Levels[0]) // so that it stays a list
		return nil
	}
	return refuse(badRequest, "comparison %q with %d levels", short(comparison), len(r.Levels))
}
