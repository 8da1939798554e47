// Package eidas is the vocabulary of the eIDAS network: levels of assurance, the minimum data sets of natural
// and legal persons and of who represents them, as attributes and as persons of the EDM.
// [eIDAS SAML Attribute Profile 1.4]
//
// It knows nothing of SAML messages: eid/saml carries these attributes, and a national gateway may say the
// same over another protocol.
package eidas
