package edmxml_test

import (
	"oots/edm"
)

const (
	answerID  = "0b7c9d2e-4a51-4e6f-9c38-2d1e0f9a8b33"
	succeeded = `status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"`
)

func responseMutants() []mutant {
	const requester, provider = `name="EvidenceRequester"`, `name="EvidenceProvider"`
	return []mutant{
		{one, "R-EDM-RESP-S003", swap(` requestId="`+requestID+`"`, "")},
		{one, "R-EDM-RESP-S004", swap(requestID, requestID[9:])},
		{one, "R-EDM-RESP-S005", swap(succeeded, "")},
		{one, "R-EDM-RESP-S006", swap("ResponseStatusType:Success", "ResponseStatusType:PartialSuccess")},
		{one, "R-EDM-RESP-S006", swap("ResponseStatusType:Success", "ResponseStatusType:Failure")},
		{later, "R-EDM-RESP-S007", swap("<rim:RegistryObjectList/>", "")},
		{one, "R-EDM-RESP-S008", swap("</query:QueryResponse>", "<rs:Exception/></query:QueryResponse>")},
		{one, "R-EDM-RESP-S009", noSlot("SpecificationIdentifier")},
		{one, "R-EDM-RESP-S010", noSlot("EvidenceResponseIdentifier")},
		{one, "R-EDM-RESP-S011", noSlot("IssueDateTime")},
		{one, "R-EDM-RESP-S012", noSlot("EvidenceProvider")},
		{one, "R-EDM-RESP-S013", noSlot("EvidenceRequester")},
		{later, "R-EDM-RESP-S014", swap("ResponseStatusType:Unavailable", "ResponseStatusType:Success")},
		{one, "R-EDM-RESP-S016", rename("IssueDateTime", "IssueDate")},
		{one, "R-EDM-RESP-S016", swap("</query:QueryResponse>", "<rim:ObjectRefList/></query:QueryResponse>")},
		{one, "R-EDM-RESP-S017", typed("SpecificationIdentifier", "StringValueType", "AnyValueType")},
		{one, "R-EDM-RESP-S018", typed("EvidenceResponseIdentifier", "StringValueType", "AnyValueType")},
		{one, "R-EDM-RESP-S019", typed("IssueDateTime", "DateTimeValueType", "StringValueType")},
		{one, "R-EDM-RESP-S020", typed("EvidenceProvider", "CollectionValueType", "AnyValueType")},
		{one, "R-EDM-RESP-S021", typed("EvidenceProvider", "AnyValueType", "StringValueType")},
		{one, "R-EDM-RESP-S022", typed("EvidenceRequester", "AnyValueType", "CollectionValueType")},
		{later, "R-EDM-RESP-S023", typed("ResponseAvailableDateTime", "DateTimeValueType", "StringValueType")},
		{one, "R-EDM-RESP-S025", retag(provider, "Agent", "Actor")},
		{one, "R-EDM-RESP-S026", swap("<sdg:Classification>EP", "<sdg:Jurisdiction/><sdg:Classification>EP")},
		{one, "R-EDM-RESP-S027", retag(requester, "Agent", "Actor")},
		{one, "R-EDM-RESP-S028", swapIn(requester, "</sdg:Agent>", "<sdg:Classification>ER</sdg:Classification></sdg:Agent>")},
		{later, "R-EDM-RESP-S045", noSlot("ResponseAvailableDateTime")},
		{one, "R-EDM-RESP-C002", swap("oots-edm:v2.0", "oots-edm:v2.1")},
		{one, "R-EDM-RESP-C003", swap(answerID, "urn:uuid:"+answerID)},
		{one, "R-EDM-RESP-C004", swapIn("IssueDateTime", "T08:31:00Z", "")},
		{later, "R-EDM-RESP-C005", swapIn("ResponseAvailableDateTime", "T08:30:00Z", " 08:30")},
		{one, "R-EDM-RESP-C006", swapIn(provider, ` schemeID="`+dot+`EL"`, "")},
		{one, "R-EDM-RESP-C007", swapIn(provider, dot+"EL", dot+"el")},
		{one, "R-EDM-RESP-C008", swap("<sdg:AdminUnitLevel1>EL", "<sdg:AdminUnitLevel1>GR")},
		{one, "R-EDM-RESP-C009", swap("</sdg:AdminUnitLevel1>", "</sdg:AdminUnitLevel1><sdg:AdminUnitLevel2>EL99</sdg:AdminUnitLevel2>")},
		{one, "R-EDM-RESP-C010", swap("<sdg:Classification>EP</sdg:Classification>", "")},
		{one, "R-EDM-RESP-C011", swap("<sdg:Classification>EP", "<sdg:Classification>ERRP")},
		{one, "R-EDM-RESP-C012", swapIn(requester, ` schemeID="`+dot+`AT"`, "")},
		{one, "R-EDM-RESP-C013", swapIn(requester, dot+"AT", "AT")},
		{one, "R-EDM-RESP-C046", swap("<sdg:Classification>EP", "<sdg:Classification>IP")},
		{one, "R-EDM-RESP-C047", swap("<sdg:AdminUnitLevel1>EL</sdg:AdminUnitLevel1>", "")},
		{one, "R-EDM-RESP-C049", swap("Demo Registry of Athens", "D")},
	}
}

