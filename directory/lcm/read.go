package lcm

import (
	"fmt"
	"strings"

	"oots/directory"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// Partitions puts the objects together to what the submission would put in force: one partition for each of its
// services. Requirement finds the URL of a requirement that the instance holds by its lower-case UUID, "" when it
// holds none; it may be nil. The partitions say no country yet when they name several, or none.
//
// The findings are objects that are no part of any record, and references that lead nowhere; partitions are what
// remains without them. Call it on a submission in which Check found nothing fatal: elsewhere objects may be
// passed over silently.
func (s *Submission) Partitions(requirement func(uuid string) string) ([]directory.Partition, []Finding) {
	b := builder{s: s, known: requirement, used: make(map[*object]bool, len(s.objects)), budget: maxParts}
	var out []directory.Partition
	for _, service := range s.Services() {
		p := directory.Partition{Service: service}
		switch service {
		case directory.EvidenceBroker:
			p.Requirements = b.requirements()
		case directory.DataServiceDirectory:
			p.Services = b.dataServices()
		case directory.SemanticRepository:
			p.CodeLists = b.codeLists()
		}
		out = append(out, p)
	}
	if b.budget < 0 {
		return nil, []Finding{{Code: BadDataset, Finding: rule.Finding{Rule: RuleUnreadable, Line: s.doc.Root.Line, Path: s.doc.Root.Path(),
			Want: fmt.Sprintf("objects that make no more than %d elements when they are put together", maxParts)}}}
	}
	b.unused()
	country := Country(out)
	for i := range out {
		out[i].Country = country
	}
	return out, b.findings
}

// maxParts bounds what the objects of one submission may become when they are put together, in elements: a few
// associations can multiply many objects. A pairing has some 25 elements, and 5,000 pairings are many.
const maxParts = 10_000_000

// A builder puts objects together.
type builder struct {
	s        *Submission
	known    func(uuid string) string
	used     map[*object]bool
	linked   map[[2]*object]bool // pairs of objects that are associated already
	sizes    map[*object]int     // elements of a business element
	budget   int                 // elements that may still be put together; negative when it is used up
	findings []Finding
}

// spend takes the elements of objects from the budget, and reports whether they were left.
func (b *builder) spend(objects ...*object) bool {
	for _, o := range objects {
		if b.budget >= 0 {
			b.budget = max(b.budget-b.size(o), -1)
		}
	}
	return b.budget >= 0
}

// size counts the elements of an object.
func (b *builder) size(o *object) int {
	n, known := b.sizes[o]
	if !known {
		if b.sizes == nil {
			b.sizes = make(map[*object]int, len(b.s.objects))
		}
		n = elements(o.value)
		b.sizes[o] = n
	}
	return n
}

func elements(e *xmltree.Element) int {
	n := 1
	for child := range e.Elements() {
		n += elements(child)
	}
	return n
}

// fresh reports whether two objects were not associated before.
func (b *builder) fresh(x, y *object) bool {
	pair := [2]*object{x, y}
	if b.linked == nil {
		b.linked = make(map[[2]*object]bool, len(b.s.objects))
	}
	if b.linked[pair] {
		return false
	}
	b.linked[pair] = true
	return true
}

// refuse records that o breaks rule id.
func (b *builder) refuse(o *object, id rule.ID, got, want string) {
	if len(b.findings) >= MaxFindings {
		return
	}
	f := Finding{Code: BadDataset, Object: o.id, Node: o.node, Finding: rule.Finding{
		Rule: id, Line: o.element.Line, Path: o.element.Path(), Got: clip(got), Want: want}}
	if !o.isLink() {
		f.Record = o.identifier()
	}
	b.findings = append(b.findings, f)
}

// links calls f for every association of that type with both ends; target is nil when it is outside of the
// submission. [TDD 3.6.3 §7.2: checkReferences is always true]
func (b *builder) links(kind string, f func(o, source, target *object)) {
	for i := range b.s.objects {
		if o := &b.s.objects[i]; o.link == kind {
			f(o, b.s.object(o.source), b.s.object(o.target))
		}
	}
}

// missing refuses an association whose end is not there.
func (b *builder) missing(o *object, end, id string) {
	b.refuse(o, RuleReference, id, end+" of an object of this submission")
}

// use says that objects are part of a record, and that the record is known by the first of them.
func (b *builder) use(objects ...*object) {
	for _, o := range objects {
		b.used[o] = true
	}
}

// unused refuses data objects that are part of nothing: they would be lost.
func (b *builder) unused() {
	for i := range b.s.objects {
		o := &b.s.objects[i]
		if o.isLink() || b.used[o] {
			continue
		}
		want := ""
		switch o.node {
		case NodeList:
			want = "a requirement that it fulfills"
		case NodeEvidenceType:
			want = "a list that contains it"
		case NodeRequirement, NodeFramework:
			want = "an association between a requirement and a framework, or a list"
		case NodeProvider:
			want = "an evidence type that it provides, and an access service"
		case NodeAccess, NodeDataService:
			want = "a provider"
		default:
			want = "an object of a known node"
		}
		b.refuse(o, RuleReference, o.node, want)
	}
}

// record remembers which object a record came from.
func (b *builder) record(node, id string, o *object) {
	key := recordKey{node, id}
	if _, there := b.s.records[key]; !there {
		b.s.records[key] = o.id
	}
}

// Name completes findings on records with the objects that the records came from.
func (s *Submission) Name(fs []Finding) []Finding {
	for i := range fs {
		f := &fs[i]
		if f.Object == "" && f.Record != "" {
			f.Object = s.records[recordKey{f.Node, f.Record}]
		}
		if f.Object != "" && f.Line == 0 {
			if o := s.byID[strings.ToLower(f.Object)]; o != nil {
				f.Line, f.Path = o.element.Line, o.element.Path()
			}
		}
	}
	return fs
}

// Country is the one Member State that the records of partitions belong to, "" when there are several or none.
func Country(ps []directory.Partition) string {
	country, several := "", false
	add := func(c string) {
		if c == "" || several {
			return
		}
		several = country != "" && country != c
		country = c
	}
	for i := range ps {
		for j := range ps[i].Requirements {
			r := &ps[i].Requirements[j]
			for k := range r.Frameworks {
				add(r.Frameworks[k].Jurisdiction.Country)
			}
			for k := range r.Lists {
				add(r.Lists[k].Place().Country)
			}
		}
		for j := range ps[i].Services {
			add(ps[i].Services[j].Country())
		}
		for j := range ps[i].CodeLists {
			add(listCountry(ps[i].CodeLists[j].URL))
		}
	}
	if several {
		return ""
	}
	return country
}

// slotted reports whether an object has a business element of that name.
func (o *object) slotted(local string) bool {
	return o != nil && o.value != nil && o.value.Name.Space == regrep.NamespaceSDG && o.value.Name.Local == local
}
