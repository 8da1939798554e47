package lifecycle_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/lifecycle"
	"oots/internal/sqlstore"
	"oots/rule"
)

const (
	sr        = "https://sr.oots.tech.ec.europa.eu/"
	birth     = sr + "requirements/528adc38-092d-40ce-a3af-d838ec06a349"
	requestID = "urn:uuid:0f0a7c0e-95a0-4f06-8f8c-5c5a3e7a1001"
	scheme    = "urn:cef.eu:names:identifier:EAS:9938"
)

var now = time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)

func en(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}} }

// id is a UUID of one country.
func id(country string, n int) string {
	return fmt.Sprintf("%02x%02x0000-0000-4000-8000-%012d", country[0], country[1], n)
}

func certificate(country string) string {
	return sr + "evidencetypeclassifications/" + country + "/" + id(country, 3)
}

// broker is what a country says to the broker.
func broker(country string) directory.Partition {
	j := directory.Jurisdiction{Country: country}
	return directory.Partition{Country: country, Service: directory.EvidenceBroker, Catalogue: directory.Catalogue{Requirements: []directory.Requirement{{
		ID: birth, Names: en("Birth, as " + country + " calls it"),
		Frameworks: []directory.ReferenceFramework{{ID: id(country, 9), Titles: en("Change of address"), Procedures: []string{"V1"}, Jurisdiction: j}},
		Lists: []directory.EvidenceTypeList{{ID: id(country, 6), Names: en("Birth"), Jurisdiction: j,
			Types: []directory.EvidenceType{{Classification: certificate(country), Titles: en("Birth certificate")}}}},
	}}}}
}

// services is what a country says to the directory: n providers of one evidence type.
func services(country string, n int) directory.Partition {
	p := directory.Partition{Country: country, Service: directory.DataServiceDirectory}
	for i := range n {
		name := fmt.Sprintf("%s%05d", country, i)
		p.Services = append(p.Services, directory.DataService{
			ID: id(country, 5), Classification: certificate(country), Titles: en("Birth certificate"),
			Distributions: []edm.Distribution{{Format: "application/pdf"}},
			AccessPoint:   edm.Identifier{Scheme: scheme, Value: "AP" + country}, ConformsTo: []edm.Version{edm.V20},
			Publisher: directory.Publisher{ID: edm.Identifier{Scheme: scheme, Value: name}, Names: en("Registry office " + name),
				Address:      edm.Address{FullAddress: "Market square 1, 1000 Town " + name, Country: country},
				Jurisdiction: directory.Jurisdiction{Country: country}},
		})
	}
	return p
}

// schemes is a code list of a country.
func schemes(country, version string, codes ...string) directory.Partition {
	l := directory.CodeList{URL: sr + "codelists/" + country + "/Communes", Version: version}
	for _, c := range codes {
		l.Codes = append(l.Codes, directory.Code{Code: c, Names: en(c)})
	}
	return directory.Partition{Country: country, Service: directory.SemanticRepository, Catalogue: directory.Catalogue{CodeLists: []directory.CodeList{l}}}
}

// document is a submission of 2.0.
func document(ps ...directory.Partition) []byte {
	return lcm.AppendRequest(nil, ps, lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V20}})
}

var keeper = lifecycle.Submitter{Actor: "operator", Keeper: true}

func state(country string) lifecycle.Submitter {
	return lifecycle.Submitter{Country: country, Actor: "AP_" + country}
}

// An instance is one database with as many services as a test wants on it.
type instance struct {
	t     testing.TB
	dir   string
	log   bytes.Buffer
	store *sqlstore.Store
	*lifecycle.Service
}

func newInstance(t testing.TB) *instance {
	t.Helper()
	i := &instance{t: t, dir: t.TempDir()}
	i.reopen()
	return i
}

// reopen opens the database again, as a restart does.
func (i *instance) reopen() {
	i.t.Helper()
	if i.store != nil {
		i.store.Close()
	}
	var err error
	if i.store, err = sqlstore.Open(i.t.Context(), i.dir, bytes.Repeat([]byte{9}, 32)); err != nil {
		i.t.Fatal(err)
	}
	i.t.Cleanup(func() { i.store.Close() })
	i.Service = i.another()
}

// another is a service of another process on the same database.
func (i *instance) another() *lifecycle.Service {
	i.t.Helper()
	s, err := lifecycle.Open(i.t.Context(), lifecycle.Deps{
		DB: i.store.DB, Store: i.store.Lifecycle(), Log: slog.New(slog.NewTextHandler(&i.log, nil)),
		Clock: clock.Clock{Now: func() time.Time { return now }, NewUUID: clock.UUID},
	})
	if err != nil {
		i.t.Fatal(err)
	}
	return s
}

// submit submits a document that must be accepted.
func (i *instance) submit(who lifecycle.Submitter, ps ...directory.Partition) lifecycle.Outcome {
	i.t.Helper()
	o, err := i.Submit(i.t.Context(), who, lifecycle.Proposal{Document: document(ps...)})
	if err != nil || !o.Accepted {
		i.t.Fatalf("%+v, %v", o.Findings, err)
	}
	return o
}

// wantRefused fails unless the document is refused by a rule, with the same verdict of a dry run, and nothing has
// changed.
func (i *instance) wantRefused(who lifecycle.Submitter, id rule.ID, doc []byte) lcm.Finding {
	i.t.Helper()
	before := i.Catalogue()
	dry, err := i.Check(i.t.Context(), who, lifecycle.Proposal{Document: doc})
	if err != nil || dry.Accepted {
		i.t.Errorf("the dry run accepts it, %v", err)
	}
	o, err := i.Submit(i.t.Context(), who, lifecycle.Proposal{Document: doc})
	if err != nil || o.Accepted || len(o.Revisions) > 0 {
		i.t.Fatalf("accepted, or %v", err)
	}
	if i.Catalogue() != before {
		i.t.Error("the catalogue is another one")
	}
	if len(dry.Findings) != len(o.Findings) {
		i.t.Errorf("the dry run finds %d, the submission %d", len(dry.Findings), len(o.Findings))
	}
	for _, f := range o.Findings {
		if f.Rule == id && f.Severity == rule.Fatal {
			return f
		}
	}
	i.t.Fatalf("%s is not among %v", id, o.Findings)
	return lcm.Finding{}
}

var discard = slog.New(slog.DiscardHandler)
