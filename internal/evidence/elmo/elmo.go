// Package elmo writes and reads a tertiary diploma as ELMO, the XML of the EMREX network, on which the Commission
// bases its draft profile of the proof of a tertiary education diploma. [evidence-data-models §4.1, §4.6]
//
// The profile puts the name of the qualification into resultLabel, and what ELMO has no element for into its
// extension container: there the grade, the number of the document and the names in the script of the country
// stand. A reader that does not know them ignores them. Courses, attachments and diploma supplements of others are
// not read here; package render shows them all. Nothing is signed.
package elmo

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"oots/edm"
	"oots/internal/evidence"
	"oots/regrep"
	"oots/xml/xmltree"
)

// MediaType of what Append writes; a code of OOTSMediaTypes.
const MediaType = "application/xml"

// Model is the name of the data model below datamodels/ in the Semantic Repository. [testing-services TC10]
const Model = "elmo-1.7.0"

// Namespace of ELMO 1, and that of what we put into its extension containers.
const (
	Namespace          = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
	ExtensionNamespace = "urn:oots:elmo:extension:1"
)

// Limits of a document. Attachments are data URIs: one text may be as long as the document.
var limits = xmltree.Limits{Bytes: 20 << 20, Depth: 64, Attributes: 32, Elements: 50_000, TextBytes: 20 << 20}

// maxTitles is how many languages of one text are read.
const maxTitles = 50

// ErrKind says that the record is no diploma.
var ErrKind = errors.New("ELMO has diplomas only")

// Append appends the diploma of r, in the language lang of its register (a code of LanguageCode) where ELMO has room
// for one; now is when the data are made. The same record at the same time gives the same bytes.
func Append(dst []byte, r *evidence.Record, lang string, now time.Time) ([]byte, error) {
	if r.Diploma == nil {
		return dst, ErrKind
	}
	w := writer{regrep.NewWriter(dst)}
	w.Declaration()
	w.Open("elmo", "xmlns", Namespace, "xmlns:x", ExtensionNamespace)
	w.Text("generatedDate", now.UTC().Format("2006-01-02T15:04:05Z"))
	w.learner(r.Holder)
	w.Open("report")
	w.issuer(r)
	w.programme(r, lang)
	w.Text("issueDate", string(r.Issued)+"T00:00:00Z")
	w.Close()
	w.extension(func() {
		w.TextIf("x:number", r.Number)
		w.TextIf("x:originalGivenNames", r.Holder.OriginalGivenName)
		w.TextIf("x:originalFamilyName", r.Holder.OriginalFamilyName)
		w.TextIf("x:authority", r.Authority.ID.Value, "scheme", r.Authority.ID.Scheme, "country", r.Authority.Country)
		w.texts("x:authorityName", r.Authority.Names)
	})
	w.Close()
	return w.Bytes, nil
}

type writer struct{ *regrep.Writer }

func (w writer) texts(name string, all edm.Texts) {
	for _, t := range all {
		w.Text(name, t.Value, "xml:lang", strings.ToLower(t.Lang))
	}
}

func (w writer) extension(content func()) {
	w.Open("extension")
	content()
	w.Close()
}

// sexes are the codes of ISO 5218 by ours.
var sexes = map[string]string{"M": "1", "F": "2", "X": "9"}

func (w writer) learner(h evidence.Holder) {
	w.Open("learner")
	if len(h.Citizenships) > 0 {
		w.Text("citizenship", iso(h.Citizenships[0])) // ELMO has room for one
	}
	w.Text("givenNames", h.GivenName)
	w.Text("familyName", h.FamilyName)
	w.TextIf("bday", string(h.DateOfBirth))
	w.TextIf("gender", sexes[h.Sex])
	w.Close()
}

// issuer is the institution that awards, not the authority that answers.
func (w writer) issuer(r *evidence.Record) {
	country := r.Diploma.Country
	if country == "" {
		country = r.Authority.Country
	}
	w.Open("issuer")
	w.TextIf("country", iso(country))
	w.Text("identifier", institution(r), "type", "own")
	w.texts("title", r.Diploma.Institution)
	w.Text("url", r.Diploma.Website)
	w.Close()
}

// institution is an identifier of the institution: ELMO demands one, and the register knows it by name.
func institution(r *evidence.Record) string {
	if r.Diploma.Website != "" {
		return r.Diploma.Website
	}
	if len(r.Diploma.Institution) > 0 {
		return r.Diploma.Institution[0].Value
	}
	return r.Authority.ID.Value
}

