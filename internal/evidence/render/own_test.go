package render_test

import (
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/evidence"
	"oots/internal/evidence/de4a"
	"oots/internal/evidence/elmo"
	"oots/internal/evidence/plain"
	"oots/internal/evidence/render"
)

func record() *evidence.Record {
	el := func(s string) edm.Texts { return edm.Texts{{Lang: "EL", Value: s}} }
	return &evidence.Record{
		ID: "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a01", Number: "ΑΘ-2021-004417", Issued: "2021-07-16",
		Authority: evidence.Authority{Country: "EL", Region: "Αττική", Names: el("Μητρώο"), ID: edm.Identifier{Scheme: "urn:x", Value: "ATH"}},
		Holder: evidence.Holder{FamilyName: "Papadopoulou", GivenName: "Eleni", OriginalFamilyName: "Παπαδοπούλου", OriginalGivenName: "Ελένη", DateOfBirth: "1998-03-25",
			Sex: "F", Citizenships: []string{"EL"}},
	}
}

// TestOwnDocuments: what this program writes is shown with a title, and without a single name that is not a word of
// the user.
func TestOwnDocuments(t *testing.T) {
	t.Parallel()
	el := func(s string) edm.Texts { return edm.Texts{{Lang: "EL", Value: s}} }
	birth, residence, diploma, company := record(), record(), record(), record()
	birth.Birth = &evidence.Birth{Place: el("Αθήνα"), BirthIn: "EL", Country: el("Ελλάδα"), ParentsAs: []evidence.Holder{{FamilyName: "A", GivenName: "B"}}, Parents: []edm.Texts{el("B A")}, Entry: "1"}
	residence.Residence = &evidence.Residence{Street: "Οδός 14", Code: "113 62", City: el("Αθήνα"), Since: "2022-02-01"}
	diploma.Diploma = &evidence.Diploma{Institution: el("Ίδρυμα"), Website: "https://attica.example", Programme: el("Πρόγραμμα"), Field: "0613", Award: el("Πτυχίο"), Level: "6", Credits: "240", Grade: el("8"), Awarded: "2021-07-09"}
	company.Holder = evidence.Holder{}
	company.Company = &evidence.Company{Names: el("Αιγαίον"), LegalForm: "ΑΕ", Status: "economically active", Activities: []string{"62.01", "62.02"}, Registered: "2011-03-14", EUID: "ELGEMI.1", VAT: "EL0",
		Email: "a@b.example", Street: "Οδός", House: "7", Code: "105 57", City: el("Αθήνα"), Country: "EL"}
	for _, r := range []*evidence.Record{birth, residence, diploma, company} {
		var files [][]byte
		var err error
		asXML := func() ([]byte, error) { return de4a.Append(nil, r, "EL") }
		if r.Diploma != nil {
			asXML = func() ([]byte, error) { return elmo.Append(nil, r, "EL", time.Unix(0, 0)) }
		}
		for _, f := range []func() ([]byte, error){asXML, func() ([]byte, error) { return plain.Append(nil, r) }} {
			var b []byte
			if b, err = f(); err != nil {
				t.Fatal(err)
			}
			files = append(files, b)
		}
		for i, b := range files {
			tree, err := render.Document([]string{de4a.MediaType, plain.MediaType}[i], b, "DE")
			if err != nil || tree.Title != r.Title("DE") || tree.More {
				t.Errorf("%s %d: %v, titled %q", r.Kind(), i, err, tree.Title)
			}
			if names := technical(tree.Nodes); len(names) > 0 {
				t.Errorf("%s %d: %v are no words of the user\n%s", r.Kind(), i, names, b)
			}
			html, err := tree.HTML()
			if err != nil || !strings.Contains(string(html), "16. Juli 2021") && r.Company == nil {
				t.Errorf("%v\n%s", err, html)
			}
		}
	}
}

// technical lists the labels that the document gave, but for attributes of identifiers.
func technical(ns []render.Node) []string {
	var out []string
	for _, n := range ns {
		if n.Technical {
			out = append(out, n.Label)
		}
		out = append(out, technical(n.Nodes)...)
		if n.Table != nil {
			out = append(out, technical(n.Table.Head)...)
		}
	}
	return out
}
