package eidasnode

import (
	eid "oots/eid/eidas"
	"oots/internal/web"
)

// label names an attribute in the language of the page. One that test persons never have keeps its name in the
// network.
func label(p web.Printer, name string) string {
	d, _ := eid.Define(name)
	text := d.Friendly
	if d.Representative {
		text = text[len("Representative"):]
	}
	switch text {
	case "PersonIdentifier", "LegalPersonIdentifier":
		text = p.T("login/eidasnode/labels.identifier")
	case "FamilyName":
		text = p.T("login/eidasnode/labels.familyName")
	case "FirstName":
		text = p.T("login/eidasnode/labels.firstName")
	case "DateOfBirth":
		text = p.T("login/eidasnode/labels.born")
	case "BirthName":
		text = p.T("login/eidasnode/labels.birthName")
	case "PlaceOfBirth":
		text = p.T("login/eidasnode/labels.birthPlace")
	case "CountryOfBirth":
		text = p.T("login/eidasnode/labels.birthCountry")
	case "Nationality":
		text = p.T("login/eidasnode/labels.nationality")
	case "LegalName":
		text = p.T("login/eidasnode/labels.company")
	case "VATRegistration":
		text = p.T("login/eidasnode/labels.vat")
	case "TaxReference":
		text = p.T("login/eidasnode/labels.tax")
	case "BusinessCodes":
		text = p.T("login/eidasnode/labels.register")
	}
	if d.Representative {
		return p.T("login/eidasnode/labels.representative", "what", text)
	}
	return text
}
