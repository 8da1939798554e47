package lcm

import (
	"regexp"
	"slices"
	"strings"

	"oots/directory"
	"oots/rule"
)

// A State is what new partitions of one Member State are judged against.
type State struct {
	Country string                // the Member State that submits
	Keeper  bool                  // the submitter may use what is reserved to the Commission
	Restore bool                  // an earlier state comes back: code lists may fall to a lower version
	Lenient bool                  // a reference to what this instance does not hold is a warning
	Alone   bool                  // nothing else is known: references to the broker are not looked at
	Old     []directory.Partition // what is in force of that Member State
	Others  []directory.Partition // what is in force of all others
}

// Check returns what is wrong with new partitions of one Member State as part of the whole: uniqueness, references
// between the services, ownership, values and versions of code lists. Findings name records; Submission.Name adds
// the objects. [TDD 3.6.3 §6, §7.2, §7.3]
func (st *State) Check(ps []directory.Partition) []Finding {
	k := stateChecker{State: st, result: st.result(ps)}
	for i := range ps {
		p := &ps[i]
		k.unique(p)
		switch p.Service {
		case directory.EvidenceBroker:
			k.broker(p)
		case directory.DataServiceDirectory:
			k.directory(p)
		case directory.SemanticRepository:
			k.schemes(p)
		}
	}
	k.inUse(ps)
	return k.findings
}

// result is everything of the Member State as it would be.
func (st *State) result(ps []directory.Partition) []directory.Partition {
	out := slices.Clone(ps)
	for _, old := range st.Old {
		if !slices.ContainsFunc(ps, func(p directory.Partition) bool { return p.Service == old.Service }) {
			out = append(out, old)
		}
	}
	return out
}

// A stateChecker collects findings.
type stateChecker struct {
	*State
	result   []directory.Partition
	findings []Finding
}

func (k *stateChecker) want(ok bool, id rule.ID, severity rule.Severity, node, record, got, want string) {
	if !ok {
		k.findings = keep(k.findings, Finding{Code: BadDataset, Node: node, Record: record, Finding: rule.Finding{
			Rule: id, Severity: severity, Got: clip(got), Want: want}})
	}
}

// absent is the weight of a reference to what this instance does not hold.
func (k *stateChecker) absent() rule.Severity {
	if k.Lenient {
		return rule.Warning
	}
	return rule.Fatal
}

// unique wants each identifier to stand for one content, in the partition and beside those of other states.
func (k *stateChecker) unique(p *directory.Partition) {
	for _, r := range Records(p.Catalogue) {
		k.want(!r.twin, RuleUnique, rule.Fatal, r.Node, r.ID, r.ID, "one content for each identifier")
	}
	seen := map[string]bool{}
	for i := range p.Services {
		key := p.Services[i].Key()
		k.want(!seen[key], RuleUnique, rule.Fatal, NodeDataService, ServiceID(&p.Services[i]), p.Services[i].ID, "each pairing once")
		seen[key] = true
	}
	own := map[recordKey]bool{}
	identifiers(p, func(key recordKey) { own[key] = true })
	ids := map[string]bool{}
	for i := range p.Services {
		ids[strings.ToLower(p.Services[i].ID)] = true
	}
	for i := range k.Others {
		o := &k.Others[i]
		if o.Service != p.Service {
			continue
		}
		identifiers(o, func(key recordKey) {
			if own[key] {
				k.want(false, RuleUnique, rule.Fatal, key.node, key.id, key.id, wantOwn)
				delete(own, key) // once
			}
		})
		for j := range o.Services {
			if s := &o.Services[j]; ids[strings.ToLower(s.ID)] && seen[s.Key()] {
				k.want(false, RuleUnique, rule.Fatal, NodeDataService, ServiceID(s), s.ID, wantOwn)
			}
		}
	}
}

const wantOwn = "an identifier that no other Member State uses"

// identifiers calls f for what only one Member State can own, but for data services. Requirements are common
// property, and an evidence type has its owner in its URL. [TDD 3.2.5 §4.3]
func identifiers(p *directory.Partition, f func(recordKey)) {
	for i := range p.Requirements {
		r := &p.Requirements[i]
		for j := range r.Frameworks {
			f(recordKey{NodeFramework, strings.ToLower(r.Frameworks[j].ID)})
		}
		for j := range r.Lists {
			f(recordKey{NodeList, strings.ToLower(r.Lists[j].ID)})
		}
	}
	for i := range p.CodeLists {
		f(recordKey{NodeScheme, p.CodeLists[i].URL})
	}
}

// own wants a record to belong to the Member State.
func (k *stateChecker) own(node, record, country string) {
	k.want(country == k.Country, RuleOwner, rule.Fatal, node, record, country, "a record of "+k.Country)
}

var typeURL = regexp.MustCompile(`/evidencetypeclassifications/([A-Za-z]{2,4})/`)

// ownType wants an evidence type to belong to the Member State, or to all: oots and EU are the Commission's, and a
// state may only use what is there. [TDD 3.6.3 §7.3]
func (k *stateChecker) ownType(node, record, classification string) {
	m := typeURL.FindStringSubmatch(classification)
	if m == nil {
		return // another rule
	}
	reserved := m[1] == "oots" || m[1] == "EU"
	ok := m[1] == k.Country || reserved && (k.Keeper || node == NodeDataService || k.knowsType(classification))
	k.want(ok, RuleOwner, rule.Fatal, node, record, m[1], "an evidence type of "+k.Country)
}

