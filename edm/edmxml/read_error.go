package edmxml

import (
	"strings"

	"oots/edm"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

func (r *reader) failure() (*edm.ErrorResponse, []rule.Finding) {
	r.structure(r.root, &structureRules{
		oneValue: "R-EDM-ERR-S028", notEmpty: "R-EDM-ERR-S029", languages: "R-EDM-ERR-S030", length: "R-EDM-ERR-C027", strings: 2,
	})
	r.Judge("R-EDM-ERR-S030")
	f := &edm.ErrorResponse{}
	f.RequestID, _ = r.root.Attr("", "requestId")
	status, _ := r.root.Attr("", "status")
	r.Check("R-EDM-ERR-S006", status == string(edm.Failure), r.root, status, "status Failure")
	r.Check("R-EDM-ERR-S007", r.root.First(regrep.NamespaceRIM, "RegistryObjectList") == nil, r.root, "", "no RegistryObjectList in an error")

	s := regrep.ReadSlots(r.root)
	r.Only("R-EDM-ERR-S017", s, "SpecificationIdentifier", "EvidenceResponseIdentifier", "ErrorProvider", "EvidenceRequester")
	f.Version = r.version(s, "R-EDM-ERR-S009", "R-EDM-ERR-S018", "R-EDM-ERR-C001")
	f.ID = r.responseID(s, "R-EDM-ERR-S010", "R-EDM-ERR-S019", "R-EDM-ERR-C002")
	r.errorAgents(s, f)
	for _, x := range regrep.ReadExceptions(r.root) {
		f.Exceptions = append(f.Exceptions, r.exception(x))
	}
	return f, r.finish(r.rules.CheckError(f))
}

func (r *reader) errorAgents(s regrep.Slots, f *edm.ErrorResponse) {
	r.One("R-EDM-ERR-S011", s, "ErrorProvider")
	r.Type("R-EDM-ERR-S020", s, "ErrorProvider", regrep.AnyValue)
	if slot, ok := s.Get("ErrorProvider"); ok && slot.Value != nil {
		n := 0
		for range slot.Value.All(sdg, "Agent") {
			n++
		}
		r.Check("R-EDM-ERR-S026", n == 1, slot.Value, "", "exactly one agent")
		r.Check("R-EDM-ERR-C023", n == 1, slot.Value, "", "exactly one agent")
	}
	if a := r.agent(s, "ErrorProvider", "R-EDM-ERR-S026", ""); a != nil {
		f.Provider = *a
	}
	r.Type("R-EDM-ERR-S021", s, "EvidenceRequester", regrep.AnyValue)
	if slot, ok := s.Get("EvidenceRequester"); ok {
		f.Requester = &edm.Agent{}
		if e := slot.Value.First(sdg, "Agent"); e != nil {
			*f.Requester = readAgent(e)
		} else {
			r.Check(edm.RuleContent, false, slot.Element, "", "an agent in the slot")
		}
	}
}

// exception reads one rs:Exception. Without code the type tells it; the severity of the first artefacts,
// whose host lacks "ec.", is understood. [R-EDM-ERR-C026]
func (r *reader) exception(x regrep.Exception) edm.Exception {
	e := x.Element
	r.exceptionAttributes(x)
	r.Only("R-EDM-ERR-S027", x.Slots, "Timestamp", "PreviewLocation", "PreviewDescription")
	r.One("R-EDM-ERR-S013", x.Slots, "Timestamp")
	r.Type("R-EDM-ERR-S022", x.Slots, "Timestamp", regrep.DateTimeValue)
	r.Type("R-EDM-ERR-S023", x.Slots, "PreviewLocation", regrep.StringValue)
	r.Type("R-EDM-ERR-S024", x.Slots, "PreviewDescription", regrep.InternationalStringValue)
	r.dateTime(x.Slots, "Timestamp", "R-EDM-ERR-C018")

	out := edm.Exception{
		Code:     edm.Code(x.Code),
		Severity: strings.Replace(x.Severity, "urn:sr.oots.tech.europa.eu:", "urn:sr.oots.tech.ec.europa.eu:", 1),
		Message:  x.Message,
		Detail:   x.Detail,
	}
	if out.Code == "" {
		out.Code = codeOfType(x.Type)
	}
	out.At, _ = x.Slots.Time("Timestamp")
	if x.Slots.Has("PreviewLocation") {
		out.Preview = &edm.Preview{Location: x.Slots.String("PreviewLocation")}
		for _, d := range x.Slots.International("PreviewDescription") {
			out.Preview.Descriptions = append(out.Preview.Descriptions, edm.Text{Lang: d.Lang, Value: d.Value})
		}
	}
	r.exceptionRow(e, x, out.Code)
	return out
}

func (r *reader) exceptionAttributes(x regrep.Exception) {
	e := x.Element
	_, typed := e.Attr(regrep.NamespaceXSI, "type")
	if r.Check("R-EDM-ERR-C012", typed, e, "", "an xsi:type") {
		r.Check("R-EDM-ERR-C013", codeOfType(x.Type) != "", e, x.Type, "one of the eight exception types")
	}
	_, message := e.Attr("", "message")
	r.Check("R-EDM-ERR-C016", message, e, "", "a message")
	_, code := e.Attr("", "code")
	r.Check("R-EDM-ERR-C026", code, e, "", "a code")
}

// exceptionRow warns when type and code are of different rows of the table.
func (r *reader) exceptionRow(e *xmltree.Element, x regrep.Exception, code edm.Code) {
	row, listed := code.Row()
	if listed && codeOfType(x.Type) != "" && row.Type != x.Type {
		r.Add(edm.RuleExceptionRow, rule.Warning, e, x.Type, row.Type+" with this code")
	}
}

// codeOfType returns the code of the row with that type, or "".
func codeOfType(name string) edm.Code {
	for _, row := range edm.Table {
		if row.Type == name {
			return row.Code
		}
	}
	return ""
}
