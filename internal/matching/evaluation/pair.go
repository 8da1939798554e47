package evaluation

import (
	"fmt"
	"strings"

	"oots/edm"
	"oots/internal/matching"
)

// Attributes are the names that an extra may have, with what they are.
var Attributes = []struct{ Name, Text string }{
	{"placeOfBirth", "town or code"}, {"townOfBirth", "the same"}, {"countryOfBirth", "two letters"},
	{"birthName", "family and given name at birth"}, {"formerName", "an earlier family name"},
	{"originalFamilyName", "in the script of the country"}, {"originalGivenName", "in the script of the country"},
	{"nationality", "two letters; may be repeated"}, {"gender", "Male, Female, Unspecified"}, {"address", "in one line"},
	{"nationalId", "number of the register's country, as its eIDs show it"}, {"sector", "identifier of a sector"},
	{"identifier", "eIDAS identifier, for example EL/AT/123"}, {"userId", "national number that the user typed"},
	{"loa", "Low, Substantial, High"},
}

// NewPair makes a pair from family name, given name, date of birth and extra of both sides. Without given name and
// date on both sides it is a pair of legal persons.
func NewPair(request, register [4]string, country string) (Pair, error) {
	var p Pair
	if request[1] == "" && request[2] == "" && register[1] == "" && register[2] == "" {
		return legalPair(request, register)
	}
	p.Query.LoA = edm.Substantial
	p.Entry.Key = "entry"
	fill := func(to *matching.Person, from [4]string) {
		to.FamilyName, to.GivenName, to.DateOfBirth = from[0], from[1], from[2]
	}
	fill(&p.Query.Person, request)
	fill(&p.Entry.Person, register)
	for _, w := range words(request[3]) {
		key, value, ok := strings.Cut(w, "=")
		switch {
		case !ok:
			return Pair{}, fmt.Errorf("%q is not NAME=VALUE", w)
		case key == "loa":
			p.Query.LoA = edm.LoA(value)
		case key == "identifier":
			p.Query.Identifier = value
		case key == "nationalId":
			p.Query.Identifier = country + "/" + country + "/" + value
		case key == "userId":
			p.Query.Declared.NationalNumbers = append(p.Query.Declared.NationalNumbers, value)
		case !set(&p.Query.Person, key, value):
			return Pair{}, fmt.Errorf("there is no attribute %q", key)
		}
	}
	for _, w := range words(register[3]) {
		key, value, ok := strings.Cut(w, "=")
		switch {
		case w == "protected":
			p.Entry.Protected = true
		case w == "deceased":
			p.Entry.Deceased = true
		case w == "two records":
			p.Several = true
		case strings.HasPrefix(w, "one "):
			p.Distinction = strings.TrimPrefix(w, "one ")
		case !ok:
			return Pair{}, fmt.Errorf("%q is not NAME=VALUE", w)
		case key == "nationalId":
			p.Entry.NationalNumbers = append(p.Entry.NationalNumbers, value)
		case key == "identifier":
			p.Entry.Links = append(p.Entry.Links, value)
		case !set(&p.Entry.Person, key, value):
			return Pair{}, fmt.Errorf("there is no attribute %q", key)
		}
	}
	return p, nil
}

// set puts an attribute that both sides may have into p.
func set(p *matching.Person, key, value string) bool {
	switch key {
	case "placeOfBirth", "townOfBirth":
		p.PlaceOfBirth = value
	case "countryOfBirth":
		p.CountryOfBirth = value
	case "birthName":
		p.BirthName = value
	case "formerName":
		p.FormerFamilyNames = append(p.FormerFamilyNames, value)
	case "originalFamilyName":
		p.OriginalFamilyName = value
	case "originalGivenName":
		p.OriginalGivenName = value
	case "nationality":
		p.Nationalities = append(p.Nationalities, value)
	case "gender":
		p.Gender = value
	case "address":
		p.Address = value
	case "sector":
		p.Sector = map[string]string{"sector": value}
	default:
		return false
	}
	return true
}

// words parts an extra.
func words(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func legalPair(request, register [4]string) (Pair, error) {
	p := Pair{Legal: true}
	p.LegalQuery.LoA = edm.Substantial
	p.LegalQuery.LegalName, p.LegalEntry.LegalName, p.LegalEntry.Key = request[0], register[0], "entry"
	p.LegalQuery.Identifiers, p.LegalEntry.Identifiers = map[string]string{}, map[string]string{}
	for _, w := range words(request[3]) {
		if scheme, ok := strings.CutSuffix(w, " equal"); ok {
			p.LegalQuery.Identifiers[scheme], p.LegalEntry.Identifiers[scheme] = w, w
			continue
		}
		scheme, value, ok := strings.Cut(w, "=")
		if !ok {
			return Pair{}, fmt.Errorf("%q is neither SCHEME=VALUE nor SCHEME equal", w)
		}
		p.LegalQuery.Identifiers[scheme] = value
	}
	for _, w := range words(register[3]) {
		scheme, value, ok := strings.Cut(w, "=")
		switch {
		case w == "protected":
			p.LegalEntry.Protected = true
		case !ok:
			return Pair{}, fmt.Errorf("%q is not SCHEME=VALUE", w)
		default:
			p.LegalEntry.Identifiers[scheme] = value
		}
	}
	return p, nil
}
