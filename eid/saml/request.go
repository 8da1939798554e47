package saml

import (
	"time"

	"oots/eid/eidas"
)

// An AuthnRequest asks a service who somebody is. [SAML Core 2.0 §3.4.1] [eIDAS Message Format 1.4 §6.3]
type AuthnRequest struct {
	ID           string // unique, made by the caller: "_" and 128 random bits
	IssueInstant time.Time
	Destination  string // address of the service
	Issuer       string // entity that asks
	ConsumerURL  string // where the answer goes; "" is the default of the metadata, as the profile wants it
	ProviderName string // for people; may be ""
	RequesterID  string // service provider that a connector asks for; may be ""
	Service      string // entity that is to answer in the end, for a connector that reaches several; may be ""
	NameID       string // format; "" leaves it to the service

	Levels []eidas.Level // one: at least this; several: one of these, as only what is not notified needs
	SPType string        // "" when the metadata says it
	Asked  []Requested
}

// A Requested is one attribute that is asked for.
type Requested struct {
	Name     string
	Required bool
}

// Legal reports whether the request is about a legal person.
func (r *AuthnRequest) Legal() bool {
	for _, a := range r.Asked {
		if d, ok := eidas.Define(a.Name); ok && d.Legal {
			return true
		}
	}
	return false
}

// Accepts reports whether an answer at level l is what was asked: what is not notified only by name.
func (r *AuthnRequest) Accepts(l eidas.Level) bool {
	if len(r.Levels) == 1 {
		return l.AtLeast(r.Levels[0]) && r.Levels[0].Notified()
	}
	for _, want := range r.Levels {
		if l == want {
			return true
		}
	}
	return false
}

// Check reports what the profile forbids in a request. [eIDAS Message Format 1.4 §6.3.1, §6.3.3]
func (r *AuthnRequest) Check() error {
	if len(r.Levels) == 0 {
		return refuse(badRequest, "no level of assurance")
	}
	for _, l := range r.Levels {
		if !known(l) {
			return refuse(badRequest, "unknown level %q", short(string(l)))
		}
	}
	if len(r.Levels) == 1 && !r.Levels[0].Notified() {
		return refuse(badRequest, "a minimum that is not a notified level")
	}
	if r.SPType != "" && r.SPType != SPPublic && r.SPType != SPPrivate {
		return refuse(badRequest, "unknown SPType")
	}
	kinds := map[bool]bool{}
	asked := map[string]bool{}
	for _, a := range r.Asked {
		d, ok := eidas.Define(a.Name)
		if !ok {
			continue // of another sector
		}
		switch {
		case d.Representative:
			return refuse(badRequest, "attributes of a representative cannot be requested")
		case asked[a.Name]:
			return refuse(badRequest, "an attribute twice")
		}
		kinds[d.Legal], asked[a.Name] = true, true
	}
	if len(kinds) != 1 {
		return refuse(badRequest, "attributes of natural and legal persons in one request, or of none")
	}
	for _, name := range eidas.Mandatory(kinds[true]) {
		if !asked[name] {
			return refuse(badRequest, "the minimum data set is not complete")
		}
	}
	return nil
}

func known(l eidas.Level) bool {
	switch l {
	case eidas.NotNotifiedLow, eidas.NotNotifiedSubstantial, eidas.NotNotifiedHigh:
		return true
	}
	return l.Notified()
}
