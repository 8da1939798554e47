package edmxml_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/rule"
)

// An edit breaks one golden message at one place.
type edit func(string) string

// swap replaces the first old by new.
func swap(old, new string) edit {
	return func(s string) string { return strings.Replace(s, old, new, 1) }
}

// swapAll replaces every old by new.
func swapAll(old, new string) edit {
	return func(s string) string { return strings.ReplaceAll(s, old, new) }
}

// swapIn replaces the first old behind the first mark.
func swapIn(mark, old, new string) edit {
	return func(s string) string {
		before, after, _ := strings.Cut(s, mark)
		return before + mark + strings.Replace(after, old, new, 1)
	}
}

// retag gives the first element of that name behind the mark another name.
func retag(mark, old, new string) edit {
	return func(s string) string {
		s = swapIn(mark, "<sdg:"+old+">", "<sdg:"+new+">")(s)
		return swapIn(mark, "</sdg:"+old+">", "</sdg:"+new+">")(s)
	}
}

// noSlot removes the first slot of that name.
func noSlot(name string) edit {
	slot := regexp.MustCompile(`(?s)<rim:Slot name="` + name + `">.*?</rim:Slot>\s*`)
	return func(s string) string {
		at := slot.FindStringIndex(s)
		if at == nil {
			return s
		}
		return s[:at[0]] + s[at[1]:]
	}
}

// rename gives the first slot another name.
func rename(name, other string) edit { return swap(`name="`+name+`"`, `name="`+other+`"`) }

// typed gives the value of the slot another type.
func typed(slot, old, new string) edit {
	return swapIn(`name="`+slot+`"`, `xsi:type="rim:`+old+`"`, `xsi:type="rim:`+new+`"`)
}

// no removes an element with its content, behind the mark.
func no(mark, element string) edit {
	return func(s string) string {
		before, after, _ := strings.Cut(s, mark)
		re := regexp.MustCompile(`(?s)<sdg:` + element + `( [^>]*)?>.*?</sdg:` + element + `>\s*`)
		at := re.FindStringIndex(after)
		if at == nil {
			return s
		}
		return before + mark + after[:at[0]] + after[at[1]:]
	}
}

// A mutant is an edit and the rule that it breaks.
type mutant struct {
	golden string
	id     rule.ID
	edit   edit
}

const (
	first    = "request-first"
	second   = "request-second"
	company  = "request-company"
	one      = "response-one"
	twoDocs  = "response-translation"
	later    = "response-deferred"
	preview  = "error-preview-required"
	plain    = "error-0004"
	nobody   = "error-unreadable"
	emptyAny = `<rim:SlotValue xsi:type="rim:AnyValueType"/>`
)

// TestMutants breaks each rule once. Documents and rules together are the table of what this package holds.
func TestMutants(t *testing.T) {
	t.Parallel()
	for _, m := range slices.Concat(requestMutants(), subjectMutants(), responseMutants(), packageMutants(), errorMutants()) {
		t.Run(string(m.id)+" "+m.golden, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join("testdata", m.golden+".xml"))
			if err != nil {
				t.Fatal(err)
			}
			broken := m.edit(string(b))
			if broken == string(b) {
				t.Fatal("the edit found nothing to change")
			}
			_, findings, err := read([]byte(broken))
			if err != nil {
				t.Fatal(err)
			}
			got := fired(findings)
			if _, ok := got[m.id]; !ok {
				t.Fatalf("fired %v", slices.Sorted(maps.Keys(got)))
			}
			for _, f := range findings {
				if f.Line < 2 || f.Line > strings.Count(broken, "\n") || !strings.HasPrefix(f.Path, "/query:Query") {
					t.Errorf("no place in the document: %+v", f)
				}
				for _, secret := range []string{"Papadopoulou", "Eleni", "DEMO1001", "1998-03", "9sXh2mQ0b7dP4rTt1LkWcA"} {
					if strings.Contains(f.Got, secret) {
						t.Errorf("shows %q: %+v", secret, f)
					}
				}
			}
		})
	}
}

