package directoryxml

import (
	"oots/directory"
	"oots/regrep"
)

// Requirement writes an sdg:Requirement, frameworks and lists included. A list without types, the declaration
// that there is no evidence, has no place before 2.0. [TDD 3.2.3]
func Requirement(w *regrep.Writer, l directory.Line, r *directory.Requirement) {
	w.Open("sdg:Requirement")
	w.Text("sdg:Identifier", l.URL(r.ID))
	texts(w, "sdg:Name", r.Names)
	textsFrom(w, l, directory.V12, "sdg:Description", r.Descriptions)
	for i := range r.Frameworks {
		Framework(w, l, &r.Frameworks[i])
	}
	for i := range r.Lists {
		if len(r.Lists[i].Types) > 0 || l.AtLeast(directory.V20) { // [R-EB-EVI-S015]
			List(w, l, &r.Lists[i])
		}
	}
	w.Close()
}

// Framework writes an sdg:ReferenceFramework.
func Framework(w *regrep.Writer, l directory.Line, f *directory.ReferenceFramework) {
	w.Open("sdg:ReferenceFramework")
	w.Text("sdg:Identifier", f.ID)
	texts(w, "sdg:Title", f.Titles)
	texts(w, "sdg:Description", f.Descriptions)
	for _, p := range f.Procedures {
		w.Open("sdg:RelatedTo") // nothing but the identifier [R-EB-REQ-S015]
		w.Text("sdg:Identifier", p)
		w.Close()
	}
	jurisdiction(w, l, &f.Jurisdiction)
	w.Close()
}

// List writes an sdg:EvidenceTypeList. The jurisdiction stands in the list in 2.0, in its types before.
// [R-EB-EVI-C021]
func List(w *regrep.Writer, l directory.Line, list *directory.EvidenceTypeList) {
	newest := l.AtLeast(directory.V20)
	w.Open("sdg:EvidenceTypeList")
	w.Text("sdg:Identifier", list.ID)
	texts(w, "sdg:Name", list.Names)
	for i := range list.Types {
		t := list.Types[i]
		if len(t.Jurisdictions) == 0 {
			t.Jurisdictions = []directory.Jurisdiction{list.Jurisdiction}
		}
		EvidenceType(w, l, &t)
	}
	if newest {
		w.TextIf("sdg:MatchType", list.MatchType)
		texts(w, "sdg:MatchDescription", list.MatchDescriptions)
		place := list.Place()
		jurisdiction(w, l, &place)
	}
	w.Close()
}

// EvidenceType writes an sdg:EvidenceType, with its jurisdictions up to 1.2.
func EvidenceType(w *regrep.Writer, l directory.Line, t *directory.EvidenceType) {
	w.Open("sdg:EvidenceType")
	evidenceType(w, l, t)
	if !l.AtLeast(directory.V20) {
		for i := range t.Jurisdictions {
			jurisdiction(w, l, &t.Jurisdictions[i])
		}
	}
	w.Close()
}

// evidenceType writes what an sdg:EvidenceType and an sdg:DataServiceEvidenceType have in common.
func evidenceType(w *regrep.Writer, l directory.Line, t *directory.EvidenceType) {
	w.Text("sdg:EvidenceTypeClassification", l.URL(t.Classification))
	texts(w, "sdg:Title", t.Titles)
	texts(w, "sdg:Description", t.Descriptions)
}
