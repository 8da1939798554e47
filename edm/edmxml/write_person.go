package edmxml

import (
	"slices"

	"oots/edm"
	"oots/regrep"
)

// The attribute that carries the scope of a mandate. [TDD 4.5.1 §3.8] [R-EDM-REQ-C081]
const (
	powerScopeName = "PowerOfRepresentationScope"
	powerScopeURI  = "http://data.europa.eu/p4s/attributes/PowerOfRepresentationScope"
)

// powerScope is the scope of a mandate as we write it.
func powerScope(scope string) edm.SectorAttribute {
	return edm.SectorAttribute{Name: powerScopeName, URI: powerScopeURI, Value: scope}
}

// carries reports whether attributes hold a mandate already: that of the scope, or one under its name.
func carries(all []edm.SectorAttribute, scope string) bool {
	return slices.ContainsFunc(all, func(a edm.SectorAttribute) bool { return a.Name == powerScopeName || a.Value == scope })
}

// person writes sdg:Person with what the model knows and the line can say; scope is the mandate of a
// representative.
func person(w *regrep.Writer, p *edm.Person, scope string, says dialect) {
	w.Open("sdg:Person")
	w.TextIf("sdg:LevelOfAssurance", string(p.LoA))
	original := edm.Person{}
	if says.contact {
		original = *p
	}
	minimumDataSet(w, p, original.FamilyNameOriginal, original.GivenNameOriginal)
	w.TextIf("sdg:BirthName", p.BirthName, "nonLatin", original.BirthNameOriginal)
	w.TextIf("sdg:PlaceOfBirth", p.PlaceOfBirth)
	if p.CurrentAddress != nil {
		address(w, "sdg:CurrentAddress", p.CurrentAddress)
	}
	w.TextIf("sdg:Gender", p.Gender)
	if says.contact {
		for _, n := range p.Nationalities {
			w.Text("sdg:Nationality", n)
		}
		w.TextIf("sdg:CountryOfBirth", p.CountryOfBirth)
		w.TextIf("sdg:TownOfBirth", p.TownOfBirth)
		w.TextIf("sdg:CountryOfResidence", p.CountryOfResidence)
		w.TextIf("sdg:PhoneNumber", p.PhoneNumber)
		w.TextIf("sdg:EmailAddress", p.EmailAddress)
	}
	attributes(w, p.Attributes, scope)
	userAttributes(w, p.UserAttributes, says)
	w.Close()
}

// minimumDataSet writes the mandatory attributes; family and given are the names in their own script, "" for none.
func minimumDataSet(w *regrep.Writer, p *edm.Person, family, given string) {
	w.TextIf("sdg:Identifier", p.Identifier, "schemeID", edm.SchemeEIDAS)
	w.Text("sdg:FamilyName", p.FamilyName, "nonLatin", family)
	w.Text("sdg:GivenName", p.GivenName, "nonLatin", given)
	w.Text("sdg:DateOfBirth", string(p.DateOfBirth))
}

// legalPerson does for sdg:LegalPerson what person does.
func legalPerson(w *regrep.Writer, l *edm.LegalPerson, scope string, says dialect) {
	w.Open("sdg:LegalPerson")
	w.TextIf("sdg:LevelOfAssurance", string(l.LoA))
	for _, id := range l.Identifiers {
		w.Text("sdg:Identifier", id.Value, "schemeID", id.Scheme)
	}
	w.Text("sdg:LegalPersonIdentifier", l.EIDASIdentifier, "schemeID", edm.SchemeEIDAS)
	original := ""
	if says.contact {
		original = l.LegalNameOriginal
	}
	w.Text("sdg:LegalName", l.LegalName, "nonLatin", original)
	if l.Address != nil {
		address(w, "sdg:RegisteredAddress", l.Address)
	}
	if says.contact {
		w.TextIf("sdg:LegalPhoneNumber", l.PhoneNumber)
		w.TextIf("sdg:LegalEmailAddress", l.EmailAddress)
	}
	attributes(w, l.Attributes, scope)
	userAttributes(w, l.UserAttributes, says)
	w.Close()
}

// userAttributes writes what the user has typed in. [IR 2022/1463 art. 13]
func userAttributes(w *regrep.Writer, all []edm.UserAttribute, says dialect) {
	if !says.contact {
		return
	}
	for _, a := range all {
		w.Open("sdg:UserIdentityAttribute")
		w.Text("sdg:AttributeName", a.Name)
		w.TextIf("sdg:AttributeURI", a.URI)
		w.Text("sdg:AttributeValue", a.Value)
		w.Close()
	}
}

// attributes writes the scope of a mandate, unless the attributes carry one, then what else a sector knows of the
// person.
func attributes(w *regrep.Writer, all []edm.SectorAttribute, scope string) {
	if scope != "" && !carries(all, scope) {
		attribute(w, powerScope(scope))
	}
	for _, a := range all {
		attribute(w, a)
	}
}

func attribute(w *regrep.Writer, a edm.SectorAttribute) {
	w.Open("sdg:SectorSpecificAttribute")
	w.Text("sdg:AttributeName", a.Name)
	w.Text("sdg:AttributeURI", a.URI)
	w.Text("sdg:AttributeValue", a.Value)
	w.Close()
}