// TestEveryRuleHasAMutant holds the tables against the rules that the code names.
func TestEveryRuleHasAMutant(t *testing.T) {
	t.Parallel()
	// Judged on the model only, for our own messages; package edm tests them.
	seen := map[string]bool{"R-EDM-RESP-C050": true}
	for _, m := range slices.Concat(requestMutants(), subjectMutants(), responseMutants(), packageMutants(), errorMutants()) {
		seen[string(m.id)] = true
	}
	for _, m := range slices.Concat(earlierRequestMutants(), earlierAnswerMutants()) {
		seen[string(m.id)] = true
	}
	named := regexp.MustCompile(`"(R-EDM-(?:REQ|RESP|ERR)-[SC][0-9]{3})"`)
	n := 0
	for _, pattern := range []string{"*.go", "../*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range named.FindAllStringSubmatch(string(b), -1) {
				n++
				if !seen[m[1]] {
					t.Errorf("%s names %s, which no mutant breaks", file, m[1])
					seen[m[1]] = true
				}
			}
		}
	}
	if n < 300 {
		t.Errorf("found only %d rule names", n)
	}
}

const (
	dot = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:"
	sr  = "https://sr.oots.tech.ec.europa.eu/"
)

func requestMutants() []mutant {
	return slices.Concat(requestStructureMutants(), requestContentMutants(), conceptMutants(), evidenceTypeMutants())
}

