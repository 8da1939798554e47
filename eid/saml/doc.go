// Package saml is SAML 2.0 with the eIDAS profile in pure functions, both roles: a service provider or connector
// that asks who somebody is, and a service that answers. [SAML Core 2.0] [SAML Bindings 2.0] [eIDAS Message
// Format 1.4] [eIDAS Cryptographic Requirements 1.4]
//
// A message is accepted only in the one form that the profile leaves: each element in its place and by its full
// name, one signature over the whole document by a key from the peer's metadata, one encrypted assertion, every
// identifier unique; what a caller receives was read from the elements that the signature covers. What is refused
// is a *Refusal with a reason for the log; the user need not learn it.
//
// It opens no connection, keeps no state and knows no persons: package eid/eidas gives attributes their meaning,
// and the caller keeps open requests, used identifiers (Replay) and metadata.
package saml

// Namespaces of the elements read and written.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsAttribute = "urn:oasis:names:tc:SAML:metadata:attribute"
	nsAlgorithm = "urn:oasis:names:tc:SAML:metadata:algsupport"
	nsEIDAS     = "http://eidas.europa.eu/saml-extensions"
	nsSchema    = "http://www.w3.org/2001/XMLSchema"
	nsInstance  = "http://www.w3.org/2001/XMLSchema-instance"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
	nsEncrypt   = "http://www.w3.org/2001/04/xmlenc#"
)

// Bindings. A request travels by either, an answer by POST. [eIDAS Message Format 1.4 §6.2]
const (
	BindingPOST     = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	BindingRedirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
)

// Formats of name identifiers. [SAML Core 2.0 §8.3]
const (
	NameIDPersistent  = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	NameIDTransient   = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	NameIDUnspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"

	nameFormatURI     = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
	confirmBearer     = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
	consentPrefix     = "urn:oasis:names:tc:SAML:2.0:consent:"
	formatEntity      = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
	comparisonMinimum = "minimum"
	comparisonExact   = "exact"
)

// Status codes: the first four stand at the top, the others below Requester or Responder. [SAML Core 2.0 §3.2.2.2]
const (
	StatusSuccess                = "urn:oasis:names:tc:SAML:2.0:status:Success"
	StatusRequester              = "urn:oasis:names:tc:SAML:2.0:status:Requester"
	StatusResponder              = "urn:oasis:names:tc:SAML:2.0:status:Responder"
	StatusVersionMismatch        = "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch"
	StatusAuthnFailed            = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
	StatusRequestDenied          = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied" // the user cancelled
	StatusNoAuthnContext         = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
	StatusInvalidAttrNameOrValue = "urn:oasis:names:tc:SAML:2.0:status:InvalidAttrNameOrValue"
)
