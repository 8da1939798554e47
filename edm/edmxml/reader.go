package edmxml

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"oots/edm"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// Errors of the readers; a cause in their chain is about the XML.
var (
	ErrNoRequest  = errors.New("not an evidence request")
	ErrNoResponse = errors.New("not an evidence response")
)

// limits bound what an exchange message may be. Evidence travels beside it, so a message is small: the
// largest seen has 20 kB and depth 12.
var limits = xmltree.Limits{
	Bytes:      4 << 20,
	Depth:      40,
	Attributes: 32,
	Elements:   10_000,
	TextBytes:  1 << 20,
}

const sdg = regrep.NamespaceSDG

func sdgName(local string) xmltree.Name { return xmltree.Name{Space: sdg, Local: local} }

// A reader turns one tree into the model and collects the rules that the tree breaks, of those in force in
// the release line that the message announces.
type reader struct {
	regrep.Reader
	rules *edm.Rules
	set   edm.Ruleset
	says  dialect
	root  *xmltree.Element
	slots regrep.Slots // of the root

	delivers bool // a response with status Success: its documents are there
}

// Open parses a message within the limits of one; the error is about the XML. What it returns can be read by
// ReadRequest and ReadResponse, and by whoever else looks at the document.
func Open(b []byte) (*xmltree.Document, error) { return xmltree.Parse(b, limits) }

// parse opens the bytes and wants one of the root names of RegRep's query namespace.
func parse(b []byte, rules *edm.Rules, local string, refusal error) (*reader, error) {
	doc, err := Open(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", refusal, err)
	}
	return read(doc, rules, local, refusal)
}

func read(doc *xmltree.Document, rules *edm.Rules, local string, refusal error) (*reader, error) {
	if !doc.Root.Is(regrep.NamespaceQuery, local) {
		return nil, fmt.Errorf("%w: the root element is another", refusal)
	}
	slots := regrep.ReadSlots(doc.Root)
	r := &reader{rules: rules, set: rules.In(edm.Version(slots.Raw(specification))), root: doc.Root, slots: slots}
	r.Weigh, r.Literal = r.set.Weigh, r.set.Strict()
	var err error
	r.says, err = speak(r.set.Version())
	return r, err
}

const specification = "SpecificationIdentifier"

// finish adds what the model breaks, as far as the XML has not decided it, and returns all findings in the
// order of the document.
func (r *reader) finish(model []rule.Finding) []rule.Finding {
	for _, f := range model {
		decided := r.Judged(f.Rule) && f.Rule != edm.RuleContent // a rule of many places, which nobody decides whole
		if decided || !r.Keeps(f.Severity) {
			continue
		}
		e, attr := locate(r.root, f.Path)
		f.Line, f.Path = e.Line, e.Path()+attr
		r.AddFinding(f)
	}
	all := r.Findings()
	slices.SortStableFunc(all, func(a, b rule.Finding) int { return cmp.Compare(a.Line, b.Line) })
	return all
}

// version reads SpecificationIdentifier, compared as written. A slot without a value breaks other rules; a
// release line that nobody knows is judged by the rules of 2.0, whose literal it does not have.
func (r *reader) version(s regrep.Slots, one, typed, literal rule.ID) edm.Version {
	r.One(one, s, specification)
	r.Type(typed, s, specification, regrep.StringValue)
	r.Judge(literal)
	v, want := edm.Version(s.Raw(specification)), r.set.Version()
	if slot, ok := s.Get(specification); ok && slot.Value != nil {
		r.Check(literal, v == want, slot.Value, string(v), string(want))
	}
	return v
}

// dateTime checks the value of a date-time slot.
func (r *reader) dateTime(s regrep.Slots, name string, form rule.ID) {
	r.Judge(form)
	if node := s.Node(name); node != nil {
		_, ok := s.Time(name)
		r.Check(form, ok, node, node.Value(), "a date and time")
	}
}

// agents checks and reads the sdg:Agent children of a collection slot.
func (r *reader) agents(s regrep.Slots, name string, holds, content rule.ID) []edm.Agent {
	var all []edm.Agent
	r.Judge(content)
	for a := range r.agentElements(s, name, holds) {
		r.Children(content, a, sdg, "Identifier", "Name", "Address", "Classification")
		all = append(all, r.readAgent(a))
	}
	return all
}

