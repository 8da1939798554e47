package edm

import "oots/rule"

func (c *checker) subject(r *Request) {
	query := at("Query")
	one := (r.NaturalPerson == nil) != (r.LegalPerson == nil)
	c.fatal("R-EDM-REQ-S016", one, &query, "", "", "either a natural person or a legal person")
	if r.NaturalPerson != nil {
		slot := at("NaturalPerson")
		here := slot.in("Person")
		c.person(r.NaturalPerson, &personRules{
			loaGiven: "R-EDM-REQ-C036", loaIn: "R-EDM-REQ-C037", pattern: "R-EDM-REQ-C040", pattern10: "R-EDM-REQ-C039",
			identified: "R-EDM-REQ-C038", identifiedUntil: V20, birth: "R-EDM-REQ-C043",
			country: "R-EDM-REQ-C045", nationality: "R-EDM-REQ-C075", birthCountry: "R-EDM-REQ-C076",
			residence: "R-EDM-REQ-C077", length: "R-EDM-REQ-C092",
		}, &here)
	}
	if r.LegalPerson != nil {
		slot := at("LegalPerson")
		here := slot.in("LegalPerson")
		c.legal(r.LegalPerson, &legalRules{
			loaGiven: "R-EDM-REQ-C047", loaIn: "R-EDM-REQ-C048", idGiven: "R-EDM-REQ-C049", pattern: "R-EDM-REQ-C051", pattern10: "R-EDM-REQ-C050",
			otherScheme: "R-EDM-REQ-C054", otherSchemeCode: "R-EDM-REQ-C055", country: "R-EDM-REQ-C056",
			length: "R-EDM-REQ-C092",
		}, &here)
	}
}

func (c *checker) representatives(r *Request) {
	if r.Representative != nil {
		slot := at("AuthorizedRepresentative")
		here := slot.in("Person")
		c.person(r.Representative, &personRules{
			loaGiven: "R-EDM-REQ-C058", loaIn: "R-EDM-REQ-C059", pattern: "R-EDM-REQ-C061",
			identified: "R-EDM-REQ-C060", identifiedUntil: V11, birth: "R-EDM-REQ-C064",
			country: "R-EDM-REQ-C067", nationality: "R-EDM-REQ-C078", birthCountry: "R-EDM-REQ-C079",
			residence: "R-EDM-REQ-C080", gender: "R-EDM-REQ-C124", eidasGender: "R-EDM-REQ-C126", length: "R-EDM-REQ-C092",
		}, &here)
		c.mandates("R-EDM-REQ-C081", r.RepresentativePowerScope, r.Representative.Attributes, false, &here)
	}
	if r.RepresentativeLegal != nil {
		slot := at("AuthorizedRepresentativeLegalPerson")
		here := slot.in("LegalPerson")
		c.legal(r.RepresentativeLegal, &legalRules{
			loaGiven: "R-EDM-REQ-C082", loaIn: "R-EDM-REQ-C083", idGiven: "R-EDM-REQ-C084", pattern: "R-EDM-REQ-C085",
			otherScheme: "R-EDM-REQ-C088", otherSchemeCode: "R-EDM-REQ-C089", length: "R-EDM-REQ-C092",
		}, &here)
		c.mandates("R-EDM-REQ-C091", r.RepresentativePowerScope, r.RepresentativeLegal.Attributes, true, &here)
	}
}

// mandates checks every sector attribute of a representative as a mandate, as the assertions do.
func (c *checker) mandates(id rule.ID, scope string, all []SectorAttribute, legal bool, here *place) {
	const want = "codes of Procedures separated by commas"
	c.fatal(id, scope == "" || c.IsMandate(scope, legal), here, "SectorSpecificAttribute/AttributeValue", "", want)
	for i := range all {
		at := here.item("SectorSpecificAttribute", i)
		c.fatal(id, c.IsMandate(all[i].Value, legal), &at, "AttributeValue", "", want)
	}
}
