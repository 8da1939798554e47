package lcm

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"oots/directory"
	"oots/edm"
)

// The nodes of submissions: what an object is. CodeList is a record only; it travels as ClassificationScheme.
const (
	NodeRequirement  = "Requirement"
	NodeFramework    = "ReferenceFramework"
	NodeList         = "EvidenceTypeList"
	NodeEvidenceType = "EvidenceType"
	NodeDataService  = "DataServiceEvidenceType"
	NodeProvider     = "EvidenceProvider"
	NodeAccess       = "AccessService"
	NodeScheme       = "ClassificationScheme"
)

// A Record is one object of a partition as fields, for people and for comparison.
type Record struct {
	Node   string
	ID     string
	Name   string // title in English, or the first
	Fields []Field

	twin bool // the same identifier stands elsewhere in the partition with other content
}

// A Field is one field of a record. Texts have their language in the name: "Title EN".
type Field struct{ Name, Value string }

func (r *Record) compare(o *Record) int {
	return cmp.Or(cmp.Compare(nodeOrder(r.Node), nodeOrder(o.Node)), cmp.Compare(r.ID, o.ID))
}

func nodeOrder(node string) int {
	return slices.Index([]string{NodeRequirement, NodeFramework, NodeList, NodeEvidenceType, NodeDataService, NodeScheme}, node)
}

// Records returns the records of c by node and identifier, each once. A framework, list or evidence type that
// stands in several places is one record; the places are fields of it.
func Records(c directory.Catalogue) []Record {
	var f flattener
	for i := range c.Requirements {
		f.requirement(&c.Requirements[i])
	}
	for i := range c.Services {
		f.service(&c.Services[i])
	}
	for i := range c.CodeLists {
		f.codeList(&c.CodeLists[i])
	}
	return f.done()
}

// A flattener collects records.
type flattener struct{ all []Record }

func (f *flattener) add(node, id string, names edm.Texts, fields fields) {
	f.all = append(f.all, Record{Node: node, ID: id, Name: names.In("EN").Value, Fields: fields})
}

// done puts what stands in several places together: links add up, anything else makes twins.
func (f *flattener) done() []Record {
	slices.SortStableFunc(f.all, func(a, b Record) int { return a.compare(&b) })
	out := f.all[:0]
	for _, r := range f.all {
		last := len(out) - 1
		if last < 0 || out[last].compare(&r) != 0 {
			out = append(out, r)
			continue
		}
		own, links := split(r.Fields)
		before, already := split(out[last].Fields)
		out[last].twin = out[last].twin || !slices.Equal(own, before)
		for _, l := range links {
			if !slices.Contains(already, l) {
				out[last].Fields = append(out[last].Fields, l)
			}
		}
	}
	return out
}

// link is the field that says where a record is used.
const link = "Requirement"

// split parts the fields of a record from its links, which stand at the end.
func split(fs []Field) (own, links []Field) {
	at := len(fs)
	for at > 0 && fs[at-1].Name == link {
		at--
	}
	return fs[:at], fs[at:]
}

// fields are built one by one; empty ones are left out.
type fields []Field

func (f *fields) text(name, value string) {
	if value != "" {
		*f = append(*f, Field{name, value})
	}
}

func (f *fields) texts(name string, ts edm.Texts) {
	for _, t := range ts {
		f.text(strings.TrimSpace(name+" "+t.Lang), t.Value)
	}
}

func (f *fields) jurisdiction(name string, j directory.Jurisdiction) {
	if j.Country == "" {
		return
	}
	parts := []string{j.Country}
	for _, p := range []string{j.Region, j.Municipality} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	for _, a := range j.Additional {
		parts = append(parts, a.Code+" of "+a.List)
	}
	f.text(name, strings.Join(parts, ", "))
}

func (f *flattener) requirement(r *directory.Requirement) {
	if len(r.Names)+len(r.Descriptions) > 0 {
		var own fields
		own.texts("Name", r.Names)
		own.texts("Description", r.Descriptions)
		f.add(NodeRequirement, r.ID, r.Names, own)
	}
	for i := range r.Frameworks {
		f.framework(r.ID, &r.Frameworks[i])
	}
	for i := range r.Lists {
		f.list(r.ID, &r.Lists[i])
	}
}

