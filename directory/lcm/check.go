package lcm

import (
	"slices"
	"strconv"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/directory/directoryxml/schema"
	"oots/directory/rules"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// Check returns what is wrong with the submission as it stands: its structure, the content of its objects, and its
// associations, the first two steps of TDD 3.6.3 §7.1. lists are the code lists in force, nil for those built in.
// An object without handle, or whose structure is wrong, is judged no further.
func (s *Submission) Check(lists *codelist.Set) []Finding {
	out := s.checkID()
	named := len(out)
	if !slices.Contains(versions, s.Version) {
		return append(out, Finding{Code: BadObject, Finding: rule.Finding{
			Rule: RuleVersion, Line: s.doc.Root.Line, Path: s.doc.Root.Path(), Got: clip(s.Announced), Want: "oots-lcm: and v1.0, v1.1, v1.2 or v2.0"}})
	}
	for _, f := range schema.Check(s.doc, schema.Submission, s.Version) {
		out = append(out, s.locate(f))
	}
	if Refuses(out[named:]) {
		return out
	}
	judge := rules.Judge{Lists: lists}
	for _, service := range s.Services() {
		if service == directory.SemanticRepository {
			out = append(out, s.checkSchemes()...)
			continue
		}
		kind := rule.BrokerSubmit
		if service == directory.DataServiceDirectory {
			kind = rule.DirectorySubmit
		}
		for _, f := range judge.Check(s.only(service), kind, s.Version) {
			if slices.Contains(ofID, f.Rule) {
				continue
			}
			if s.soften(&f); !slices.ContainsFunc(out, func(g Finding) bool { return g.Finding == f }) {
				out = append(out, s.locate(f))
			}
		}
	}
	if len(s.Services()) == 0 { // an empty list, or nothing that is known: the rules say so
		for _, f := range judge.Check(s.doc, rules.Detect(s.doc), s.Version) {
			if slices.Contains(ofID, f.Rule) {
				continue
			}
			out = append(out, s.locate(f))
		}
	}
	return append(out, s.checkEmpty(out)...)
}

var versions = []directory.Version{directory.V10, directory.V11, directory.V12, directory.V20}

// checkEmpty makes sure that a submission without objects never passes: it cannot be used to erase everything.
// [TDD 3.6.3 §1]
func (s *Submission) checkEmpty(found []Finding) []Finding {
	if len(s.Services()) > 0 || Refuses(found) {
		return nil
	}
	return []Finding{{Code: BadDataset, Finding: rule.Finding{Rule: "R-DSD-SUB-S036", Line: s.doc.Root.Line, Path: s.doc.Root.Path(), Want: "at least one object"}}}
}

// soften lets a state say that it has nothing: a broker submission of 2.0 whose lists are all NoMatch has no
// evidence type, which a rule of 2023 demands. [R-EB-SUB-S044]
func (s *Submission) soften(f *rule.Finding) {
	if f.Rule != "R-EB-SUB-S044" || s.Version != directory.V20 {
		return
	}
	lists := 0
	for i := range s.objects {
		if o := &s.objects[i]; o.node == NodeList {
			if lists++; o.value.First(regrep.NamespaceSDG, "MatchType").Value() != directory.NoMatch {
				return
			}
		}
	}
	if lists > 0 {
		f.Severity = rule.Warning
	}
}

// only returns the document with the objects of one service, those of no service included: a combined submission
// is several in one message. Elements keep their place in the whole.
func (s *Submission) only(service directory.Service) *xmltree.Document {
	mixed := slices.ContainsFunc(s.objects, func(o object) bool { return o.service != service && o.service != "" })
	if !mixed {
		return s.doc
	}
	list := *s.list
	list.Children = make([]xmltree.Node, 0, len(s.objects))
	for i := range s.objects {
		if o := &s.objects[i]; o.service == service || o.service == "" {
			list.Children = append(list.Children, o.element)
		}
	}
	root := *s.doc.Root
	root.Children = slices.Clone(root.Children)
	for i, n := range root.Children {
		if n == xmltree.Node(s.list) {
			root.Children[i] = &list
		}
	}
	doc := *s.doc
	doc.Root = &root
	return &doc
}

// locate completes a finding with the object that it is about, by its place in the list.
func (s *Submission) locate(f rule.Finding) Finding {
	out := Finding{Finding: f, Code: BadObject}
	o := s.at(f.Path)
	if o == nil {
		return out
	}
	out.Object, out.Node = o.id, o.node
	if o.isLink() {
		out.Code = BadAssociation
		return out
	}
	out.Record = o.identifier()
	return out
}

// checkID judges the id of the submission. Without one the answer cannot name it, and has to say so by its code.
// [R-LCM-ERR-003]
func (s *Submission) checkID() []Finding {
	if urnUUID.MatchString(s.ID) {
		return nil
	}
	at := 0 // missing
	if s.ID != "" {
		at = 1
	}
	if slices.Equal(s.Services(), []directory.Service{directory.DataServiceDirectory}) {
		at += 2
	}
	return []Finding{{Code: BadDataset, Finding: rule.Finding{Rule: ofID[at], Line: s.doc.Root.Line, Path: s.doc.Root.Path(), Got: clip(s.ID), Want: "the attribute id with urn:uuid: and a UUID"}}}
}

// ofID are the rules on the id of a submission.
var ofID = []rule.ID{"R-EB-SUB-S003", "R-EB-SUB-S004", "R-DSD-SUB-S003", "R-DSD-SUB-S004"}

// at finds the object that an XPath leads through.
func (s *Submission) at(path string) *object {
	_, rest, found := strings.Cut(path, "RegistryObjectList/")
	if !found {
		return nil
	}
	step, _, _ := strings.Cut(rest, "/")
	n := 1
	if _, index, ok := strings.Cut(step, "["); ok {
		n, _ = strconv.Atoi(strings.TrimSuffix(index, "]"))
	}
	if n < 1 || n > len(s.objects) {
		return nil
	}
	return &s.objects[n-1]
}

// identifier is the business identifier of a data object, "" when it has none.
func (o *object) identifier() string {
	v := o.value
	if v == nil {
		return ""
	}
	if o.node == NodeEvidenceType {
		return v.First(regrep.NamespaceSDG, "EvidenceTypeClassification").Value()
	}
	if id := v.First(regrep.NamespaceSDG, "Identifier").Value(); id != "" {
		if o.node == NodeProvider && v.Name.Local == "AccessService" {
			if p := v.First(regrep.NamespaceSDG, "Publisher").First(regrep.NamespaceSDG, "Identifier").Value(); p != "" {
				return p
			}
		}
		return id
	}
	return v.First("", "Identification").First("", "CanonicalVersionUri").Value()
}
