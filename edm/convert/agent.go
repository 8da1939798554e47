package convert

import (
	"slices"
	"strings"

	"oots/codelist"
	"oots/edm"
)

// classOf finds the one code in a classification, in which 1.0 only looks for it. [R-EDM-REQ-C014]
func (c *conversion) classOf(a *edm.Agent, path string, classes ...edm.AgentClass) {
	if slices.Contains(classes, a.Class) || c.from != edm.V10 {
		return
	}
	for _, class := range classes {
		if strings.Contains(string(a.Class), string(class)) {
			a.Class = class
			c.add(Changed, path+"/Classification", "the classification of an agent", "later lines take exactly one code [R-EDM-REQ-C014]")
			return
		}
	}
}

// address returns a converted copy; nil of nil. 1.0 lets ISO codes stand that later lists spell otherwise.
// [R-EDM-REQ-C015]
func (c *conversion) address(a *edm.Address, path string) *edm.Address {
	if a == nil || c.from != edm.V10 {
		return a
	}
	spelling, known := map[string]string{"GR": "EL", "UK": "GB"}[a.Country]
	if !known || codelist.Countries.HasIn(c.to.Line(), a.Country) {
		return a
	}
	out := *a
	out.Country = spelling
	c.add(Changed, path+"/AdminUnitLevel1", "the country of an address", "later lists spell it otherwise [R-EDM-REQ-C015]")
	return &out
}

// country gives an agent the address that 2.0 demands, from the country in the scheme of its identifier. Up to 1.2
// the assertions look only at an address that is there. [R-EDM-REQ-C073]
func (c *conversion) country(a *edm.Agent, path string) {
	if !c.over(edm.V20) || a.Address != nil {
		return
	}
	code, found := strings.CutPrefix(a.ID.Scheme, edm.SchemeUnregistered)
	if !found || !codelist.Countries.HasIn(c.to.Line(), code) {
		return
	}
	a.Address = &edm.Address{Country: code}
	c.add(Invented, path+"/Address/AdminUnitLevel1", "the country of an agent", "mandatory since 2.0; taken from the scheme of the identifier [R-EDM-REQ-C073]")
}
