package lcm

import (
	"cmp"
	"slices"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/rule"
)

// CheckPartitions judges records that were made here by the rules on the content of submissions, as they would be
// written in 2.0. What a message must hold, whatever its records, is not asked of them: an editor begins with one
// record.
func CheckPartitions(ps []directory.Partition) []Finding {
	var out []Finding
	for i := range ps {
		if len(Records(ps[i].Catalogue)) == 0 {
			continue
		}
		b := AppendRequest(nil, ps[i:i+1], Form{ID: "urn:uuid:00000000-0000-0000-0000-000000000000", Line: directory.Line{Version: directory.V20}})
		s, err := Parse(b)
		if err != nil { // an id, a code or a text that XML cannot carry
			out = append(out, Finding{Code: BadObject, Finding: rule.Finding{Rule: RuleUnreadable, Got: clip(err.Error()), Want: "records that can be written"}})
			continue
		}
		for _, f := range s.Check(nil) {
			if slices.Contains(ofMessages, f.Rule) {
				continue
			}
			f.Object, f.Line, f.Path = "", 0, inRecord(f.Path)
			out = append(out, f)
		}
	}
	return out
}

// ofMessages are the rules on what a message holds as a whole.
var ofMessages = []rule.ID{
	"R-EB-SUB-S031", "R-EB-SUB-S044", "R-EB-SUB-S045", "R-EB-SUB-S046", "R-EB-SUB-S047", "R-EB-SUB-S048",
	"R-DSD-SUB-S033", "R-DSD-SUB-S034", "R-DSD-SUB-S035", "R-DSD-SUB-S036",
}

// inRecord is the part of a path that lies inside the business element.
func inRecord(path string) string {
	if _, inside, found := strings.Cut(path, "rim:SlotValue/"); found {
		return inside
	}
	return ""
}

// Commission is the keeper of what belongs to all: the wording of requirements. [TDD 3.2.5 §4.3]
const Commission = "EU"

// Split divides what an instance holds into the partitions that it would be submitted as: requirements go to the
// Commission with their words, everything else to its country, and what names no country to the Commission too.
func Split(c directory.Catalogue) []directory.Partition {
	s := splitter{}
	for i := range c.Requirements {
		s.requirement(&c.Requirements[i])
	}
	for i := range c.Services {
		p := s.of(cmp.Or(c.Services[i].Country(), Commission), directory.DataServiceDirectory)
		p.Services = append(p.Services, c.Services[i])
	}
	for i := range c.CodeLists {
		p := s.of(cmp.Or(listCountry(c.CodeLists[i].URL), Commission), directory.SemanticRepository)
		p.CodeLists = append(p.CodeLists, c.CodeLists[i])
	}
	out := make([]directory.Partition, 0, len(s))
	for _, p := range s {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b directory.Partition) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Service, b.Service))
	})
	return out
}

type place struct {
	country string
	service directory.Service
}

type splitter map[place]*directory.Partition

func (s splitter) of(country string, service directory.Service) *directory.Partition {
	at := place{country, service}
	if s[at] == nil {
		s[at] = &directory.Partition{Country: country, Service: service}
	}
	return s[at]
}

// in finds or begins a requirement in the partition of a country.
func (s splitter) in(country, id string, names, descriptions edm.Texts) *directory.Requirement {
	p := s.of(country, directory.EvidenceBroker)
	if n := len(p.Requirements); n > 0 && p.Requirements[n-1].ID == id {
		return &p.Requirements[n-1]
	}
	p.Requirements = append(p.Requirements, directory.Requirement{ID: id, Names: names, Descriptions: descriptions})
	return &p.Requirements[len(p.Requirements)-1]
}

func (s splitter) requirement(r *directory.Requirement) {
	s.in(Commission, r.ID, r.Names, r.Descriptions)
	for i := range r.Frameworks {
		at := s.in(cmp.Or(r.Frameworks[i].Jurisdiction.Country, Commission), r.ID, nil, nil)
		at.Frameworks = append(at.Frameworks, r.Frameworks[i])
	}
	for i := range r.Lists {
		at := s.in(cmp.Or(r.Lists[i].Place().Country, Commission), r.ID, nil, nil)
		at.Lists = append(at.Lists, r.Lists[i])
	}
}