func (f *flattener) framework(requirement string, w *directory.ReferenceFramework) {
	var own fields
	own.texts("Title", w.Titles)
	own.texts("Description", w.Descriptions)
	own.text("Procedures", strings.Join(w.Procedures, " "))
	own.jurisdiction("Jurisdiction", w.Jurisdiction)
	own.text(link, requirement)
	f.add(NodeFramework, strings.ToLower(w.ID), w.Titles, own)
}

func (f *flattener) list(requirement string, l *directory.EvidenceTypeList) {
	var own fields
	own.texts("Name", l.Names)
	own.text("MatchType", l.MatchType)
	own.texts("MatchDescription", l.MatchDescriptions)
	own.jurisdiction("Jurisdiction", l.Place())
	for i := range l.Types {
		t := &l.Types[i]
		own.text("EvidenceType", t.Classification)
		var kind fields
		kind.texts("Title", t.Titles)
		kind.texts("Description", t.Descriptions)
		for _, j := range t.Jurisdictions {
			kind.jurisdiction("Jurisdiction", j)
		}
		f.add(NodeEvidenceType, t.Classification, t.Titles, kind)
	}
	own.text(link, requirement)
	f.add(NodeList, strings.ToLower(l.ID), l.Names, own)
}

// ServiceID tells data services apart for people: the identifier, the provider and the access service.
func ServiceID(s *directory.DataService) string {
	return strings.ToLower(s.ID) + " at " + s.Publisher.ID.Value + " by " + s.AccessPoint.Value
}

func (f *flattener) service(s *directory.DataService) {
	var own fields
	own.text("EvidenceTypeClassification", s.Classification)
	own.texts("Title", s.Titles)
	own.texts("Description", s.Descriptions)
	for _, d := range s.Distributions {
		own.text("DistributedAs", strings.TrimSpace(strings.Join([]string{d.Format, strings.Join(d.Languages, ","), d.ConformsTo, d.Transformation}, " ")))
	}
	own.text("AuthenticationLevelOfAssurance", string(s.LoA))
	own.texts("Note", s.Notes)
	if d := s.Determination; d != nil {
		own.text("Determination", d.Level+" "+d.ContextID)
		own.texts("Determination", d.Contexts)
	}
	own.text("AccessService", s.AccessPoint.Scheme+" "+s.AccessPoint.Value)
	own.texts("AccessService Name", s.AccessName)
	for _, v := range s.ConformsTo {
		own.text("ConformsTo", string(v))
	}
	own.publisher(&s.Publisher)
	for i := range s.Classifications {
		own.concept(&s.Classifications[i])
	}
	f.add(NodeDataService, ServiceID(s), s.Titles, own)
}

func (f *fields) publisher(p *directory.Publisher) {
	f.text("Publisher", p.ID.Scheme+" "+p.ID.Value)
	f.texts("Publisher Name", p.Names)
	f.texts("Publisher Description", p.Descriptions)
	a := p.Address
	f.text("Address", strings.Join(slices.DeleteFunc([]string{a.FullAddress, a.Thoroughfare, a.LocatorDesignator, a.PostCode, a.PostCityName, a.Region, a.Country},
		func(s string) bool { return s == "" }), ", "))
	f.jurisdiction("Jurisdiction", p.Jurisdiction)
}

func (f *fields) concept(c *directory.Concept) {
	name := "Concept " + strings.ToLower(c.ID)
	f.text(name+" Type", c.Type)
	f.text(name+" CodeList", c.CodeList)
	f.text(name+" ValueExpression", c.ValueExpression)
	f.texts(name+" Description", c.Descriptions)
	for _, v := range c.SupportedValues {
		f.text(name+" Value", v)
	}
}

func (f *flattener) codeList(l *directory.CodeList) {
	var own fields
	own.text("Version", l.Version)
	for _, c := range l.Codes {
		var names []string
		for _, n := range c.Names {
			names = append(names, strings.TrimSpace(n.Lang+" "+n.Value))
		}
		own.text("Code "+strconv.Quote(c.Code), cmp.Or(strings.Join(names, "; "), "without name"))
	}
	f.add(NodeScheme, l.URL, nil, own)
}
