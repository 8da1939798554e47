package edm

import (
	"strings"

	"oots/codelist"
	"oots/rule"
)

// CheckRequest returns the rules that r breaks of those of its release line, in the order of the message. What
// only the XML shows, such as the types of slots, is judged by package edmxml; what the line cannot say and
// writers leave out is not judged. [TDD 4.5.1]
func (rs *Rules) CheckRequest(r *Request) []rule.Finding {
	c := &checker{Ruleset: rs.In(r.Version)}
	c.requestHead(r)
	c.requirements(r.Requirements)
	c.requesters(r.Requesters)
	c.requestProvider(&r.Provider)
	c.classifications(r.ProviderClassifications)
	c.evidenceRequest(&r.Evidence)
	c.subject(r)
	c.representatives(r)
	return c.findings
}

func (c *checker) requestHead(r *Request) {
	root := at("QueryRequest")
	if r.ID == "" {
		c.fatal("R-EDM-REQ-S003", false, &root, "@id", "", "an id")
	} else {
		c.fatal("R-EDM-REQ-S004", c.IsURNUUID(strings.Trim(r.ID, " \t\r\n")), &root, "@id", r.ID, "urn:uuid: and a UUID")
	}
	if r.Version == "" {
		c.slot("R-EDM-REQ-S005", false, "SpecificationIdentifier")
	} else {
		here := at("SpecificationIdentifier")
		c.fatal("R-EDM-REQ-C001", r.Version == c.Version(), &here, "", string(r.Version), string(c.Version()))
	}
	c.slot("R-EDM-REQ-S006", !r.IssuedAt.IsZero(), "IssueDateTime")
	if r.Procedure == "" {
		c.slot("R-EDM-REQ-S007", false, "Procedure")
	} else {
		here := at("Procedure")
		c.fatal("R-EDM-REQ-C003", c.Has(codelist.Procedures, r.Procedure), &here, "", r.Procedure, "a code of Procedures or 00")
	}
	c.fatal("R-EDM-REQ-C069", r.Lang == "" || c.Has(codelist.Languages, r.Lang), &root, "@xml:lang", r.Lang, "a code of LanguageCode in upper case")
	together := (r.PreviewLocation == "") == (r.ReturnLocation == "")
	c.fatal("R-EDM-REQ-S062", together, &root, "", "", "PreviewLocation and ReturnLocation together, or neither")
	c.https("R-EDM-REQ-C005", r.PreviewLocation, "PreviewLocation")
	c.https("R-EDM-REQ-C120", r.ReturnLocation, "ReturnLocation")
}

// slot records that a slot is missing.
func (c *checker) slot(id rule.ID, ok bool, name string) {
	if !ok {
		here := at(name)
		c.fatal(id, false, &here, "", "0 slots "+name, "exactly one slot "+name)
	}
}

// https checks an address; it is not shown, because a preview link is a secret.
func (c *checker) https(id rule.ID, address, slot string) {
	if address != "" {
		here := at(slot)
		c.fatal(id, strings.HasPrefix(address, "https://"), &here, "", "", "an https:// address")
	}
}

func (c *checker) requirements(all []Requirement) {
	c.slot("R-EDM-REQ-S011", len(all) > 0, "Requirements")
	slot := at("Requirements")
	for i := range all {
		q, here := &all[i], slot.item("Requirement", i)
		c.fatal("R-EDM-REQ-C008", c.requirementURL(strings.Trim(q.ID, " \t\r\n")), &here, "Identifier", q.ID,
			"the Semantic Repository URL of a requirement")
		c.fatal(RuleNamed, len(q.Names) > 0, &here, "Name", "", "at least one name")
		if c.Before(V11) {
			c.fatal("R-EDM-REQ-S038", q.ID != "" && len(q.Names) > 0, &here, "", "", "an identifier and a name")
		}
		c.texts(q.Names, "R-EDM-REQ-C009", "R-EDM-REQ-C010", "R-EDM-REQ-C092", &here, "Name")
		c.texts(q.Descriptions, "R-EDM-REQ-C093", "R-EDM-REQ-C094", "R-EDM-REQ-C092", &here, "Description")
		c.languages(q.Names, &here, "Name")
		c.languages(q.Descriptions, &here, "Description")
	}
}

func (c *checker) requesters(all []Agent) {
	if len(all) == 0 {
		c.slot("R-EDM-REQ-S012", false, "EvidenceRequester")
		return
	}
	rules := agentRules{
		scheme: "R-EDM-REQ-C011", grammar: "R-EDM-REQ-C012", lang: "R-EDM-REQ-C108", given: "R-EDM-REQ-C109",
		classGiven: "R-EDM-REQ-C013", classIn: "R-EDM-REQ-C014", classes: []AgentClass{EvidenceRequester, IntermediaryPlatform},
		loose:   []AgentClass{EvidenceRequester, IntermediaryPlatform, EvidenceProvider, ErrorProvider},
		country: "R-EDM-REQ-C015", region: "R-EDM-REQ-C016", length: "R-EDM-REQ-C092",
	}
	slot := at("EvidenceRequester")
	for i := range all {
		here := slot.item("Agent", i)
		c.agent(&all[i], &rules, &here)
		c.languages(all[i].Names, &here, "Name")
	}
	c.oneOf(all, EvidenceRequester, "R-EDM-REQ-C074", "R-EDM-REQ-C073", &slot)
}

func (c *checker) requestProvider(a *Agent) {
	if a.Empty() {
		c.slot("R-EDM-REQ-S013", false, "EvidenceProvider")
		return
	}
	rules := agentRules{
		scheme: "R-EDM-REQ-C017", grammar: "R-EDM-REQ-C018", lang: "R-EDM-REQ-C110", given: "R-EDM-REQ-C111",
		length: "R-EDM-REQ-C092",
	}
	slot := at("EvidenceProvider")
	here := slot.in("Agent")
	only := a.Address == nil && a.Class == ""
	if c.Before(V11) { // asks for both and closes nothing
		only = a.ID.Value != "" && len(a.Names) > 0
	}
	c.fatal("R-EDM-REQ-S043", only, &here, "", "", "identifier and names only")
	c.agent(a, &rules, &here)
	c.languages(a.Names, &here, "Name")
}

// languages warns of a text that a request says twice in one language; strict refuses it. The rule that forbids it
// has no known text. [open-questions B11]
func (c *checker) languages(t Texts, here *place, step string) {
	severity := rule.Warning
	if c.Strict() {
		severity = rule.Fatal
	}
	c.onceEach(RuleContent, severity, t, here, step)
}