func requestStructureMutants() []mutant {
	return []mutant{
		{first, "R-EDM-REQ-S003", swap(` id="`+requestID+`"`, "")},
		{first, "R-EDM-REQ-S004", swap(requestID, requestID[9:])},
		{first, "R-EDM-REQ-S005", noSlot("SpecificationIdentifier")},
		{first, "R-EDM-REQ-S006", noSlot("IssueDateTime")},
		{first, "R-EDM-REQ-S007", noSlot("Procedure")},
		{first, "R-EDM-REQ-S009", noSlot("PossibilityForPreview")},
		{first, "R-EDM-REQ-S010", noSlot("ExplicitRequestGiven")},
		{first, "R-EDM-REQ-S011", noSlot("Requirements")},
		{first, "R-EDM-REQ-S012", noSlot("EvidenceRequester")},
		{first, "R-EDM-REQ-S013", noSlot("EvidenceProvider")},
		{first, "R-EDM-REQ-S015", noSlot("EvidenceRequest")},
		{first, "R-EDM-REQ-S016", noSlot("NaturalPerson")},
		{company, "R-EDM-REQ-S016", rename("AuthorizedRepresentative", "NaturalPerson")},
		{first, "R-EDM-REQ-S019", rename("Procedure", "Formality")},
		{first, "R-EDM-REQ-S020", typed("SpecificationIdentifier", "StringValueType", "AnyValueType")},
		{first, "R-EDM-REQ-S021", typed("IssueDateTime", "DateTimeValueType", "StringValueType")},
		{first, "R-EDM-REQ-S022", typed("Procedure", "StringValueType", "InternationalStringValueType")},
		{second, "R-EDM-REQ-S023", typed("PreviewLocation", "StringValueType", "AnyValueType")},
		{first, "R-EDM-REQ-S024", typed("PossibilityForPreview", "BooleanValueType", "StringValueType")},
		{first, "R-EDM-REQ-S025", typed("ExplicitRequestGiven", "BooleanValueType", "StringValueType")},
		{first, "R-EDM-REQ-S026", typed("Requirements", "CollectionValueType", "AnyValueType")},
		{first, "R-EDM-REQ-S027", typed("Requirements", "AnyValueType", "StringValueType")},
		{first, "R-EDM-REQ-S028", typed("EvidenceRequester", "CollectionValueType", "AnyValueType")},
		{first, "R-EDM-REQ-S029", typed("EvidenceRequester", "AnyValueType", "StringValueType")},
		{first, "R-EDM-REQ-S030", typed("EvidenceProvider", "AnyValueType", "CollectionValueType")},
		{company, "R-EDM-REQ-S031", typed("EvidenceProviderClassification", "CollectionValueType", "AnyValueType")},
		{company, "R-EDM-REQ-S032", typed("EvidenceProviderClassification", "AnyValueType", "StringValueType")},
		{first, "R-EDM-REQ-S033", typed("EvidenceRequest", "AnyValueType", "StringValueType")},
		{company, "R-EDM-REQ-S034", typed("LegalPerson", "AnyValueType", "StringValueType")},
		{first, "R-EDM-REQ-S035", typed("NaturalPerson", "AnyValueType", "StringValueType")},
		{company, "R-EDM-REQ-S036", typed("AuthorizedRepresentative", "AnyValueType", "StringValueType")},
		{first, "R-EDM-REQ-S037", swapAll("sdg:Requirement>", "sdg:Demand>")},
		{first, "R-EDM-REQ-S038", swap("</sdg:Requirement>", "<sdg:ReferenceFramework/></sdg:Requirement>")},
		{first, "R-EDM-REQ-S039", retag(`name="EvidenceRequester"`, "Agent", "Actor")},
		{first, "R-EDM-REQ-S040", swap("<sdg:Classification>ER", "<sdg:Jurisdiction/><sdg:Classification>ER")},
		{company, "R-EDM-REQ-S041", swapAll("sdg:EvidenceProviderClassification>", "sdg:Answer>")},
		{first, "R-EDM-REQ-S042", retag(`name="EvidenceProvider"`, "Agent", "Actor")},
		{first, "R-EDM-REQ-S043", swapIn(`name="EvidenceProvider"`, "</sdg:Agent>", "<sdg:Classification>EP</sdg:Classification></sdg:Agent>")},
		{first, "R-EDM-REQ-S044", swapAll("sdg:DataServiceEvidenceType>", "sdg:EvidenceType>")},
		{first, "R-EDM-REQ-S045", swap("<sdg:DistributedAs>", "<sdg:AccessService/><sdg:DistributedAs>")},
		{first, "R-EDM-REQ-S046", swapAll("sdg:Person>", "sdg:NaturalPerson>")},
		{company, "R-EDM-REQ-S047", swapAll("sdg:LegalPerson>", "sdg:Company>")},
		{company, "R-EDM-REQ-S048", swapAll("sdg:Person>", "sdg:NaturalPerson>")},
		{company, "R-EDM-REQ-S049", rename("AuthorizedRepresentative", "Representative")},
		{first, "R-EDM-REQ-S050", swapIn(`name="NaturalPerson"`, "</rim:SlotValue>", "</rim:SlotValue>"+emptyAny)},
		{first, "R-EDM-REQ-S051", swap("<rim:Value>T3</rim:Value>", "")},
		{first, "R-EDM-REQ-S052", swapAll("rim:Element", "rim:Member")},
		{first, "R-EDM-REQ-S053", swap("CollectionType:Set", "CollectionType:Bag")},
		{company, "R-EDM-REQ-S055", typed("AuthorizedRepresentativeLegalPerson", "AnyValueType", "StringValueType")},
		{company, "R-EDM-REQ-S056", swapAll("sdg:LegalPerson>", "sdg:Company>")},
		{first, "R-EDM-REQ-S059", swap(" id=", ` xml:lang="EN" id=`)},
		{second, "R-EDM-REQ-S061", typed("ReturnLocation", "StringValueType", "AnyValueType")},
		{second, "R-EDM-REQ-S062", noSlot("ReturnLocation")},
		{second, "R-EDM-REQ-S062", noSlot("PreviewLocation")},
	}
}

