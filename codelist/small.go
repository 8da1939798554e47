package codelist

var procedures = [...]Row{
	{"00", "System check"},
	{"R1", "Birth certificate"},
	{"S1", "Proof of residence"},
	{"T1", "Financing of tertiary studies"},
	{"T2", "Admission to tertiary education"},
	{"T3", "Academic recognition"},
	{"U1", "Applicable social security legislation"},
	{"U2", "Change of circumstances for social security"},
	{"U3", "European Health Insurance Card"},
	{"U4", "Income tax declaration"},
	{"V1", "Change of address"},
	{"V2", "Registration of a motor vehicle"},
	{"V3", "Road toll or vignette sticker"},
	{"V4", "Emission sticker"},
	{"V5", "Driving licence"},
	{"W1", "Pension claim"},
	{"W2", "Pension information"},
	{"X1", "Starting, changing or ending a business activity"},
	{"X2", "Registration as an employer"},
	{"X3", "Registration of employees"},
	{"X4", "Corporate tax declaration"},
	{"X5", "End of an employment contract"},
	{"X6", "Social contributions for employees"},
	{"X7", "Short-term rental"},
	{"X9", "Repaired and refurbished goods"},
	{"X10", "Data intermediation services"},
	{"X11", "Data altruism organisation"},
	{"AK1", ""},
	{"AL1", ""},
	{"AM1", "Professional qualifications"},
}

// procedures10 are the codes of 1.0. 00 is none of them, although it is used.
const procedures10 = " R1 S1 T1 T2 T3 U1 U2 U3 U4 V1 V2 V3 V4 W1 W2 X1 X2 X3 X4 X5 X6 "

var agentClasses = [...]Row{
	{"ER", "Evidence requester"},
	{"IP", "Intermediary platform"},
	{"EP", "Evidence provider"},
	{"ERRP", "Error provider"},
}

var levels = [...]Row{{"Low", "Low"}, {"Substantial", "Substantial"}, {"High", "High"}}

// genders: words for identities of the eIDAS network, numbers for those of the wallet profile.
var genders = [...]Row{
	{"Male", "Male"},
	{"Female", "Female"},
	{"Unspecified", "Unspecified"},
	{"0", "Not known"},
	{"1", "Male"},
	{"2", "Female"},
	{"3", "Other"},
	{"4", "Inter"},
	{"5", "Diverse"},
	{"6", "Open"},
	{"9", "Not applicable"},
}

var legalIdentifiers = [...]Row{
	{"VAT", "VAT registration number"},
	{"TAX", "Tax reference number"},
	{"BusinessCode", "Unique identifier of the business register (EUID)"},
	{"LEI", "Legal Entity Identifier"},
	{"EORI", "Economic Operator Registration and Identification"},
	{"SEED", "System for Exchange of Excise Data"},
	{"SIC", "Standard Industrial Classification"},
}

var mediaTypes = [...]Row{
	{"application/json", "JSON"},
	{"application/xml", "XML"},
	{"image/jpeg", "JPEG image"},
	{"image/png", "PNG image"},
	{"application/pdf", "PDF"},
	{"image/svg+xml", "SVG image"},
}

// Structured reports whether a media type of OOTSMediaTypes names a data model: XML and JSON do, a PDF or an
// image must not. [R-EDM-REQ-C070, R-EDM-REQ-C107]
func Structured(mediaType string) bool {
	return mediaType == "application/xml" || mediaType == "application/json"
}

// documentKinds begins with the kind that cannot be asked for: AssociatedKinds is the rest.
var documentKinds = [...]Row{
	{"MainEvidence", "Main evidence"},
	{"Annex", "Annex"},
	{"HumanReadableVersion", "Human-readable version"},
	{"Translation", "Translation"},
}

var conceptTypes = [...]Row{{"string", "Text"}, {"boolean", "Yes or no"}, {"codelist", "Choice from a list"}}