func (w writer) programme(r *evidence.Record, lang string) {
	d := r.Diploma
	w.Open("learningOpportunitySpecification")
	w.TextIf("identifier", r.ID, "type", "own")
	w.texts("title", d.Programme)
	w.Text("type", "Degree Programme")
	w.TextIf("iscedCode", d.Field)
	w.Open("specifies")
	w.Open("learningOpportunityInstance")
	w.TextIf("date", string(d.Awarded))
	w.Text("status", "passed")
	w.TextIf("resultLabel", d.Award.In(lang).Value)
	if d.Credits != "" {
		w.Open("credit")
		w.Text("scheme", "ects")
		w.Text("value", d.Credits)
		w.Close()
	}
	if d.Level != "" {
		w.Open("level")
		w.Text("type", "EQF")
		w.Text("value", d.Level)
		w.Close()
	}
	if len(d.Grade) > 0 {
		w.extension(func() { w.texts("x:grade", d.Grade) })
	}
	w.Close()
	w.Close()
	w.Close()
}

// iso is the code of a country in ISO 3166-1, ours is that of ISO 3166-1 for all others.
func iso(country string) string {
	if country == "EL" {
		return "GR"
	}
	return country
}

func ours(country string) string {
	if country == "GR" {
		return "EL"
	}
	return country
}

// Read reads the first degree of the first report. It fails if b is no ELMO, not if values are missing or wrong; the
// error names no value. A document without a degree gives an empty Diploma.
func Read(b []byte) (*evidence.Record, error) {
	doc, err := xmltree.Parse(b, limits)
	if err != nil {
		return nil, fmt.Errorf("ELMO: %w", err)
	}
	e := doc.Root
	if !e.Is(Namespace, "elmo") {
		return nil, errors.New("ELMO: the root is another element")
	}
	r := &evidence.Record{Holder: readLearner(child(e, "learner"))}
	readExtension(r, child(e, "extension"))
	report := child(e, "report")
	issued, _, _ := strings.Cut(value(report, "issueDate"), "T")
	r.Issued = edm.Date(issued)
	issuer := child(report, "issuer")
	r.Diploma = &evidence.Diploma{Institution: titles(issuer, Namespace, "title"), Country: ours(value(issuer, "country")), Website: value(issuer, "url")}
	readDegree(r, degree(report))
	return r, nil
}

func child(e *xmltree.Element, local string) *xmltree.Element { return e.First(Namespace, local) }

func value(e *xmltree.Element, local string) string { return child(e, local).Value() }

// titles reads a text in all its languages.
func titles(e *xmltree.Element, space, local string) edm.Texts {
	var out edm.Texts
	for t := range e.All(space, local) {
		if len(out) == maxTitles {
			break
		}
		lang, _ := t.Attr(xmltree.NamespaceXML, "lang")
		out = append(out, edm.Text{Lang: strings.ToUpper(lang), Value: t.Value()})
	}
	return out
}

func readLearner(e *xmltree.Element) evidence.Holder {
	h := evidence.Holder{GivenName: value(e, "givenNames"), FamilyName: value(e, "familyName"), DateOfBirth: edm.Date(value(e, "bday"))}
	if c := value(e, "citizenship"); c != "" {
		h.Citizenships = []string{ours(c)}
	}
	switch value(e, "gender") {
	case "1":
		h.Sex = "M"
	case "2":
		h.Sex = "F"
	case "9":
		h.Sex = "X"
	}
	return h
}

func readExtension(r *evidence.Record, e *xmltree.Element) {
	r.Number = e.First(ExtensionNamespace, "number").Value()
	r.Holder.OriginalGivenName = e.First(ExtensionNamespace, "originalGivenNames").Value()
	r.Holder.OriginalFamilyName = e.First(ExtensionNamespace, "originalFamilyName").Value()
	a := e.First(ExtensionNamespace, "authority")
	scheme, _ := a.Attr("", "scheme")
	r.Authority.ID = edm.Identifier{Scheme: scheme, Value: a.Value()}
	r.Authority.Country, _ = a.Attr("", "country")
	r.Authority.Names = titles(e, ExtensionNamespace, "authorityName")
}

// degree is the first programme that leads to a degree; a transcript has courses only.
func degree(report *xmltree.Element) *xmltree.Element {
	for s := range report.All(Namespace, "learningOpportunitySpecification") {
		if t := value(s, "type"); t == "Degree Programme" || t == "" {
			return s
		}
	}
	return nil
}

func readDegree(r *evidence.Record, s *xmltree.Element) {
	d := r.Diploma
	for id := range s.All(Namespace, "identifier") {
		if kind, _ := id.Attr("", "type"); kind == "own" && edm.IsUUID(id.Value()) {
			r.ID = id.Value()
		}
	}
	d.Programme, d.Field = titles(s, Namespace, "title"), value(s, "iscedCode")
	i := child(child(s, "specifies"), "learningOpportunityInstance")
	d.Awarded = edm.Date(value(i, "date"))
	if label := value(i, "resultLabel"); label != "" {
		d.Award = edm.Texts{{Value: label}}
	}
	for c := range i.All(Namespace, "credit") {
		if strings.EqualFold(value(c, "scheme"), "ects") {
			d.Credits = value(c, "value")
		}
	}
	for l := range i.All(Namespace, "level") {
		if value(l, "type") == "EQF" {
			d.Level = value(l, "value")
		}
	}
	d.Grade = titles(child(i, "extension"), ExtensionNamespace, "grade")
}
