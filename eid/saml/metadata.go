package saml

import (
	"crypto/x509"
	"slices"
	"time"
)

// Kinds of service provider. [eIDAS Message Format 1.4 §3]
const (
	SPPublic  = "public"
	SPPrivate = "private"
)

// A Metadata is the description of one entity: where it listens, with which keys, and what it can. [SAML Metadata
// 2.0 §2.3] [eIDAS Message Format 1.4 §5]
type Metadata struct {
	EntityID   string
	ID         string // of the element, for the signature
	ValidUntil time.Time

	SPType                string   // "" when requests say it
	ProtocolVersions      []string // "1.4"
	ApplicationIdentifier string
	Levels                []string // of assurance that the service offers
	RequesterIDRequired   bool     // private service providers have to be named
	Digests, Signatures   []string // algorithms that the entity supports; none said means those of the profile

	SP  *SPRole
	IDP *IDPRole

	Organization Organization
	Contacts     []Contact
}

// A Role is what both roles have.
type Role struct {
	NodeCountry string // of a node: "EL"; "" for a service provider that is no node
	Signing     []*x509.Certificate
	Encryption  []EncryptionKey
	NameIDs     []string // formats
}

// An SPRole is the side that asks.
type SPRole struct {
	Role
	Consumers []Consumer
}

// A Consumer is an address that answers are posted to.
type Consumer struct {
	Location string
	Index    int
	Default  bool
}

// An IDPRole is the side that answers.
type IDPRole struct {
	Role
	Services   []Endpoint // for requests
	Attributes []string   // names that it can give
}

// An Endpoint is an address with its binding.
type Endpoint struct{ Binding, Location string }

// An Organization is who runs an entity, in English.
type Organization struct{ Name, DisplayName, URL string }

// A Contact is "support" or "technical".
type Contact struct{ Kind, Company, Given, Surname, Email string }

// Consumer is the address that answers go to: the default one, else the first. [SAML Metadata 2.0 §2.4.4]
func (r *SPRole) Consumer() string {
	if i := slices.IndexFunc(r.Consumers, func(c Consumer) bool { return c.Default }); i >= 0 {
		return r.Consumers[i].Location
	}
	if len(r.Consumers) == 0 {
		return ""
	}
	return r.Consumers[0].Location
}

// Service is the address for requests by one binding, "" when there is none.
func (r *IDPRole) Service(binding string) string {
	for _, e := range r.Services {
		if e.Binding == binding {
			return e.Location
		}
	}
	return ""
}
