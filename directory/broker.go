package directory

// The refusals that a selection can end with.
const (
	codeEBEmpty   = "EB:ERR:0001"
	codeEBUnknown = "EB:ERR:0002"
)

// A RequirementQuery asks the broker which requirements a procedure has. "" asks for any.
type RequirementQuery struct {
	Procedure    string
	Country      string // that implements the procedure
	Region       string // NUTS, with a country; up to 1.2
	Municipality string // LAU, with a country; up to 1.2
}

// An EvidenceTypeQuery asks the broker what proves a requirement.
type EvidenceTypeQuery struct {
	Requirement  string // as the line writes it
	Country      string // that provides the evidence; "" for any
	Region       string // NUTS, with a country; up to 1.2
	Municipality string // LAU, with a country; up to 1.2
}

// Requirements answers requirements-by-procedure-and-jurisdiction: each requirement that has a framework of
// the procedure in the country and place, with only those frameworks and without lists. The error is a
// *Refusal EB:ERR:0001 when nothing is selected. [TDD 3.2.4]
func (x *Index) Requirements(q RequirementQuery) ([]Requirement, error) {
	var out []Requirement
	last := int32(-1)
	for _, at := range x.frameworks[procedureCountry{q.Procedure, q.Country}] {
		r := &x.catalogue.Requirements[at.requirement]
		f := &r.Frameworks[at.framework]
		if !f.Jurisdiction.Covers(q.Region, q.Municipality) {
			continue
		}
		if at.requirement != last {
			out = append(out, Requirement{ID: r.ID, Names: r.Names, Descriptions: r.Descriptions})
			last = at.requirement
		}
		found := &out[len(out)-1]
		found.Frameworks = append(found.Frameworks, *f)
	}
	if len(out) == 0 {
		return nil, &Refusal{Code: codeEBEmpty, Detail: "EMPTY_RESULT"}
	}
	return out, nil
}

// EvidenceTypes answers evidence-types-by-requirement-and-jurisdiction: the requirement with all its
// frameworks, whatever their country, and the lists of the country and place. A list is indivisible: its
// types are all needed. Up to 1.2 a declaration that a country has nothing is not told. The error is a
// *Refusal: EB:ERR:0002 for a requirement that the catalogue does not hold, EB:ERR:0001 when no list is
// left. [TDD 3.2.4]
func (x *Index) EvidenceTypes(l Line, q EvidenceTypeQuery) (Requirement, error) {
	r := x.requirement(l, q.Requirement)
	if r == nil {
		return Requirement{}, &Refusal{Code: codeEBUnknown, Detail: clipped(q.Requirement)}
	}
	out := *r
	out.Lists = nil
	for i := range r.Lists {
		if l.selects(&r.Lists[i], q) {
			out.Lists = append(out.Lists, r.Lists[i])
		}
	}
	if len(out.Lists) == 0 {
		return Requirement{}, &Refusal{Code: codeEBEmpty, Detail: "EMPTY_RESULT"}
	}
	return out, nil
}

func (l Line) selects(list *EvidenceTypeList, q EvidenceTypeQuery) bool {
	if l.AtLeast(V20) {
		return q.Country == "" || list.Place().Country == q.Country
	}
	return len(list.Types) > 0 && list.covers(q.Country, q.Region, q.Municipality)
}

// requirement finds a requirement by its identifier as the line writes it, byte for byte.
func (x *Index) requirement(l Line, id string) *Requirement {
	for _, r := range x.requirements[key(id)] {
		if l.URL(r.ID) == id {
			return r
		}
	}
	return nil
}

// clipped bounds an identifier of a stranger that a detail repeats.
func clipped(s string) string {
	if len(s) > 200 {
		s = s[:200]
	}
	b := []byte(s)
	for i, c := range b {
		if c < ' ' || c > '~' {
			b[i] = '?'
		}
	}
	return string(b)
}
