package saml

import (
	"crypto/x509"
	"slices"
	"strconv"
	"strings"
	"time"

	"oots/xml/xmltree"
)

// A Trust says who vouches for metadata.
type Trust struct {
	// Anchors are certificates, exchanged on paper, that sign metadata or issue the certificates which do.
	Anchors []*x509.Certificate
	// Local takes a file that the operator vouches for: its signature, if any, is not checked.
	Local bool
}

// metadataLimits suit a single entity; the list of services is read elsewhere.
var metadataLimits = xmltree.Limits{Bytes: 1 << 20, Depth: 32, Attributes: 32, Elements: 8000, NoProcInst: true}

// ReadMetadata reads an md:EntityDescriptor that is signed by a trusted party and not past its validUntil. Roles
// and extensions of other protocols are skipped; logout, artifact and name management, which the profile forbids,
// as well.
func ReadMetadata(b []byte, trust Trust, p Policy, now time.Time) (*Metadata, error) {
	root, err := parseMetadata(b)
	if err != nil {
		return nil, err
	}
	if !root.Is(nsMetadata, "EntityDescriptor") {
		return nil, refuse(badSchema, "md:EntityDescriptor expected")
	}
	c := children(root)
	signature := c.optional(nsSignature, "Signature")
	if !trust.Local {
		if signature == nil {
			return nil, refuse(unsigned, "metadata")
		}
		if err := verifyTrusted(root, signature, trust, &p, now); err != nil {
			return nil, err
		}
	}
	m := &Metadata{EntityID: attr(root, "entityID"), ID: attr(root, "ID")}
	if m.EntityID == "" || len(m.EntityID) > 1024 {
		return nil, refuse(badMetadata, "no entityID, or one too long")
	}
	if err := m.readValidity(root, trust, now); err != nil {
		return nil, err
	}
	if e := c.optional(nsMetadata, "Extensions"); e != nil {
		m.readExtensions(e)
	}
	for e := c.peek(); e != nil; e = c.peek() {
		c.at++
		switch {
		case e.Is(nsMetadata, "SPSSODescriptor") && m.SP == nil && speaks(e):
			m.SP, err = readSP(e)
		case e.Is(nsMetadata, "IDPSSODescriptor") && m.IDP == nil && speaks(e):
			m.IDP, err = readIDP(e)
		case e.Is(nsMetadata, "SPSSODescriptor"), e.Is(nsMetadata, "IDPSSODescriptor"):
			err = refuse(badMetadata, "line %d: a role twice, or of another protocol", e.Line)
		case e.Is(nsMetadata, "Organization"):
			m.Organization = Organization{
				Name:        e.First(nsMetadata, "OrganizationName").Value(),
				DisplayName: e.First(nsMetadata, "OrganizationDisplayName").Value(), URL: e.First(nsMetadata, "OrganizationURL").Value(),
			}
		case e.Is(nsMetadata, "ContactPerson"):
			m.Contacts = append(m.Contacts, Contact{
				Kind: attr(e, "contactType"), Company: e.First(nsMetadata, "Company").Value(), Given: e.First(nsMetadata, "GivenName").Value(),
				Surname: e.First(nsMetadata, "SurName").Value(), Email: e.First(nsMetadata, "EmailAddress").Value(),
			})
		}
		if err != nil {
			return nil, err
		}
	}
	if m.SP == nil && m.IDP == nil {
		return nil, refuse(badMetadata, "no role")
	}
	return m, nil
}

// parseMetadata allows comments: operators write them, and nothing here is read across one.
func parseMetadata(b []byte) (*xmltree.Element, error) {
	doc, err := xmltree.Parse(b, metadataLimits)
	if err != nil {
		return nil, refuse(badXML, "%v", err)
	}
	dropComments(doc.Root)
	if err := checkTree(doc.Root); err != nil {
		return nil, err
	}
	return doc.Root, nil
}

// dropComments takes out what canonicalisation without comments does not see.
func dropComments(e *xmltree.Element) {
	e.Children = slices.DeleteFunc(e.Children, func(n xmltree.Node) bool {
		_, comment := n.(*xmltree.Comment)
		return comment
	})
	for c := range e.Elements() {
		dropComments(c)
	}
}

func speaks(e *xmltree.Element) bool {
	return slices.Contains(strings.Fields(attr(e, "protocolSupportEnumeration")), nsProtocol)
}

func (m *Metadata) readValidity(root *xmltree.Element, trust Trust, now time.Time) error {
	if _, ok := root.Attr("", "validUntil"); !ok {
		if trust.Local {
			return nil
		}
		return refuse(badMetadata, "no validUntil")
	}
	until, err := instant(root, "validUntil")
	if err != nil {
		return err
	}
	if !now.Before(until) {
		return refuse(expired, "metadata was valid until %s", until.Format(time.RFC3339))
	}
	m.ValidUntil = until
	return nil
}