func packageMutants() []mutant {
	const (
		main   = "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383702"
		source = `sourceObject="urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383704"`
		target = `targetObject="` + main + `"`
		second = "diploma-en@localhost"
		assoc  = "AssociationType:Translation"
	)
	kind := func(k edm.DocumentKind) edit {
		return func(s string) string {
			return swapAll(assoc, "AssociationType:"+string(k))(swap(`Node="Translation"`, `Node="`+string(k)+`"`)(s))
		}
	}
	return []mutant{
		{one, "R-EDM-RESP-S015", rename("EvidenceMetadata", "Metadata")},
		{one, "R-EDM-RESP-S024", typed("EvidenceMetadata", "AnyValueType", "StringValueType")},
		{one, "R-EDM-RESP-S029", swapAll("sdg:Evidence>", "sdg:Proof>")},
		{one, "R-EDM-RESP-S030", swap("</sdg:IsConformantTo>", "<sdg:Identifier>x</sdg:Identifier></sdg:IsConformantTo>")},
		{one, "R-EDM-RESP-S033", swap(`<rim:RepositoryItemRef xlink:href="cid:diploma-el@localhost" xlink:title="Πτυχίο"/>`, "")},
		{one, "R-EDM-RESP-S034", swap(`xlink:href="cid:diploma-el@localhost"`, "")},
		{one, "R-EDM-RESP-S035", swap(` xlink:title="Πτυχίο"`, "")},
		{one, "R-EDM-RESP-S036", swap(` id="`+main+`"`, "")},
		{one, "R-EDM-RESP-S037", swap(main, main[9:])},
		{one, "R-EDM-RESP-S041", swap("<sdg:NaturalPerson>", "<sdg:NaturalPerson><sdg:LevelOfAssurance>High</sdg:LevelOfAssurance>")},
		{one, "R-EDM-RESP-S042", swapAll("sdg:NaturalPerson>", "sdg:LegalPerson>")},
		{one, "R-EDM-RESP-S046", swapIn("RegistryPackageType", "</rim:RegistryObjectList>", "</rim:RegistryObjectList><rim:RegistryObjectList/>")},
		{one, "R-EDM-RESP-S047", swap(`Node="MainEvidence"`, `Node="Annex"`)},
		{one, "R-EDM-RESP-S048", swap("urn:fdc:oots:classification:edm", "urn:fdc:oots:classification:dsd")},
		{one, "R-EDM-RESP-S049", swap(`Node="MainEvidence"`, `Node="Evidence"`)},
		{twoDocs, "R-EDM-RESP-S050", swap(source, `sourceObject="`+main+`"`)},
		{twoDocs, "R-EDM-RESP-S051", swap(source, "")},
		{twoDocs, "R-EDM-RESP-S052", swap(assoc, "AssociationType:Annex")},
		{twoDocs, "R-EDM-RESP-S053", swap(assoc, "AssociationType:HumanReadableVersion")},
		{twoDocs, "R-EDM-RESP-S054", swap(`Node="Translation"`, `Node="Annex"`)},
		{twoDocs, "R-EDM-RESP-S055", swap(target, "")},
		{twoDocs, "R-EDM-RESP-S056", both(kind(edm.Annex), swap(target, `targetObject="urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383704"`))},
		{twoDocs, "R-EDM-RESP-S057", both(kind(edm.HumanReadableVersion), swap(target, `targetObject="`+main[:40]+`"`))},
		{twoDocs, "R-EDM-RESP-S058", swap(target, `targetObject="urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383704"`)},
		{twoDocs, "R-EDM-RESP-S059", swap(`Node="Translation"`, `Node="Annex"`)},
		{twoDocs, "R-EDM-RESP-S060", swap(assoc, "AssociationType:Annex")},
		{twoDocs, "R-EDM-RESP-S061", swap(`Node="Translation"`, `Node="HumanReadableVersion"`)},
		{one, "R-EDM-RESP-S062", no("<sdg:Evidence>", "IssuingDate")},
		{one, "R-EDM-RESP-S062", no("<sdg:Evidence>", "Distribution")},
		{twoDocs, "R-EDM-RESP-S063", swapIn("9383704", "<sdg:Distribution>", "<sdg:IssuingDate>2021-07-04</sdg:IssuingDate><sdg:Distribution>")},
		{twoDocs, "R-EDM-RESP-S063", swapIn("9383704", "</sdg:Distribution>", "<sdg:ConformsTo>"+sr+"datamodels/x</sdg:ConformsTo></sdg:Distribution>")},
		{one, "R-EDM-RESP-S065", swap("urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383703", "2c7e1f60-0a3b-4c1d-8e2f-6b5a49383703")},
		{one, "R-EDM-RESP-S066", swap("rim:RegistryPackageType", "rim:ExtrinsicObjectType")},
		{one, "R-EDM-RESP-C015", swap("9e0d1c2b-3a49", "9e0d1c2b.3a49")},
		{one, "R-EDM-RESP-C016", swap("<sdg:IssuingDate>2021-07-04", "<sdg:IssuingDate>2021-07")},
		{one, "R-EDM-RESP-C017", swap("evidencetypeclassifications/EL/", "evidencetypeclassifications/")},
		{one, "R-EDM-RESP-C018", swap(`<sdg:Title lang="EL"`, `<sdg:Title lang="el"`)},
		{one, "R-EDM-RESP-C019", swap(`<sdg:Title lang="EL"`, `<sdg:Title`)},
		{one, "R-EDM-RESP-C020", swap(`<sdg:Description lang="EN"`, `<sdg:Description lang="en"`)},
		{one, "R-EDM-RESP-C021", swap(`<sdg:Description lang="EN"`, `<sdg:Description`)},
		{one, "R-EDM-RESP-C022", swap("</sdg:Distribution>", "<sdg:ConformsTo>https://example.eu/model</sdg:ConformsTo></sdg:Distribution>")},
		{one, "R-EDM-RESP-C023", swap("application/pdf", "application/PDF")},
		{one, "R-EDM-RESP-C026", swap("<sdg:Language>EL", "<sdg:Language>Greek")},
		{one, "R-EDM-RESP-C027", no("<sdg:NaturalPerson>", "Identifier")},
		{one, "R-EDM-RESP-C028", swap("EL/AT/DEMO1001", "DEMO1001")},
		{one, "R-EDM-RESP-C030", swap(` schemeID="eidas"`, "")},
		{one, "R-EDM-RESP-C031", swap(`"eidas"`, `"eidas2"`)},
		{one, "R-EDM-RESP-C032", swap("1998-03-25", "1998")},
		{one, "R-EDM-RESP-C033", swapAll("sdg:NaturalPerson>", "sdg:LegalPerson>")},
		{one, "R-EDM-RESP-C035", both(swapAll("sdg:NaturalPerson>", "sdg:LegalPerson>"), asCompany("x", `schemeID="eidas"`))},
		{one, "R-EDM-RESP-C036", both(swapAll("sdg:NaturalPerson>", "sdg:LegalPerson>"), asCompany("EL/AT/123456", ""))},
		{one, "R-EDM-RESP-C037", both(swapAll("sdg:NaturalPerson>", "sdg:LegalPerson>"), asCompany("EL/AT/123456", `schemeID="VAT"`))},
		{one, "R-EDM-RESP-C038", swapIn("<sdg:IssuingAuthority>", ` schemeID="`+dot+`EL"`, "")},
		{one, "R-EDM-RESP-C039", swapIn("<sdg:IssuingAuthority>", dot+"EL", dot+"GR")},
		{one, "R-EDM-RESP-C040", swap("<sdg:StartDate>2021-07-04", "<sdg:StartDate>2021")},
		{one, "R-EDM-RESP-C041", swap("<sdg:EndDate>2031-07-03", "<sdg:EndDate>never")},
		{one, "R-EDM-RESP-C042", swap("cid:diploma-el", "diploma-el")},
		{one, "R-EDM-RESP-C044", swap("application/pdf", "application/xml")},
		{one, "R-EDM-RESP-C045", swap("</sdg:Distribution>", "<sdg:Transformation/></sdg:Distribution>")},
		{one, "R-EDM-RESP-C058", swap("<sdg:Format>", "<sdg:Format>image/png</sdg:Format><sdg:Format>")},
		{twoDocs, edm.RuleOneMain, swap(`Node="Translation"`, `Node="MainEvidence"`)},
		{twoDocs, edm.RuleUniqueID, swapAll("9383705", "9383704")},
		{twoDocs, edm.RuleContent, swap(assoc, "AssociationType:HasMember")},
	}
}

