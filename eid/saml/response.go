package saml

import (
	"time"

	"oots/eid/eidas"
)

// A Response is an answer to be written: who somebody is, or a status that says why not. [SAML Core 2.0 §3.3.3]
// [eIDAS Message Format 1.4 §6.4]
type Response struct {
	ID, AssertionID string // unique, made by the caller
	IssueInstant    time.Time
	Issuer          string
	Destination     string // address that it is posted to
	InResponseTo    string
	Audience        string // entity that asked

	Status, SubStatus, Message string // Status "" is success; Message must hold nothing of a person

	NameID, NameIDFormat string
	AuthnInstant         time.Time
	NotOnOrAfter         time.Time
	Level                eidas.Level
	Attributes           []eidas.Attribute
}

// Write returns the answer, signed, as the value of the form field SAMLResponse. A success carries its assertion
// encrypted to the key.
func (r *Response) Write(s Signer, to EncryptionKey, p Policy) (string, error) {
	var inner []byte
	if r.Status == "" || r.Status == StatusSuccess {
		assertion, err := r.assertion()
		if err != nil {
			return "", err
		}
		if inner, err = encrypt(nil, assertion, to, &p); err != nil {
			return "", err
		}
	}
	doc, err := r.around(inner)
	if err != nil {
		return "", err
	}
	if doc, err = s.sign(p, doc, behindIssuer(doc), r.ID); err != nil {
		return "", err
	}
	return encode(doc), nil
}

// around writes the response with what stands inside.
func (r *Response) around(inner []byte) ([]byte, error) {
	if !isNCName(r.ID) || r.Issuer == "" || r.Destination == "" || r.InResponseTo == "" {
		return nil, refuse(badSchema, "an answer without identifier, issuer, destination or request")
	}
	w := &writer{}
	w.open("samlp:Response", "xmlns:samlp", nsProtocol, "xmlns:saml", nsAssertion, "ID", r.ID, "Version", "2.0", "IssueInstant", stamp(r.IssueInstant),
		"Destination", r.Destination, "InResponseTo", r.InResponseTo)
	w.leaf("saml:Issuer", r.Issuer, "Format", formatEntity)
	w.open("samlp:Status")
	status := r.Status
	if status == "" {
		status = StatusSuccess
	}
	w.open("samlp:StatusCode", "Value", status)
	if r.SubStatus != "" {
		w.empty("samlp:StatusCode", "Value", r.SubStatus)
	}
	w.close("samlp:StatusCode")
	if r.Message != "" {
		w.leaf("samlp:StatusMessage", r.Message)
	}
	w.close("samlp:Status")
	w.b = append(w.b, inner...)
	w.close("samlp:Response")
	return w.done()
}

// assertion writes the assertion, which declares every namespace itself: it is read as a document of its own.
func (r *Response) assertion() ([]byte, error) {
	if !isNCName(r.AssertionID) || r.Audience == "" || r.NameID == "" || r.NotOnOrAfter.IsZero() || r.Level == "" {
		return nil, refuse(badSchema, "an assertion without identifier, audience, name, end or level")
	}
	w := &writer{}
	w.open("saml:Assertion", "xmlns:saml", nsAssertion, "xmlns:xsi", nsInstance, "xmlns:eidas-natural", eidas.PrefixNatural[:len(eidas.PrefixNatural)-1],
		"xmlns:eidas-legal", eidas.PrefixLegal[:len(eidas.PrefixLegal)-1], "ID", r.AssertionID, "Version", "2.0", "IssueInstant", stamp(r.IssueInstant))
	w.leaf("saml:Issuer", r.Issuer, "Format", formatEntity)
	w.open("saml:Subject")
	w.leaf("saml:NameID", r.NameID, "Format", r.NameIDFormat)
	w.open("saml:SubjectConfirmation", "Method", confirmBearer)
	w.empty("saml:SubjectConfirmationData", "InResponseTo", r.InResponseTo, "NotOnOrAfter", stamp(r.NotOnOrAfter), "Recipient", r.Destination)
	w.close("saml:SubjectConfirmation")
	w.close("saml:Subject")
	w.open("saml:Conditions", "NotBefore", stamp(r.IssueInstant), "NotOnOrAfter", stamp(r.NotOnOrAfter))
	w.open("saml:AudienceRestriction")
	w.leaf("saml:Audience", r.Audience)
	w.close("saml:AudienceRestriction")
	w.close("saml:Conditions")
	w.open("saml:AuthnStatement", "AuthnInstant", stamp(r.AuthnInstant))
	w.open("saml:AuthnContext")
	w.leaf("saml:AuthnContextClassRef", string(r.Level))
	w.close("saml:AuthnContext")
	w.close("saml:AuthnStatement")
	w.open("saml:AttributeStatement")
	for _, a := range r.Attributes {
		r.attribute(w, a)
	}
	w.close("saml:AttributeStatement")
	w.close("saml:Assertion")
	return w.done()
}

// attribute writes LatinScript in the namespace of the kind of person, as the schemas have it.
func (r *Response) attribute(w *writer, a eidas.Attribute) {
	d, _ := eidas.Define(a.Name)
	prefix := "eidas-natural"
	if d.Legal {
		prefix = "eidas-legal"
	}
	w.open("saml:Attribute", "FriendlyName", d.Friendly, "Name", a.Name, "NameFormat", nameFormatURI)
	for _, v := range a.Values {
		latin := ""
		if v.NonLatin {
			latin = "false"
		}
		kind := ""
		if d.Type != "" {
			kind = prefix + ":" + d.Type
		}
		w.leaf("saml:AttributeValue", v.Text, prefix+":LatinScript", latin, "xsi:type", kind)
	}
	w.close("saml:Attribute")
}
