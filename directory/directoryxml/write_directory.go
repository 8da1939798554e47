package directoryxml

import (
	"slices"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/regrep"
)

// DataServices writes an sdg:DataServiceEvidenceType with its access services: the records of one pairing up
// to 1.1, exactly one from 1.2 on. What describes the evidence is taken from the first. asked is the version
// of the exchange that the query named, "" for none. [TDD 3.1.3]
func DataServices(w *regrep.Writer, l directory.Line, records []directory.DataService, asked edm.Version) {
	s := &records[0]
	w.Open("sdg:DataServiceEvidenceType")
	w.Text("sdg:Identifier", s.ID)
	evidenceType(w, l, &directory.EvidenceType{Classification: s.Classification, Titles: s.Titles, Descriptions: s.Descriptions})
	distributions(w, l, s.Distributions)
	for i := range records {
		accessService(w, l, &records[i], asked)
	}
	description(w, l, s)
	concepts(w, l, records)
	w.Close()
}

// Pairing writes an sdg:DataServiceEvidenceType without access service, as it is submitted.
func Pairing(w *regrep.Writer, l directory.Line, s *directory.DataService) {
	w.Open("sdg:DataServiceEvidenceType")
	w.Text("sdg:Identifier", s.ID)
	evidenceType(w, l, &directory.EvidenceType{Classification: s.Classification, Titles: s.Titles, Descriptions: s.Descriptions})
	distributions(w, l, s.Distributions)
	description(w, l, s)
	for _, c := range s.Classifications {
		if !l.AtLeast(directory.V12) {
			c.SupportedValues = nil
		}
		Concept(w, l, &c)
	}
	w.Close()
}

// description writes what follows the access services: level, notes, and the territory question of 1.x.
func description(w *regrep.Writer, l directory.Line, s *directory.DataService) {
	w.TextIf("sdg:AuthenticationLevelOfAssurance", string(s.LoA))
	if l.AtLeast(directory.V11) && !l.AtLeast(directory.V20) {
		texts(w, "sdg:Note", s.Notes)
	}
	if s.Determination != nil && !l.AtLeast(directory.V20) {
		Determination(w, s.Determination)
	}
}

// concepts writes the concepts of one record with their values, or of several without: up to 1.1 the values
// stand with the publishers. A concept without values tells nobody apart. [R-DSD-RESP-S013]
func concepts(w *regrep.Writer, l directory.Line, records []directory.DataService) {
	if l.AtLeast(directory.V12) {
		for i := range records[0].Classifications {
			if c := &records[0].Classifications[i]; len(c.SupportedValues) > 0 {
				Concept(w, l, c)
			}
		}
		return
	}
	for _, c := range union(records) {
		c.SupportedValues = nil
		Concept(w, l, &c)
	}
}

// union are the concepts of several records, each once, in the order in which they appear.
func union(records []directory.DataService) []directory.Concept {
	var all []directory.Concept
	for i := range records {
		for _, c := range records[i].Classifications {
			if !slices.ContainsFunc(all, func(k directory.Concept) bool { return strings.EqualFold(k.ID, c.ID) }) {
				all = append(all, c)
			}
		}
	}
	return all
}

func accessService(w *regrep.Writer, l directory.Line, s *directory.DataService, asked edm.Version) {
	w.Open("sdg:AccessService")
	w.Text("sdg:Identifier", s.AccessPoint.Value, "schemeID", s.AccessPoint.Scheme)
	textsFrom(w, l, directory.V11, "sdg:Name", s.AccessName)
	for _, v := range l.Exchange(s.ConformsTo, asked) {
		w.Text("sdg:ConformsTo", string(v))
	}
	Publisher(w, l, "sdg:Publisher", &s.Publisher, s.Classifications)
	w.Close()
}

