package edmxml_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/rule"
)

// represented is a request about a person for whom another acts.
const represented = "request-representative"

// An earlierMutant is a mutant of the golden messages of lines before 2.0.
type earlierMutant struct {
	in []edm.Version
	mutant
}

// earlierRequestMutants break what no mutant of 2.0 breaks, applied to the messages of the line.
func earlierRequestMutants() []earlierMutant {
	const (
		code      = `value="T3"/>`
		asked     = "<sdg:DataServiceEvidenceType>"
		requester = `name="EvidenceRequester"`
		provider  = `name="EvidenceProvider"`
		subject   = `name="NaturalPerson"`
		firm      = `name="LegalPerson"`
		agent     = `name="AuthorizedRepresentative"`
		sr10      = "https://sr.oots.tech.europa.eu/"
	)
	var v10, later, all = []edm.Version{edm.V10}, []edm.Version{edm.V11, edm.V12}, []edm.Version{edm.V10, edm.V11, edm.V12}
	return []earlierMutant{
		{all, mutant{first, "R-EDM-REQ-S022", typed("Procedure", "InternationalStringValueType", "StringValueType")}},                                                       // V10 V11 V12
		{later, mutant{first, "R-EDM-REQ-S051", swap("<rim:Value>2026-09-14T08:30:00Z</rim:Value>", "")}},                                                                   // V11 V12
		{v10, mutant{first, "R-EDM-REQ-S038", no("Requirements", "Identifier")}},                                                                                            // V10
		{v10, mutant{first, "R-EDM-REQ-S040", no(requester, "Identifier")}},                                                                                                 // V10
		{v10, mutant{first, "R-EDM-REQ-S043", no(provider, "Identifier")}},                                                                                                  // V10
		{v10, mutant{first, "R-EDM-REQ-S045", no(asked, "Description")}},                                                                                                    // V10
		{all, mutant{first, "R-EDM-REQ-C001", swap("oots-edm:v1", "oots-edm:v3")}},                                                                                          // V10 V11 V12
		{v10, mutant{first, "R-EDM-REQ-C003", swap(code, `value="00"/>`)}},                                                                                                  // V10
		{all, mutant{first, "R-EDM-REQ-C003", swap(code, `value="T9"/>`)}},                                                                                                  // V10 V11 V12
		{all, mutant{first, "R-EDM-REQ-C003", swap(code, code+`<rim:LocalizedString xml:lang="EL" value="Σπουδές"/>`)}},                                                     // V10 V11 V12
		{all, mutant{first, "R-EDM-REQ-C004", swap(`xml:lang="EN" `+code, `xml:lang="en" `+code)}},                                                                          // V10 V11 V12
		{v10, mutant{first, "R-EDM-REQ-C008", swap("requirements/5247bb6b", "requirements/urn:uuid:5247BB6B")}},                                                             // V10
		{v10, mutant{first, "R-EDM-REQ-C009", swapIn("Requirements", `lang="EN"`, `lang="en"`)}},                                                                            // V10
		{v10, mutant{first, "R-EDM-REQ-C012", swapIn(requester, dot+"AT", edm.SchemeEAS+"0225")}},                                                                           // V10: a code of later lists
		{v10, mutant{first, "R-EDM-REQ-C014", swap("<sdg:Classification>ER", "<sdg:Classification>EvidenceRequester")}},                                                     // V10
		{v10, mutant{first, "R-EDM-REQ-C018", swapIn(provider, dot+"EL", "EL")}},                                                                                            // V10
		{v10, mutant{first, "R-EDM-REQ-C027", swap("evidencetypeclassifications/EL/", "evidencetypeclassifications/GRC/")}},                                                 // V10
		{all, mutant{first, "R-EDM-REQ-C032", swap("<sdg:DistributedAs>", "<sdg:DistributedAs><sdg:Format>image/png</sdg:Format></sdg:DistributedAs><sdg:DistributedAs>")}}, // V10 V11 V12
		{v10, mutant{company, "R-EDM-REQ-C034", swap("<sdg:ConformsTo>"+sr10, "<sdg:ConformsTo>https://example.eu/")}},                                                      // V10
		{all, mutant{company, "R-EDM-REQ-C035", swap("<sdg:Transformation>https://sr.", "<sdg:Transformation>https://")}},                                                   // V10 V11 V12
		{all, mutant{first, "R-EDM-REQ-C038", no(subject, "Identifier")}},                                                                                                   // V10 V11 V12
		{v10, mutant{first, "R-EDM-REQ-C039", swap("EL/AT/DEMO10010", "EL/AT/DEMO-1001")}},                                                                                  // V10
		{v10, mutant{company, "R-EDM-REQ-C050", swap("EL/AT/5000000001", "EL/AT/50")}},                                                                                      // V10
		{v10, mutant{represented, "R-EDM-REQ-C060", no(agent, "Identifier")}},                                                                                               // V10
		{v10, mutant{represented, "R-EDM-REQ-C061", swapIn(agent, "EL/AT/DEMO10010", "EL/AT/DEMO-10010")}},                                                                  // V10
		{all, mutant{first, "R-EDM-REQ-C069", swap(`xml:lang="EL"`, `xml:lang="el"`)}},                                                                                      // V10 V11 V12
		{all, mutant{first, "R-EDM-REQ-C069", swap(`xml:lang="EL"`, `xml:lang=""`)}},                                                                                        // V10 V11 V12
		{v10, mutant{company, "R-EDM-REQ-C070", func(s string) string { // V10: one number for both formats
			return no(asked, "ConformsTo")(swap("application/xml", "application/json")(s))
		}}},
		{later, mutant{company, "R-EDM-REQ-C072", no(asked, "ConformsTo")}},                                                                // V11 V12
		{later, mutant{first, "R-EDM-REQ-C073", swap("<sdg:AdminUnitLevel1>AT", "<sdg:AdminUnitLevel1>")}},                                 // V11 V12
		{later, mutant{company, "R-EDM-REQ-C095", swap("<sdg:Type>codelist", "<sdg:Type>list")}},                                           // V11 V12
		{later, mutant{company, "R-EDM-REQ-C113", swap("<sdg:Transformation>https://sr.", "<sdg:Transformation>https://sr.acc.")}},         // V11 V12
		{all, mutant{represented, edm.RuleContent, swap("<sdg:Gender>Female", "<sdg:Gender>2")}},                                           // V10 V11 V12
		{v10, mutant{represented, edm.RuleContent, swapIn(agent, "</sdg:Gender>", "</sdg:Gender><sdg:Nationality>EL</sdg:Nationality>")}},  // V10
		{v10, mutant{first, edm.RuleContent, swapIn(provider, "</sdg:Agent>", "<sdg:Classification>EP</sdg:Classification></sdg:Agent>")}}, // V10
		{v10, mutant{represented, edm.RuleContent, rename("AuthorizedRepresentative", "AuthorizedRepresentativeLegalPerson")}},             // V10
		{all, mutant{second, "R-EDM-REQ-S019", rename("PreviewLocation", "ReturnLocation")}},                                               // V10 V11 V12
		{all, mutant{first, edm.RuleContent, swapIn(asked, "</sdg:Format>", "</sdg:Format><sdg:Language>EL</sdg:Language>")}},              // V10 V11 V12
		{all, mutant{company, edm.RulePerson, no(firm, "LegalName")}},                                                                      // V10 V11 V12
	}
}