// knowsType reports whether a list in force, or of the submission, has the evidence type.
func (k *stateChecker) knowsType(classification string) bool {
	has := func(ps []directory.Partition) bool {
		for i := range ps {
			for j := range ps[i].Requirements {
				for l := range ps[i].Requirements[j].Lists {
					for _, t := range ps[i].Requirements[j].Lists[l].Types {
						if typeKey(t.Classification) == typeKey(classification) {
							return true
						}
					}
				}
			}
		}
		return false
	}
	return has(k.Others) || has(k.Old)
}

func (k *stateChecker) broker(p *directory.Partition) {
	for i := range p.Requirements {
		r := &p.Requirements[i]
		for j := range r.Frameworks {
			f := &r.Frameworks[j]
			k.own(NodeFramework, strings.ToLower(f.ID), f.Jurisdiction.Country)
			k.jurisdiction(NodeFramework, strings.ToLower(f.ID), f.Jurisdiction)
		}
		for j := range r.Lists {
			k.list(&r.Lists[j])
		}
	}
}

// list judges one list. Up to 1.2 its types say whose it is.
func (k *stateChecker) list(l *directory.EvidenceTypeList) {
	id := strings.ToLower(l.ID)
	k.own(NodeList, id, l.Place().Country)
	k.jurisdiction(NodeList, id, l.Jurisdiction)
	k.want((len(l.Types) == 0) == (l.MatchType == directory.NoMatch), RuleNoMatch, rule.Fatal, NodeList, id, l.MatchType, "evidence types, or NoMatch and none")
	for _, t := range l.MatchDescriptions {
		k.want(t.Lang != "", RuleNoMatch, rule.Fatal, NodeList, id, "", "a language for each MatchDescription")
	}
	for i := range l.Types {
		t := &l.Types[i]
		k.ownType(NodeEvidenceType, t.Classification, t.Classification)
		for _, j := range t.Jurisdictions {
			k.own(NodeEvidenceType, t.Classification, j.Country)
		}
	}
}

func (k *stateChecker) directory(p *directory.Partition) {
	known := k.types()
	for i := range p.Services {
		s := &p.Services[i]
		k.own(NodeProvider, s.Publisher.ID.Value, s.Country())
		k.jurisdiction(NodeProvider, s.Publisher.ID.Value, s.Publisher.Jurisdiction)
		k.ownType(NodeDataService, ServiceID(s), s.Classification)
		k.want(k.Alone || known[typeKey(s.Classification)], RuleReference, k.absent(), NodeDataService, ServiceID(s), s.Classification, "an evidence type that the Evidence Broker knows")
		for j := range s.Classifications {
			k.concept(s, &s.Classifications[j])
		}
	}
}

// types are the evidence types that the broker would know.
func (k *stateChecker) types() map[string]bool {
	out := map[string]bool{}
	for _, ps := range [][]directory.Partition{k.result, k.Others} {
		for i := range ps {
			for j := range ps[i].Requirements {
				for l := range ps[i].Requirements[j].Lists {
					for _, t := range ps[i].Requirements[j].Lists[l].Types {
						out[typeKey(t.Classification)] = true
					}
				}
			}
		}
	}
	return out
}

// typeKey names an evidence type in every line: the host of its URL has changed. [TDD 3.5]
func typeKey(url string) string {
	if _, path, found := strings.Cut(url, "/evidencetypeclassifications/"); found {
		return strings.ToLower(path)
	}
	return url
}

// concept wants every provider to answer for some values of a question, drawn from its list. [R-DSD-SUB-S031, C036]
func (k *stateChecker) concept(s *directory.DataService, c *directory.Concept) {
	record := s.Publisher.ID.Value
	k.want(len(c.SupportedValues) > 0, RuleValues, rule.Fatal, NodeProvider, record, "", "values for the concept "+c.ID)
	l := k.codeList(c.CodeList)
	if l == nil {
		l = k.codeList(c.ValueExpression)
	}
	if l == nil {
		return // published elsewhere
	}
	for _, v := range c.SupportedValues {
		k.want(l.Has(v), RuleValues, rule.Fatal, NodeProvider, record, v, "a code of "+l.URL)
	}
}

// codeList finds a code list that the result has, nil when it has not.
func (k *stateChecker) codeList(url string) *directory.CodeList {
	if url == "" {
		return nil
	}
	for _, ps := range [][]directory.Partition{k.result, k.Others} {
		for i := range ps {
			for j := range ps[i].CodeLists {
				if ps[i].CodeLists[j].URL == url {
					return &ps[i].CodeLists[j]
				}
			}
		}
	}
	return nil
}

// jurisdiction wants the codes of parts of a country to be in their lists. [TDD 3.5.2]
func (k *stateChecker) jurisdiction(node, record string, j directory.Jurisdiction) {
	for _, a := range j.Additional {
		if l := k.codeList(a.List); l != nil {
			k.want(l.Has(a.Code), RuleValues, rule.Fatal, node, record, a.Code, "a code of "+a.List)
		}
		if owner := listCountry(a.List); owner != "" {
			k.want(owner == k.Country, RuleOwner, rule.Fatal, node, record, a.List, "a code list of "+k.Country)
		}
	}
}
