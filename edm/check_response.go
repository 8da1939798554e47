package edm

import (
	"strings"

	"oots/rule"
)

// CheckResponse returns the rules that r breaks of those of its release line, in the order of the message. What
// only the XML shows is judged by package edmxml. [TDD 4.5.2]
func (rs *Rules) CheckResponse(r *Response) []rule.Finding {
	c := &checker{Ruleset: rs.In(r.Version)}
	c.responseHead(r)
	c.responseProviders(r.Providers)
	c.responseRequester(&r.Requester)
	c.packages(r.Packages)
	return c.findings
}

func (c *checker) responseHead(r *Response) {
	root := at("QueryResponse")
	if r.RequestID == "" {
		c.fatal("R-EDM-RESP-S003", false, &root, "@requestId", "", "the id of the request")
	} else {
		c.fatal("R-EDM-RESP-S004", c.IsURNUUID(strings.Trim(r.RequestID, " \t\r\n")), &root, "@requestId", r.RequestID, "urn:uuid: and a UUID")
	}
	if r.Status == "" {
		c.fatal("R-EDM-RESP-S005", false, &root, "@status", "", "a status")
	} else {
		ok := r.Status == Success || r.Status == Unavailable
		c.fatal("R-EDM-RESP-S006", ok, &root, "@status", string(r.Status), "Success or Unavailable")
	}
	if r.Version == "" {
		c.slot("R-EDM-RESP-S009", false, "SpecificationIdentifier")
	} else {
		here := at("SpecificationIdentifier")
		c.fatal("R-EDM-RESP-C002", r.Version == c.Version(), &here, "", string(r.Version), string(c.Version()))
	}
	if r.ID == "" {
		c.slot("R-EDM-RESP-S010", false, "EvidenceResponseIdentifier")
	} else {
		here := at("EvidenceResponseIdentifier")
		c.fatal("R-EDM-RESP-C003", c.IsBareUUID(strings.Trim(r.ID, " \t\r\n")), &here, "", r.ID, "a bare UUID")
	}
	c.slot("R-EDM-RESP-S011", !r.IssuedAt.IsZero(), "IssueDateTime")
	available := at("ResponseAvailableDateTime")
	if !c.Before(V11) { // 1.0 minds only a second slot
		c.fatal("R-EDM-RESP-S014", r.AvailableAt.IsZero() || r.Status == Unavailable, &available, "", "", "this slot only with status Unavailable")
	}
	c.fatal("R-EDM-RESP-S045", !r.AvailableAt.IsZero() || r.Status != Unavailable, &available, "", "", "when to ask again")
}

func (c *checker) responseProviders(all []Agent) {
	if len(all) == 0 {
		c.slot("R-EDM-RESP-S012", false, "EvidenceProvider")
		return
	}
	rules := agentRules{
		scheme: "R-EDM-RESP-C006", grammar: "R-EDM-RESP-C007", classGiven: "R-EDM-RESP-C010", classIn: "R-EDM-RESP-C011",
		classes: []AgentClass{EvidenceProvider, IntermediaryPlatform}, loose: []AgentClass{EvidenceProvider, IntermediaryPlatform}, country: "R-EDM-RESP-C008", region: "R-EDM-RESP-C009",
		length: "R-EDM-RESP-C049",
	}
	slot := at("EvidenceProvider")
	for i := range all {
		here := slot.item("Agent", i)
		c.agent(&all[i], &rules, &here)
	}
	c.oneOf(all, EvidenceProvider, "R-EDM-RESP-C046", "R-EDM-RESP-C047", &slot)
}

func (c *checker) responseRequester(a *Agent) {
	if a.ID == (Identifier{}) && len(a.Names) == 0 {
		c.slot("R-EDM-RESP-S013", false, "EvidenceRequester")
		return
	}
	slot := at("EvidenceRequester")
	here := slot.in("Agent")
	c.fatal("R-EDM-RESP-S028", a.Address == nil && a.Class == "", &here, "", "", "identifier and names only")
	c.agent(a, &agentRules{scheme: "R-EDM-RESP-C012", grammar: "R-EDM-RESP-C013", length: "R-EDM-RESP-C049"}, &here)
}
