package edmxml

import (
	"strings"

	"oots/codelist"
	"oots/edm"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// ParseRequest reads an evidence request and returns every rule that it breaks. The error is ErrNoRequest,
// and then there is no request: the bytes are no XML within the limits, or another document.
func ParseRequest(b []byte) (*edm.Request, []rule.Finding, error) { return ParseRequestWith(b, nil) }

// ParseRequestWith reads an evidence request as ParseRequest does, and applies the rules as an operator wants
// them.
func ParseRequestWith(b []byte, rules *edm.Rules) (*edm.Request, []rule.Finding, error) {
	r, err := parse(b, rules, "QueryRequest", ErrNoRequest)
	if err != nil {
		return nil, nil, err
	}
	return r.request()
}

// ReadRequest reads an evidence request that Open has parsed, as ParseRequestWith does.
func ReadRequest(doc *xmltree.Document, rules *edm.Rules) (*edm.Request, []rule.Finding, error) {
	r, err := read(doc, rules, "QueryRequest", ErrNoRequest)
	if err != nil {
		return nil, nil, err
	}
	return r.request()
}

func (r *reader) request() (*edm.Request, []rule.Finding, error) {
	r.structure(r.root, &structureRules{
		oneValue: "R-EDM-REQ-S050", notEmpty: "R-EDM-REQ-S051", collection: "R-EDM-REQ-S052", set: "R-EDM-REQ-S053",
		length: "R-EDM-REQ-C092", strings: 1,
	})
	request := &edm.Request{}
	r.requestHead(request)
	query := r.root.First(regrep.NamespaceQuery, "Query")
	r.query(query, request)
	return request, r.finish(r.rules.CheckRequest(request)), nil
}

func (r *reader) requestHead(q *edm.Request) {
	s := r.slots
	r.requestSlots(s)
	wish, wished := r.root.Attr(xmltree.NamespaceXML, "lang")
	r.Check("R-EDM-REQ-S059", !wished, r.root, "", "no xml:lang on the request")
	r.Check("R-EDM-REQ-C069", !wished || r.set.Has(codelist.Languages, wish), r.root, wish, "a code of LanguageCode in upper case")
	q.Lang = wish

	q.ID, _ = r.root.Attr("", "id")
	q.Version = r.version(s, "R-EDM-REQ-S005", "R-EDM-REQ-S020", "R-EDM-REQ-C001")
	r.One("R-EDM-REQ-S006", s, "IssueDateTime")
	r.Type("R-EDM-REQ-S021", s, "IssueDateTime", regrep.DateTimeValue)
	r.dateTime(s, "IssueDateTime", "R-EDM-REQ-C002")
	q.IssuedAt, _ = s.Time("IssueDateTime")
	r.procedure(s, q)
	r.previewSlots(s, q)
	r.requirements(s, q)
	r.requestAgents(s, q)
	r.classifications(s, q)
}

// requestSlots closes the list of slots. The assertion of 1.0 also lets those of the query stand here, where
// nobody looks for them.
func (r *reader) requestSlots(s regrep.Slots) {
	names := append(make([]string, 0, 16), specification, "IssueDateTime", "Procedure", "PreviewLocation", "PossibilityForPreview",
		"ExplicitRequestGiven", "Requirements", "EvidenceRequester", "EvidenceProvider", "EvidenceProviderClassification")
	if r.says.returnLocation {
		names = append(names, "ReturnLocation")
	}
	if r.set.Before(edm.V11) {
		names = append(names, "EvidenceRequest", "LegalPerson", "NaturalPerson", "AuthorizedRepresentative")
	}
	r.Only("R-EDM-REQ-S019", s, names...)
}

// procedure reads the code, which is plain text in 2.0 and the value of an international string before. Either
// form is understood in every line; package edm judges the code. [R-EDM-REQ-C003]
func (r *reader) procedure(s regrep.Slots, q *edm.Request) {
	const name, want = "Procedure", "a code of Procedures or 00"
	r.One("R-EDM-REQ-S007", s, name)
	form := regrep.StringValue
	if r.says.procedureText {
		form = regrep.InternationalStringValue
	}
	r.Type("R-EDM-REQ-S022", s, name, form)
	r.Judge("R-EDM-REQ-C004")
	node := s.Node(name)
	q.Procedure = r.code(node)
	n := 0
	for e := range node.All(regrep.NamespaceRIM, "LocalizedString") {
		code, _ := e.Attr("", "value")
		if lang, ok := e.Attr(xmltree.NamespaceXML, "lang"); ok {
			r.Check("R-EDM-REQ-C004", r.set.Has(codelist.Languages, lang), e, lang, "a code of LanguageCode in upper case")
		}
		if n++; n == 1 {
			if q.Procedure = code; !r.set.Strict() {
				q.Procedure = strings.TrimSpace(code)
			}
		} else if !r.set.Has(codelist.Procedures, code) {
			r.Check("R-EDM-REQ-C003", false, e, code, want)
		}
	}
	plain := !r.says.procedureText && s.String(name) == ""
	if node != nil && (q.Procedure == "" || plain) {
		r.Check("R-EDM-REQ-C003", false, node, "", want)
	}
}

func (r *reader) previewSlots(s regrep.Slots, q *edm.Request) {
	r.Check("R-EDM-REQ-S062", s.Count("PreviewLocation") == s.Count("ReturnLocation"), r.root, "",
		"PreviewLocation and ReturnLocation together, or neither")
	r.Type("R-EDM-REQ-S023", s, "PreviewLocation", regrep.StringValue)
	r.Type("R-EDM-REQ-S061", s, "ReturnLocation", regrep.StringValue)
	q.PreviewLocation = s.String("PreviewLocation")
	q.ReturnLocation = s.String("ReturnLocation")
	r.notBlank("R-EDM-REQ-C005", s, "PreviewLocation")
	r.notBlank("R-EDM-REQ-C120", s, "ReturnLocation")

	r.One("R-EDM-REQ-S009", s, "PossibilityForPreview")
	r.One("R-EDM-REQ-S010", s, "ExplicitRequestGiven")
	r.Type("R-EDM-REQ-S024", s, "PossibilityForPreview", regrep.BooleanValue)
	r.Type("R-EDM-REQ-S025", s, "ExplicitRequestGiven", regrep.BooleanValue)
	q.PossibilityForPreview = r.boolean(s, "PossibilityForPreview")
	q.ExplicitRequestGiven = r.boolean(s, "ExplicitRequestGiven")
}

// notBlank refuses an address slot that is there without an address; package edm judges the address.
func (r *reader) notBlank(id rule.ID, s regrep.Slots, name string) {
	if slot, ok := s.Get(name); ok && slot.Value != nil && s.String(name) == "" {
		r.Check(id, false, slot.Value, "", "an https:// address")
	}
}

// boolean reads a boolean slot; the schema, not a numbered rule, says what a boolean is.
func (r *reader) boolean(s regrep.Slots, name string) bool {
	value, ok := s.Bool(name)
	if node := s.Node(name); node != nil && !ok {
		r.Check(edm.RuleContent, false, node, node.Value(), "true or false")
	}
	return value
}

func (r *reader) requirements(s regrep.Slots, q *edm.Request) {
	const name = "Requirements"
	r.One("R-EDM-REQ-S011", s, name)
	r.Type("R-EDM-REQ-S026", s, name, regrep.CollectionValue)
	r.ElementType("R-EDM-REQ-S027", s, name, regrep.AnyValue)
	r.Judge("R-EDM-REQ-S037", "R-EDM-REQ-S038")
	for _, e := range s.Elements(name) {
		r.Holds("R-EDM-REQ-S037", e, sdgName("Requirement"))
		for req := range e.All(sdg, "Requirement") {
			if r.says.described {
				r.narrow("R-EDM-REQ-S038", req, 2, "Identifier", "Name", "Description")
			} else {
				r.narrow("R-EDM-REQ-S038", req, 2, "Identifier", "Name", "ReferenceFramework", "EvidenceTypeList")
			}
			q.Requirements = append(q.Requirements, edm.Requirement{
				ID:           req.First(sdg, "Identifier").Value(),
				Names:        readTexts(req, "Name"),
				Descriptions: readTexts(req, "Description"),
			})
		}
	}
}

func (r *reader) requestAgents(s regrep.Slots, q *edm.Request) {
	r.One("R-EDM-REQ-S012", s, "EvidenceRequester")
	r.Type("R-EDM-REQ-S028", s, "EvidenceRequester", regrep.CollectionValue)
	r.ElementType("R-EDM-REQ-S029", s, "EvidenceRequester", regrep.AnyValue)
	r.Judge("R-EDM-REQ-S040")
	for a := range r.agentElements(s, "EvidenceRequester", "R-EDM-REQ-S039") {
		r.narrow("R-EDM-REQ-S040", a, 2, "Identifier", "Name", "Address", "Classification")
		if foreign := a.First(sdg, "Jurisdiction"); foreign != nil && r.set.Before(edm.V11) {
			r.Check("R-EDM-REQ-S040", false, foreign, "", "no jurisdiction on an agent of the requester")
		}
		r.requesterCountry(a)
		q.Requesters = append(q.Requesters, r.readAgent(a))
	}
	if slot, ok := s.Get("EvidenceRequester"); ok && slot.Value != nil && len(q.Requesters) == 0 {
		r.Check("R-EDM-REQ-S039", false, slot.Value, "", "an agent in the collection")
		r.Check("R-EDM-REQ-C074", false, slot.Value, "", "exactly one agent of class ER")
	}
	r.One("R-EDM-REQ-S013", s, "EvidenceProvider")
	r.Type("R-EDM-REQ-S030", s, "EvidenceProvider", regrep.AnyValue)
	r.Judge("R-EDM-REQ-S043")
	if a := r.agent(s, "EvidenceProvider", "R-EDM-REQ-S042", ""); a != nil {
		q.Provider = *a
		slot, _ := s.Get("EvidenceProvider")
		e := slot.Value.First(sdg, "Agent")
		r.narrow("R-EDM-REQ-S043", e, 2, "Identifier", "Name")
		if a.Empty() { // package edm takes it for a missing slot
			r.Check(edm.RuleAgent, false, e, "", "an identifier and at least one name")
		}
	}
}

// requesterCountry wants one country in the one address of the evidence requester. Up to 1.2 the assertion looks at
// each address that is there. [R-EDM-REQ-C073]
func (r *reader) requesterCountry(agent *xmltree.Element) {
	const id, want = "R-EDM-REQ-C073", "one address with one country"
	r.Judge(id)
	if edm.AgentClass(agent.First(sdg, "Classification").Text()) != edm.EvidenceRequester {
		return
	}
	all := 0
	for address := range agent.All(sdg, "Address") {
		n := 0
		for country := range address.All(sdg, "AdminUnitLevel1") {
			if country.Value() != "" {
				n++
			}
		}
		all += n
		if r.set.Before(edm.V20) {
			r.Check(id, n == 1, address, "", want)
		}
	}
	if !r.set.Before(edm.V20) {
		r.Check(id, all == 1, agent, "", want)
	}
}

func (r *reader) classifications(s regrep.Slots, q *edm.Request) {
	const name = "EvidenceProviderClassification"
	r.Type("R-EDM-REQ-S031", s, name, regrep.CollectionValue)
	r.ElementType("R-EDM-REQ-S032", s, name, regrep.AnyValue)
	r.Judge("R-EDM-REQ-S041", "R-EDM-REQ-C103", "R-EDM-REQ-C104", "R-EDM-REQ-C105")
	for _, e := range s.Elements(name) {
		r.Holds("R-EDM-REQ-S041", e, sdgName(name))
		for c := range e.All(sdg, name) {
			q.ProviderClassifications = append(q.ProviderClassifications, r.classification(c))
		}
	}
}

func (r *reader) classification(e *xmltree.Element) edm.ProviderClassification {
	r.known(e, "Identifier", "Type", "ValueExpression", "Description", "SupportedValue")
	id := readIdentifier(e.First(sdg, "Identifier"))
	q := edm.ProviderClassification{
		ID:              id.Value,
		CodeList:        id.Scheme,
		Type:            e.First(sdg, "Type").Text(),
		ValueExpression: e.First(sdg, "ValueExpression").Value(),
		Descriptions:    readTexts(e, "Description"),
	}
	n := 0
	for range e.All(sdg, "SupportedValue") {
		n++
	}
	r.Check("R-EDM-REQ-C105", n == 1, e, "", "exactly one SupportedValue")
	value := e.First(sdg, "SupportedValue")
	text, yes := value.First(sdg, "StringValue"), value.First(sdg, "BooleanValue")
	switch q.Type {
	case "string", "codelist":
		r.Check("R-EDM-REQ-C103", n == 0 || text != nil, value, "", "a StringValue")
	case "boolean":
		if r.Check("R-EDM-REQ-C104", n == 0 || yes != nil, value, "", "a BooleanValue") && yes != nil {
			_, ok := regrep.ParseBool(yes.Value())
			r.Check(edm.RuleContent, ok, yes, "", "true or false")
		}
	}
	r.known(value, "StringValue", "DateValue", "BooleanValue")
	for v := range value.Elements() {
		switch v.Name {
		case sdgName("DateValue"):
			q.Dates = true
			fallthrough
		case sdgName("StringValue"), sdgName("BooleanValue"):
			q.Values = append(q.Values, v.Value())
		}
	}
	return q
}
