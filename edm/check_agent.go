package edm

import (
	"slices"
	"strings"

	"oots/codelist"
	"oots/rule"
)

// agentRules are the numbers under which one position of an agent is checked; "" for no such rule there.
type agentRules struct {
	scheme      rule.ID // the identifier has a scheme
	grammar     rule.ID // of the grammar, the value shorter than 256
	lang, given rule.ID // of the names
	classGiven  rule.ID
	classIn     rule.ID
	classes     []AgentClass
	loose       []AgentClass // codes that the assertion of 1.0 only looks for in the text [R-EDM-REQ-C014]
	country     rule.ID
	region      rule.ID
	length      rule.ID
}

// agent checks what every agent of a position must satisfy.
func (c *checker) agent(a *Agent, r *agentRules, p *place) {
	c.fatal(RuleAgent, a.ID.Value != "", p, "Identifier", "", "an identifier")
	c.fatal(RuleAgent, len(a.Names) > 0, p, "Name", "", "at least one name")
	if a.ID.Value != "" || a.ID.Scheme != "" {
		c.fatal(r.scheme, a.ID.Scheme != "", p, "Identifier/@schemeID", "", "a schemeID")
		c.fatal(r.grammar, c.agentScheme(a.ID.Scheme), p, "Identifier/@schemeID", a.ID.Scheme,
			"the EAS scheme with a listed code, or the unregistered scheme of a country or oots")
		c.fatal(r.grammar, len([]rune(a.ID.Value)) < 256, p, "Identifier", "", "fewer than 256 characters")
	}
	c.texts(a.Names, r.lang, r.given, r.length, p, "Name")
	if r.classGiven != "" {
		c.class(a, r, p)
	}
	if a.Address != nil {
		c.address(a.Address, r.country, r.region, r.length, p, "Address")
	}
}

func (c *checker) class(a *Agent, r *agentRules, p *place) {
	if blank(string(a.Class)) {
		c.fatal(r.classGiven, false, p, "Classification", "", "a classification")
		return
	}
	ok := slices.Contains(r.classes, a.Class) || c.Before(V11) && slices.ContainsFunc(r.loose, func(code AgentClass) bool {
		return strings.Contains(string(a.Class), string(code))
	})
	c.fatal(r.classIn, ok, p, "Classification", string(a.Class), "a classification of this position")
}

// address checks the parts of an address. country and region may be "": no such rule there.
func (c *checker) address(a *Address, country, region, length rule.ID, p *place, step string) {
	here := p.in(step)
	if country != "" && a.Country != "" {
		c.fatal(country, c.Has(codelist.Countries, a.Country), &here, "AdminUnitLevel1", a.Country, "a code of CountryIdentificationCode")
	}
	if region != "" && a.Region != "" {
		c.fatal(region, c.Has(codelist.NUTS, a.Region), &here, "AdminUnitLevel2", a.Region, "a NUTS code")
	}
	c.minText(length, a.FullAddress, &here, "FullAddress")
	c.minText(length, a.PostCode, &here, "PostCode")
	c.minText(length, a.PostCityName, &here, "PostCityName")
	c.minText(length, a.Thoroughfare, &here, "Thoroughfare")
}

// oneOf checks that exactly one agent has the class and names its country.
func (c *checker) oneOf(agents []Agent, class AgentClass, one, country rule.ID, p *place) {
	n := 0
	for i := range agents {
		if agents[i].Class != class {
			continue
		}
		n++
		here := p.item("Agent", i)
		ok := agents[i].Address != nil && !blank(agents[i].Address.Country) ||
			agents[i].Address == nil && c.Before(V20) // whose assertion looks at an address that is there
		c.fatal(country, ok, &here, "Address/AdminUnitLevel1", "", "the country of the "+string(class)+" agent")
	}
	c.fatal(one, n == 1, p, "", "", "exactly one agent of class "+string(class))
}