func requestContentMutants() []mutant {
	const requester, provider = `name="EvidenceRequester"`, `name="EvidenceProvider"`
	return []mutant{
		{first, "R-EDM-REQ-C001", swap("oots-edm:v2.0", "oots-edm:v2.1")},
		{first, "R-EDM-REQ-C001", swap("oots-edm:v2.0", " oots-edm:v2.0")},
		{first, "R-EDM-REQ-C002", swap("2026-09-14T08:30:00Z", "2026-09-14")},
		{first, "R-EDM-REQ-C003", swap("<rim:Value>T3", "<rim:Value>T9")},
		{first, "R-EDM-REQ-C003", swap("<rim:Value>T3", "<rim:Value>")},
		{first, "R-EDM-REQ-C003", swap("<rim:Value>T3", `<rim:Value><rim:LocalizedString xml:lang="EN" value="T3"/>`)},
		{second, "R-EDM-REQ-C005", swap("https://localhost:8442", "http://localhost:8442")},
		{second, "R-EDM-REQ-C005", swap("https://localhost:8442/preview/9sXh2mQ0b7dP4rTt1LkWcA", "")},
		{first, "R-EDM-REQ-C008", swap("requirements/5247bb6b", "requirements/5247BB6B")},
		{first, "R-EDM-REQ-C009", swapIn("Requirements", `lang="EN"`, `lang="en"`)},
		{first, "R-EDM-REQ-C010", swapIn("Requirements", ` lang="EN"`, "")},
		{first, "R-EDM-REQ-C011", swapIn(requester, ` schemeID="`+dot+`AT"`, "")},
		{first, "R-EDM-REQ-C012", swapIn(requester, dot+"AT", dot+"GR")},
		{first, "R-EDM-REQ-C012", swapIn(requester, "DEMO-AT-UNI", strings.Repeat("x", 256))},
		{first, "R-EDM-REQ-C013", swap("<sdg:Classification>ER</sdg:Classification>", "")},
		{first, "R-EDM-REQ-C014", swap("<sdg:Classification>ER", "<sdg:Classification>EP")},
		{first, "R-EDM-REQ-C014", swap("<sdg:Classification>ER", "<sdg:Classification> ER")},
		{first, "R-EDM-REQ-C015", swap("<sdg:AdminUnitLevel1>AT", "<sdg:AdminUnitLevel1>XX")},
		{first, "R-EDM-REQ-C016", swap("</sdg:AdminUnitLevel1>", "</sdg:AdminUnitLevel1><sdg:AdminUnitLevel2>AT99</sdg:AdminUnitLevel2>")},
		{first, "R-EDM-REQ-C017", swapIn(provider, ` schemeID="`+dot+`EL"`, "")},
		{first, "R-EDM-REQ-C018", swapIn(provider, dot+"EL", edm.SchemeEAS+"9901")},
		{first, "R-EDM-REQ-C024", swap("LeafClassWithRepositoryItem", "LeafClass")},
		{first, "R-EDM-REQ-C024", swap(`<query:ResponseOption returnType="LeafClassWithRepositoryItem"/>`, "")},
		{first, "R-EDM-REQ-C025", swap("DocumentQuery", "OtherQuery")},
		{first, "R-EDM-REQ-C073", swap("<sdg:AdminUnitLevel1>AT</sdg:AdminUnitLevel1>", "")},
		{first, "R-EDM-REQ-C073", swap("<sdg:Address>", "<sdg:Address><sdg:AdminUnitLevel1>DE</sdg:AdminUnitLevel1></sdg:Address><sdg:Address>")},
		{company, "R-EDM-REQ-C074", swap("<sdg:Classification>IP", "<sdg:Classification>ER")},
		{first, "R-EDM-REQ-C074", swap("<sdg:Classification>ER", "<sdg:Classification>IP")},
		{first, "R-EDM-REQ-C092", swap("Tertiary education qualification", " T ")},
		{first, "R-EDM-REQ-C093", swap(`<sdg:Description lang="EN">The`, `<sdg:Description lang="XX">The`)},
		{first, "R-EDM-REQ-C094", swap(`<sdg:Description lang="EN">The`, `<sdg:Description>The`)},
		{first, "R-EDM-REQ-C108", swapIn(requester, `lang="DE"`, `lang="de"`)},
		{first, "R-EDM-REQ-C109", swapIn(requester, `lang="DE"`, `lang=" "`)},
		{first, "R-EDM-REQ-C110", swapIn(provider, `lang="EL"`, `lang="GR"`)},
		{first, "R-EDM-REQ-C111", swapIn(provider, ` lang="EL"`, "")},
		{second, "R-EDM-REQ-C120", swap("https://localhost:8441", "ftp://localhost:8441")},
		{first, edm.RuleAgent, no(requester, "Identifier")},
		{first, edm.RuleAgent, func(s string) string {
			return no(provider, "Identifier")(no(provider, "Name")(no(provider, "Name")(s)))
		}},
		{first, edm.RuleContent, swap("<sdg:AdminUnitLevel1>AT", "<sdg:AdminUnitLevel1>")},
		{first, edm.RuleNamed, no("Requirements", "Name")},
		{first, edm.RuleContent, swapIn("PossibilityForPreview", "true", "yes")},
	}
}

