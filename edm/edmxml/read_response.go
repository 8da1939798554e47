package edmxml

import (
	"strconv"

	"oots/edm"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// ParseResponse reads an answer and returns every rule that it breaks. Exactly one of response and failure
// is not nil: failure when the answer carries exceptions, or says Failure and brings no objects. The error is
// ErrNoResponse, and then there is neither.
func ParseResponse(b []byte) (response *edm.Response, failure *edm.ErrorResponse, findings []rule.Finding, err error) {
	return ParseResponseWith(b, nil)
}

// ParseResponseWith reads an answer as ParseResponse does, and applies the rules as an operator wants them.
func ParseResponseWith(b []byte, rules *edm.Rules) (response *edm.Response, failure *edm.ErrorResponse, findings []rule.Finding, err error) {
	r, err := parse(b, rules, "QueryResponse", ErrNoResponse)
	if err != nil {
		return nil, nil, nil, err
	}
	return r.answer()
}

// ReadResponse reads an answer that Open has parsed, as ParseResponseWith does.
func ReadResponse(doc *xmltree.Document, rules *edm.Rules) (response *edm.Response, failure *edm.ErrorResponse, findings []rule.Finding, err error) {
	r, err := read(doc, rules, "QueryResponse", ErrNoResponse)
	if err != nil {
		return nil, nil, nil, err
	}
	return r.answer()
}

func (r *reader) answer() (response *edm.Response, failure *edm.ErrorResponse, findings []rule.Finding, err error) {
	if r.isFailure() {
		failure, findings = r.failure()
		return nil, failure, findings, nil
	}
	response, findings = r.response()
	return response, nil, findings, nil
}

// isFailure tells an evidence error response from an evidence response. An exception beside status Success
// or Unavailable breaks a rule of the latter; but 1.0 lets an error be Unavailable.
// [R-EDM-RESP-S008, R-EDM-ERR-S006]
func (r *reader) isFailure() bool {
	status, _ := r.root.Attr("", "status")
	objects := r.root.First(regrep.NamespaceRIM, "RegistryObjectList") != nil
	exception := r.root.First(regrep.NamespaceRS, "Exception") != nil
	switch edm.ResponseStatus(status) {
	case edm.Success:
		return false
	case edm.Unavailable:
		return exception && !objects && r.set.Before(edm.V11)
	case edm.Failure:
		return exception || !objects
	}
	return exception
}

func (r *reader) response() (*edm.Response, []rule.Finding) {
	r.structure(r.root, &structureRules{length: "R-EDM-RESP-C049", strings: 1})
	q := &edm.Response{}
	q.RequestID, _ = r.root.Attr("", "requestId")
	status, hasStatus := r.root.Attr("", "status")
	q.Status = edm.ResponseStatus(status)
	r.delivers = q.Status == edm.Success
	r.Check("R-EDM-RESP-S005", hasStatus, r.root, "", "a status")
	r.Check("R-EDM-RESP-S006", q.Status == edm.Success || q.Status == edm.Unavailable, r.root, status, "Success or Unavailable")
	listed := r.root.First(regrep.NamespaceRIM, "RegistryObjectList") != nil || r.set.Before(edm.V20) && q.Status != edm.Success
	r.Check("R-EDM-RESP-S007", listed, r.root, "", "a RegistryObjectList, which may be empty")
	r.Check("R-EDM-RESP-S008", r.root.First(regrep.NamespaceRS, "Exception") == nil, r.root, "", "no exception in an evidence response")

	s := r.slots
	r.closedContent(s)
	q.Version = r.version(s, "R-EDM-RESP-S009", "R-EDM-RESP-S017", "R-EDM-RESP-C002")
	q.ID = r.responseID(s, "R-EDM-RESP-S010", "R-EDM-RESP-S018", "R-EDM-RESP-C003")
	r.responseTimes(s, q)
	r.responseAgents(s, q)
	for list := range r.root.All(regrep.NamespaceRIM, "RegistryObjectList") {
		if r.set.Before(edm.V20) {
			r.flat(list, q)
		} else {
			r.packages(list, q)
		}
	}
	return q, r.finish(r.rules.CheckResponse(q))
}

// closedContent allows six slots and the object list.
func (r *reader) closedContent(s regrep.Slots) {
	const id = "R-EDM-RESP-S016"
	r.Only(id, s, "SpecificationIdentifier", "EvidenceResponseIdentifier", "IssueDateTime", "EvidenceProvider",
		"EvidenceRequester", "ResponseAvailableDateTime")
	for c := range r.root.Elements() {
		if !c.Is(regrep.NamespaceRIM, "Slot") && !c.Is(regrep.NamespaceRIM, "RegistryObjectList") {
			r.Check(id, false, c, c.Name.Local, "slots and one RegistryObjectList only")
		}
	}
}

func (r *reader) responseTimes(s regrep.Slots, q *edm.Response) {
	r.One("R-EDM-RESP-S011", s, "IssueDateTime")
	r.Type("R-EDM-RESP-S019", s, "IssueDateTime", regrep.DateTimeValue)
	r.dateTime(s, "IssueDateTime", "R-EDM-RESP-C004")
	q.IssuedAt, _ = s.Time("IssueDateTime")

	const available = "ResponseAvailableDateTime"
	r.Type("R-EDM-RESP-S023", s, available, regrep.DateTimeValue)
	r.dateTime(s, available, "R-EDM-RESP-C005")
	q.AvailableAt, _ = s.Time(available)
	n := s.Count(available)
	if r.set.Before(edm.V11) {
		r.Check("R-EDM-RESP-S014", n <= 1, r.root, strconv.Itoa(n)+" slots "+available, "at most one slot "+available)
	} else {
		r.Check("R-EDM-RESP-S014", n == 0 || q.Status == edm.Unavailable, r.root, "", "when to ask again only with status Unavailable")
	}
	r.Check("R-EDM-RESP-S045", n == 1 || q.Status != edm.Unavailable, r.root, "", "when to ask again")
}

func (r *reader) responseAgents(s regrep.Slots, q *edm.Response) {
	r.One("R-EDM-RESP-S012", s, "EvidenceProvider")
	r.Type("R-EDM-RESP-S020", s, "EvidenceProvider", regrep.CollectionValue)
	r.ElementType("R-EDM-RESP-S021", s, "EvidenceProvider", regrep.AnyValue)
	q.Providers = r.agents(s, "EvidenceProvider", "R-EDM-RESP-S025", "R-EDM-RESP-S026")
	if slot, ok := s.Get("EvidenceProvider"); ok && slot.Value != nil && len(q.Providers) == 0 {
		r.Check("R-EDM-RESP-C046", false, slot.Value, "", "exactly one agent of class EP")
	}
	r.One("R-EDM-RESP-S013", s, "EvidenceRequester")
	r.Type("R-EDM-RESP-S022", s, "EvidenceRequester", regrep.AnyValue)
	r.Judge("R-EDM-RESP-S028")
	if a := r.agent(s, "EvidenceRequester", "R-EDM-RESP-S027", "R-EDM-RESP-S028", "Identifier", "Name"); a != nil {
		q.Requester = *a
	}
}

// responseID reads the identifier of an answer and keeps the bare UUID: a prefix before it, refused since 1.1, is
// understood. [open-questions C6]
func (r *reader) responseID(s regrep.Slots, one, typed, form rule.ID) string {
	const name = "EvidenceResponseIdentifier"
	r.One(one, s, name)
	r.Type(typed, s, name, regrep.StringValue)
	r.Judge(form)
	id := s.String(name)
	if node := s.Node(name); node != nil {
		r.Check(form, r.set.IsBareUUID(id), node, id, "a bare UUID")
	}
	if bare := id[max(0, len(id)-36):]; edm.IsURNUUID(id) || edm.IsUUID(bare) && r.set.IsBareUUID(id) {
		return bare
	}
	return id
}
