package eidasnode

import (
	"slices"

	eid "oots/eid/eidas"
	"oots/eid/saml"
	"oots/internal/login"
)

// subject is a test person as the minimum data sets have her.
func subject(id login.Identity) *eid.Subject {
	s := &eid.Subject{}
	p, r := id.Person, id.Representative
	if id.Legal == nil {
		if p.FamilyNameOriginal == "" {
			p.FamilyNameOriginal, p.GivenNameOriginal = id.OriginalFamilyName, id.OriginalGivenName
		}
		s.Natural = eid.FromPerson(p)
	} else {
		s.Legal = eid.FromLegalPerson(*id.Legal)
	}
	if r != nil {
		who := *r
		if id.Legal != nil && who.FamilyNameOriginal == "" {
			who.FamilyNameOriginal, who.GivenNameOriginal = id.OriginalFamilyName, id.OriginalGivenName
		}
		s.Representative = eid.FromPerson(who)
	}
	if id.RepresentativeLegal != nil {
		s.RepresentativeLegal = eid.FromLegalPerson(*id.RepresentativeLegal)
	}
	return s
}

// sent are the attributes that a request asks for, and those of a representative, which come unasked.
func sent(id login.Identity, r *saml.AuthnRequest) []eid.Attribute {
	return slices.DeleteFunc(subject(id).Attributes(), func(a eid.Attribute) bool {
		d, _ := eid.Define(a.Name)
		return !d.Representative && !slices.ContainsFunc(r.Asked, func(x saml.Requested) bool { return x.Name == a.Name })
	})
}

func nameID(id login.Identity) string {
	if id.Legal != nil {
		return id.Legal.EIDASIdentifier
	}
	return id.Person.Identifier
}
