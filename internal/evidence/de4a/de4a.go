// Package de4a writes and reads the canonical evidences of DE4A as XML: birth and domicile registration (1.6) and
// company registration (0.6). OOTS has profiles of its own for birth and domicile, which are drafts without a
// schema; these are the published schemas that hold the same data. [evidence-data-models §5.1, §5.4, §5.10]
//
// The models have no place for the number of an entry in the register of births, nor for the day since which
// somebody lives at an address: Read after Append gives the record without them, and a human readable version made
// of that says what the XML says. Nothing is signed, and no code list is judged.
package de4a

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"oots/edm"
	"oots/internal/evidence"
	"oots/regrep"
	"oots/xml/xmltree"
)

// MediaType of what Append writes; a code of OOTSMediaTypes.
const MediaType = "application/xml"

// The names of the data models below datamodels/ in the Semantic Repository. The Commission publishes none of
// them; see docs/divergences.md.
const (
	BirthModel     = "de4a-birth-1.6"
	ResidenceModel = "de4a-domicile-1.6"
	CompanyModel   = "de4a-company-registration-0.6"
)

// Namespaces. [DE4A]
const (
	nsBirth    = "urn:eu-de4a:xsd:CanonicalEvidenceType::BirthEvidence:v1.6"
	nsDomicile = "urn:eu-de4a:xsd:CanonicalEvidenceType::DomicileRegistrationEvidence:v1.6"
	nsCompany  = "urn:eu-de4a:xsd:CanonicalEvidenceType::CompanyRegistration:v0.6"
	nsBasic    = "http://www.w3.org/ns/corevocabulary/BasicComponents"
	nsCommon   = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
)

// limits of a document: these evidences are forms, not collections.
var limits = xmltree.Limits{Bytes: 1 << 20, Depth: 16, Attributes: 16, Elements: 2000, TextBytes: 64 << 10}

// maxRepeated is how often an element that may be repeated is read.
const maxRepeated = 50

// ErrKind says that the models have nothing for the record.
var ErrKind = errors.New("DE4A has no evidence of this kind")

// Append appends the evidence of r, in the language lang of its register (a code of LanguageCode) where the model
// has room for one. The same record gives the same bytes.
func Append(dst []byte, r *evidence.Record, lang string) ([]byte, error) {
	w := writer{regrep.NewWriter(dst), strings.ToLower(lang)}
	w.Declaration()
	switch r.Kind() {
	case evidence.OfBirth:
		w.birth(r)
	case evidence.OfResidence:
		w.domicile(r)
	case evidence.OfCompany:
		w.company(r.Company)
	default:
		return dst, ErrKind
	}
	return w.Bytes, nil
}

// Read reads an evidence of one of the three models. It fails if b is none, not if values are missing or wrong; the
// error names no value. What the models lack is empty: the company registration says neither who issued it nor
// when.
func Read(b []byte) (*evidence.Record, error) {
	doc, err := xmltree.Parse(b, limits)
	if err != nil {
		return nil, fmt.Errorf("DE4A evidence: %w", err)
	}
	root := doc.Root
	switch {
	case root.Is(nsBirth, "BirthEvidence"):
		return reader{nsBirth}.birth(root), nil
	case root.Is(nsDomicile, "DomicileRegistrationEvidence"):
		return reader{nsDomicile}.domicile(root), nil
	case root.Is(nsCompany, "LegalEntity"):
		return reader{nsCompany}.company(root), nil
	}
	return nil, errors.New("DE4A evidence: the root is none of BirthEvidence, DomicileRegistrationEvidence and LegalEntity")
}

// alpha3 is the code of a country with three letters, as DE4A's civil status has it.
func alpha3(code string) string {
	if code == "EL" {
		code = "GR"
	}
	if r, err := language.ParseRegion(code); err == nil && len(code) == 2 {
		return r.ISO3()
	}
	return code
}

// alpha2 is the code of OOTS_Country for a code with two or three letters; any other text stays.
func alpha2(code string) string {
	if r, err := language.ParseRegion(code); err == nil && (len(code) == 2 || len(code) == 3) {
		code = r.String()
	}
	if code == "GR" {
		return "EL"
	}
	return code
}

// sexes are the codes of ISO 5218 by ours.
var sexes = map[string]string{"M": "1", "F": "2", "X": "9", "": "0"}

func sexOf(code string) string {
	switch code {
	case "1":
		return "M"
	case "2":
		return "F"
	case "9":
		return "X"
	}
	return ""
}

// latin is the language tag of the Latin form of a name from a country that writes lang in another script.
func latin(lang string) string { return lang + "-Latn" }

// text is a text in one language, with the code of LanguageCode.
func text(e *xmltree.Element) edm.Text {
	lang, _ := e.Attr("", "languageID")
	return edm.Text{Lang: strings.ToUpper(lang), Value: e.Value()}
}
