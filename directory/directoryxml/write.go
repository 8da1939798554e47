package directoryxml

import (
	"oots/directory"
	"oots/edm"
	"oots/regrep"
)

// Requirement writes an sdg:Requirement, lists included. [TDD 3.2.3]
func Requirement(w *regrep.Writer, r *directory.Requirement) {
	w.Open("sdg:Requirement")
	w.Text("sdg:Identifier", r.ID)
	texts(w, "sdg:Name", r.Names)
	texts(w, "sdg:Description", r.Descriptions)
	for i := range r.Frameworks {
		framework(w, &r.Frameworks[i])
	}
	for i := range r.Lists {
		list(w, &r.Lists[i])
	}
	w.Close()
}

func framework(w *regrep.Writer, f *directory.ReferenceFramework) {
	w.Open("sdg:ReferenceFramework")
	w.Text("sdg:Identifier", f.ID)
	texts(w, "sdg:Title", f.Titles)
	texts(w, "sdg:Description", f.Descriptions)
	for _, p := range f.Procedures {
		w.Open("sdg:RelatedTo") // nothing but the identifier [R-EB-REQ-S015]
		w.Text("sdg:Identifier", p)
		w.Close()
	}
	jurisdiction(w, &f.Jurisdiction)
	w.Close()
}

func list(w *regrep.Writer, l *directory.EvidenceTypeList) {
	w.Open("sdg:EvidenceTypeList")
	w.Text("sdg:Identifier", l.ID)
	texts(w, "sdg:Name", l.Names)
	for i := range l.Types {
		w.Open("sdg:EvidenceType")
		evidenceType(w, &l.Types[i])
		w.Close()
	}
	w.TextIf("sdg:MatchType", l.MatchType)
	texts(w, "sdg:MatchDescription", l.MatchDescriptions)
	jurisdiction(w, &l.Jurisdiction)
	w.Close()
}

// evidenceType writes what an sdg:EvidenceType and an sdg:DataServiceEvidenceType begin with.
func evidenceType(w *regrep.Writer, t *directory.EvidenceType) {
	w.Text("sdg:EvidenceTypeClassification", t.Classification)
	texts(w, "sdg:Title", t.Titles)
	texts(w, "sdg:Description", t.Descriptions)
}

func jurisdiction(w *regrep.Writer, j *directory.Jurisdiction) {
	if j.Country == "" {
		return
	}
	w.Open("sdg:Jurisdiction")
	w.Text("sdg:AdminUnitLevel1", j.Country)
	for _, a := range j.Additional {
		w.Text("sdg:AdditionalJurisdictionClassification", a.Code, "listID", a.List)
	}
	w.Close()
}

// DataService writes an sdg:DataServiceEvidenceType with its access service. [TDD 3.1.3]
func DataService(w *regrep.Writer, s *directory.DataService) {
	w.Open("sdg:DataServiceEvidenceType")
	w.Text("sdg:Identifier", s.ID)
	evidenceType(w, &directory.EvidenceType{Classification: s.Classification, Titles: s.Titles, Descriptions: s.Descriptions})
	distributions(w, s.Distributions)
	w.Open("sdg:AccessService")
	w.Text("sdg:Identifier", s.AccessPoint.Value, "schemeID", s.AccessPoint.Scheme)
	texts(w, "sdg:Name", s.AccessName)
	for _, v := range s.ConformsTo {
		w.Text("sdg:ConformsTo", string(v))
	}
	publisher(w, &s.Publisher)
	w.Close()
	w.TextIf("sdg:AuthenticationLevelOfAssurance", string(s.LoA))
	for i := range s.Classifications {
		Concept(w, &s.Classifications[i])
	}
	w.Close()
}

// Reduced writes the sdg:DataServiceEvidenceType of a question: no identifier, no access service, no
// concept. [R-DSD-ERR-S021]
func Reduced(w *regrep.Writer, q *directory.Question) {
	w.Open("sdg:DataServiceEvidenceType")
	evidenceType(w, &q.EvidenceType)
	distributions(w, q.Distributions)
	w.TextIf("sdg:AuthenticationLevelOfAssurance", string(q.LoA))
	w.Close()
}

func distributions(w *regrep.Writer, ds []edm.Distribution) {
	for i := range ds {
		w.Open("sdg:DistributedAs")
		w.Text("sdg:Format", ds[i].Format)
		for _, l := range ds[i].Languages {
			w.Text("sdg:Language", l)
		}
		w.TextIf("sdg:ConformsTo", ds[i].ConformsTo)
		w.Close()
	}
}

func publisher(w *regrep.Writer, p *directory.Publisher) {
	w.Open("sdg:Publisher")
	w.Text("sdg:Identifier", p.ID.Value, "schemeID", p.ID.Scheme)
	texts(w, "sdg:Name", p.Names)
	texts(w, "sdg:Description", p.Descriptions)
	w.Open("sdg:Address")
	w.TextIf("sdg:FullAddress", p.Address.FullAddress)
	w.TextIf("sdg:LocatorDesignator", p.Address.LocatorDesignator)
	w.TextIf("sdg:PostCode", p.Address.PostCode)
	w.TextIf("sdg:PostCityName", p.Address.PostCityName)
	w.TextIf("sdg:Thoroughfare", p.Address.Thoroughfare)
	w.Text("sdg:AdminUnitLevel1", p.Address.Country)
	w.TextIf("sdg:AdminUnitLevel2", p.Address.Region)
	w.Close()
	jurisdiction(w, &p.Jurisdiction)
	w.Close()
}

// Concept writes an sdg:EvidenceProviderClassification, with its values when it has some. [TDD 3.1.3]
func Concept(w *regrep.Writer, c *directory.Concept) {
	w.Open("sdg:EvidenceProviderClassification")
	w.Text("sdg:Identifier", c.ID, "schemeID", c.CodeList)
	w.TextIf("sdg:Type", c.Type)
	w.TextIf("sdg:ValueExpression", c.ValueExpression)
	texts(w, "sdg:Description", c.Descriptions)
	if len(c.SupportedValues) > 0 {
		name := "sdg:StringValue"
		switch {
		case c.Dates:
			name = "sdg:DateValue"
		case c.Type == directory.ConceptBoolean:
			name = "sdg:BooleanValue"
		}
		w.Open("sdg:SupportedValue")
		for _, v := range c.SupportedValues {
			w.Text(name, v)
		}
		w.Close()
	}
	w.Close()
}

func texts(w *regrep.Writer, name string, ts edm.Texts) {
	for _, t := range ts {
		w.Text(name, t.Value, "lang", t.Lang)
	}
}
