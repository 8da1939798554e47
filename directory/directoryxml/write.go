package directoryxml

import (
	"oots/directory"
	"oots/edm"
	"oots/regrep"
)

// jurisdiction writes an sdg:Jurisdiction: levels up to 1.2, Member State codes in 2.0. [TDD 3.2.3]
func jurisdiction(w *regrep.Writer, l directory.Line, j *directory.Jurisdiction) {
	if j.Country == "" {
		return
	}
	w.Open("sdg:Jurisdiction")
	w.Text("sdg:AdminUnitLevel1", j.Country)
	if l.AtLeast(directory.V20) {
		for _, a := range j.Additional {
			w.Text("sdg:AdditionalJurisdictionClassification", a.Code, "listID", l.URL(a.List))
		}
	} else {
		w.TextIf("sdg:AdminUnitLevel2", j.Region)
		w.TextIf("sdg:AdminUnitLevel3", j.Municipality)
	}
	w.Close()
}

func texts(w *regrep.Writer, name string, ts edm.Texts) {
	for _, t := range ts {
		w.Text(name, t.Value, "lang", t.Lang)
	}
}

// textsFrom writes texts that a release line before v has no place for.
func textsFrom(w *regrep.Writer, l directory.Line, v directory.Version, name string, ts edm.Texts) {
	if l.AtLeast(v) {
		texts(w, name, ts)
	}
}
