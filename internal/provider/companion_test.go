package provider_test

import (
	"errors"
	"slices"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/internal/login"
	"oots/internal/provider"
)

const model = "https://sr.oots.tech.ec.europa.eu/datamodels/elmo-1.7.0"

// both are a diploma in two formats, the structured one with a version to read and a translation.
func both(edm.Person) ([]provider.Record, error) {
	paper, _ := records(edm.Person{})
	data := paper[0]
	data.MediaType, data.ConformsTo, data.Content = "application/xml", model, []byte("<elmo/>")
	data.Companions = []provider.Companion{
		{Kind: edm.HumanReadableVersion, EvidenceID: "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a11", Title: "Diploma, to read", MediaType: "application/pdf", Language: "EL", Content: []byte("%PDF-readable")},
		{Kind: edm.Translation, EvidenceID: "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a12", Title: "Diploma", MediaType: "application/json", Language: "EN", Content: []byte("{}")},
	}
	return []provider.Record{paper[0], data}, nil
}

func formats(s *provider.Settings) {
	s.Services[0].Formats = []string{"application/pdf", "application/xml"}
}

// asks sets what is asked for, in the order of preference.
func asks(q *edm.Request, ds ...edm.Distribution) { q.Evidence.Distributions = ds }

var (
	wantsPDF   = edm.Distribution{Format: "application/pdf"}
	wantsELMO  = edm.Distribution{Format: "application/xml", ConformsTo: model}
	wantsOther = edm.Distribution{Format: "application/xml", ConformsTo: "https://sr.oots.tech.ec.europa.eu/datamodels/birth"}
)

// TestPackages: the structured evidence brings what goes with it, in one package. [TDD 4.5.2 §2.1]
func TestPackages(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		asked []edm.Distribution
		want  []edm.DocumentKind // nil: refused
	}{
		{"structured", []edm.Distribution{wantsELMO}, []edm.DocumentKind{edm.MainEvidence, edm.HumanReadableVersion, edm.Translation}},
		{"paper", []edm.Distribution{wantsPDF}, []edm.DocumentKind{edm.MainEvidence}},
		{"another model", []edm.Distribution{wantsOther}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t, registerFunc(both), formats)
			q := goodRequest()
			q.PossibilityForPreview = false
			asks(q, tc.asked...)
			d.receive(d.envelope(q))
			if tc.want == nil {
				d.wantCode(edm.UnsupportedCapability, "the evidence is in no format that was asked for")
				return
			}
			a, fs, err := d.parsed()
			if err != nil || len(fs) > 0 || len(a.Packages) != 1 {
				t.Fatalf("%d packages, %v, %v", len(a.Packages), fs, err)
			}
			var kinds []edm.DocumentKind
			for i, doc := range a.Packages[0].Documents {
				kinds = append(kinds, doc.Kind)
				if part := d.out[0].Attachment(doc.ContentID); part == nil || part.MimeType != doc.Evidence.Distribution.Format {
					t.Errorf("document %d: part %v", i, part)
				}
			}
			if !slices.Equal(kinds, tc.want) {
				t.Errorf("package of %v, want %v", kinds, tc.want)
			}
			if m := a.Packages[0].Main(); len(tc.want) > 1 && m.Evidence.Distribution.ConformsTo != model {
				t.Errorf("conforms to %q", m.Evidence.Distribution.ConformsTo)
			}
		})
	}
}

// parsed reads the only answer.
func (d *desk) parsed() (*edm.Response, []string, error) {
	d.t.Helper()
	if len(d.out) != 1 {
		d.t.Fatalf("%d answers\n%s", len(d.out), &d.log)
	}
	a, _, fs, err := edmxml.ParseResponse(d.out[0].Body)
	var out []string
	for _, f := range fs {
		out = append(out, f.String())
	}
	return a, out, err
}

// TestCompanionsAreDecidedWithTheirEvidence: the user decides on the evidence, and sees all that goes along.
func TestCompanionsAreDecidedWithTheirEvidence(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(both), formats)
	token, second := d.linkFor(func(q *edm.Request) { asks(q, wantsELMO) })
	d.receive(d.envelope(second))
	if err := d.service.Identify(t.Context(), token, login.Identity{Person: *second.NaturalPerson}); err != nil {
		t.Fatal(err)
	}
	s, err := d.service.Session(t.Context(), token)
	if err != nil || len(s.Documents) != 1 || len(s.Documents[0].Companions) != 2 {
		t.Fatalf("%+v, %v", s.Documents, err)
	}
	with := s.Documents[0].Companions[0]
	doc, content, err := d.service.Document(t.Context(), token, with.ID)
	if err != nil || string(content) != "%PDF-readable" || doc.Kind != edm.HumanReadableVersion {
		t.Errorf("%+v, %q, %v", doc, content, err)
	}
	if err := d.service.Decide(t.Context(), token, []string{with.ID}); !errors.Is(err, provider.ErrNoDocument) {
		t.Errorf("a companion alone is released: %v", err)
	}
	d.out = nil
	if err := d.service.Decide(t.Context(), token, []string{s.Documents[0].ID}); err != nil {
		t.Fatal(err)
	}
	a, fs, err := d.parsed()
	if err != nil || len(fs) > 0 || len(a.Packages) != 1 || len(a.Packages[0].Documents) != 3 {
		t.Fatalf("%+v, %v, %v", a, fs, err)
	}
}

// TestWithoutPackages: up to 1.2 what goes along is an evidence of its own, and structured documents stay away.
func TestWithoutPackages(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(both), formats)
	q := goodRequest()
	q.Version, q.PossibilityForPreview = edm.V12, false
	asks(q, wantsELMO)
	e := d.envelope(q)
	e.Header.SpecificationID, e.Header.ExchangeID, e.PropertyNames = "", "", []string{"originalSender", "finalRecipient"}
	d.receive(e)
	a, fs, err := d.parsed()
	if err != nil || len(fs) > 0 {
		t.Fatalf("%v, %v\n%s", fs, err, d.out[0].Body)
	}
	var formats []string
	for _, p := range a.Packages {
		for _, doc := range p.Documents {
			formats = append(formats, doc.Evidence.Distribution.Format)
			if doc.Evidence.NaturalPerson == nil || doc.Evidence.IssuingAuthority == nil {
				t.Errorf("%s is no evidence of its own", doc.Title)
			}
		}
	}
	if !slices.Equal(formats, []string{"application/xml", "application/pdf"}) {
		t.Errorf("got %v", formats)
	}
}
