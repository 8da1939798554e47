package lifecycle_test

import (
	"testing"

	"oots/directory"
	"oots/directory/lcm"
	"oots/directory/query"
	"oots/internal/corpus"
	"oots/internal/lifecycle"
	"oots/rule"
)

// TestImport fills an instance with answers captured from the acceptance environment.
func TestImport(t *testing.T) {
	t.Parallel()
	var captured directory.Catalogue
	for _, name := range []string{"eb_requirements_catalogue", "eb_evidence_types_fi", "eb_evidence_types_fr", "dsd_data_services_fi"} {
		a, err := query.Read(corpus.Read(t, "common-services/oots-france/responses/"+name+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		captured = captured.Merge(directory.Catalogue{Requirements: a.Requirements, Services: a.DataServices})
	}
	ps := lcm.Split(captured)
	i := newInstance(t)
	o, err := i.Replace(t.Context(), keeper, ps, lifecycle.OriginImport, "captured")
	for _, f := range o.Findings {
		if f.Severity == rule.Fatal {
			t.Error(f)
		}
	}
	if err != nil || !o.Accepted {
		t.Fatal(err)
	}
	i.reopen()
	want := captured.Counts()
	if got := i.Catalogue().Counts(); got != want || got.Frameworks != 687 || got.Countries != 27 || got.Services != 1 {
		t.Errorf("holds %+v, want %+v", got, want)
	}
	a := directory.Partition{Catalogue: captured}
	b := directory.Partition{Catalogue: *i.Catalogue()}
	for _, c := range lcm.Diff(a, b) {
		t.Error(c)
	}
	if r := i.Partitions(); len(r) != len(ps) {
		t.Errorf("%d partitions, want %d", len(r), len(ps))
	}
}

// TestExamples submits the examples of the 1.0 line, the broker's first.
func TestExamples(t *testing.T) {
	t.Parallel()
	const folder = "common-services/tdd-2023-04/LCM/"
	i := newInstance(t)
	for _, name := range []string{
		"5.4_LCM_Submit_Objects_to_the_Evidence_Broker-Birth_Certificate.xml",
		"5.4_LCM_Submit_Objects_to_the_Evidence_Broker-Bulk_submission.xml",
		"5.5_LCM_Submit_Objects_to_the_DSD-Birth_Certificate.xml",
		"5.5_LCM_Submit_Objects_to_the_DSD-Bulk_submission.xml",
	} {
		o, err := i.Submit(t.Context(), state("DE"), lifecycle.Proposal{Document: corpus.Read(t, folder+name)})
		if err != nil || !o.Accepted {
			t.Errorf("%s: %v, %v", name, o.Findings, err)
		}
		if r, err := lcm.ParseResponse(o.Response()); err != nil || !r.Success || r.Request != o.Request {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		i.wantRefused(state("FR"), lcm.RuleOwner, corpus.Read(t, folder+name))
	}
	if n := i.Catalogue().Counts(); n.Requirements != 3 || n.Lists != 4 || n.Services != 6 {
		t.Errorf("counts %+v", n)
	}
	answer, err := directory.NewIndex(i.Catalogue()).Requirements(directory.RequirementQuery{Country: "DE", Procedure: "R1"})
	if err != nil || len(answer) == 0 {
		t.Errorf("requirements of R1: %d, %v", len(answer), err)
	}
}
