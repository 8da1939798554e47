package directories

import (
	"fmt"

	"oots/directory"
	"oots/edm"
)

// countries are the Member States.
var countries = [...]string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU",
	"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}

// codes are procedures of Annex II; a country implements each several times over.
var codes = [...]string{"R1", "S1", "T1", "T2", "T3", "U1", "U2", "V1", "W1", "X1"}

// A Size is how much a synthetic Europe holds.
type Size struct {
	Procedures int // frameworks of each of the 27 countries, one requirement each
	Providers  int // of each country, spread over its evidence types
}

// Europe makes a catalogue of 27 countries: each has a framework and a list of one evidence type for every
// requirement, and its providers, told apart by a code list of districts. The records are in the order of
// their identifiers. Equal sizes give equal catalogues.
func Europe(size Size) *directory.Catalogue {
	c := &directory.Catalogue{}
	for p := range size.Procedures {
		c.Requirements = append(c.Requirements, requirement(p))
	}
	for n, country := range countries {
		districts := directory.CodeList{URL: districtsOf(country)}
		for i := range size.Providers {
			code := fmt.Sprintf("%s%05d", country, i)
			districts.Codes = append(districts.Codes, directory.Code{Code: code, Names: texts("District "+code, "Bezirk "+code)})
			c.Services = append(c.Services, service(n, i%size.Procedures, i))
		}
		c.CodeLists = append(c.CodeLists, districts)
	}
	return c
}

func texts(english, other string) edm.Texts {
	return edm.Texts{{Lang: "EN", Value: english}, {Lang: "DE", Value: other}}
}

const repository = "https://sr.oots.tech.ec.europa.eu/"

func requirementURL(p int) string {
	return fmt.Sprintf("%srequirements/%08x-0000-4000-8000-000000000000", repository, p)
}

func typeURL(n, p int) string {
	return fmt.Sprintf("%sevidencetypeclassifications/%s/%08x-%04x-4000-8000-000000000000", repository, countries[n], p, n)
}

func districtsOf(country string) string { return repository + "codelists/" + country + "/Districts" }

func conceptOf(n, p int) string { return fmt.Sprintf("c%07x-%04x-4000-8000-000000000000", p, n) }

func requirement(p int) directory.Requirement {
	r := directory.Requirement{
		ID: requirementURL(p), Names: texts(fmt.Sprintf("Proof number %d", p), fmt.Sprintf("Nachweis Nummer %d", p)),
		Descriptions: texts("Shows to the authority that decides that what the applicant states is so.", "Zeigt der entscheidenden Behörde, dass zutrifft, was die Person angibt."),
	}
	for n, country := range countries {
		place := directory.Jurisdiction{Country: country}
		r.Frameworks = append(r.Frameworks, directory.ReferenceFramework{
			ID:           fmt.Sprintf("f%07x-%04x-4000-8000-000000000000", p, n),
			Titles:       texts(fmt.Sprintf("Procedure %d of %s", p, country), fmt.Sprintf("Verfahren %d in %s", p, country)),
			Descriptions: texts("How the country lets people and companies do this online, from anywhere in the Union.", "Wie das Land es Personen und Unternehmen aus der ganzen Union online ermöglicht."),
			Procedures:   []string{codes[p%len(codes)]}, Jurisdiction: place,
		})
		r.Lists = append(r.Lists, directory.EvidenceTypeList{
			ID: fmt.Sprintf("e%07x-%04x-4000-8000-000000000000", p, n), Names: texts("What proves it", "Was es beweist"), Jurisdiction: place,
			Types: []directory.EvidenceType{{Classification: typeURL(n, p), Titles: texts("Certificate", "Bescheinigung"),
				Descriptions: texts("A certificate of the competent authority.", "Eine Bescheinigung der zuständigen Behörde.")}},
		})
	}
	return r
}

func service(n, p, i int) directory.DataService {
	country := countries[n]
	party := func(name string) edm.Identifier {
		return edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" + country, Value: name}
	}
	return directory.DataService{
		ID: fmt.Sprintf("%08x-%04x-4000-8000-%012x", i, n, p), Classification: typeURL(n, p), Titles: texts("Certificate", "Bescheinigung"),
		Distributions: []edm.Distribution{{Format: "application/pdf", Languages: []string{"EN", "DE"}}},
		AccessPoint:   party("AP_" + country), ConformsTo: []edm.Version{edm.V10, edm.V12, edm.V20},
		Publisher: directory.Publisher{ID: party(fmt.Sprintf("%s%05d", country, i)), Names: texts(fmt.Sprintf("Office %d", i), fmt.Sprintf("Amt %d", i)),
			Address: edm.Address{PostCode: fmt.Sprintf("%05d", i), PostCityName: "Town", Country: country}, Jurisdiction: directory.Jurisdiction{Country: country}},
		LoA: edm.Substantial,
		Classifications: []directory.Concept{{ID: conceptOf(n, p), CodeList: districtsOf(country), Type: directory.ConceptCodeList, ValueExpression: districtsOf(country),
			Descriptions: texts("In which district do you live?", "In welchem Bezirk wohnen Sie?"), SupportedValues: []string{fmt.Sprintf("%s%05d", country, i)}}},
	}
}