func conceptMutants() []mutant {
	const list = `schemeID="` + sr + "codelists/EL/DemoRegistries"
	return []mutant{
		{company, "R-EDM-REQ-C019", swap("5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77", "which-registry")},
		{company, "R-EDM-REQ-C020", swap("<sdg:Type>codelist</sdg:Type>", "")},
		{company, "R-EDM-REQ-C021", swap(`lang="EN">Which`, `lang="en">Which`)},
		{company, "R-EDM-REQ-C022", swap(` lang="EN">Which`, `>Which`)},
		{company, "R-EDM-REQ-C023", no("DemoRegistries", "SupportedValue")},
		{company, "R-EDM-REQ-C095", swap("<sdg:Type>codelist", "<sdg:Type>Codelist")},
		{company, "R-EDM-REQ-C096", swap(" "+list+`"`, "")},
		{company, "R-EDM-REQ-C097", swap(list, `schemeID="https://example.eu/codelists/EL/DemoRegistries`)},
		{company, "R-EDM-REQ-C098", swap(list, strings.Replace(list, "/EL/", "/XX/", 1))},
		{company, "R-EDM-REQ-C099", swap(list, list+"-2")},
		{company, "R-EDM-REQ-C100", no("DemoRegistries", "ValueExpression")},
		{company, "R-EDM-REQ-C101", swap("<sdg:ValueExpression>https", "<sdg:ValueExpression>http")},
		{company, "R-EDM-REQ-C102", no("DemoRegistries", "SupportedValue")},
		{company, "R-EDM-REQ-C103", swapAll("sdg:StringValue>", "sdg:BooleanValue>")},
		{company, "R-EDM-REQ-C104", swapAll("sdg:BooleanValue>", "sdg:StringValue>")},
		{company, "R-EDM-REQ-C105", swap("</sdg:SupportedValue>", "</sdg:SupportedValue><sdg:SupportedValue><sdg:StringValue>THE</sdg:StringValue></sdg:SupportedValue>")},
	}
}

