package edmxml

import (
	"slices"

	"oots/edm"
	"oots/rule"
	"oots/xml/xmltree"
)

// attributes reads the sector attributes of a person. Those of a representative are judged under mandate, all
// of them, as the assertion does; the scope is taken out of them: the values of those that carry its name,
// else the first value that is made of procedures. [R-EDM-REQ-C081, R-EDM-REQ-C091]
func (r *reader) attributes(e *xmltree.Element, mandate rule.ID) (all []edm.SectorAttribute, scope string) {
	legal := e.Name.Local == "LegalPerson"
	for a := range e.All(sdg, "SectorSpecificAttribute") {
		all = append(all, edm.SectorAttribute{
			Name: a.First(sdg, "AttributeName").Value(), URI: a.First(sdg, "AttributeURI").Value(), Value: a.First(sdg, "AttributeValue").Value(),
		})
		if mandate != "" {
			for v := range a.All(sdg, "AttributeValue") {
				r.Check(mandate, r.set.IsMandate(v.Value(), legal), v, "", "codes of Procedures separated by commas")
			}
		}
	}
	if mandate == "" {
		return all, ""
	}
	r.Judge(mandate)
	return r.takeScope(all)
}

// takeScope parts the mandate from the other attributes of a representative. 1.0 knows no rule on them, so that
// only the name tells there. A mandate under another name or URI than ours stays among the attributes, too, so that
// it is written as it came.
func (r *reader) takeScope(all []edm.SectorAttribute) (others []edm.SectorAttribute, scope string) {
	is := func(a edm.SectorAttribute) bool { return a.Name == powerScopeName && a.Value != "" }
	if !slices.ContainsFunc(all, is) && !r.set.Before(edm.V11) {
		is = func(a edm.SectorAttribute) bool { return scope == "" && r.set.IsMandate(a.Value, true) }
	}
	for _, a := range all {
		if !is(a) || a.Name != powerScopeName || a.URI != powerScopeURI {
			others = append(others, a)
		}
		switch {
		case !is(a):
		case scope == "":
			scope = a.Value
		default:
			scope += "," + a.Value
		}
	}
	return others, scope
}
