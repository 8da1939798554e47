package coordinator_test

import (
	"strings"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
)

// TestWholeWay declares a procedure, a document with its provider and a scheme, checks, submits, sees the answers of
// the directories and undoes it.
func TestWholeWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil).serve()
	b := o.as("lu-editor")
	b.Get("/").On(t, 200, "home").See(t, "What Luxembourg says")

	p := fill(b, b.Get("/edit/procedure").On(t, 200, "record"), "/edit/procedure", "title.0.value", "Change of address", "requirement", birth, "code", "V1").On(t, 200, "section")
	p.See(t, "It is saved in the draft.", "Change of address", "new")

	p = fill(b, b.Get("/edit/scheme"), "/edit/scheme", "short", "Communes", "codes.0.code", "0304", "codes.0.EN", "Luxembourg", "codes.1.code", "0204", "codes.1.EN", "Esch").On(t, 200, "section")
	p.See(t, "Communes", "Version 1.0, codes: 2")

	p = fill(b, b.Get("/edit/list"), "/edit/list", "requirement", birth, "name.0.value", "By certificate", "new.0.value", "Birth certificate").On(t, 200, "section")
	p.See(t, "Proof of birth: Birth certificate")

	p = b.Get("/edit/service").On(t, 200, "record")
	p = fill(b, p, "/edit/service", "type", chosen(t, p, "type", "Birth certificate"), "format", "application/pdf", "providerScheme", scheme, "providerID", "LU-ESCH", "providerName.0.value", "Commune of Esch", "address", "Place 1, 4000 Esch",
		"accessScheme", scheme, "accessID", "AP_LU", "line", "oots-edm:v1.2", "line", "oots-edm:v2.0",
		"question.0.value", "In which commune?", "questionList", sr+"codelists/LU/Communes", "questionValues", "0204").On(t, 200, "section")
	p.See(t, "Birth certificate", "Commune of Esch")

	p = b.Get("/check").On(t, 200, "check")
	p.See(t, "Ready", "Change of address", "Put it in force")
	b.Get("/xml").On(t, 200, "xml").See(t, "lcm:SubmitObjectsRequest", "Commune of Esch")
	fill(b, p, "/submit", "note", "First declaration").On(t, 200, "home").See(t, "It is in force.")

	served(t, o)

	p = b.Get("/history").On(t, 200, "history")
	p.See(t, "First declaration", "lu-editor", "editor")
	fill(b, b.Get("/edit/procedure?id="+o.lifecycle.Active("LU", directory.EvidenceBroker).Requirements[0].Frameworks[0].ID), "/edit/procedure", "title.0.value", "Moving house")
	fill(b, b.Get("/check"), "/submit").See(t, "It is in force.")
	first := link(t, p, "Evidence Broker")
	p = b.Get(first).On(t, 200, "revision")
	p.See(t, "Moving house", "Change of address")
	fill(b, p, "/restore").On(t, 200, "history").See(t, "is in force again")
	if got := o.lifecycle.Active("LU", directory.EvidenceBroker).Requirements[0].Frameworks[0].Titles.In("EN").Value; got != "Change of address" {
		t.Errorf("after the undoing it is called %q", got)
	}
	b.Get("/log").See(t, "logged in", "edited: Change of address", "submitted: First declaration", "put an earlier state in force")
}

// served holds that the queries answer with what was submitted.
func served(t *testing.T, o *office) {
	t.Helper()
	x := directory.NewIndex(o.lifecycle.Catalogue())
	line := directory.Line{Version: directory.V20}
	rs, err := x.Requirements(directory.RequirementQuery{Procedure: "V1", Country: "LU"})
	if err != nil || len(rs) != 1 || rs[0].Names.In("EN").Value != "Proof of birth" {
		t.Fatalf("requirements %v, %v", rs, err)
	}
	r, err := x.EvidenceTypes(line, directory.EvidenceTypeQuery{Requirement: birth, Country: "LU"})
	if err != nil || r.Lists[0].Types[0].Titles.In("EN").Value != "Birth certificate" {
		t.Fatalf("lists %+v, %v", r.Lists, err)
	}
	kind := r.Lists[0].Types[0].Classification
	if !strings.HasPrefix(kind, sr+"evidencetypeclassifications/LU/") {
		t.Errorf("evidence type %s", kind)
	}
	q := directory.DataServiceQuery{Classification: kind, Country: "LU", Specification: edm.V20}
	_, err = x.DataServices(line, q)
	asked, ok := err.(*directory.Question)
	if !ok || len(asked.Concepts) != 1 {
		t.Fatalf("answer %v, want a question", err)
	}
	q.Answers = map[string]string{asked.Concepts[0].ID: "0204"}
	ds, err := x.DataServices(line, q)
	if err != nil || len(ds) != 1 || ds[0].Publisher.ID.Value != "LU-ESCH" || len(ds[0].ConformsTo) != 2 {
		t.Fatalf("data services %+v, %v", ds, err)
	}
	if n := counts(o); n[lcm.NodeScheme] != 1 || n[lcm.NodeFramework] != 1 {
		t.Errorf("records %v", n)
	}
}