// verifyTrusted verifies with the certificate that the signature names, which must be an anchor or issued below one.
func verifyTrusted(root, signature *xmltree.Element, trust Trust, p *Policy, now time.Time) error {
	c, err := readCertificate(signature.First(nsSignature, "KeyInfo"))
	if err != nil {
		return err
	}
	if _, err := verifyEnveloped(root, signature, []*x509.Certificate{c}, p, now); err != nil {
		return err
	}
	return trust.vouches(c, now)
}

// vouches reports whether c is an anchor, or issued below one.
func (trust *Trust) vouches(c *x509.Certificate, now time.Time) error {
	roots := x509.NewCertPool()
	for _, a := range trust.Anchors {
		if a.Equal(c) {
			return nil
		}
		roots.AddCert(a)
	}
	if len(trust.Anchors) > 0 {
		if _, err := c.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err == nil {
			return nil
		}
	}
	return refuse(untrusted, "no trust anchor vouches for the signer")
}

func (m *Metadata) readExtensions(e *xmltree.Element) {
	m.SPType = e.First(nsEIDAS, "SPType").Value()
	for d := range e.All(nsAlgorithm, "DigestMethod") {
		m.Digests = append(m.Digests, attr(d, "Algorithm"))
	}
	for s := range e.All(nsAlgorithm, "SigningMethod") {
		m.Signatures = append(m.Signatures, attr(s, "Algorithm"))
	}
	for a := range e.First(nsAttribute, "EntityAttributes").All(nsAssertion, "Attribute") {
		var values []string
		for v := range a.All(nsAssertion, "AttributeValue") {
			values = append(values, v.Value())
		}
		switch attr(a, "Name") {
		case attributeProtocol:
			m.ProtocolVersions = values
		case attributeApplication:
			m.ApplicationIdentifier = strings.Join(values, " ")
		case attributeLevels:
			m.Levels = values
		case attributeCategory:
			m.RequesterIDRequired = slices.Contains(values, categoryRequesterID)
		}
	}
}

// readRole reads what both roles have. A key without a use serves both.
func readRole(e *xmltree.Element) (Role, error) {
	var r Role
	r.NodeCountry = e.First(nsMetadata, "Extensions").First(nsEIDAS, "NodeCountry").Value()
	for k := range e.All(nsMetadata, "KeyDescriptor") {
		c, err := readCertificate(k.First(nsSignature, "KeyInfo"))
		if err != nil {
			return r, err
		}
		use := attr(k, "use")
		if use != "encryption" {
			r.Signing = append(r.Signing, c)
		}
		if use != "signing" {
			key := EncryptionKey{Certificate: c}
			for m := range k.All(nsMetadata, "EncryptionMethod") {
				key.Methods = append(key.Methods, attr(m, "Algorithm"))
			}
			r.Encryption = append(r.Encryption, key)
		}
	}
	for f := range e.All(nsMetadata, "NameIDFormat") {
		r.NameIDs = append(r.NameIDs, f.Value())
	}
	if len(r.Signing) == 0 {
		return r, refuse(badMetadata, "line %d: a role without a signing key", e.Line)
	}
	return r, nil
}

func readIDP(e *xmltree.Element) (*IDPRole, error) {
	role, err := readRole(e)
	if err != nil {
		return nil, err
	}
	r := &IDPRole{Role: role}
	for s := range e.All(nsMetadata, "SingleSignOnService") {
		r.Services = append(r.Services, Endpoint{attr(s, "Binding"), attr(s, "Location")})
	}
	for a := range e.All(nsAssertion, "Attribute") {
		r.Attributes = append(r.Attributes, attr(a, "Name"))
	}
	if r.Service(BindingPOST) == "" && r.Service(BindingRedirect) == "" {
		return nil, refuse(badMetadata, "line %d: no address for requests", e.Line)
	}
	return r, nil
}

func readSP(e *xmltree.Element) (*SPRole, error) {
	role, err := readRole(e)
	if err != nil {
		return nil, err
	}
	r := &SPRole{Role: role}
	for c := range e.All(nsMetadata, "AssertionConsumerService") {
		if attr(c, "Binding") != BindingPOST {
			continue
		}
		index, err := strconv.Atoi(attr(c, "index"))
		if err != nil {
			return nil, refuse(badMetadata, "line %d: an index that is no number", c.Line)
		}
		isDefault, _, err := boolean(c, "isDefault")
		if err != nil {
			return nil, err
		}
		r.Consumers = append(r.Consumers, Consumer{Location: attr(c, "Location"), Index: index, Default: isDefault})
	}
	if len(r.Consumers) == 0 {
		return nil, refuse(badMetadata, "line %d: no address for answers by POST", e.Line)
	}
	return r, nil
}
