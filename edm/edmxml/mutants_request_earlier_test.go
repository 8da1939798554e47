package edmxml_test

import (
	"os"
	"path/filepath"
	"slices"
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
		{all, mutant{first, "R-EDM-REQ-S022", typed("Procedure", "InternationalStringValueType", "StringValueType")}},
		{later, mutant{first, "R-EDM-REQ-S051", swap("<rim:Value>2026-09-14T08:30:00Z</rim:Value>", "")}},
		{v10, mutant{first, "R-EDM-REQ-S038", no("Requirements", "Identifier")}},
		{v10, mutant{first, "R-EDM-REQ-S040", no(requester, "Identifier")}},
		{v10, mutant{first, "R-EDM-REQ-S043", no(provider, "Identifier")}},
		{v10, mutant{first, "R-EDM-REQ-S045", no(asked, "Description")}},
		{all, mutant{first, "R-EDM-REQ-C001", swap("oots-edm:v1", "oots-edm:v3")}},
		{v10, mutant{first, "R-EDM-REQ-C003", swap(code, `value="00"/>`)}},
		{all, mutant{first, "R-EDM-REQ-C003", swap(code, `value="T9"/>`)}},
		{all, mutant{first, "R-EDM-REQ-C003", swap(code, code+`<rim:LocalizedString xml:lang="EL" value="Σπουδές"/>`)}},
		{all, mutant{first, "R-EDM-REQ-C004", swap(`xml:lang="EN" `+code, `xml:lang="en" `+code)}},
		{v10, mutant{first, "R-EDM-REQ-C008", swap("requirements/5247bb6b", "requirements/urn:uuid:5247BB6B")}},
		{v10, mutant{first, "R-EDM-REQ-C009", swapIn("Requirements", `lang="EN"`, `lang="en"`)}},
		{v10, mutant{first, "R-EDM-REQ-C012", swapIn(requester, dot+"AT", edm.SchemeEAS+"0225")}}, // a code of later lists
		{v10, mutant{first, "R-EDM-REQ-C014", swap("<sdg:Classification>ER", "<sdg:Classification>EvidenceRequester")}},
		{v10, mutant{first, "R-EDM-REQ-C018", swapIn(provider, dot+"EL", "EL")}},
		{v10, mutant{first, "R-EDM-REQ-C027", swap("evidencetypeclassifications/EL/", "evidencetypeclassifications/GRC/")}},
		{all, mutant{first, "R-EDM-REQ-C032", swap("<sdg:DistributedAs>", "<sdg:DistributedAs><sdg:Format>image/png</sdg:Format></sdg:DistributedAs><sdg:DistributedAs>")}},
		{v10, mutant{company, "R-EDM-REQ-C034", swap("<sdg:ConformsTo>"+sr10, "<sdg:ConformsTo>https://example.eu/")}},
		{all, mutant{company, "R-EDM-REQ-C035", swap("<sdg:Transformation>https://sr.", "<sdg:Transformation>https://")}},
		{all, mutant{first, "R-EDM-REQ-C038", no(subject, "Identifier")}},
		{v10, mutant{first, "R-EDM-REQ-C039", swap("EL/AT/DEMO10010", "EL/AT/DEMO-1001")}},
		{v10, mutant{company, "R-EDM-REQ-C050", swap("EL/AT/5000000001", "EL/AT/50")}},
		{v10, mutant{represented, "R-EDM-REQ-C060", no(agent, "Identifier")}},
		{v10, mutant{represented, "R-EDM-REQ-C061", swapIn(agent, "EL/AT/DEMO10010", "EL/AT/DEMO-10010")}},
		{all, mutant{first, "R-EDM-REQ-C069", swap(`xml:lang="EL"`, `xml:lang="el"`)}},
		{all, mutant{first, "R-EDM-REQ-C069", swap(`xml:lang="EL"`, `xml:lang=""`)}},
		{v10, mutant{company, "R-EDM-REQ-C070", func(s string) string { // one number for both formats
			return no(asked, "ConformsTo")(swap("application/xml", "application/json")(s))
		}}},
		{later, mutant{company, "R-EDM-REQ-C072", no(asked, "ConformsTo")}},
		{later, mutant{first, "R-EDM-REQ-C073", swap("<sdg:AdminUnitLevel1>AT", "<sdg:AdminUnitLevel1>")}},
		{later, mutant{company, "R-EDM-REQ-C095", swap("<sdg:Type>codelist", "<sdg:Type>list")}},
		{later, mutant{company, "R-EDM-REQ-C113", swap("<sdg:Transformation>https://sr.", "<sdg:Transformation>https://sr.acc.")}},
		{all, mutant{represented, edm.RuleContent, swap("<sdg:Gender>Female", "<sdg:Gender>2")}},
		{all, mutant{represented, edm.RuleContent, swap("<sdg:Gender>Female", "<sdg:Gender>")}},
		{v10, mutant{first, "R-EDM-REQ-C026", swapIn(asked, "8f3d2a44-1b0c-4a6e-9d54-77f0a1c2e311", "")}},
		{v10, mutant{first, edm.RuleContent, swapIn(subject, "</rim:SlotValue>", "</rim:SlotValue>"+emptyAny)}},
		{v10, mutant{represented, edm.RuleContent, swapIn(agent, "</sdg:Gender>", "</sdg:Gender><sdg:Nationality>EL</sdg:Nationality>")}},
		{v10, mutant{first, edm.RuleContent, swapIn(provider, "</sdg:Agent>", "<sdg:Classification>EP</sdg:Classification></sdg:Agent>")}},
		{v10, mutant{represented, edm.RuleContent, rename("AuthorizedRepresentative", "AuthorizedRepresentativeLegalPerson")}},
		{all, mutant{second, "R-EDM-REQ-S019", rename("PreviewLocation", "ReturnLocation")}},
		{all, mutant{first, edm.RuleContent, swapIn(asked, "</sdg:Format>", "</sdg:Format><sdg:Language>EL</sdg:Language>")}},
		{all, mutant{company, edm.RulePerson, no(firm, "LegalName")}},
	}
}

// TestEarlierMutants breaks each rule as its row says.
func TestEarlierMutants(t *testing.T) {
	t.Parallel()
	for _, m := range slices.Concat(earlierRequestMutants(), earlierAnswerMutants()) {
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
	b, err := os.ReadFile(filepath.Join("testdata", goldenIn(m.golden, v)+".xml"))
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
