package validator

import (
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/directoryxml/schema"
	"oots/directory/genericode"
	genericodeschema "oots/directory/genericode/schema"
	"oots/directory/rules"
	"oots/edm"
	"oots/edm/edmxml"
	edmschema "oots/edm/edmxml/schema"
	"oots/rule"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// message judges an evidence message. A message that its reader refuses, because it is another one than wanted,
// has that one finding.
func (r *Report) message(doc *xmltree.Document, wanted Kind) {
	var business []rule.Finding
	var err error
	inLine := r.inLine()
	if r.Kind == Request {
		_, business, err = edmxml.ReadRequest(doc, inLine)
	} else {
		var failure *edm.ErrorResponse
		_, failure, business, err = edmxml.ReadResponse(doc, inLine)
		r.Kind = Response
		if failure != nil {
			r.Kind = Error
		}
		r.Document = r.Kind.document(doc)
	}
	if err != nil {
		r.tooLarge(err)
		return
	}
	if wanted != "" && wanted != r.Kind {
		r.only(rule.Finding{Rule: RuleUnreadable, Severity: rule.Fatal, Line: doc.Root.Line, Path: doc.Root.Path(),
			Got: r.Kind.Title(), Want: wanted.Title()})
		return
	}
	content := edmschema.Check(doc, edmschema.Kind(r.Kind), r.line())
	business = slices.DeleteFunc(business, func(f rule.Finding) bool { return f.Rule == edm.RuleComplete && toldMissing(content, f) })
	r.Findings = append(content, business...)
}

// toldMissing reports whether the content model has already told what f, our rule for whoever has no content model
// at hand, finds missing in an element.
func toldMissing(content []rule.Finding, f rule.Finding) bool {
	return slices.ContainsFunc(content, func(c rule.Finding) bool {
		below, inside := strings.CutPrefix(c.Path, f.Path)
		name, _, _ := strings.Cut(strings.TrimPrefix(c.Want, "sdg:"), " ")
		return c.Rule == model.ElementMissing && inside && strings.Count(below, "/") <= 1 && slices.Contains(strings.Fields(f.Want), name)
	})
}

// tooLarge makes the refusal of the reader the one finding.
func (r *Report) tooLarge(err error) {
	r.unreadable(err, r.Kind.Title()+" within the limits of one message")
}

// inLine are the operator's rules in the release line of the report, whatever the message announces.
func (r *Report) inLine() *edm.Rules {
	var rules edm.Rules
	if r.rules != nil {
		rules = *r.rules
	}
	rules.As = r.line()
	return &rules
}

// line is the release line of an evidence message or header.
func (r *Report) line() edm.Version { return edm.Version(edmFamily + "v" + r.Version) }

// commonServices judges what the directories say and are told.
func (r *Report) commonServices(doc *xmltree.Document) {
	v := directory.Version(csFamily + "v" + r.Version)
	r.Findings = schema.Check(doc, schema.Kind(r.Kind), v)
	r.Findings = append(r.Findings, rules.Check(doc, r.Document, v)...)
}

// codeList judges a Genericode file. What a reader refuses beyond the content model is a finding too.
func (r *Report) codeList(doc *xmltree.Document, b []byte) {
	r.Findings = genericodeschema.Check(doc)
	if _, err := genericode.Parse(b); err != nil && len(r.Findings) == 0 {
		r.unreadable(err, "a simple code list")
	}
}
