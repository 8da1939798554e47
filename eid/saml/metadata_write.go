package saml

import (
	"crypto/x509"
	"strconv"

	"oots/eid/eidas"
	"oots/xml/xmltree"
)

// Names of entity attributes. [eIDAS Message Format 1.4 §5.4]
const (
	attributeProtocol    = "http://eidas.europa.eu/entity-attributes/protocol-version"
	attributeApplication = "http://eidas.europa.eu/entity-attributes/application-identifier"
	attributeLevels      = "urn:oasis:names:tc:SAML:attribute:assurance-certification"
	attributeCategory    = "http://macedir.org/entity-category"
	categoryRequesterID  = "http://eidas.europa.eu/entity-attributes/termsofaccess/requesterid"
)

// Write returns m as a signed document. m needs an ID, a ValidUntil and a role with its keys.
func (m *Metadata) Write(s Signer, p Policy) ([]byte, error) {
	if m.EntityID == "" || !isNCName(m.ID) || m.ValidUntil.IsZero() || m.SP == nil && m.IDP == nil {
		return nil, refuse(badMetadata, "metadata without entity, identifier, end or role")
	}
	w := &writer{}
	w.open("md:EntityDescriptor", "xmlns:md", nsMetadata, "ID", m.ID, "entityID", m.EntityID, "validUntil", stamp(m.ValidUntil))
	at := len(w.b)
	m.extensions(w)
	if m.IDP != nil {
		m.IDP.write(w)
	}
	if m.SP != nil {
		m.SP.write(w)
	}
	if o := m.Organization; o.Name != "" {
		w.open("md:Organization")
		w.leaf("md:OrganizationName", o.Name, "xml:lang", "en")
		w.leaf("md:OrganizationDisplayName", o.DisplayName, "xml:lang", "en")
		w.leaf("md:OrganizationURL", o.URL, "xml:lang", "en")
		w.close("md:Organization")
	}
	for _, c := range m.Contacts {
		w.open("md:ContactPerson", "contactType", c.Kind)
		for _, f := range [4][2]string{{"md:Company", c.Company}, {"md:GivenName", c.Given}, {"md:SurName", c.Surname}, {"md:EmailAddress", c.Email}} {
			if f[1] != "" {
				w.leaf(f[0], f[1])
			}
		}
		w.close("md:ContactPerson")
	}
	w.close("md:EntityDescriptor")
	doc, err := w.done()
	if err != nil {
		return nil, err
	}
	return s.sign(p, doc, at, m.ID)
}

func (m *Metadata) extensions(w *writer) {
	w.open("md:Extensions")
	if m.SPType != "" {
		w.leaf("eidas:SPType", m.SPType, "xmlns:eidas", nsEIDAS)
	}
	for _, d := range m.Digests {
		w.empty("alg:DigestMethod", "xmlns:alg", nsAlgorithm, "Algorithm", d)
	}
	for _, s := range m.Signatures {
		w.empty("alg:SigningMethod", "xmlns:alg", nsAlgorithm, "Algorithm", s)
	}
	w.open("mdattr:EntityAttributes", "xmlns:mdattr", nsAttribute, "xmlns:saml", nsAssertion)
	entityAttribute(w, attributeProtocol, m.ProtocolVersions...)
	if m.ApplicationIdentifier != "" {
		entityAttribute(w, attributeApplication, m.ApplicationIdentifier)
	}
	entityAttribute(w, attributeLevels, m.Levels...)
	if m.RequesterIDRequired {
		entityAttribute(w, attributeCategory, categoryRequesterID)
	}
	w.close("mdattr:EntityAttributes")
	w.close("md:Extensions")
}

func entityAttribute(w *writer, name string, values ...string) {
	if len(values) == 0 {
		return
	}
	w.open("saml:Attribute", "Name", name, "NameFormat", nameFormatURI)
	for _, v := range values {
		w.leaf("saml:AttributeValue", v, "xmlns:xs", nsSchema, "xmlns:xsi", nsInstance, "xsi:type", "xs:string")
	}
	w.close("saml:Attribute")
}

func (r *Role) write(w *writer) {
	if r.NodeCountry != "" {
		w.open("md:Extensions")
		w.leaf("eidas:NodeCountry", r.NodeCountry, "xmlns:eidas", nsEIDAS)
		w.close("md:Extensions")
	}
	for _, c := range r.Signing {
		keyDescriptor(w, "signing", c, nil)
	}
	for _, k := range r.Encryption {
		keyDescriptor(w, "encryption", k.Certificate, k.Methods)
	}
}

func keyDescriptor(w *writer, use string, c *x509.Certificate, methods []string) {
	w.open("md:KeyDescriptor", "use", use)
	w.b = appendKeyInfo(w.b, c)
	for _, m := range methods {
		w.empty("md:EncryptionMethod", "Algorithm", m)
	}
	w.close("md:KeyDescriptor")
}

func (r *Role) nameIDs(w *writer) {
	for _, f := range r.NameIDs {
		w.leaf("md:NameIDFormat", f)
	}
}

func (r *IDPRole) write(w *writer) {
	w.open("md:IDPSSODescriptor", "WantAuthnRequestsSigned", "true", "protocolSupportEnumeration", nsProtocol)
	r.Role.write(w)
	r.nameIDs(w)
	for _, e := range r.Services {
		w.empty("md:SingleSignOnService", "Binding", e.Binding, "Location", e.Location)
	}
	for _, name := range r.Attributes {
		d, _ := eidas.Define(name)
		w.empty("saml:Attribute", "xmlns:saml", nsAssertion, "FriendlyName", d.Friendly, "Name", name, "NameFormat", nameFormatURI)
	}
	w.close("md:IDPSSODescriptor")
}

func (r *SPRole) write(w *writer) {
	w.open("md:SPSSODescriptor", "AuthnRequestsSigned", "true", "WantAssertionsSigned", "false", "protocolSupportEnumeration", nsProtocol)
	r.Role.write(w)
	r.nameIDs(w)
	for _, c := range r.Consumers {
		w.empty("md:AssertionConsumerService", "Binding", BindingPOST, "Location", c.Location, "index", strconv.Itoa(c.Index), "isDefault", strconv.FormatBool(c.Default))
	}
	w.close("md:SPSSODescriptor")
}

// readCertificate reads the one certificate of a ds:KeyInfo. Other keys than certificates are not looked at.
func readCertificate(info *xmltree.Element) (*x509.Certificate, error) {
	var found *xmltree.Element
	for data := range info.All(nsSignature, "X509Data") {
		for c := range data.All(nsSignature, "X509Certificate") {
			if found == nil {
				found = c
			}
		}
	}
	if found == nil {
		return nil, refuse(badKey, "no certificate")
	}
	der, err := xmltree.DecodeBase64(found.Text())
	if err != nil {
		return nil, refuse(badKey, "a certificate that is not base64")
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, refuse(badKey, "a certificate that cannot be read; Brainpool curves cannot") // crypto/x509 knows the NIST curves
	}
	return c, nil
}
