package portal

import (
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/edm"
)

// The levels of a Determination. [TDD 3.1.4 of 1.2]
const (
	levelCountry      = "Country"
	levelMunicipality = "LAU"
)

// territoryField asks for the region or municipality that tells the authorities of a country apart. The regions are
// offered by code: the list that the directory speaks of has no names.
func (p *Portal) territoryField(v *visit, d *directory.Determination, ch choice) questionField {
	f := questionField{Name: "region", ID: "territory", Control: "select", Descriptions: d.Contexts, Value: ch.Region, Hint: v.T("portal/territory.region")}
	if d.Level == levelMunicipality {
		f.Name, f.Control, f.Value, f.Hint = "municipality", "text", ch.Municipality, v.T("portal/territory.municipality")
	}
	if len(f.Descriptions) == 0 {
		f.Descriptions = titled(v.T("portal/territory.where"))
	}
	if f.Control == "text" {
		return f
	}
	known := false
	for _, code := range regions(ch.Country, d.Level) {
		f.Options = append(f.Options, option{Value: code, Names: edm.Texts{{Value: code}}, Chosen: code == f.Value})
		known = known || code == f.Value
	}
	if len(f.Options) == 0 { // a country or level that our list does not have
		f.Control = "text"
	} else if !known {
		f.Value = ""
	}
	return f
}

// regions are the NUTS codes of a country on a level: NUTS1 has one letter or digit behind the country, and so on.
func regions(country, level string) []string {
	n := map[string]int{"NUTS1": 3, "NUTS2": 4, "NUTS3": 5}[level]
	var out []string
	for _, code := range codelist.NUTS.Codes() {
		if len(code) == n && strings.HasPrefix(code, country) {
			out = append(out, code)
		}
	}
	return out
}
