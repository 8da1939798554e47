package render

import "strings"

// A model is a data model that is known by name: what its fields are called.
type model struct {
	name   string
	title  string // key of words
	fields map[string]field
}

// A field is what is known of an element or member, whatever it lies in.
type field struct {
	label string // key of words; "" when not known
	as    format
}

// A format is how the values of a field are written.
type format int

const (
	plain format = iota
	country
	tongue // a language
	sex
	companyStatus
	lifted    // a group whose fields stand for themselves
	collapsed // a group that often wraps one field only
)

func (m *model) field(name string) field {
	if m == nil {
		return field{}
	}
	return m.fields[name]
}

// Namespaces of the models. [evidence-data-models §4.6, §5]
const (
	nsDE4A = "urn:eu-de4a:xsd:CanonicalEvidenceType::"
	nsELMO = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
)

func modelOfXML(root *item) *model {
	if kind, ok := strings.CutPrefix(root.space, nsDE4A); ok {
		switch {
		case root.name == "BirthEvidence" && strings.HasPrefix(kind, "BirthEvidence:"):
			return &de4aBirth
		case root.name == "DomicileRegistrationEvidence":
			return &de4aDomicile
		case root.name == "MarriageEvidence":
			return &de4aMarriage
		case root.name == "LegalEntity":
			return &de4aCompany
		}
	}
	if root.space == nsELMO && root.name == "elmo" {
		return &elmo
	}
	return nil
}

func modelOfJSON(root *item) *model {
	for k := range root.items {
		c := &root.items[k]
		if c.name == "type" && c.text == "EuropeanDigitalCredential" {
			return &credential
		}
	}
	if root.first("authority") == nil || root.first("issued") == nil {
		return nil
	}
	for i := range plainModels {
		if root.first(plainModels[i].member) != nil {
			return &plainModels[i].model
		}
	}
	return nil
}