// TestEarlierRequestMutants breaks each rule as its row says.
func TestEarlierRequestMutants(t *testing.T) {
	t.Parallel()
	for _, m := range earlierRequestMutants() {
		for _, v := range m.in {
			t.Run(v.Line()+" "+string(m.id)+" "+m.golden, func(t *testing.T) {
				t.Parallel()
				findings, changed := m.breaks(t, v)
				if !changed {
					t.Fatal("the edit found nothing to change")
				}
				if _, ok := fired(findings)[m.id]; !ok {
					t.Errorf("fired %v", findings)
				}
			})
		}
	}
}

// breaks edits the golden message of a line; changed is false when there is nothing to edit.
func (m mutant) breaks(t *testing.T, v edm.Version) (findings []rule.Finding, changed bool) {
	t.Helper()
	line := strings.ReplaceAll(v.Line(), ".", "")
	b, err := os.ReadFile(filepath.Join("testdata", strings.Replace(m.golden, "-", line+"-", 1)+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	broken := m.edit(string(b))
	if broken == string(b) {
		return nil, false
	}
	if _, findings, err = read([]byte(broken)); err != nil {
		t.Fatal(err)
	}
	return findings, true
}

// TestEveryRequestRuleOfALineIsBroken holds that each rule on requests that the catalogue calls checked in a line
// has a document that breaks it, one edit away from a golden message, which breaks nothing. The edits are those
// of 2.0 where they break the rule in the line too. The severity is the one that is published for the line,
// unless we soften it.
func TestEveryRequestRuleOfALineIsBroken(t *testing.T) {
	t.Parallel()
	for _, l := range lines {
		for _, row := range rule.Rows(rule.Request, l.version.Line()) {
			if row.State != rule.Checked || !strings.HasPrefix(string(row.ID), "R-") {
				continue
			}
			t.Run(l.version.Line()+" "+string(row.ID), func(t *testing.T) {
				t.Parallel()
				tried := 0
				for _, m := range mutantsOf(row.ID, l.version) {
					findings, changed := m.breaks(t, l.version)
					if changed {
						tried++
					}
					if severity, ok := fired(findings)[row.ID]; ok {
						_, soft := edm.Softened(row.ID)
						if severity != row.Severity && !(soft && severity == rule.Warning) {
							t.Errorf("%s, published %s", severity, row.Severity)
						}
						return
					}
				}
				t.Errorf("%d edits, and none breaks it", tried)
			})
		}
	}
}

// mutantsOf returns the mutants for a rule in a line, those of the line first.
func mutantsOf(id rule.ID, v edm.Version) []mutant {
	var all []mutant
	for _, m := range earlierRequestMutants() {
		if m.id == id && slices.Contains(m.in, v) {
			all = append(all, m.mutant)
		}
	}
	for _, m := range slices.Concat(requestMutants(), subjectMutants()) {
		if m.id == id {
			all = append(all, m)
		}
	}
	return all
}