func evidenceTypeMutants() []mutant {
	const asked = "<sdg:DataServiceEvidenceType>"
	return []mutant{
		{first, "R-EDM-REQ-C026", swap("8f3d2a44-1b0c", "8f3d2a44_1b0c")},
		{first, "R-EDM-REQ-C027", swap("evidencetypeclassifications/EL/", "evidencetypeclassifications/GRC/")},
		{first, "R-EDM-REQ-C028", swapIn(asked, `lang="EL"`, `lang="el"`)},
		{first, "R-EDM-REQ-C029", swapIn(asked, ` lang="EL"`, "")},
		{first, "R-EDM-REQ-C030", swap(`lang="EN">Diploma of`, `lang="en">Diploma of`)},
		{first, "R-EDM-REQ-C031", swap(` lang="EN">Diploma of`, `>Diploma of`)},
		{first, "R-EDM-REQ-C032", no(asked, "DistributedAs")},
		{first, "R-EDM-REQ-C033", swap("application/pdf", "application/msword")},
		{company, "R-EDM-REQ-C034", swap(sr+"datamodels/demo", "https://example.eu/datamodels/demo")},
		{company, "R-EDM-REQ-C070", no(asked, "ConformsTo")},
		{company, "R-EDM-REQ-C071", func(s string) string {
			return no(asked, "ConformsTo")(swap("application/xml", "application/json")(s))
		}},
		{company, "R-EDM-REQ-C072", swap("<sdg:Format>application/pdf</sdg:Format>", "<sdg:Format>application/pdf</sdg:Format><sdg:Transformation/>")},
		{first, "R-EDM-REQ-C106", func(s string) string { // an empty element
			return no(`name="EvidenceRequest"`, "DataServiceEvidenceType")(swapIn(`name="EvidenceRequest"`, "</sdg:DataServiceEvidenceType>", "</sdg:DataServiceEvidenceType><sdg:DataServiceEvidenceType/>")(s))
		}},
		{first, "R-EDM-REQ-C106", swap("<sdg:Identifier>8f3d2a44-1b0c-4a6e-9d54-77f0a1c2e311</sdg:Identifier>", "")},
		{company, "R-EDM-REQ-C107", swap("application/xml", "image/png")},
		{company, "R-EDM-REQ-C114", swap(sr+"datamodels", "https://sr.acc.oots.tech.ec.europa.eu/datamodels")},
		{first, "R-EDM-REQ-C115", swap(sr+"evidencetype", "https://sr.acc.oots.tech.ec.europa.eu/evidencetype")},
		{first, "R-EDM-REQ-C118", swap("<sdg:Language>EL", "<sdg:Language>gr")},
		{first, "R-EDM-REQ-C119", swap("<sdg:AssociatedDocumentRequest>Translation", "<sdg:AssociatedDocumentRequest>translation")},
		{first, edm.RuleNamed, func(s string) string { return no(asked, "Title")(no(asked, "Title")(s)) }},
	}
}