// asCompany makes the subject of an evidence a legal person with that identifier.
func asCompany(id, attribute string) edit {
	return swap("<sdg:LegalPerson>", "<sdg:LegalPerson><sdg:LegalPersonIdentifier "+attribute+">"+id+"</sdg:LegalPersonIdentifier><sdg:LegalName>Demo</sdg:LegalName>")
}

func errorMutants() []mutant {
	const (
		requester, provider = `name="EvidenceRequester"`, `name="ErrorProvider"`
		answer              = "c4d8e0b2-1f4a-4f7b-8a55-0d6f3b7e2201"
		severity            = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
	)
	return []mutant{
		{nobody, "R-EDM-ERR-S003", func(s string) string { return s + "<!-- -->" }},
		{plain, "R-EDM-ERR-S004", swap(requestID, "urn:"+requestID[9:])},
		{plain, "R-EDM-ERR-S006", swap("ResponseStatusType:Failure", "ResponseStatusType:PartialSuccess")},
		{plain, "R-EDM-ERR-S007", swap("</query:QueryResponse>", "<rim:RegistryObjectList/></query:QueryResponse>")},
		{plain, "R-EDM-ERR-S008", swapAll("rs:Exception", "rs:Warning")},
		{plain, "R-EDM-ERR-C011", swapAll("rs:Exception", "rs:Warning")},
		{plain, "R-EDM-ERR-S009", noSlot("SpecificationIdentifier")},
		{plain, "R-EDM-ERR-S010", noSlot("EvidenceResponseIdentifier")},
		{plain, "R-EDM-ERR-S011", noSlot("ErrorProvider")},
		{plain, "R-EDM-ERR-S012", noSlot("EvidenceRequester")},
		{plain, "R-EDM-ERR-S013", noSlot("Timestamp")},
		{plain, "R-EDM-ERR-S017", rename("EvidenceRequester", "IssueDateTime")},
		{plain, "R-EDM-ERR-S018", typed("SpecificationIdentifier", "StringValueType", "AnyValueType")},
		{plain, "R-EDM-ERR-S019", typed("EvidenceResponseIdentifier", "StringValueType", "AnyValueType")},
		{plain, "R-EDM-ERR-S020", typed("ErrorProvider", "AnyValueType", "CollectionValueType")},
		{plain, "R-EDM-ERR-S021", typed("EvidenceRequester", "AnyValueType", "CollectionValueType")},
		{plain, "R-EDM-ERR-S022", typed("Timestamp", "DateTimeValueType", "StringValueType")},
		{preview, "R-EDM-ERR-S023", typed("PreviewLocation", "StringValueType", "AnyValueType")},
		{preview, "R-EDM-ERR-S024", typed("PreviewDescription", "InternationalStringValueType", "StringValueType")},
		{plain, "R-EDM-ERR-S026", swapIn(provider, "</sdg:Agent>", "</sdg:Agent><sdg:Agent/>")},
		{plain, "R-EDM-ERR-C023", retag(provider, "Agent", "Actor")},
		{preview, "R-EDM-ERR-S027", rename("PreviewDescription", "PreviewMethod")},
		{plain, "R-EDM-ERR-S028", swapIn("Timestamp", "</rim:SlotValue>", "</rim:SlotValue>"+emptyAny)},
		{plain, "R-EDM-ERR-S029", swap("<rim:Value>"+answer+"</rim:Value>", "")},
		{plain, "R-EDM-ERR-S030", swapIn(provider, `lang="EL"`, `lang="EN"`)},
		{preview, "R-EDM-ERR-S030", swap(`xml:lang="EL"`, `xml:lang="EN"`)},
		{plain, "R-EDM-ERR-C001", swap("oots-edm:v2.0", "oots-edm:v2.1")},
		{plain, "R-EDM-ERR-C002", swap(answer, "urn:uuid:"+answer)},
		{plain, "R-EDM-ERR-C003", swapIn(provider, ` schemeID="`+dot+`EL"`, "")},
		{plain, "R-EDM-ERR-C004", swapIn(provider, dot+"EL", dot+"GR")},
		{plain, "R-EDM-ERR-C005", swap("<sdg:AdminUnitLevel1>EL", "<sdg:AdminUnitLevel1>GR")},
		{plain, "R-EDM-ERR-C006", swap("</sdg:AdminUnitLevel1>", "</sdg:AdminUnitLevel1><sdg:AdminUnitLevel2>EL99</sdg:AdminUnitLevel2>")},
		{plain, "R-EDM-ERR-C007", swap("<sdg:Classification>ERRP</sdg:Classification>", "")},
		{plain, "R-EDM-ERR-C008", swap("<sdg:Classification>ERRP", "<sdg:Classification>ER")},
		{plain, "R-EDM-ERR-C009", swapIn(requester, ` schemeID="`+dot+`AT"`, "")},
		{plain, "R-EDM-ERR-C010", swapIn(requester, dot+"AT", dot+"XX")},
		{plain, "R-EDM-ERR-C012", swap(` xsi:type="rs:ObjectNotFoundExceptionType"`, "")},
		{plain, "R-EDM-ERR-C013", swap("rs:ObjectNotFoundExceptionType", "rs:QuotaExceededExceptionType")},
		{plain, "R-EDM-ERR-C014", swap(severity, severity+"\u007f")},
		{plain, "R-EDM-ERR-C015", swap(severity, edm.SeverityPreviewRequired)},
		{plain, "R-EDM-ERR-C016", swap(` message="Object not found"`, "")},
		{plain, "R-EDM-ERR-C017", swap("EDM:ERR:0004", "EDM:ERR:0009")},
		{plain, "R-EDM-ERR-C018", swapIn("Timestamp", "2026-09-14T08:30:04Z", "now")},
		{preview, "R-EDM-ERR-C019", swap("https://localhost", "localhost")},
		{preview, "R-EDM-ERR-C020", swap(`xml:lang="EL"`, `xml:lang="el"`)},
		{preview, "R-EDM-ERR-C022", swap(edm.SeverityPreviewRequired, severity)},
		{plain, "R-EDM-ERR-C024", no(provider, "Address")},
		{plain, "R-EDM-ERR-C025", swap(` requestId="`+requestID+`"`, "")},
		{plain, "R-EDM-ERR-C026", swap(` code="EDM:ERR:0004"`, "")},
		{plain, "R-EDM-ERR-C027", swap("Demo Registry of Athens", "D")},
		{plain, "R-EDM-ERR-C028", swapIn(requester, `lang="DE"`, `lang="de"`)},
		{plain, "R-EDM-ERR-C029", swapIn(requester, ` lang="DE"`, "")},
		{plain, "R-EDM-ERR-C030", swapIn(provider, `lang="EL"`, `lang="GR"`)},
		{plain, "R-EDM-ERR-C031", swapIn(provider, ` lang="EL"`, "")},
		{plain, edm.RuleExceptionRow, swap("EDM:ERR:0004", "EDM:ERR:0006")},
	}
}

// both makes one edit after the other.
func both(a, b edit) edit { return func(s string) string { return b(a(s)) } }
