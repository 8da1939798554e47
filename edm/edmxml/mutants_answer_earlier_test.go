package edmxml_test

import (
	"strings"

	"oots/edm"
)

// earlierAnswerMutants break what answers of the lines before 2.0 have and those of 2.0 have not, or have in
// another form. What is the same in all lines is broken by the mutants of 2.0; package conformance counts that.
func earlierAnswerMutants() []earlierMutant {
	const (
		extract  = "response-structured"
		answer   = `name="EvidenceResponseIdentifier"`
		object   = "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383702"
		prod     = "https://sr.oots.tech.ec.europa.eu/distributions/"
		unnamed  = ` xlink:title="Πτυχίο"`
		complete = edm.RuleComplete
	)
	var v10, v12, since11, all = []edm.Version{edm.V10}, []edm.Version{edm.V12}, []edm.Version{edm.V11, edm.V12}, []edm.Version{edm.V10, edm.V11, edm.V12}
	return []earlierMutant{
		{all, mutant{extract, "R-EDM-RESP-C043", swap("<sdg:Transformation>"+sr, "<sdg:Transformation>https://example.eu/")}},
		{since11, mutant{extract, "R-EDM-RESP-C055", swap("<sdg:Transformation>"+prod, "<sdg:Transformation>https://sr.acc.oots.tech.ec.europa.eu/distributions/")}},
		{all, mutant{extract, "R-EDM-RESP-C045", no("<sdg:Distribution>", "ConformsTo")}},
		{since11, mutant{one, "R-EDM-RESP-C050", swap("</sdg:Distribution>", "<sdg:ConformsTo>"+prod+"x</sdg:ConformsTo></sdg:Distribution>")}},
		{all, mutant{"response-empty", "R-EDM-RESP-S007", swap("<rim:RegistryObjectList/>", "")}},
		{v10, mutant{later, "R-EDM-RESP-S014", twice(`<rim:Slot name="ResponseAvailableDateTime">`, "</rim:Slot>")}},
		{since11, mutant{one, "R-EDM-RESP-S035", swap(unnamed, "")}},
		{all, mutant{one, "R-EDM-RESP-C002", swap("oots-edm:v1", "oots-edm:v3")}},
		{v10, mutant{one, "R-EDM-RESP-C003", swapIn(answer, "0b7c9d2e-", "0b7c9d2e")}},
		{v10, mutant{one, "R-EDM-RESP-C007", swapIn(`name="EvidenceProvider"`, dot+"EL", "EL")}},
		{v10, mutant{one, "R-EDM-RESP-C013", swapIn(`name="EvidenceRequester"`, dot+"AT", edm.SchemeEAS+"0225")}},
		{v10, mutant{one, "R-EDM-RESP-C039", swapIn("<sdg:IssuingAuthority>", dot+"EL", edm.SchemeEAS)}},
		{all, mutant{plain, "R-EDM-ERR-C001", swap("oots-edm:v1", "oots-edm:v3")}},
		{v10, mutant{plain, "R-EDM-ERR-C002", swapIn(answer, "c4d8e0b2-", "c4d8e0b2")}},
		{v10, mutant{plain, "R-EDM-ERR-C004", swapIn(`name="ErrorProvider"`, dot+"EL", "9933")}},
		{v10, mutant{plain, "R-EDM-ERR-C010", swapIn(`name="EvidenceRequester"`, dot+"AT", edm.SchemeEAS+"0225")}},
		{v10, mutant{one, "R-EDM-RESP-S037", swap(object, object[9:])}},
		{v12, mutant{"response-several", complete, no("9383712", "IssuingDate")}},
		{v10, mutant{one, complete, no("<sdg:Evidence>", "IsAbout")}},
		{v12, mutant{one, edm.RuleContent, swap("rim:ExtrinsicObjectType", "rim:ServiceType")}},
		{v12, mutant{"response-several", edm.RuleUniqueID, swap("49383712", "49383702")}},
		{v10, mutant{plain, "R-EDM-ERR-C011", twice("<rs:Exception ", "</rs:Exception>")}},
		{v10, mutant{preview, "R-EDM-ERR-C019", swap("https://localhost", "HTTPS://localhost")}},
		{v10, mutant{preview, "R-EDM-ERR-C021", swap(">GET<", ">PUT<")}},
		{all, mutant{preview, "R-EDM-ERR-C021", swap(">GET<", ">HEAD<")}},
		{v12, mutant{preview, "R-EDM-ERR-C021", swap(">GET<", "><")}},
		{all, mutant{preview, "R-EDM-ERR-S025", typed("PreviewMethod", "StringValueType", "AnyValueType")}},
		{since11, mutant{preview, "R-EDM-ERR-S027", rename("PreviewDescription", "ReturnLocation")}},
		{since11, mutant{preview, "R-EDM-ERR-S031", noSlot("PreviewMethod")}},
		{since11, mutant{plain, "R-EDM-ERR-C024", swap("<sdg:AdminUnitLevel1>EL</sdg:AdminUnitLevel1>", "")}},
	}
}

// twice repeats the first stretch of the document from one mark to the end of the other.
func twice(from, to string) edit {
	return func(s string) string {
		before, after, _ := strings.Cut(s, from)
		inside, after, _ := strings.Cut(after, to)
		return before + from + inside + to + from + inside + to + after
	}
}
