package exchange

import (
	"strconv"
	"strings"

	"oots/codelist"
	"oots/edm"
	"oots/rule"
)

// Rules of ours, for what the chapter says of the header without a number.
const (
	// RuleAction: the action is one of the three of the exchange. [TDD 4.7]
	RuleAction rule.ID = "OOTS-HDR-ACTION"
	// RuleCorner: the corners are the agents of the body. [ebms-header §2]
	RuleCorner rule.ID = "OOTS-HDR-CORNER"
	// RuleRole: both access points act in the role of a gateway. [TDD 4.7]
	RuleRole rule.ID = "OOTS-HDR-ROLE"
	// RuleService: the service is that of the exchange. [TDD 4.7]
	RuleService rule.ID = "OOTS-HDR-SERVICE"
)

// What a Header does not hold, because it is the same in every message; CheckTransport judges it. [TDD 4.7]
const (
	Role        = "http://sdg.europa.eu/edelivery/gateway"
	Service     = "QueryManager"
	ServiceType = "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0"
)

// CheckTransport returns what the roles and the service of a message break in the release line v. An access
// point compares them with its P-Modes before anything else is looked at.
func CheckTransport(v edm.Version, from, to, serviceType, service string, rules *edm.Rules) []rule.Finding {
	c := &checker{Ruleset: rules.In(v)}
	if from != Role {
		c.add(RuleRole, rule.Fatal, "PartyInfo/From/Role", from, Role)
	}
	if to != Role {
		c.add(RuleRole, rule.Fatal, "PartyInfo/To/Role", to, Role)
	}
	switch {
	case service != Service:
		c.add(RuleService, rule.Fatal, "CollaborationInfo/Service", service, Service)
	case serviceType != ServiceType:
		c.add(RuleService, rule.Fatal, "CollaborationInfo/Service/@type", serviceType, ServiceType)
	}
	return c.findings
}

// A checker collects what a header breaks of the rules in force in its release line.
type checker struct {
	edm.Ruleset
	findings []rule.Finding
}

// add records id unless the rules in force have it not; severity is that of a rule published without one.
func (c *checker) add(id rule.ID, severity rule.Severity, path, got, want string) {
	if severity, reported := c.Weigh(id, severity); reported {
		c.findings = append(c.findings, rule.Finding{Rule: id, Severity: severity, Path: path, Got: clip(got), Want: want})
	}
}

// CheckHeader returns what h breaks of the rules as published, in our readings: those of the zero edm.Rules.
func CheckHeader(h Header) []rule.Finding { return CheckHeaderWith(h, nil) }

// CheckHeaderWith returns the rules that a header breaks in the release line that it follows, as far as their
// text is known. The count and the names of the properties are judged only when h has been received.
// Identifiers are never quoted. [TDD 4.7.1]
func CheckHeaderWith(h Header, rules *edm.Rules) []rule.Finding {
	c := &checker{Ruleset: rules.In(h.Follows())}
	c.header(&h)
	return c.findings
}

func (c *checker) header(h *Header) {
	c.accessPoint("From", h.From.Scheme)
	c.accessPoint("To", h.To.Scheme)
	if !h.Action.known() {
		c.add(RuleAction, rule.Fatal, "CollaborationInfo/Action", string(h.Action), "ExecuteQueryRequest, ExecuteQueryResponse or ExceptionResponse")
	}
	if !isUUID(h.ConversationID) {
		c.add("R-EDM-ebMS-017", rule.Fatal, "CollaborationInfo/ConversationId", h.ConversationID, "a UUID")
	}
	c.properties(h)
	if !c.agentScheme(h.OriginalSender.Scheme) {
		c.add("R-EDM-ebMS-021", rule.Fatal, "MessageProperties/originalSender/@type", h.OriginalSender.Scheme, "an EAS or unregistered scheme")
	}
	if h.ExchangeID != "" && !isUUID(h.ExchangeID) {
		c.add("R-EDM-ebMS-037", rule.Fatal, "MessageProperties/ExchangeId", h.ExchangeID, "a UUID")
	}
	// The published assertion compares the raw literal, so white space around it breaks the rule.
	if want := c.Version(); h.SpecificationID != "" && h.SpecificationID != want {
		c.add("R-EDM-ebMS-038", rule.Fatal, "MessageProperties/SpecificationId", string(h.SpecificationID), string(want))
	}
}

func (c *checker) accessPoint(side, scheme string) {
	if !c.unregistered(scheme) {
		c.add("R-EDM-ebMS-006", rule.Fatal, "PartyInfo/"+side+"/PartyId/@type", scheme, "an unregistered scheme with a country code or oots")
	}
}

// properties judges names and number of the message properties. A name that is missing is told before the
// number, because it says what to do. [open-questions A3]
func (c *checker) properties(h *Header) {
	all := h.Properties()
	for _, p := range all {
		n := 1
		if h.PropertyNames != nil {
			n = count(h.PropertyNames, p.Name)
		}
		if p.Name == PropertySpecificationID {
			p.Value = string(h.SpecificationID)
		}
		if n != 1 || p.Value == "" {
			c.add("R-EDM-ebMS-019", rule.Fatal, "MessageProperties/"+p.Name, "", "exactly one property "+p.Name+" with a value")
		}
	}
	if h.PropertyNames != nil && len(h.PropertyNames) != len(all) {
		c.add("R-EDM-ebMS-018", rule.Fatal, "MessageProperties", strconv.Itoa(len(h.PropertyNames)), "exactly "+strconv.Itoa(len(all))+" properties")
	}
}

func count(names []string, name string) int {
	n := 0
	for _, have := range names {
		if have == name {
			n++
		}
	}
	return n
}

// isUUID judges after trimming and without case, as the assertions do.
func isUUID(s string) bool { return edm.IsUUID(trim(s)) }

// trim removes the white space of XML around a value, and no other: a no-break space belongs to it, as
// normalize-space has it. [R-EDM-ebMS-017, R-EDM-ebMS-037]
func trim(s string) string { return strings.Trim(s, " \t\r\n") }

func (c *checker) unregistered(scheme string) bool {
	code, ok := strings.CutPrefix(scheme, edm.SchemeUnregistered)
	return ok && (code == "oots" || c.Has(codelist.OOTSCountries, code))
}

func (c *checker) agentScheme(scheme string) bool {
	code, ok := strings.CutPrefix(scheme, edm.SchemeEAS)
	return ok && c.Has(codelist.EAS, code) || c.unregistered(scheme)
}

// clip shortens an offending value to what a finding may carry.
func clip(s string) string {
	if len(s) > 120 {
		return strings.ToValidUTF8(s[:120], "")
	}
	return s
}
