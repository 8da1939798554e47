package published

import (
	"strings"

	"oots/codelist"
)

// A phrase is a row in XPath whose cells are sentences with one clear meaning. An empty part is taken from the
// row; a dash says that there is none.
type phrase struct{ context, test string }

// nested are the objects of a package in a response of line 2.0.
const nested = "query:QueryResponse/rim:RegistryObjectList/rim:RegistryObject[@xsi:type='rim:RegistryPackageType']/rim:RegistryObjectList/rim:RegistryObject"

// evidence is the metadata of an object.
const evidence = "/rim:Slot[@name='EvidenceMetadata']/rim:SlotValue/sdg:Evidence"

// structured are the formats that name a data model.
const structured = "sdg:Format=('application/xml','application/json')"

// short are the elements whose text may not be one character. [R-EDM-REQ-C092]
var short = "(" + strings.Join(strings.Fields(`self::sdg:Description self::sdg:Name self::sdg:Title self::sdg:Note
	self::sdg:EvidenceTypeClassification self::sdg:FullAddress self::sdg:PostCode self::sdg:PostCityName self::sdg:Thoroughfare
	self::sdg:PlaceOfBirth self::sdg:TownOfBirth self::sdg:PhoneNumber self::sdg:EmailAddress self::sdg:LegalPhoneNumber
	self::sdg:LegalEmailAddress self::sdg:nonLatin self::sdg:ValueExpression self::sdg:AttributeName self::sdg:AttributeValue`), " or ") + ")"

// codeListScheme is the context of three rules on the code list of a classification.
const codeListScheme = "query:QueryRequest/rim:Slot[@name='EvidenceProviderClassification']/rim:SlotValue/rim:Element/sdg:EvidenceProviderClassification[sdg:Type='codelist']/sdg:Identifier/@schemeID"

// classified says that the object that an association names at one end has a kind.
func classified(end, kind string) string {
	return "some $o in . satisfies ../rim:RegistryObject[@id=$o/" + end + "]/rim:Classification/@classificationNode='" + kind + "'"
}

