package edmxml

import (
	"strings"

	"oots/edm"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// exception reads one rs:Exception. Without code the type tells it. [R-EDM-ERR-C026]
func (r *reader) exception(x regrep.Exception) edm.Exception {
	e := x.Element
	r.exceptionAttributes(x)
	names := []string{"Timestamp", "PreviewLocation", "PreviewDescription"}
	if r.says.previewByMethod {
		names = append(names, previewMethod)
	}
	r.Only("R-EDM-ERR-S027", x.Slots, names...)
	r.One("R-EDM-ERR-S013", x.Slots, "Timestamp")
	r.Type("R-EDM-ERR-S022", x.Slots, "Timestamp", regrep.DateTimeValue)
	r.dateTime(x.Slots, "Timestamp", "R-EDM-ERR-C018")

	out := edm.Exception{
		Code:     edm.Code(x.Code),
		Severity: r.severity(x.Severity),
		Message:  x.Message,
		Detail:   x.Detail,
	}
	if out.Code == "" {
		out.Code = codeOfType(x.Type)
	}
	out.At, _ = x.Slots.Time("Timestamp")
	out.Preview = r.preview(x.Slots)
	r.exceptionRow(e, x, out.Code)
	return out
}

// severity understands the host of the first artefacts, which lacks "ec.", in every line; a strict operator has it
// refused after 1.0. [R-EDM-ERR-C014] [open-questions D11]
func (r *reader) severity(written string) string {
	if r.set.Strict() && !r.set.Before(edm.V11) {
		return written
	}
	return strings.Replace(written, "urn:sr.oots.tech.europa.eu:", "urn:sr.oots.tech.ec.europa.eu:", 1)
}

// previewMethod is the slot of the lines up to 1.2 that names the HTTP method of a preview.
const previewMethod = "PreviewMethod"

// preview reads where the user is sent; nil when there is no address.
func (r *reader) preview(s regrep.Slots) *edm.Preview {
	r.Type("R-EDM-ERR-S023", s, "PreviewLocation", regrep.StringValue)
	r.Type("R-EDM-ERR-S024", s, "PreviewDescription", regrep.InternationalStringValue)
	r.Type("R-EDM-ERR-S025", s, previewMethod, regrep.StringValue)
	if node := s.Node(previewMethod); node != nil && node.Value() == "" {
		r.Check("R-EDM-ERR-C021", false, node, "", "a method")
	}
	if !s.Has("PreviewLocation") {
		return nil
	}
	r.Check("R-EDM-ERR-S031", s.Has(previewMethod), s.Parent, "", "the slot "+previewMethod+" beside the address")
	p := &edm.Preview{Location: s.String("PreviewLocation")}
	if r.says.previewByMethod {
		p.Method = s.String(previewMethod)
	}
	for _, d := range s.International("PreviewDescription") {
		p.Descriptions = append(p.Descriptions, edm.Text{Lang: d.Lang, Value: d.Value})
	}
	return p
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