// agentElements yields the sdg:Agent children of a collection slot, and checks that each member holds one.
func (r *reader) agentElements(s regrep.Slots, name string, holds rule.ID) iter.Seq[*xmltree.Element] {
	r.Judge(holds)
	return func(yield func(*xmltree.Element) bool) {
		for _, e := range s.Elements(name) {
			r.Holds(holds, e, sdgName("Agent"))
			for a := range e.All(sdg, "Agent") {
				if !yield(a) {
					return
				}
			}
		}
	}
}

// agent checks and reads the one sdg:Agent of a slot; nil when there is none. content is "" where a
// position restricts nothing.
func (r *reader) agent(s regrep.Slots, name string, holds, content rule.ID, children ...string) *edm.Agent {
	r.Judge(holds)
	slot, ok := s.Get(name)
	if !ok || slot.Value == nil {
		return nil
	}
	r.Holds(holds, slot.Value, sdgName("Agent"))
	e := slot.Value.First(sdg, "Agent")
	if e == nil {
		return nil
	}
	if content != "" {
		r.Children(content, e, sdg, children...)
	}
	a := r.readAgent(e)
	return &a
}

func (r *reader) readAgent(e *xmltree.Element) edm.Agent {
	a := edm.Agent{
		ID:    readIdentifier(e.First(sdg, "Identifier")),
		Names: readTexts(e, "Name"),
		Class: edm.AgentClass(e.First(sdg, "Classification").Text()), // compared untrimmed [R-EDM-REQ-C014]
	}
	if at := e.First(sdg, "Address"); at != nil {
		a.Address = r.readAddress(at)
	}
	return a
}

// narrow checks that a position has the children of the list only. The assertions of 1.0 ask for the first of
// them and close nothing; what they let pass is warned of.
func (r *reader) narrow(id rule.ID, e *xmltree.Element, required int, names ...string) {
	if !r.set.Before(edm.V11) {
		r.Children(id, e, sdg, names...)
		return
	}
	r.Judge(id)
	for _, name := range names[:required] {
		r.Holds(id, e, sdgName(name))
	}
	r.known(e, names...)
}

// known warns of elements that the line has no place for, where no numbered rule closes the list.
func (r *reader) known(e *xmltree.Element, names ...string) {
	for c := range e.Elements() {
		if c.Name.Space != sdg || !slices.Contains(names, c.Name.Local) {
			r.Add(edm.RuleContent, rule.Warning, c, c.Name.Local, "only what this release line knows here")
		}
	}
}

// code is the text of an element that holds a code. White space around it does not matter to its type in the
// schema; the published assertions compare the text as it stands, and so does a strict operator. Nothing but white
// space is no code.
func (r *reader) code(e *xmltree.Element) string {
	if v := e.Value(); v == "" || !r.set.Strict() {
		return v
	}
	return e.Text()
}

func readIdentifier(e *xmltree.Element) edm.Identifier {
	scheme, _ := e.Attr("", "schemeID")
	return edm.Identifier{Scheme: scheme, Value: e.Value()}
}

func readTexts(e *xmltree.Element, name string) edm.Texts {
	var all edm.Texts
	for t := range e.All(sdg, name) {
		lang, _ := t.Attr("", "lang")
		all = append(all, edm.Text{Lang: lang, Value: t.Value()})
	}
	return all
}

func (r *reader) readAddress(e *xmltree.Element) *edm.Address {
	return &edm.Address{
		FullAddress:       e.First(sdg, "FullAddress").Value(),
		LocatorDesignator: e.First(sdg, "LocatorDesignator").Value(),
		PostCode:          e.First(sdg, "PostCode").Value(),
		PostCityName:      e.First(sdg, "PostCityName").Value(),
		Thoroughfare:      e.First(sdg, "Thoroughfare").Value(),
		Country:           r.code(e.First(sdg, "AdminUnitLevel1")),
		Region:            r.code(e.First(sdg, "AdminUnitLevel2")),
	}
}

// PeekRequestID returns the @id of a request or the @requestId of an answer without judging anything else;
// "" when the bytes cannot be read that far or the value is no URN of a UUID.
func PeekRequestID(b []byte) string {
	doc, err := xmltree.Parse(b, limits)
	if err != nil {
		return ""
	}
	for _, name := range [...]string{"id", "requestId"} {
		if id, ok := doc.Root.Attr("", name); ok && edm.IsURNUUID(strings.TrimSpace(id)) {
			return strings.TrimSpace(id)
		}
	}
	return ""
}
