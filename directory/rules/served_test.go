package rules_test

import (
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/codelist"
	"oots/directory"
	"oots/directory/query"
	"oots/directory/query/querytest"
	"oots/directory/rules"
	"oots/internal/clock"
	"oots/internal/corpus"
	"oots/internal/demo"
	"oots/internal/dsd"
	"oots/internal/eb"
	"oots/rule"
)

type source struct{ c *directory.Catalogue }

func (s source) Catalogue() *directory.Catalogue { return s.c }

type unsigned struct{}

func (unsigned) Sign([]byte) (string, string, error) { return "d", "s", nil }
func (unsigned) KeyID() string                       { return "k" }

// served is the catalogue of the demonstration over that of the acceptance environment.
func served(t *testing.T) *directory.Catalogue {
	t.Helper()
	const responses = "common-services/oots-france/responses/"
	var captured []string
	for _, name := range []string{"eb_requirements_catalogue", "eb_evidence_types_fi", "eb_evidence_types_fr", "dsd_data_services_fi"} {
		captured = append(captured, corpus.Path(t, responses+name+".xml"))
	}
	base, err := demo.Import(captured)
	if err != nil {
		t.Fatal(err)
	}
	c, err := demo.Overlay(base)
	if err != nil {
		t.Fatal(err)
	}
	return &c
}

// examples2023 is the catalogue that the published examples of 1.0 come from.
func examples2023(t *testing.T) *directory.Catalogue {
	t.Helper()
	var all [][]byte
	for _, pattern := range []string{"EB/4.[23]*", "DSD/4.3.*"} {
		names, err := filepath.Glob(filepath.Join(corpus.Path(t, "common-services/tdd-2023-04"), pattern))
		if err != nil || len(names) < 4 {
			t.Fatalf("%d files, %v", len(names), err)
		}
		for _, name := range names {
			all = append(all, corpus.Read(t, "common-services/tdd-2023-04/"+filepath.Base(filepath.Dir(name))+"/"+filepath.Base(name)))
		}
	}
	return querytest.Read(t, all...)
}

// A walk asks everything that a catalogue can be asked in one release line and judges each answer.
type walk struct {
	t       *testing.T
	version directory.Version
	excused rule.ID // may be broken in 2.0
	service map[query.Service]http.Handler
	judged  map[rule.Document]int
}

func (w *walk) ask(r query.Request) *query.Answer {
	w.t.Helper()
	r.Version = w.version
	b := querytest.Ask(w.t, w.service[r.Query.Service()], &r)
	doc, err := query.Open(b)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range (rules.Judge{}).CheckAsked(doc, r.Query, w.version) {
		if w.version != directory.V20 || f.Rule != w.excused {
			w.t.Errorf("%s: %s", r.URL(""), f)
		}
	}
	w.judged[rules.Asked(doc, r.Query)]++
	a, err := query.ReadDocument(doc)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// services asks for the data services of an evidence type, and follows each question once with every value
// that a provider supports.
func (w *walk) services(classification, country, specification string) {
	r := query.Request{Query: query.DataServices, Classification: classification, Country: country, Specification: specification}
	a := w.ask(r)
	var q *directory.Question
	if !errors.As(a.Err, &q) {
		return
	}
	if w.version <= directory.V11 {
		r.EvidenceTypeID = q.ID
	}
	if d := q.Determination; d != nil {
		r.ContextID = d.ContextID
		switch d.Level {
		case directory.LevelLAU:
			r.Municipality = "11000000"
		default:
			r.Region = "DE3"
		}
	}
	for _, value := range []string{"THE", "ATH", "ApplicantHasBeenResidentInGermany", "HigherEducationEntranceQualification", "PrivateHealthInsurance", "unheard of"} {
		r.Answers = make(map[string]string)
		for _, c := range q.Concepts {
			r.Answers[c.ID] = value
		}
		w.ask(r)
	}
}

// TestServedAnswers: whatever is asked of the directories, in whatever release line, their answers break no
// rule.
func TestServedAnswers(t *testing.T) {
	for _, tc := range []struct {
		name      string
		catalogue *directory.Catalogue
		excused   rule.ID // in 2.0
	}{
		{"captured and demonstration", served(t), ""},
		{"examples of 1.0", examples2023(t), "R-DSD-ERR-C033"}, // no line can give their code lists other URLs
	} {
		for _, v := range []directory.Version{directory.V10, directory.V11, directory.V12, directory.V20} {
			t.Run(tc.name+" "+string(v), func(t *testing.T) { walkAll(t, tc.catalogue, v, tc.excused) })
		}
	}
}

func walkAll(t *testing.T, c *directory.Catalogue, v directory.Version, excused rule.ID) {
	now := clock.Clock{Now: func() time.Time { return time.Time{} }, NewUUID: func() string { return "id" }}
	log := slog.New(slog.DiscardHandler)
	w := &walk{t: t, version: v, excused: excused, judged: make(map[rule.Document]int), service: map[query.Service]http.Handler{
		query.EB:  eb.New(eb.Deps{Source: source{c}, Signer: unsigned{}, Clock: now, Log: log}),
		query.DSD: dsd.New(dsd.Deps{Source: source{c}, Signer: unsigned{}, Clock: now, Log: log}),
	}}
	line := directory.Line{Version: v} // identifiers are asked for as the line writes them
	countries := append(codelist.OOTSCountries.Codes(), "")
	for _, procedure := range append(codelist.Procedures.Codes(), "", "nonsense") {
		for _, country := range countries {
			w.ask(query.Request{Query: query.Requirements, Procedure: procedure, Country: country})
		}
	}
	types := map[string]bool{"https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EU/00000000-0000-4000-8000-000000000000": true}
	for i := range c.Services {
		types[c.Services[i].Classification] = true
	}
	for i := range c.Requirements {
		r := &c.Requirements[i]
		for _, country := range countries {
			w.ask(query.Request{Query: query.EvidenceTypes, Requirement: line.URL(r.ID), Country: country})
		}
		for j := range r.Lists {
			for _, et := range r.Lists[j].Types {
				types[et.Classification] = true
			}
		}
	}
	w.ask(query.Request{Query: query.EvidenceTypes, Requirement: "unknown"})
	for _, classification := range slices.Sorted(maps.Keys(types)) {
		for _, country := range countries {
			for _, specification := range []string{"", "oots-edm:v1.0", "oots-edm:v2.0"} {
				w.services(line.URL(classification), country, specification)
			}
		}
	}
	got := slices.Sorted(maps.Keys(w.judged))
	if want := 5; len(got) != want {
		t.Errorf("only %v were judged", got)
	}
	t.Logf("%s: %v", strings.TrimPrefix(string(v), "oots-cs:"), w.judged)
}