func subjectMutants() []mutant {
	const (
		subject   = `name="NaturalPerson"`
		firm      = `name="LegalPerson"`
		agent     = `name="AuthorizedRepresentative"`
		firmAgent = `name="AuthorizedRepresentativeLegalPerson"`
		eidas     = ` schemeID="eidas"`
	)
	home := "<sdg:CurrentAddress><sdg:AdminUnitLevel1>XX</sdg:AdminUnitLevel1></sdg:CurrentAddress></sdg:Person>"
	return []mutant{
		{first, "R-EDM-REQ-C036", no(subject, "LevelOfAssurance")},
		{first, "R-EDM-REQ-C037", swap("<sdg:LevelOfAssurance>High", "<sdg:LevelOfAssurance>high")},
		{first, "R-EDM-REQ-C038", swap("EL/AT/DEMO1001", "")},
		{first, "R-EDM-REQ-C040", swap("EL/AT/DEMO1001", "GR/AT/DEMO1001")},
		{first, "R-EDM-REQ-C041", swapIn(subject, eidas, "")},
		{first, "R-EDM-REQ-C042", swapIn(subject, "eidas", "eidas2")},
		{first, "R-EDM-REQ-C043", swap("1998-03-25", "25.03.1998")},
		{first, "R-EDM-REQ-C043", swap("1998-03-25", "1998-02-30")},
		{first, "R-EDM-REQ-C045", swap("</sdg:Person>", home)},
		{first, "R-EDM-REQ-C075", swap("</sdg:Person>", "<sdg:Nationality>XX</sdg:Nationality></sdg:Person>")},
		{first, "R-EDM-REQ-C076", swap("</sdg:Person>", "<sdg:CountryOfBirth>XX</sdg:CountryOfBirth></sdg:Person>")},
		{first, "R-EDM-REQ-C077", swap("</sdg:Person>", "<sdg:CountryOfResidence>XX</sdg:CountryOfResidence></sdg:Person>")},
		{first, edm.RulePerson, no(subject, "FamilyName")},

		{company, "R-EDM-REQ-C047", no(firm, "LevelOfAssurance")},
		{company, "R-EDM-REQ-C048", swapIn(firm, "Substantial", "Medium")},
		{company, "R-EDM-REQ-C049", no(firm, "LegalPersonIdentifier")},
		{company, "R-EDM-REQ-C051", swap("EL/AT/5000000001", "EL-AT-5000000001")},
		{company, "R-EDM-REQ-C052", swapIn(firm, eidas, "")},
		{company, "R-EDM-REQ-C053", swapIn(firm, "eidas", "EIDAS")},
		{company, "R-EDM-REQ-C054", swapIn(firm, ` schemeID="VAT"`, "")},
		{company, "R-EDM-REQ-C055", swapIn(firm, "VAT", "Vat")},
		{company, "R-EDM-REQ-C056", swapIn(firm, "<sdg:AdminUnitLevel1>EL", "<sdg:AdminUnitLevel1>GR")},
		{company, edm.RulePerson, no(firm, "LegalName")},

		{company, "R-EDM-REQ-C058", no(agent, "LevelOfAssurance")},
		{company, "R-EDM-REQ-C059", swapIn(agent, "High", "Higher")},
		{company, "R-EDM-REQ-C060", swapIn(agent, "EL/AT/DEMO1001", "")},
		{company, "R-EDM-REQ-C061", swapIn(agent, "EL/AT/DEMO1001", "EL/AT/1")},
		{company, "R-EDM-REQ-C062", swapIn(agent, eidas, "")},
		{company, "R-EDM-REQ-C063", swapIn(agent, "eidas", "national")},
		{company, "R-EDM-REQ-C064", swapIn(agent, "1998-03-25", "1998-3-25")},
		{company, "R-EDM-REQ-C067", swapIn(agent, "<sdg:AdminUnitLevel1>EL", "<sdg:AdminUnitLevel1>GR")},
		{company, "R-EDM-REQ-C078", swap("<sdg:Nationality>CY", "<sdg:Nationality>XX")},
		{company, "R-EDM-REQ-C079", swap("<sdg:CountryOfBirth>EL", "<sdg:CountryOfBirth>GR")},
		{company, "R-EDM-REQ-C080", swap("<sdg:CountryOfResidence>AT", "<sdg:CountryOfResidence>at")},
		{company, "R-EDM-REQ-C081", swapIn(agent, "<sdg:AttributeValue>X1", "<sdg:AttributeValue>DE89370400440532013000")},
		{company, "R-EDM-REQ-C124", swap("<sdg:Gender>Female", "<sdg:Gender>F")},
		{company, "R-EDM-REQ-C124", swap("<sdg:Gender>Female", "<sdg:Gender>")},
		{company, "R-EDM-REQ-C126", swap("<sdg:Gender>Female", "<sdg:Gender>2")},

		{company, "R-EDM-REQ-C082", no(firmAgent, "LevelOfAssurance")},
		{company, "R-EDM-REQ-C083", swapIn(firmAgent, "High", "Higher")},
		{company, "R-EDM-REQ-C084", no(firmAgent, "LegalPersonIdentifier")},
		{company, "R-EDM-REQ-C085", swap("EL/AT/5000000002", "EL/AT/5")},
		{company, "R-EDM-REQ-C086", swapIn(firmAgent, eidas, "")},
		{company, "R-EDM-REQ-C087", swapIn(firmAgent, "eidas", "VAT")},
		{company, "R-EDM-REQ-C088", swapIn(firmAgent, "<sdg:LegalPersonIdentifier", "<sdg:Identifier>1</sdg:Identifier><sdg:LegalPersonIdentifier")},
		{company, "R-EDM-REQ-C089", swapIn(firmAgent, "<sdg:LegalPersonIdentifier", `<sdg:Identifier schemeID="X">1</sdg:Identifier><sdg:LegalPersonIdentifier`)},
		{company, "R-EDM-REQ-C091", swapIn(firmAgent, "<sdg:AttributeValue>X1", "<sdg:AttributeValue>X1, Z9")},
	}
}