// AccessService writes an sdg:AccessService without publisher, as it is submitted from 1.1 on.
func AccessService(w *regrep.Writer, l directory.Line, s *directory.DataService) {
	w.Open("sdg:AccessService")
	w.Text("sdg:Identifier", s.AccessPoint.Value, "schemeID", s.AccessPoint.Scheme)
	textsFrom(w, l, directory.V11, "sdg:Name", s.AccessName)
	for _, v := range l.Exchange(s.ConformsTo, "") {
		w.Text("sdg:ConformsTo", string(v))
	}
	w.Close()
}

// Publisher writes a publisher under the element name, and up to 1.1 the values it answers for.
// [R-DSD-RESP-C028]
func Publisher(w *regrep.Writer, l directory.Line, name string, p *directory.Publisher, asked []directory.Concept) {
	w.Open(name)
	w.Text("sdg:Identifier", p.ID.Value, "schemeID", p.ID.Scheme)
	texts(w, "sdg:Name", p.Names)
	textsFrom(w, l, directory.V11, "sdg:Description", p.Descriptions)
	w.Open("sdg:Address")
	w.TextIf("sdg:FullAddress", p.Address.FullAddress)
	w.TextIf("sdg:LocatorDesignator", p.Address.LocatorDesignator)
	w.TextIf("sdg:PostCode", p.Address.PostCode)
	w.TextIf("sdg:PostCityName", p.Address.PostCityName)
	w.TextIf("sdg:Thoroughfare", p.Address.Thoroughfare)
	w.Text("sdg:AdminUnitLevel1", p.Address.Country)
	w.TextIf("sdg:AdminUnitLevel2", p.Address.Region)
	w.Close()
	jurisdiction(w, l, &p.Jurisdiction)
	for i := range asked {
		if len(asked[i].SupportedValues) > 0 && !l.AtLeast(directory.V12) {
			concept(w, l, "sdg:ClassificationConcept", &asked[i])
		}
	}
	w.Close()
}

// Reduced writes the sdg:DataServiceEvidenceType of a question: no access service, no concept, and no
// identifier from 1.2 on. [R-DSD-ERR-S021]
func Reduced(w *regrep.Writer, l directory.Line, q *directory.Question) {
	w.Open("sdg:DataServiceEvidenceType")
	if !l.AtLeast(directory.V12) {
		w.TextIf("sdg:Identifier", q.ID)
	}
	evidenceType(w, l, &q.EvidenceType)
	distributions(w, l, q.Distributions)
	w.TextIf("sdg:AuthenticationLevelOfAssurance", string(q.LoA))
	w.Close()
}

// distributions writes each sdg:DistributedAs. A part of a data model is a transformation up to 1.2, and a
// data model of its own in 2.0. [R-DSD-RESP-C040]
func distributions(w *regrep.Writer, l directory.Line, ds []edm.Distribution) {
	for i := range ds {
		w.Open("sdg:DistributedAs")
		w.Text("sdg:Format", ds[i].Format)
		if l.AtLeast(directory.V20) {
			for _, language := range ds[i].Languages {
				w.Text("sdg:Language", language)
			}
			model := ds[i].Transformation
			if model == "" {
				model = ds[i].ConformsTo
			}
			w.TextIf("sdg:ConformsTo", l.DataModel(model))
		} else {
			w.TextIf("sdg:ConformsTo", l.DataModel(ds[i].ConformsTo))
			w.TextIf("sdg:Transformation", l.DataModel(ds[i].Transformation))
		}
		w.Close()
	}
}

// Determination writes an sdg:EvidenceProviderJurisdictionDetermination. [TDD 3.1.3]
func Determination(w *regrep.Writer, d *directory.Determination) {
	w.Open("sdg:EvidenceProviderJurisdictionDetermination")
	w.Text("sdg:JurisdictionContextId", d.ContextID)
	texts(w, "sdg:JurisdictionContext", d.Contexts)
	w.Text("sdg:JurisdictionLevel", d.Level)
	w.Close()
}
