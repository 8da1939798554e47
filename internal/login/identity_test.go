package login

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"oots/edm"
)

func TestIdentityName(t *testing.T) {
	t.Parallel()
	eleni := edm.Person{LoA: edm.High, GivenName: "Eleni", FamilyName: "Papadopoulou"}
	olives := &edm.LegalPerson{LoA: edm.Substantial, LegalName: "Aegean Olives"}
	for _, tc := range []struct {
		name string
		id   Identity
		want string
		loa  edm.LoA
	}{
		{"herself", Identity{Person: eleni}, "Eleni Papadopoulou", edm.High},
		{"one name", Identity{Person: edm.Person{FamilyName: "Sukarno"}}, "Sukarno", ""},
		{"company", Identity{Legal: olives}, "Aegean Olives", edm.Substantial},
		{"for a company", Identity{Legal: olives, Representative: &eleni}, "Eleni Papadopoulou (Aegean Olives)", edm.Substantial},
		{"for a person", Identity{Person: edm.Person{GivenName: "Nikos", LoA: edm.Low}, Representative: &eleni}, "Eleni Papadopoulou (Nikos)", edm.Low},
		{"company for a person", Identity{Person: eleni, RepresentativeLegal: olives}, "Aegean Olives (Eleni Papadopoulou)", edm.High},
	} {
		if got := tc.id.Name(); got != tc.want || tc.id.LoA() != tc.loa {
			t.Errorf("%s: %q at %q", tc.name, got, tc.id.LoA())
		}
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("login", "user", tc.id)
		if strings.Contains(b.String(), "Eleni") || strings.Contains(b.String(), "Olives") {
			t.Errorf("%s: logged as %s", tc.name, b.String())
		}
	}
}
