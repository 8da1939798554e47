package directoryxml

import (
	"strings"

	"oots/directory"
	"oots/regrep"
	"oots/xml/xmltree"
)

// ReadConcept reads an sdg:EvidenceProviderClassification, or the sdg:ClassificationConcept of a 1.0 or 1.1
// publisher. The error is an *Error when e is another element or has no identifier.
func ReadConcept(e *xmltree.Element) (directory.Concept, error) {
	if err := expect(e, "EvidenceProviderClassification", "ClassificationConcept"); err != nil {
		return directory.Concept{}, err
	}
	id := readIdentifier(e)
	if id.Value == "" {
		return directory.Concept{}, missing(e, "Identifier")
	}
	c := directory.Concept{
		ID:              id.Value,
		CodeList:        id.Scheme,
		Type:            conceptType(value(e, "Type")),
		ValueExpression: value(e, "ValueExpression"),
		Descriptions:    readTexts(e, "Description"),
	}
	for v := range e.First(regrep.NamespaceSDG, "SupportedValue").Elements() {
		if v.Name.Space != regrep.NamespaceSDG {
			continue
		}
		switch v.Name.Local {
		case "DateValue":
			c.Dates = true
		case "StringValue", "BooleanValue":
		default:
			continue
		}
		c.SupportedValues = append(c.SupportedValues, v.Value())
	}
	return c, nil
}

// conceptType lowers the spellings of old data: Codelist, stringValue.
func conceptType(s string) string {
	switch t := strings.TrimSuffix(strings.ToLower(s), "value"); t {
	case directory.ConceptString, directory.ConceptBoolean, directory.ConceptCodeList:
		return t
	}
	return s
}

// readConcepts reads the concepts that have an identifier.
func readConcepts(e *xmltree.Element, name string) []directory.Concept {
	var all []directory.Concept
	for k := range e.All(regrep.NamespaceSDG, name) {
		if c, err := ReadConcept(k); err == nil {
			all = append(all, c)
		}
	}
	return all
}
