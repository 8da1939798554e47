// Package validator judges one document of OOTS: it finds out what the document is and in which release line
// it is written, checks it against the content model of that line and against the business rules, and says
// what is wrong in the order of the lines. [TDD 3.6, 4.6]
//
//	report := validator.Validate("request.xml", b, validator.Options{})
//	if report.Verdict == validator.Invalid { … }
//
// It knows evidence requests, responses and errors, headers of ebMS alone or in a SOAP envelope, answers of
// Evidence Broker and Data Service Directory, submissions to them with their acknowledgements, and code lists
// in Genericode. Each is judged in its release line, the one announced or the one that the caller
// names.
//
// It compares no document with another and fetches nothing. Package intake opens folders, archives and AS4
// entities; package report writes what was found; package page serves it to browsers and programs.
package validator

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/rule"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// MaxBytes bounds a document in octets; a larger one is refused unread.
const MaxBytes = 16 << 20

// Rules under which a document is refused before content model and business rules can be asked.
const (
	RuleUnreadable rule.ID = "OOTS-DOC-unreadable" // no XML within the limits, or not the document it should be: it has no root to judge
	RuleVersion    rule.ID = "OOTS-DOC-version"    // the version announced is that of no known release line, and no published rule says so
)

// A Verdict is the sum of a report.
type Verdict string

// The verdicts, best first. Encrypted is none of the published words: nothing was judged.
const (
	Valid     Verdict = "valid"
	Cautioned Verdict = "valid with cautions"
	Warned    Verdict = "valid with warning"
	Encrypted Verdict = "encrypted" // a part of an AS4 entity that only the receiver's key opens: nothing of it was seen
	Invalid   Verdict = "invalid"
)

// Verdicts returns the verdicts, best first.
func Verdicts() []Verdict {
	return []Verdict{Valid, Cautioned, Warned, Encrypted, Invalid}
}

// Options say what the caller knows of a document. The zero value leaves everything to the document.
type Options struct {
	Kind    Kind       // "" detects it
	Version string     // release line such as "2.0", or its literal "oots-edm:v2.0"; "" takes the one announced
	Rules   *edm.Rules // how the operator wants the rules applied; nil as published, in our readings
}

// A Report is what is known of one document.
type Report struct {
	Name     string         // as given to Validate
	Kind     Kind           // "" when it was not found out
	Document rule.Document  // the kind as rule ids spell it; "" for a code list and where it was not found out
	Version  string         // release line such as "2.0"; "" where the kind has none or it is not known
	Verdict  Verdict        // the worst that was found
	Findings []rule.Finding // in the order of the lines
	Notes    []string       // what was not checked, in sentences

	rules *edm.Rules
}

// Validate judges the document in b, whose name is only repeated in the report. It takes time and memory in
// proportion to b, of which it refuses more than MaxBytes; the number of findings is bounded.
func Validate(name string, b []byte, o Options) Report {
	r := Report{Name: name, rules: o.Rules}
	doc, small := edmxml.Open(b) // within the limits of a message, as most documents are
	var err error
	if small != nil {
		doc, err = xmltree.Parse(b, xmltree.Limits{Bytes: MaxBytes})
	}
	if err != nil {
		r.unreadable(err, "a well-formed XML document in UTF-8, without DOCTYPE and within the limits")
		if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
			r.Findings[0].Got = "a document in UTF-16"
		}
		return r.finish()
	}
	r.Kind = o.Kind
	if detected := detect(doc.Root); r.Kind == "" {
		r.Kind = detected
	}
	if !r.Kind.begins(doc.Root) {
		r.wrongRoot(doc.Root)
		return r.finish()
	}
	if r.version(doc, o.Version) {
		r.judge(doc, b, o, small)
	}
	return r.finish()
}

// judge runs content model and rules of the kind. Small is nil for a document within the limits of a message.
func (r *Report) judge(doc *xmltree.Document, b []byte, o Options, small error) {
	switch r.Kind {
	case Request, Response, Error:
		if small != nil {
			r.tooLarge(small)
			return
		}
		r.message(doc, o.Kind)
	case Header:
		r.header(doc.Root)
	case CodeList:
		r.codeList(doc, b)
	default:
		r.commonServices(doc)
	}
}

// only makes f the one finding: what else was found follows from it.
func (r *Report) only(f rule.Finding) {
	r.Findings = []rule.Finding{f}
	r.Notes = nil
}

// unreadable makes err the one finding.
func (r *Report) unreadable(err error, want string) {
	f := rule.Finding{Rule: RuleUnreadable, Severity: rule.Fatal, Line: 1, Path: "/", Got: clip(err.Error()), Want: want}
	var syntax *xmltree.SyntaxError
	if errors.As(err, &syntax) {
		f.Line, f.Got = syntax.Line, clip(syntax.Msg)
	}
	r.only(f)
}

func (r *Report) wrongRoot(root *xmltree.Element) {
	want := "the root element of a document of OOTS: QueryRequest, QueryResponse, SubmitObjectsRequest or RegistryResponse of RegRep, eb:Messaging, a SOAP 1.2 Envelope, or gc:CodeList"
	if r.Kind != "" {
		want = "the root element of " + r.Kind.Title()
	}
	r.only(rule.Finding{Rule: model.RootUnexpected, Severity: rule.Fatal, Line: root.Line, Path: root.Path(),
		Got: clip(fmt.Sprintf("{%s}%s", root.Name.Space, root.Name.Local)), Want: want})
}

// With adds findings of another check of the same document, and draws the sum anew.
func (r Report) With(findings ...rule.Finding) Report {
	r.Findings = append(slices.Clip(r.Findings), findings...)
	return r.finish()
}

// Refuses reports whether the document is invalid.
func (r Report) Refuses() bool { return r.Verdict == Invalid }

// finish gives every finding the severity that the operator chose, puts them in order and draws the sum.
func (r Report) finish() Report {
	for i, f := range r.Findings {
		if r.rules == nil {
			break
		}
		if severity, ok := r.rules.Severity[f.Rule]; ok {
			r.Findings[i].Severity = severity
		}
	}
	slices.SortStableFunc(r.Findings, func(a, b rule.Finding) int { return cmp.Compare(a.Line, b.Line) })
	r.Findings = slices.Compact(r.Findings)
	r.Verdict = Valid
	for _, f := range r.Findings {
		switch {
		case f.Severity == rule.Fatal:
			r.Verdict = Invalid
			return r
		case f.Severity == rule.Warning:
			r.Verdict = Warned
		case r.Verdict == Valid:
			r.Verdict = Cautioned
		}
	}
	return r
}

// clip shortens an offending value to what a finding may carry.
func clip(s string) string {
	if len(s) > 120 {
		return strings.ToValidUTF8(s[:120], "")
	}
	return s
}
