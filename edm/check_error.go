package edm

import (
	"strconv"
	"strings"

	"oots/rule"
)

// CheckError returns the rules that e breaks of those of its release line, in the order of the message. What only
// the XML shows is judged by package edmxml. [TDD 4.5.3]
func (rs *Rules) CheckError(e *ErrorResponse) []rule.Finding {
	c := &checker{Ruleset: rs.In(e.Version)}
	c.errorHead(e)
	c.errorAgents(e)
	for i := range e.Exceptions {
		here := place{step: "Exception", n: i + 1}
		c.exception(&e.Exceptions[i], &here)
	}
	return c.findings
}

func (c *checker) errorHead(e *ErrorResponse) {
	root := at("QueryResponse")
	if e.RequestID == "" {
		c.add("R-EDM-ERR-S003", rule.Caution, &root, "@requestId", "", "the id of the request, when it could be read")
		c.fatal("R-EDM-ERR-C025", e.has(InvalidRequest), &root, "@requestId", "", "the id of the request, or an invalid request exception")
	} else {
		c.fatal("R-EDM-ERR-S004", c.IsURNUUID(strings.Trim(e.RequestID, " \t\r\n")), &root, "@requestId", e.RequestID, "urn:uuid: and a UUID")
	}
	if e.Version == "" {
		c.slot("R-EDM-ERR-S009", false, "SpecificationIdentifier")
	} else {
		here := at("SpecificationIdentifier")
		c.fatal("R-EDM-ERR-C001", e.Version == c.Version(), &here, "", string(e.Version), string(c.Version()))
	}
	if e.ID == "" {
		c.slot("R-EDM-ERR-S010", false, "EvidenceResponseIdentifier")
	} else {
		here := at("EvidenceResponseIdentifier")
		c.fatal("R-EDM-ERR-C002", c.IsBareUUID(strings.Trim(e.ID, " \t\r\n")), &here, "", e.ID, "a bare UUID")
	}
	c.fatal("R-EDM-ERR-S008", len(e.Exceptions) > 0, &root, "", "", "at least one exception")
	if c.Before(V11) {
		c.fatal("R-EDM-ERR-C011", len(e.Exceptions) == 1, &root, "", strconv.Itoa(len(e.Exceptions))+" exceptions", "exactly one exception")
	} else {
		c.fatal("R-EDM-ERR-C011", len(e.Exceptions) > 0, &root, "", "", "at least one exception")
	}
}

func (e *ErrorResponse) has(code Code) bool {
	for i := range e.Exceptions {
		if e.Exceptions[i].Code == code {
			return true
		}
	}
	return false
}

func (c *checker) errorAgents(e *ErrorResponse) {
	slot := at("ErrorProvider")
	here := slot.in("Agent")
	if e.Provider.ID == (Identifier{}) && len(e.Provider.Names) == 0 {
		c.slot("R-EDM-ERR-S011", false, "ErrorProvider")
	} else {
		c.errorProvider(&e.Provider, &here)
	}
	slot = at("EvidenceRequester")
	here = slot.in("Agent")
	if e.Requester == nil {
		c.add("R-EDM-ERR-S012", rule.Caution, &slot, "", "", "the requester, when the request could be read")
		return
	}
	c.agent(e.Requester, &agentRules{
		scheme: "R-EDM-ERR-C009", grammar: "R-EDM-ERR-C010", lang: "R-EDM-ERR-C028", given: "R-EDM-ERR-C029", length: "R-EDM-ERR-C027",
	}, &here)
	c.noLanguageTwice(e.Requester.Names, &here, "Name")
}

func (c *checker) errorProvider(a *Agent, here *place) {
	c.agent(a, &agentRules{
		scheme: "R-EDM-ERR-C003", grammar: "R-EDM-ERR-C004", lang: "R-EDM-ERR-C030", given: "R-EDM-ERR-C031",
		classGiven: "R-EDM-ERR-C007", classIn: "R-EDM-ERR-C008", classes: []AgentClass{EvidenceProvider, IntermediaryPlatform, ErrorProvider},
		country: "R-EDM-ERR-C005", region: "R-EDM-ERR-C006", length: "R-EDM-ERR-C027",
	}, here)
	placed := a.Address == nil && c.Before(V20) || a.Address != nil && a.Address.Country != "" // 1.2 looks at an address that is there
	c.fatal("R-EDM-ERR-C024", placed, here, "Address/AdminUnitLevel1", "", "the country of the error provider")
	c.noLanguageTwice(a.Names, here, "Name")
}

// noLanguageTwice applies the rule that only errors have.
func (c *checker) noLanguageTwice(t Texts, p *place, step string) {
	c.onceEach("R-EDM-ERR-S030", rule.Fatal, t, p, step)
}

func (c *checker) exception(x *Exception, here *place) {
	_, listed := x.Code.Row()
	if x.Code == "" {
		c.fatal("R-EDM-ERR-C026", false, here, "@code", "", "a code")
	} else {
		c.fatal("R-EDM-ERR-C017", listed, here, "@code", string(x.Code), "EDM:ERR:0001 to EDM:ERR:0008")
	}
	known := x.Severity == SeverityError || x.Severity == SeverityPreviewRequired
	c.fatal("R-EDM-ERR-C014", known, here, "@severity", x.Severity, "Error or PreviewRequired")
	c.fatal("R-EDM-ERR-C015", x.Code == "" || x.Code == MissingAuthorization || x.Severity == SeverityError, here, "@severity", x.Severity,
		"severity Error with this code")
	c.fatal("R-EDM-ERR-S013", !x.At.IsZero(), here, "Timestamp", "", "exactly one slot Timestamp")
	if x.Preview != nil {
		c.preview(x, here)
	}
}
