package lcm_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
	"oots/rule"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	a, b := services(), services()
	b.Services[0].Publisher.Names = en("Commune of Esch")
	b.Services[0].Classifications[0].SupportedValues = []string{"esch", "belval"}
	b.Services[1].Publisher.ID.Value = "LU9"
	got := lcm.Diff(a, b)
	var lines []string
	for _, c := range got {
		lines = append(lines, strings.Split(c.String(), "\n")...)
	}
	want := []string{
		"changed DataServiceEvidenceType " + uuid(5) + " at LU1 by AP1 (Birth certificate)",
		"  Publisher Name EN: LU1 -> Commune of Esch",
		"  Concept " + uuid(8) + " Value: + belval",
		"removed DataServiceEvidenceType " + uuid(5) + " at LU2 by AP1 (Birth certificate)",
		"added DataServiceEvidenceType " + uuid(5) + " at LU9 by AP1 (Birth certificate)",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	for _, p := range []directory.Partition{a, broker(), schemes("1", "a")} {
		if d := lcm.Diff(p, p); len(d) > 0 {
			t.Errorf("a partition differs from itself: %v", d)
		}
	}
	if d := lcm.Diff(schemes("1", "a", "b"), schemes("2", "b", "c")); len(d) != 1 || len(d[0].Fields) != 3 {
		t.Errorf("code lists: %v", d)
	}
}

// TestDiffLinks follows a framework that moves from one requirement to another.
func TestDiffLinks(t *testing.T) {
	t.Parallel()
	a, b := broker(), broker()
	b.Requirements[1].Frameworks = nil
	want := []lcm.FieldChange{{Field: "Requirement", Old: residence}}
	if d := lcm.Diff(a, b); len(d) != 1 || d[0].Node != lcm.NodeFramework || !reflect.DeepEqual(d[0].Fields, want) {
		t.Errorf("got %v", d)
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	lu, at := broker(), broker()
	at.Requirements = at.Requirements[:1]
	at.Requirements[0].Frameworks = nil
	at.Requirements[0].Lists[0].ID = uuid(66)
	at.Requirements[0].Lists[0].Jurisdiction.Country = "AT"
	all := lu.Catalogue.Merge(at.Catalogue).Merge(services().Catalogue).Merge(schemes("1", "esch").Catalogue)
	ps := lcm.Split(all)
	var names []string
	for _, p := range ps {
		names = append(names, p.Country+" "+string(p.Service))
	}
	if want := []string{"AT eb", "EU eb", "LU dsd", "LU eb", "LU sr"}; !slices.Equal(names, want) {
		t.Fatalf("partitions %v, want %v", names, want)
	}
	if r := ps[1].Requirements; len(r) != 2 || len(r[0].Names) == 0 || len(r[0].Frameworks)+len(r[0].Lists) > 0 {
		t.Errorf("the Commission says %+v", r)
	}
	if r := ps[3].Requirements; len(r) != 2 || len(r[0].Names) > 0 || len(r[0].Frameworks) != 1 || len(r[0].Lists) != 1 {
		t.Errorf("Luxembourg says %+v", r)
	}
	var again directory.Catalogue
	for _, p := range ps {
		again = again.Merge(p.Catalogue)
	}
	if d := lcm.Diff(directory.Partition{Catalogue: all}, directory.Partition{Catalogue: again}); len(d) > 0 {
		t.Errorf("put together again: %v", d)
	}
	if fs := lcm.CheckPartitions(ps); len(fs) > 0 {
		t.Errorf("findings %v", fs)
	}
}

func TestCompareVersions(t *testing.T) {
	t.Parallel()
	order := []string{"0.9", "1", "1.0", "1.1", "1.2", "1.10", "2", "2026-01", "2026-11", "2026-11-b"}
	for i, a := range order {
		for j, b := range order {
			if got := lcm.CompareVersions(a, b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%s and %s: %d", a, b, got)
			}
		}
	}
}

// TestState judges partitions as part of the whole; the tests of internal/lifecycle go through the other rules.
func TestState(t *testing.T) {
	t.Parallel()
	place := func(list, code string) directory.Partition {
		p := broker()
		p.Requirements[0].Frameworks[0].Jurisdiction.Additional = []directory.Coded{{List: list, Code: code}}
		p.Requirements[1].Frameworks[0].Jurisdiction = p.Requirements[0].Frameworks[0].Jurisdiction
		return p
	}
	common := broker()
	common.Requirements[0].Lists[0].Types[0].Classification = sr + "evidencetypeclassifications/oots/" + uuid(3)
	for _, tc := range []struct {
		name  string
		state lcm.State
		ps    []directory.Partition
		want  rule.ID // "" means accepted
	}{
		{"a code of its list", lcm.State{Country: "LU", Old: []directory.Partition{schemes("1", "esch")}}, []directory.Partition{place(communes, "esch")}, ""},
		{"a code that its list lacks", lcm.State{Country: "LU", Old: []directory.Partition{schemes("1", "esch")}}, []directory.Partition{place(communes, "wiltz")}, lcm.RuleValues},
		{"a list of another state", lcm.State{Country: "LU"}, []directory.Partition{place(sr+"codelists/AT/Bezirke", "1")}, lcm.RuleOwner},
		{"a list with the codes that use it", lcm.State{Country: "LU"}, []directory.Partition{place(communes, "wiltz"), schemes("1", "wiltz")}, ""},
		{"a list that goes while a place uses it", lcm.State{Country: "LU", Old: []directory.Partition{place(communes, "esch"), schemes("1", "esch")}},
			[]directory.Partition{{Country: "LU", Service: directory.SemanticRepository}}, lcm.RuleInUse},
		{"a type of the Commission that nobody knows", lcm.State{Country: "LU"}, []directory.Partition{common}, lcm.RuleOwner},
		{"a type of the Commission that is known", lcm.State{Country: "LU", Others: []directory.Partition{common}}, []directory.Partition{common}, lcm.RuleUnique}, // the list is the same
		{"a type of the Commission by the keeper", lcm.State{Country: "LU", Keeper: true}, []directory.Partition{common}, ""},
		{"a type that the broker does not know", lcm.State{Country: "LU"}, []directory.Partition{services()}, lcm.RuleReference},
		{"a type that the broker will know", lcm.State{Country: "LU"}, []directory.Partition{services(), broker()}, ""},
		{"a type that the broker knows", lcm.State{Country: "LU", Old: []directory.Partition{broker()}}, []directory.Partition{services()}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fs := tc.state.Check(tc.ps)
			if tc.want == "" {
				if lcm.Refuses(fs) {
					t.Errorf("refused: %v", fs)
				}
				return
			}
			if !slices.ContainsFunc(fs, func(f lcm.Finding) bool { return f.Rule == tc.want && f.Code == lcm.BadDataset }) {
				t.Errorf("%s is not among %v", tc.want, fs)
			}
		})
	}
}
