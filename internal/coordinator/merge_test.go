package coordinator

import (
	"slices"
	"testing"

	"oots/directory"
	"oots/edm"
)

// said is a partition with one list of codes for each pair of name and version.
func said(pairs ...string) directory.Partition {
	p := directory.Partition{Country: "LU", Service: directory.SemanticRepository}
	for i := 0; i < len(pairs); i += 2 {
		p.CodeLists = append(p.CodeLists, directory.CodeList{URL: pairs[i], Version: pairs[i+1]})
	}
	return p
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name               string
		base, ours, theirs directory.Partition
		want               directory.Partition
		clashes            []string
	}{
		{"nobody changed anything", said("a", "1"), said("a", "1"), said("a", "1"), said("a", "1"), nil},
		{"only they changed it", said("a", "1"), said("a", "1"), said("a", "2"), said("a", "2"), nil},
		{"only we changed it", said("a", "1"), said("a", "2"), said("a", "1"), said("a", "2"), nil},
		{"both did the same", said("a", "1"), said("a", "2"), said("a", "2"), said("a", "2"), nil},
		{"both changed it", said("a", "1"), said("a", "2"), said("a", "3"), said("a", "2"), []string{"a"}},
		{"each added one", said("a", "1"), said("a", "1", "b", "1"), said("a", "1", "c", "1"), said("a", "1", "b", "1", "c", "1"), nil},
		{"both added one, differently", said(), said("a", "1"), said("a", "2"), said("a", "1"), []string{"a"}},
		{"they removed it", said("a", "1"), said("a", "1"), said(), said(), nil},
		{"we removed it", said("a", "1"), said(), said("a", "1"), said(), nil},
		{"they removed what we changed", said("a", "1"), said("a", "2"), said(), said("a", "2"), []string{"a"}},
		{"we removed what they changed", said("a", "1"), said(), said("a", "2"), said(), []string{"a"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, clashes := merge(tc.base, tc.ours, tc.theirs)
			if !slices.EqualFunc(got.CodeLists, tc.want.CodeLists, func(a, b directory.CodeList) bool { return a.URL == b.URL && a.Version == b.Version }) {
				t.Errorf("merged %+v, want %+v", got.CodeLists, tc.want.CodeLists)
			}
			if !slices.Equal(clashes, tc.clashes) {
				t.Errorf("clashes %v, want %v", clashes, tc.clashes)
			}
		})
	}
}

// TestMergeRequirements merges the frameworks and the lists of one requirement apart from each other, also when one
// side has dropped the requirement.
func TestMergeRequirements(t *testing.T) {
	t.Parallel()
	framework := directory.ReferenceFramework{ID: "F", Titles: edm.Texts{{Lang: "EN", Value: "x"}}}
	list := directory.EvidenceTypeList{ID: "L"}
	of := func(r ...directory.Requirement) directory.Partition {
		return directory.Partition{Catalogue: directory.Catalogue{Requirements: r}}
	}
	base := of(directory.Requirement{ID: "r", Frameworks: []directory.ReferenceFramework{framework}})
	theirs := of(directory.Requirement{ID: "r", Frameworks: []directory.ReferenceFramework{framework}, Lists: []directory.EvidenceTypeList{list}})
	got, clashes := merge(base, of(), theirs) // we removed the framework, they added a list
	if len(clashes) != 0 || len(got.Requirements) != 1 || len(got.Requirements[0].Frameworks) != 0 || len(got.Requirements[0].Lists) != 1 {
		t.Errorf("%+v, clashes %v", got.Requirements, clashes)
	}
}
