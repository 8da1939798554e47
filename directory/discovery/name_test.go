package discovery

import (
	"errors"
	"strings"
	"testing"

	"oots/directory"
)

func TestName(t *testing.T) {
	for _, tc := range []struct {
		country string
		service directory.Service
		env     Environment
		want    string // "" is refused
	}{
		{"FR", directory.EvidenceBroker, Acceptance, "fr.eb.v1.cs.acc.oots.tech.ec.europa.eu."},
		{"FI", directory.DataServiceDirectory, Production, "fi.dsd.v1.cs.prod.oots.tech.ec.europa.eu."},
		{"EL", directory.EvidenceBroker, Testing, "el.eb.v1.cs.testing.oots.tech.ec.europa.eu."},
		{"P7FR", directory.EvidenceBroker, Testing, "p7fr.eb.v1.cs.testing.oots.tech.ec.europa.eu."},
		{"fr", directory.EvidenceBroker, Acceptance, ""},
		{"", directory.EvidenceBroker, Acceptance, ""},
		{"F.R", directory.EvidenceBroker, Acceptance, ""},
		{"FR", directory.SemanticRepository, Acceptance, ""}, // central only
		{"FR", directory.EvidenceBroker, "", ""},
		{"FR", directory.EvidenceBroker, "acc.evil", ""},
	} {
		got, err := Name(tc.country, tc.service, tc.env)
		if got != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%s %s %s: %q, %v", tc.country, tc.service, tc.env, got, err)
		}
	}
}

func record(order, preference uint16, flags, regexp string) Record {
	return Record{Order: order, Preference: preference, Flags: flags, Regexp: regexp, Replacement: "."}
}

func TestChoose(t *testing.T) {
	const good = "!.*!https://a.test/eb/!"
	for _, tc := range []struct {
		name    string
		records []Record
		want    string
		err     string // part of the error
	}{
		{"one", []Record{record(100, 10, "U", good)}, "https://a.test/eb/", ""},
		{"flags without case", []Record{record(100, 10, "u", good)}, "https://a.test/eb/", ""},
		{"lowest order first", []Record{record(20, 1, "U", "!.*!https://b.test/!"), record(10, 9, "U", good)}, "https://a.test/eb/", ""},
		{"then lowest preference", []Record{record(10, 2, "U", "!.*!https://b.test/!"), record(10, 1, "U", good)}, "https://a.test/eb/", ""},
		{"other flags are passed over", []Record{record(1, 1, "S", ""), record(1, 1, "A", ""), record(1, 1, "", good), record(9, 9, "U", good)}, "https://a.test/eb/", ""},
		{"a broken record is passed over", []Record{record(1, 1, "U", "!.*!http://b.test/!"), record(9, 9, "U", good)}, "https://a.test/eb/", ""},
		{"a slash is added", []Record{record(1, 1, "U", "!.*!https://a.test/eb!")}, "https://a.test/eb/", ""},
		{"a trailing i", []Record{record(1, 1, "U", "!.*!https://a.test/eb/!i")}, "https://a.test/eb/", ""},
		{"anchors", []Record{record(1, 1, "U", "!^.*$!https://a.test/eb/!")}, "https://a.test/eb/", ""},
		{"port", []Record{record(1, 1, "U", "!.*!https://a.test:8443/eb/!")}, "https://a.test:8443/eb/", ""},
		{"none", nil, "", "no NAPTR record"},
		{"http", []Record{record(1, 1, "U", "!.*!http://a.test/!")}, "", "https"},
		{"user", []Record{record(1, 1, "U", "!.*!https://me@a.test/!")}, "", "https"},
		{"query", []Record{record(1, 1, "U", "!.*!https://a.test/?x=1!")}, "", "https"},
		{"empty query", []Record{record(1, 1, "U", "!.*!https://a.test/?!")}, "", "https"},
		{"fragment", []Record{record(1, 1, "U", "!.*!https://a.test/#x!")}, "", "https"},
		{"no host", []Record{record(1, 1, "U", "!.*!https:///eb/!")}, "", "https"},
		{"port alone", []Record{record(1, 1, "U", "!.*!https://:443/eb/!")}, "", "https"},
		{"relative", []Record{record(1, 1, "U", "!.*!/eb/!")}, "", "https"},
		{"blank", []Record{record(1, 1, "U", "!.*!https://a.test/e b/!")}, "", "characters"},
		{"back reference", []Record{record(1, 1, "U", `!.*!https://\\1/!`)}, "", "characters"},
		{"matches a part", []Record{record(1, 1, "U", "!^fr!https://a.test/!")}, "", "everything"},
		{"other delimiter", []Record{record(1, 1, "U", "#.*#https://a.test/#")}, "", "three parts"},
		{"no end", []Record{record(1, 1, "U", "!.*!https://a.test/")}, "", "three parts"},
		{"too many parts", []Record{record(1, 1, "U", "!.*!https://a.test/!i!")}, "", "flags"},
		{"other flags of the expression", []Record{record(1, 1, "U", "!.*!https://a.test/!g")}, "", "flags"},
		{"replacement", []Record{{1, 1, "U", "", good, "a.test."}}, "", "replacement"},
		{"all broken", []Record{record(1, 1, "S", good), record(2, 1, "U", "")}, "", "no NAPTR record can be used"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			base, _, err := Choose(tc.records)
			if base != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%q, %v", base, err)
			}
			var broken *RecordError
			if err != nil && errors.Is(err, ErrNoRecord) == errors.As(err, &broken) {
				t.Error("nothing there and nothing usable are not told apart")
			}
		})
	}
}
