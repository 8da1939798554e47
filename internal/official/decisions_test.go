package official_test

import (
	"strings"

	"oots/rule"
	"oots/xml/xmltree"
)

// optional are rules of severity CAUTION that only say that a slot may be there: the XPath fires on every message
// without it. We are silent: a caution that every good message has informs nobody.
var optional = []string{"R-EDM-REQ-S008", "R-EDM-REQ-S014", "R-EDM-REQ-S018", "R-EDM-REQ-S060", "R-EDM-ERR-S003", "R-EDM-ERR-S012", "R-EDM-ERR-S014", "R-EDM-ERR-S015", "R-EDM-ERR-S016"}

// beside are rules on a value whose XPath fires on an empty one beside the rule that there is a value. We report
// the one fault once, under the second id.
var beside = map[string][]string{
	"R-EDM-REQ-C014": {"R-EDM-REQ-C013"}, "R-EDM-REQ-C015": {"R-EDM-REQ-C073"}, "R-EDM-REQ-C026": {"R-EDM-REQ-C106"},
	"R-EDM-REQ-C009": {"R-EDM-REQ-C010"}, "R-EDM-REQ-C050": {"R-EDM-REQ-C049"}, "R-EDM-RESP-S031": {"R-EDM-RESP-S003"},
	"R-EDM-REQ-C037": {"R-EDM-REQ-C036"}, "R-EDM-REQ-C048": {"R-EDM-REQ-C047"}, "R-EDM-REQ-C051": {"R-EDM-REQ-C049"},
	"R-EDM-REQ-C059": {"R-EDM-REQ-C058"}, "R-EDM-REQ-C095": {"R-EDM-REQ-C020"}, "R-EDM-REQ-C103": {"R-EDM-REQ-C023"},
	"R-EDM-REQ-C104": {"R-EDM-REQ-C023"}, "R-EDM-REQ-C115": {"R-EDM-REQ-C027"},
	"R-EDM-REQ-C012": {"R-EDM-REQ-C011"}, "R-EDM-REQ-C018": {"R-EDM-REQ-C017"}, "R-EDM-REQ-C108": {"R-EDM-REQ-C109"}, "R-EDM-REQ-C109": {"R-EDM-REQ-C108"}, "R-EDM-REQ-C111": {"R-EDM-REQ-C110"},
	"R-EDM-RESP-C008": {"R-EDM-RESP-C047"}, "R-EDM-RESP-C011": {"R-EDM-RESP-C010"}, "R-EDM-RESP-C042": {"R-EDM-RESP-S034"},
	"R-EDM-ERR-C005": {"R-EDM-ERR-C024"}, "R-EDM-ERR-C008": {"R-EDM-ERR-C007"}, "R-EDM-ERR-C010": {"R-EDM-ERR-C009"}, "R-EDM-ERR-C030": {"R-EDM-ERR-C031"},
}

// whyTheirs names the decision by which the XPath fires alone; "" without one.
func whyTheirs(d *difference, id string) string {
	if row, ok := rule.LookupIn(rule.ID(id), d.line); ok && row.State == rule.Dead {
		return "the published form of that line never fires, by the catalogue"
	}
	switch {
	case (id == "R-EDM-REQ-C014" || id == "R-EDM-RESP-C011" || id == "R-EDM-ERR-C008") && d.line == "1.0":
		return "in 1.0 the class is looked for in the text"
	case id == "R-EDM-ERR-C024" && d.line != "2.0":
		return "up to 1.2 only an address that is there needs a country, by the catalogue"
	case id == "R-EDM-REQ-C046" || id == "R-EDM-REQ-C057" || id == "R-EDM-REQ-C068":
		return "an empty region is none"
	}
	if d.blank(id) {
		return "white space around a code is dropped on reading, as its type collapses it"
	}
	if strings.HasSuffix(d.theirs[id], "/rim:SlotValue/rim:RepositoryItemRef") {
		return "a reference inside of a slot is none of an object"
	}
	for _, other := range beside[id] {
		if d.near[other] {
			return "an empty value is one fault, under the rule that it is there"
		}
	}
	return ""
}

// whyOurs names the decision by which the Go rule fires alone; "" without one.
func whyOurs(d *difference, id string) string {
	switch id {
	case "R-EDM-REQ-S039":
		return "every element of the collection of requesters is an agent, not one of them"
	case "R-EDM-REQ-C011", "R-EDM-REQ-C017", "R-EDM-ERR-C009", "R-EDM-ERR-C003", "R-EDM-RESP-C006", "R-EDM-RESP-C012":
		return "an empty schemeID is a missing one"
	case "R-EDM-ERR-C014":
		return "a missing severity is a wrong one"
	case "R-EDM-ERR-C024":
		return "an empty country is a missing one"
	case "R-EDM-RESP-C027":
		return "of the identifiers of a person the one of eIDAS is wanted, in answers as in requests"
	case "R-EDM-RESP-S054":
		return "a classification of another scheme does not say what the document is"
	case "R-EDM-REQ-C003":
		return "a procedure without a text has no code"
	case "R-EDM-REQ-C008":
		return "1.0 misspells the context; the meaning is applied as a warning"
	case "R-EDM-REQ-C060":
		return "an empty identifier is a missing one"
	case "R-EDM-ERR-C019":
		return "a preview slot without value has no address"
	case "R-EDM-ebMS-018", "R-EDM-ebMS-019":
		return "a header without properties has none of them"
	case "R-EDM-ebMS-023":
		return "what is no answer has one part"
	}
	if id == "R-EDM-RESP-C015" && !strings.HasSuffix(d.ours[id], "/sdg:Evidence/sdg:Identifier") {
		return "an object without metadata has no identifier"
	}
	return ""
}

// blank reports whether the value that the XPath refuses has white space around it.
func (d *difference) blank(id string) bool {
	e := find(d.doc.Root, d.theirs[id])
	return e != nil && e.Value() != "" && e.Value() != e.Text()
}

// find returns the element of a path; nil without one.
func find(e *xmltree.Element, path string) *xmltree.Element {
	at := e.Path()
	if at == path {
		return e
	}
	if !strings.HasPrefix(path, at+"/") {
		return nil
	}
	for c := range e.Elements() {
		if found := find(c, path); found != nil {
			return found
		}
	}
	return nil
}
