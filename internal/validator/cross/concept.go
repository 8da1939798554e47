package cross

import (
	"slices"
	"strings"

	"oots/directory"
	"oots/edm"
)

// question is the DSD:ERR:0005 of a document; nil when it is none.
func question(d *Document) *directory.Question {
	if d.found == nil {
		return nil
	}
	q, _ := d.found.Err.(*directory.Question)
	return q
}

// sameConcept compares two answers of the user, which are personal data.
func sameConcept(a, b edm.ProviderClassification) bool {
	return sameID(a.ID, b.ID) && slices.Equal(a.Values, b.Values)
}

// concept finds the question of a directory by its identifier.
func concept(all []directory.Concept, id string) *directory.Concept {
	for i := range all {
		if sameID(all[i].ID, id) {
			return &all[i]
		}
	}
	return nil
}

// answered reports whether the user's answers have one to the concept.
func answered(all []edm.ProviderClassification, id string) bool {
	for i := range all {
		if sameID(all[i].ID, id) {
			return true
		}
	}
	return false
}

// supports reports whether a provider answers for all values of the user; one without values answers for any.
// The values of the user are personal data.
func supports(c *directory.Concept, values ...string) bool {
	for _, value := range values {
		known := slices.ContainsFunc(c.SupportedValues, func(v string) bool {
			return v == value || c.Type == directory.ConceptBoolean && truth(v) == truth(value)
		})
		if !known && len(c.SupportedValues) > 0 {
			return false
		}
	}
	return true
}

// truth is the one spelling of an xs:boolean.
func truth(s string) string {
	switch strings.TrimSpace(s) {
	case "1":
		return "true"
	case "0":
		return "false"
	}
	return strings.TrimSpace(s)
}
