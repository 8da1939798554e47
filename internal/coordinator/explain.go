package coordinator

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/lcm"
	"oots/rule"
)

// A remark is a finding of the check in words.
type remark struct {
	Rule    string
	Refuses bool   // or only warns
	Wrong   string // what the matter is
	Want    string // what would be right
	Got     string
	Record  string // title of what it is about; "" for the whole
	URL     string // of its form, with the remarks beside the fields; "" for none
	Field   string // of the form; "" when it is about no single one
}

// fieldsOf lead from the elements of a path to the fields of our forms, the longer name first.
var fieldsOf = []struct{ element, field string }{
	{"MatchDescription", "reason"}, {"MatchType", "match"}, {"RelatedTo", "code"}, {"SupportedValue", "questionValues"}, {"DistributedAs", "format"},
	{"AuthenticationLevelOfAssurance", "level"}, {"EvidenceTypeClassification", "type"}, {"ConformsTo", "line"}, {"Address", "address"},
	{"Description", "description"}, {"Title", "title"}, {"Name", "name"}, {"Version", "version"},
}

// ruleFields are the fields of rules of ours, which have no path.
var ruleFields = map[rule.ID]string{lcm.RuleNoMatch: "match", lcm.RuleRaise: "version", lcm.RuleInUse: "codes", lcm.RuleReference: "type"}

// maxRemarks bounds the findings of a page: who has mended these looks again.
const maxRemarks = 100

// remarks puts findings in words, with the way to the record that each is about: what refuses before what warns.
func (p *Page) remarks(d *draft, fs []lcm.Finding) []remark {
	fs = slices.Clone(fs)
	slices.SortStableFunc(fs, func(a, b lcm.Finding) int { return weight(a) - weight(b) })
	fs = fs[:min(len(fs), maxRemarks)]
	out := make([]remark, 0, len(fs))
	for i := range fs {
		f := &fs[i]
		r := remark{Rule: string(f.Rule), Refuses: f.Severity == rule.Fatal, Wrong: string(f.Rule), Want: f.Want, Got: f.Got, Field: ruleFields[f.Rule]}
		if row, ok := rule.Lookup(f.Rule); ok {
			r.Wrong, r.Want = row.Wrong, cmp.Or(row.Write, f.Want)
		}
		for _, x := range fieldsOf {
			if r.Field == "" && strings.Contains(f.Path, x.element) {
				r.Field = x.field
			}
		}
		if k, id, title := d.subject(f); id != "" {
			r.Record, r.URL = cmp.Or(title, f.Record), p.editURL(k, id)+"&check=1"
			r.Field = renamed(k, r.Field)
		} else {
			r.Record = f.Record
		}
		out = append(out, r)
	}
	return out
}

// renamed is a field as the form of a kind calls it.
func renamed(k kind, f string) string {
	if k == kindProvider {
		switch f {
		case "name", "title":
			return "providerName"
		case "description":
			return "providerDescription"
		}
	}
	return f
}

// subject finds the record that a finding is about.
func (d *draft) subject(f *lcm.Finding) (k kind, id, title string) {
	switch f.Node {
	case lcm.NodeFramework, lcm.NodeList:
		return d.brokerSubject(f)
	case lcm.NodeEvidenceType:
		for _, t := range d.types() {
			if t.Classification == f.Record {
				return kindType, t.Classification, titleOf(t.Titles)
			}
		}
	case lcm.NodeScheme:
		return kindScheme, f.Record, f.Record[strings.LastIndexByte(f.Record, '/')+1:]
	case lcm.NodeProvider:
		for _, u := range d.publishers() {
			if u.ID.Value == f.Record {
				return kindProvider, partyID(u.ID), titleOf(u.Names)
			}
		}
	case lcm.NodeAccess:
		for _, a := range d.accessPoints() {
			if a.ID.Value == f.Record {
				return kindAccess, partyID(a.ID), a.ID.Value
			}
		}
	case lcm.NodeDataService:
		all := d.at(directory.DataServiceDirectory).Services
		for i := range all {
			if id := lcm.ServiceID(&all[i]); id == f.Record || sameID(all[i].ID, f.Record) {
				return kindService, id, titleOf(all[i].Titles)
			}
		}
	}
	return "", "", ""
}

func (d *draft) brokerSubject(f *lcm.Finding) (k kind, id, title string) {
	for _, r := range d.at(directory.EvidenceBroker).Requirements {
		for i := range r.Frameworks {
			if f.Node == lcm.NodeFramework && sameID(r.Frameworks[i].ID, f.Record) {
				return kindProcedure, r.Frameworks[i].ID, titleOf(r.Frameworks[i].Titles)
			}
		}
		for i := range r.Lists {
			if f.Node == lcm.NodeList && sameID(r.Lists[i].ID, f.Record) {
				return kindList, r.Lists[i].ID, titleOf(r.Lists[i].Names)
			}
		}
	}
	return "", "", ""
}

// editURL is the address of the form of a record.
func (p *Page) editURL(k kind, id string) string {
	return p.config.Base + "/edit/" + string(k) + "?" + url.Values{"id": {id}}.Encode()
}
