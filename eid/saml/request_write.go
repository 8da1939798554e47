package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"net/url"

	"oots/eid/eidas"
	"oots/xml/xmldsig"
)

// write appends the request without a signature.
func (r *AuthnRequest) write() ([]byte, error) {
	if !isNCName(r.ID) || r.Destination == "" || r.Issuer == "" {
		return nil, refuse(badRequest, "a request without identifier, destination or issuer")
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	w := &writer{}
	w.open("samlp:AuthnRequest", "xmlns:samlp", nsProtocol, "xmlns:saml", nsAssertion, "xmlns:eidas", nsEIDAS,
		"ID", r.ID, "Version", "2.0", "IssueInstant", stamp(r.IssueInstant), "Destination", r.Destination,
		"ForceAuthn", "true", "IsPassive", "false", "AssertionConsumerServiceURL", r.ConsumerURL, "ProviderName", r.ProviderName)
	w.leaf("saml:Issuer", r.Issuer)
	w.open("samlp:Extensions")
	if r.SPType != "" {
		w.leaf("eidas:SPType", r.SPType)
	}
	w.open("eidas:RequestedAttributes")
	for _, a := range r.Asked {
		d, _ := eidas.Define(a.Name)
		required := "false"
		if a.Required {
			required = "true"
		}
		w.empty("eidas:RequestedAttribute", "FriendlyName", d.Friendly, "Name", a.Name, "NameFormat", nameFormatURI, "isRequired", required)
	}
	w.close("eidas:RequestedAttributes")
	w.close("samlp:Extensions")
	if r.NameID != "" {
		w.empty("samlp:NameIDPolicy", "AllowCreate", "true", "Format", r.NameID)
	}
	comparison := comparisonMinimum
	if len(r.Levels) > 1 {
		comparison = comparisonExact
	}
	w.open("samlp:RequestedAuthnContext", "Comparison", comparison)
	for _, l := range r.Levels {
		w.leaf("saml:AuthnContextClassRef", string(l))
	}
	w.close("samlp:RequestedAuthnContext")
	if r.Service != "" || r.RequesterID != "" {
		w.open("samlp:Scoping")
		if r.Service != "" {
			w.open("samlp:IDPList")
			w.empty("samlp:IDPEntry", "ProviderID", r.Service)
			w.close("samlp:IDPList")
		}
		if r.RequesterID != "" {
			w.leaf("samlp:RequesterID", r.RequesterID)
		}
		w.close("samlp:Scoping")
	}
	w.close("samlp:AuthnRequest")
	return w.done()
}

// POST returns the request as the value of the form field SAMLRequest. [SAML Bindings 2.0 §3.5]
func (r *AuthnRequest) POST(s Signer, p Policy) (string, error) {
	doc, err := r.write()
	if err != nil {
		return "", err
	}
	if doc, err = s.sign(p, doc, behindIssuer(doc), r.ID); err != nil {
		return "", err
	}
	return encode(doc), nil
}

// Redirect returns the address that carries the request, its signature beside it. [SAML Bindings 2.0 §3.4]
func (r *AuthnRequest) Redirect(s Signer, p Policy, relayState string) (string, error) {
	doc, err := r.write()
	if err != nil {
		return "", err
	}
	if s.Method == "" {
		if s.Method, err = p.methodOf(s.Key.Public()); err != nil {
			return "", err
		}
	}
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	z.Write(doc) // into memory
	z.Close()
	query := "SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString(b.Bytes()))
	if relayState != "" {
		query += "&RelayState=" + url.QueryEscape(relayState)
	}
	query += "&SigAlg=" + url.QueryEscape(string(s.Method))
	value, err := xmldsig.Sign(s.Key, s.Method, []byte(query))
	if err != nil {
		return "", err
	}
	to, err := url.Parse(r.Destination)
	if err != nil {
		return "", refuse(badRequest, "the destination is no address")
	}
	if to.RawQuery != "" {
		query = to.RawQuery + "&" + query
	}
	to.RawQuery = query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(value))
	return to.String(), nil
}
