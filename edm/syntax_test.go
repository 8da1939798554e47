package edm_test

import (
	"strings"
	"testing"

	"oots/edm"
)

func TestIsEIDASIdentifier(t *testing.T) {
	t.Parallel()
	for s, ok := range map[string]bool{
		"EL/AT/DEMO1001":                    true,
		"el/at/demo1001":                    true, // the pattern ignores case
		"urn:x:EL/AT/DEMO1001":              true, // and is not anchored
		"EL/AT/12345":                       false,
		"EL/AT/123456":                      true,
		"GR/AT/123456":                      false,
		"EL/123456":                         false,
		"EL/AT/12 3456":                     false,
		"EL/AT/" + strings.Repeat("9", 256): true,
		"EL/AT/" + strings.Repeat("9", 257): false,
		"EL/AT/αβγδεζ":                      true,
		"EL/AT/EL/AT/123456":                true,
		"":                                  false,
	} {
		if got := edm.IsEIDASIdentifier(s); got != ok {
			t.Errorf("%q: got %v", s, got)
		}
	}
}

func TestSemanticRepositoryURLs(t *testing.T) {
	t.Parallel()
	const id = "5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
	for s, ok := range map[string]bool{
		"https://sr.oots.tech.ec.europa.eu/requirements/" + id:                  true,
		"https://sr.acc.oots.tech.ec.europa.eu/requirements/" + id:              true,
		"https://sr.a1.oots.tech.ec.europa.eu/requirements/" + id:               false,
		"https://sr..oots.tech.ec.europa.eu/requirements/" + id:                 false,
		"https://sr.a.b.oots.tech.ec.europa.eu/requirements/" + id:              false,
		"http://sr.oots.tech.ec.europa.eu/requirements/" + id:                   false,
		"https://sr.oots.tech.europa.eu/requirements/" + id:                     false,
		"https://sr.oots.tech.ec.europa.eu/requirements/" + strings.ToUpper(id): false,
		"https://sr.oots.tech.ec.europa.eu/requirements/" + id + "/":            false,
		"https://sr.oots.tech.ec.europa.eu/requirements/urn:uuid:" + id:         false,
	} {
		if got := edm.IsRequirementURL(s); got != ok {
			t.Errorf("%q: got %v", s, got)
		}
	}
	for s, ok := range map[string]bool{
		"https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/" + id:   true,
		"https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/oots/" + id: true,
		"https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/GR/" + id:   false,
		"https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/" + id:      false,
	} {
		if got := edm.IsEvidenceTypeURL(s); got != ok {
			t.Errorf("%q: got %v", s, got)
		}
	}
}

func TestIsURNUUID(t *testing.T) {
	t.Parallel()
	for s, ok := range map[string]bool{
		"urn:uuid:00000000-0000-0000-0000-000000000000": true,
		"URN:UUID:5F0C2F53-7D15-4C8D-9A1B-30B4F6A7C101": true,
		"5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c101":          false,
		"urn:uuid:5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c10g": false,
		"urn:uuid:5f0c2f537d15-4c8d-9a1b-30b4f6a7c101-": false,
	} {
		if got := edm.IsURNUUID(s); got != ok {
			t.Errorf("%q: got %v", s, got)
		}
	}
}
