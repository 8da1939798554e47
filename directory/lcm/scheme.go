package lcm

import (
	"errors"
	"regexp"
	"strings"

	"oots/directory"
	"oots/directory/genericode"
	"oots/regrep"
	"oots/rule"
	"oots/xml/c14n"
	"oots/xml/xmltree"
)

// A SchemeFormat is how a classification scheme of a Member State travels in a submission. Which node, slot and
// element that is has not been published; Genericode inside the slot is our reading. [TDD 3.5.2]
type SchemeFormat interface {
	// Read reads the business element of an object of the node ClassificationScheme.
	Read(e *xmltree.Element) (directory.CodeList, error)
	// Write writes the business element.
	Write(w *regrep.Writer, l *directory.CodeList)
}

// Genericode carries a scheme as gc:CodeList.
type Genericode struct{}

// Read implements SchemeFormat. The URL of the list is its canonical URI, else its location.
func (Genericode) Read(e *xmltree.Element) (directory.CodeList, error) {
	if !e.Is(genericode.Namespace, "CodeList") {
		return directory.CodeList{}, errors.New("no gc:CodeList")
	}
	b, err := c14n.Append(nil, e, c14n.Exclusive, nil) // with the declarations that it needs
	if err != nil {
		return directory.CodeList{}, err
	}
	l, err := genericode.Parse(b)
	if err != nil {
		return directory.CodeList{}, err
	}
	out := directory.CodeList{URL: l.CanonicalURI, Version: l.Version, Codes: l.Codes()}
	if out.URL == "" {
		out.URL = l.LocationURI
	}
	return out, nil
}

// Write implements SchemeFormat: a column with the code and one for the name in each language.
func (Genericode) Write(w *regrep.Writer, l *directory.CodeList) {
	var languages []string
	seen := map[string]bool{}
	for i := range l.Codes {
		for _, n := range l.Codes[i].Names {
			if !seen[n.Lang] {
				seen[n.Lang] = true
				languages = append(languages, n.Lang)
			}
		}
	}
	w.Open("gc:CodeList", "xmlns:gc", genericode.Namespace)
	w.Open("Identification")
	w.Text("ShortName", l.URL[strings.LastIndexByte(l.URL, '/')+1:])
	w.Text("Version", l.Version)
	w.Text("CanonicalUri", l.URL)
	w.Text("CanonicalVersionUri", l.URL+"-"+l.Version)
	w.Close()
	w.Open("ColumnSet")
	column := func(id, name, use string) {
		w.Open("Column", "Id", id, "Use", use)
		w.Text("ShortName", name)
		w.Empty("Data", "Type", "string")
		w.Close()
	}
	column("code", "Code", "required")
	for _, lang := range languages {
		column("name-"+lang, "Name-"+lang, "optional")
	}
	w.Open("Key", "Id", "codeKey")
	w.Text("ShortName", "CodeKey")
	w.Empty("ColumnRef", "Ref", "code")
	w.Close()
	w.Close()
	w.Open("SimpleCodeList")
	for i := range l.Codes {
		w.Open("Row")
		cell(w, "code", l.Codes[i].Code)
		for _, n := range l.Codes[i].Names {
			cell(w, "name-"+n.Lang, n.Value)
		}
		w.Close()
	}
	w.Close()
	w.Close()
}

func cell(w *regrep.Writer, column, value string) {
	w.Open("Value", "ColumnRef", column)
	w.Text("SimpleValue", value)
	w.Close()
}

// format is how schemes travel.
var format SchemeFormat = Genericode{}

// codeListURL is the identity of a code list of a Member State. [TDD 3.5.2] [R-DSD-ERR-C033]
var codeListURL = regexp.MustCompile(`^https://sr(\.[a-zA-Z]+)?\.oots\.tech\.(ec\.)?europa\.eu/codelists/([A-Z]{2})/[A-Za-z0-9]{2,50}$`)

// listCountry is the Member State in the URL of a code list, "" when it has none.
func listCountry(url string) string {
	if m := codeListURL.FindStringSubmatch(url); m != nil {
		return m[3]
	}
	return ""
}

// checkSchemes judges the objects of the node ClassificationScheme.
func (s *Submission) checkSchemes() []Finding {
	var out []Finding
	refuse := func(o *object, got, want string) {
		if len(out) >= MaxFindings {
			return
		}
		out = append(out, Finding{Code: BadObject, Object: o.id, Node: NodeScheme, Finding: rule.Finding{
			Rule: RuleScheme, Line: o.element.Line, Path: o.element.Path(), Got: clip(got), Want: want}})
	}
	for i := range s.objects {
		o := &s.objects[i]
		if o.node != NodeScheme {
			continue
		}
		l, err := format.Read(o.value)
		switch {
		case !urnUUID.MatchString(o.id):
			refuse(o, o.id, "an id of urn:uuid: and a UUID")
		case err != nil:
			refuse(o, err.Error(), "a code list in Genericode")
		case listCountry(l.URL) == "":
			refuse(o, l.URL, "the URL of a code list of a Member State as its CanonicalUri")
		case l.Version == "" || len(l.Codes) == 0:
			refuse(o, l.URL, "a version, and at least one code")
		case twice(l.Codes) != "":
			refuse(o, twice(l.Codes), "each code once")
		}
	}
	return out
}

// twice is a code that a list has more than once, "" when there is none.
func twice(codes []directory.Code) string {
	seen := make(map[string]bool, len(codes))
	for i := range codes {
		if seen[codes[i].Code] {
			return codes[i].Code
		}
		seen[codes[i].Code] = true
	}
	return ""
}

// codeLists reads the schemes of a submission.
func (b *builder) codeLists() []directory.CodeList {
	var out []directory.CodeList
	for i := range b.s.objects {
		o := &b.s.objects[i]
		if o.node != NodeScheme {
			continue
		}
		b.use(o)
		l, err := format.Read(o.value)
		if err != nil { // Check has said so
			continue
		}
		out = append(out, l)
		b.record(NodeScheme, l.URL, o)
	}
	return out
}
