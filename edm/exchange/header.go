package exchange

import (
	"strconv"
	"strings"

	"oots/codelist"
	"oots/edm"
	"oots/rule"
)

// The message properties of a 2.0 header. [R-EDM-ebMS-019]
const (
	PropertyOriginalSender  = "originalSender"
	PropertyFinalRecipient  = "finalRecipient"
	PropertyExchangeID      = "ExchangeId"
	PropertySpecificationID = "SpecificationId"
)

// properties are the names of the message properties of a 2.0 header, in the order we write them.
var properties = [...]string{PropertyOriginalSender, PropertyFinalRecipient, PropertyExchangeID, PropertySpecificationID}

const (
	schemeUnregistered = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:"
	schemeEAS          = "urn:cef.eu:names:identifier:EAS:"
)

// CheckHeader returns the rules that a header of release line 2.0 breaks, as far as their text is known.
// The count and the names of the properties are judged only when h has been received. Identifiers are
// never quoted. [TDD 4.7.1]
func CheckHeader(h Header) []rule.Finding {
	var fs []rule.Finding
	add := func(id rule.ID, path, got, want string) {
		fs = append(fs, rule.Finding{Rule: id, Severity: rule.Fatal, Path: path, Got: clip(got), Want: want})
	}
	for _, p := range []struct {
		side string
		id   edm.Identifier
	}{{"From", h.From}, {"To", h.To}} {
		if !isAccessPointScheme(p.id.Scheme) {
			add("R-EDM-ebMS-006", "PartyInfo/"+p.side+"/PartyId/@type", p.id.Scheme, "an unregistered scheme with a country code or oots")
		}
	}
	if !isUUID(h.ConversationID) {
		add("R-EDM-ebMS-017", "CollaborationInfo/ConversationId", h.ConversationID, "a UUID")
	}
	fs = append(fs, checkProperties(h)...)
	if !isAgentScheme(h.OriginalSender.Scheme) {
		add("R-EDM-ebMS-021", "MessageProperties/originalSender/@type", h.OriginalSender.Scheme, "an EAS or unregistered scheme")
	}
	if h.ExchangeID != "" && !isUUID(h.ExchangeID) {
		add("R-EDM-ebMS-037", "MessageProperties/ExchangeId", h.ExchangeID, "a UUID")
	}
	// The published assertion compares the raw literal, so white space around it breaks the rule.
	if h.SpecificationID != "" && h.SpecificationID != edm.V20 {
		add("R-EDM-ebMS-038", "MessageProperties/SpecificationId", string(h.SpecificationID), string(edm.V20))
	}
	return fs
}

// checkProperties judges number and names of the message properties: R-EDM-ebMS-018 and 019.
func checkProperties(h Header) []rule.Finding {
	var fs []rule.Finding
	if h.PropertyNames != nil && len(h.PropertyNames) != len(properties) {
		fs = append(fs, rule.Finding{Rule: "R-EDM-ebMS-018", Severity: rule.Fatal, Path: "MessageProperties",
			Got: strconv.Itoa(len(h.PropertyNames)), Want: "exactly " + strconv.Itoa(len(properties)) + " properties"})
	}
	values := [...]string{h.OriginalSender.Value, h.FinalRecipient.Value, h.ExchangeID, string(h.SpecificationID)}
	for i, name := range properties {
		n := 0
		for _, got := range h.PropertyNames {
			if got == name {
				n++
			}
		}
		if h.PropertyNames == nil {
			n = 1
		}
		if n != 1 || values[i] == "" {
			fs = append(fs, rule.Finding{Rule: "R-EDM-ebMS-019", Severity: rule.Fatal, Path: "MessageProperties/" + name,
				Want: "exactly one property " + name + " with a value"})
		}
	}
	return fs
}

// CheckEnvelope returns the header rules and those on the parts of a message of release line 2.0.
func CheckEnvelope(e Envelope) []rule.Finding {
	fs := CheckHeader(e.Header)
	response := e.Action == ExecuteQueryResponse
	if !response && len(e.Attachments) > 0 {
		fs = append(fs, rule.Finding{Rule: "R-EDM-ebMS-023", Severity: rule.Fatal, Path: "PayloadInfo",
			Got: strconv.Itoa(1 + len(e.Attachments)), Want: "exactly one part"})
	}
	typed := e.BodyType == "" || e.BodyType == MediaTypeRegRep
	switch {
	case response && (!typed || e.BodyAt != 0):
		fs = append(fs, rule.Finding{Rule: "R-EDM-ebMS-032", Severity: rule.Warning, Path: "PayloadInfo/PartInfo[1]",
			Got: clip(e.BodyType), Want: MediaTypeRegRep + " first"})
	case !response && (!typed || e.BodyAt != 0):
		fs = append(fs, rule.Finding{Rule: "R-EDM-ebMS-030", Severity: rule.Fatal, Path: "PayloadInfo/PartInfo[1]",
			Got: clip(e.BodyType), Want: MediaTypeRegRep})
	}
	return fs
}

// CheckVersion compares the version that the body announces with that of the header. [TDD 4.7 §2.6.2]
func CheckVersion(h Header, body edm.Version) []rule.Finding {
	if h.SpecificationID == body {
		return nil
	}
	return []rule.Finding{{Rule: "R-EDM-ebMS-038", Severity: rule.Fatal, Path: "MessageProperties/SpecificationId",
		Got: clip(string(h.SpecificationID)), Want: "the SpecificationIdentifier of the body"}}
}

// CheckCorners compares the corners of the header with the agents of the body. No rule demands that they
// agree, and some peers name their intermediary platform: a difference is for the log. [ebms-header §2]
func CheckCorners(h Header, sender, recipient edm.Identifier) []rule.Finding {
	var fs []rule.Finding
	for _, c := range []struct {
		name         string
		header, body edm.Identifier
	}{{PropertyOriginalSender, h.OriginalSender, sender}, {PropertyFinalRecipient, h.FinalRecipient, recipient}} {
		if c.header != c.body {
			fs = append(fs, rule.Finding{Rule: "OOTS-HDR-CORNER", Severity: rule.Warning,
				Path: "MessageProperties/" + c.name, Want: "the identifier of the agent in the body"})
		}
	}
	return fs
}

// isUUID judges after trimming and without case, as the assertions do.
func isUUID(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

func isAccessPointScheme(s string) bool {
	code, ok := strings.CutPrefix(s, schemeUnregistered)
	return ok && (code == "oots" || codelist.OOTSCountries.Has(code))
}

func isAgentScheme(s string) bool {
	code, ok := strings.CutPrefix(s, schemeEAS)
	return ok && codelist.EAS.Has(code) || isAccessPointScheme(s)
}

// clip shortens an offending value to what a finding may carry.
func clip(s string) string {
	if len(s) > 120 {
		return strings.ToValidUTF8(s[:120], "")
	}
	return s
}
