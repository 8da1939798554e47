package saml

import "fmt"

// A Refusal says why a message is not accepted. It holds nothing of a person.
type Refusal struct {
	Reason Reason
	Detail string // for people who operate the site; may be empty
}

// Error implements error.
func (r *Refusal) Error() string {
	if r.Detail == "" {
		return "saml: refused: " + string(r.Reason)
	}
	return fmt.Sprintf("saml: refused: %s: %s", r.Reason, r.Detail)
}

// A Reason is a short stable word for one ground of refusal, fit for logs and counters.
type Reason string

// The reasons. They are not exported: a caller has one answer for all of them.
const (
	badEncoding      Reason = "encoding"       // not base64, not deflated, or too large
	badXML           Reason = "xml"            // not well-formed, a DOCTYPE, or beyond the limits
	badSchema        Reason = "schema"         // an element or attribute out of place, missing or too many
	badComment       Reason = "comment"        // a comment or processing instruction inside the message
	badVersion       Reason = "version"        // not SAML 2.0
	badID            Reason = "id"             // an identifier that is empty, malformed or used twice
	unsigned         Reason = "unsigned"       // no signature where one must be
	badSignature     Reason = "signature"      // its form, its reference, its digest or its value
	badAlgorithm     Reason = "algorithm"      // outside the policy
	badKey           Reason = "key"            // no key of the peer that fits, or one too short
	unknownIssuer    Reason = "issuer"         // not the peer that was asked
	badDestination   Reason = "destination"    // meant for another address
	unsolicited      Reason = "unsolicited"    // no such open request
	badRequestID     Reason = "in-response-to" // answers another request
	replayed         Reason = "replay"         // used before
	expired          Reason = "expired"        // too late
	early            Reason = "early"          // from the future
	badAudience      Reason = "audience"       // meant for another party
	badConfirmation  Reason = "confirmation"   // not confirmed as bearer for us
	badCondition     Reason = "condition"      // a condition that is unknown
	unencrypted      Reason = "unencrypted"    // an assertion in the clear
	severalAssertion Reason = "assertions"     // not exactly one
	undecryptable    Reason = "decryption"     // no key of ours opens it
	badLevel         Reason = "level"          // below what was asked, or not notified
	badAttributes    Reason = "attributes"     // missing, twice, or against the profile
	badStatus        Reason = "status"         // an unknown status, or one at odds with the content
	badRequest       Reason = "request"        // asks for what the profile forbids
	untrusted        Reason = "untrusted"      // metadata that no trust anchor vouches for
	badMetadata      Reason = "metadata"       // metadata without what the profile asks
)

func refuse(r Reason, format string, args ...any) *Refusal {
	return &Refusal{Reason: r, Detail: fmt.Sprintf(format, args...)}
}

// A StatusError is a signed answer that is not a success.
type StatusError struct {
	Code, SubCode string // SubCode is "" when there is none
	InResponseTo  string
}

// Error implements error.
func (e *StatusError) Error() string { return "saml: status " + e.Code + " " + e.SubCode }

// Cancelled reports whether the user, or her eID, said no. [eIDAS Message Format 1.4 §6.4]
func (e *StatusError) Cancelled() bool {
	return e.SubCode == StatusRequestDenied || e.SubCode == StatusAuthnFailed
}