// phrases are those of line 2.0, by id. Rows of earlier lines under the same id are translated by their cells.
var phrases = map[string]phrase{
	"R-EDM-REQ-S019": {test: "@name = " + sequence(strings.Fields(`SpecificationIdentifier IssueDateTime Procedure PreviewLocation ReturnLocation PossibilityForPreview
		ExplicitRequestGiven Requirements EvidenceRequester EvidenceProvider EvidenceProviderClassification`))},
	"R-EDM-REQ-S038": {test: "count(*) = count(sdg:Identifier|sdg:Name|sdg:Description)"},
	"R-EDM-REQ-S040": {test: "count(*) = count(sdg:Identifier|sdg:Name|sdg:Address|sdg:Classification)"},
	"R-EDM-REQ-C023": {test: "sdg:SupportedValue and not(sdg:SupportedValue[normalize-space(.)=''])"},
	"R-EDM-REQ-C070": {test: "not(sdg:Format='application/xml') or count(sdg:ConformsTo)>0"},
	"R-EDM-REQ-C071": {test: "not(sdg:Format='application/json') or count(sdg:ConformsTo)>0"},
	"R-EDM-REQ-C081": {test: ". = $Procedures"},
	"R-EDM-REQ-C091": {test: `every $t in tokenize(.,',\s*') satisfies $t = $Procedures`},
	"R-EDM-REQ-C092": {context: "*", test: "not(" + short + " and string-length(normalize-space(.))<2) and not((self::sdg:LocatorDesignator or self::sdg:StringValue) and string-length(normalize-space(.))=0)"},
	"R-EDM-REQ-C098": {context: codeListScheme, test: "substring-before(substring-after(.,'oots.tech.ec.europa.eu/codelists/'),'/') = $OOTS_Country"},
	"R-EDM-REQ-C099": {context: codeListScheme, test: "matches(tokenize(.,'/')[last()],'^[A-Za-z0-9]{2,50}$')"},
	"R-EDM-REQ-C102": {test: "sdg:SupportedValue and not(sdg:SupportedValue[normalize-space(.)=''])"},
	"R-EDM-REQ-C107": {test: "-"}, // what is not structured is not listed
	"R-EDM-REQ-C114": {test: "matches(normalize-space(text()),'^https://sr.oots.tech.ec.europa.eu/')"},
	"R-EDM-REQ-C115": {test: "matches(.,'^https://sr.oots.tech.ec.europa.eu/')"},
	"R-EDM-REQ-C124": {test: ". = $Gender"},
	"R-EDM-REQ-C126": {test: "sdg:Gender = ('Male','Female','Unspecified')"},

	"R-EDM-RESP-S014": {test: "not(rim:Slot[@name='ResponseAvailableDateTime']) or ends-with(@status,'Unavailable')"},
	"R-EDM-RESP-S015": {context: nested + "[not(@xsi:type='rim:AssociationType')]"},
	"R-EDM-RESP-S016": {test: "count(*) = count(rim:Slot[@name=('SpecificationIdentifier','EvidenceResponseIdentifier','IssueDateTime','EvidenceProvider','EvidenceRequester','ResponseAvailableDateTime')]|rim:RegistryObjectList)"},
	"R-EDM-RESP-S033": {context: "query:QueryResponse[@status='urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success']//rim:RegistryObject[not(@xsi:type=('rim:RegistryPackageType','rim:AssociationType'))]"},
	"R-EDM-RESP-S036": {context: "query:QueryResponse[@status='urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success']//rim:RegistryObject"},
	"R-EDM-RESP-S049": {test: "@classificationNode = ('MainEvidence','Annex','HumanReadableVersion','Translation')"},
	"R-EDM-RESP-S050": {context: nested + "[rim:Classification/@classificationNode=('Annex','HumanReadableVersion','Translation')]", test: "@id = ../rim:RegistryObject[@xsi:type='rim:AssociationType']/@sourceObject"},
	"R-EDM-RESP-S052": {test: classified("@sourceObject", "Annex")},
	"R-EDM-RESP-S053": {test: classified("@sourceObject", "HumanReadableVersion")},
	"R-EDM-RESP-S054": {test: classified("@sourceObject", "Translation")},
	"R-EDM-RESP-S056": {test: classified("@targetObject", "MainEvidence")},
	"R-EDM-RESP-S057": {test: classified("@targetObject", "MainEvidence")},
	"R-EDM-RESP-S058": {test: classified("@targetObject", "MainEvidence")},
	"R-EDM-RESP-S059": {test: associated("Annex")},
	"R-EDM-RESP-S060": {test: associated("Translation")},
	"R-EDM-RESP-S061": {test: associated("HumanReadableVersion")},
	"R-EDM-RESP-S062": {context: nested + "[rim:Classification/@classificationNode='MainEvidence']" + evidence},
	"R-EDM-RESP-S063": {context: nested + "[rim:Classification/@classificationNode=('Annex','HumanReadableVersion','Translation')]" + evidence,
		test: "not(sdg:IsAbout or sdg:IssuingAuthority or sdg:IsConformantTo or sdg:ValidityPeriod or sdg:IssuingDate or sdg:Distribution/sdg:ConformsTo)"},
	"R-EDM-RESP-C005": {test: "matches(normalize-space(text()),'[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}','i')"},
	"R-EDM-RESP-C017": {test: `matches(.,'^https://sr(\.[a-zA-Z]+)?.oots.tech.ec.europa.eu/evidencetypeclassifications/(` + strings.Join(codelist.OOTSCountries.Codes(), "|") +
		`|oots)/[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$')`},
	"R-EDM-RESP-C022": {test: `matches(normalize-space(text()),'^https://sr(\.[a-zA-Z]+)?.oots.tech.ec.europa.eu/(datamodels|distributions)/')`},
	"R-EDM-RESP-C042": {test: "starts-with(@xlink:href,'cid:')"},
	"R-EDM-RESP-C044": {test: "not(" + structured + ") or sdg:ConformsTo"},
	"R-EDM-RESP-C045": {test: "not(sdg:Transformation) or sdg:ConformsTo"},
	"R-EDM-RESP-C047": {test: "count(sdg:Address/sdg:AdminUnitLevel1[normalize-space(.)!=''])=1"},
	"R-EDM-RESP-C049": {context: "*", test: "not(" + short + " and string-length(normalize-space(.))<2) and not((self::sdg:LocatorDesignator or self::sdg:StringValue) and string-length(normalize-space(.))=0)"},
	"R-EDM-RESP-C050": {test: "-"}, // as R-EDM-REQ-C107

	"R-EDM-ERR-S027": {test: "@name = ('Timestamp','PreviewLocation','PreviewDescription')"},
	"R-EDM-ERR-S030": {context: "*", test: "not(@lang) or not(some $e in . satisfies preceding-sibling::*[local-name()=local-name($e)][@lang=$e/@lang])"},
	"R-EDM-ERR-C014": {test: ". = ('urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error','urn:sr.oots.tech.ec.europa.eu:codes:ErrorSeverity:EDMErrorResponse:PreviewRequired')"},
	"R-EDM-ERR-C017": {test: "matches(.,'^EDM:ERR:000[1-8]$')"},
	"R-EDM-ERR-C026": {test: "@code"},
	"R-EDM-ERR-C027": {context: "*", test: "not((" + short + " or self::sdg:StringValue) and string-length(normalize-space(.))<2) and not(self::sdg:LocatorDesignator and string-length(normalize-space(.))=0)"},

	"R-EDM-ebMS-019": {test: "count(eb:Property[@name='originalSender'])=1 and count(eb:Property[@name='finalRecipient'])=1 and count(eb:Property[@name='ExchangeId'])=1 and count(eb:Property[@name='SpecificationId'])=1"},
	"R-EDM-ebMS-021": {test: "-"},
	"R-EDM-ebMS-023": {context: "eb:Messaging/eb:UserMessage[eb:CollaborationInfo/eb:Action=('ExecuteQueryRequest','ExceptionResponse')]/eb:PayloadInfo"},
	"R-EDM-ebMS-032": {test: "-"},
	"R-LCM-ERR-003":  {test: "@requestId or rs:Exception[@code='LCM:ERR:0003']"},
	"R-LCM-ERR-015":  {test: "@code"},
}

// associated says that an association of a kind begins at the object.
func associated(kind string) string {
	return "some $o in . satisfies ../rim:RegistryObject[@sourceObject=$o/@id][ends-with(@type,'AssociationType:" + kind + "')]"
}
