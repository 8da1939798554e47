// Package evidence makes the document of a register entry: a certificate as PDF, in the language of the
// authority, with names in the script of the country and in Latin letters. Packages de4a, elmo and plain write the
// same record as structured data, package render shows structured data. [TDD 5]
//
// It knows no register and no exchange. The same record at the same time gives the same bytes, because
// what the user saw in the preview is what travels. It signs nothing. The PDF has its language, title, author and
// subject, in XMP as well, and the text can be taken out in reading order; but it has no tags, so it does not
// conform to PDF/UA: the structured form beside it is the accessible one.
package evidence

import (
	"oots/edm"
	"oots/internal/evidence/words"
)

// A Record is what a register holds for one certificate. Exactly one of Diploma, Birth, Residence and Company is
// set; Holder is empty beside Company.
type Record struct {
	ID        string // of the document, bare UUID; the same for the same entry
	Number    string // as printed
	Issued    edm.Date
	Authority Authority
	Holder    Holder
	Diploma   *Diploma
	Birth     *Birth
	Residence *Residence
	Company   *Company
}

// A Kind is what a record proves.
type Kind string

// The kinds; the first four name the keys of their titles in package words.
const (
	OfDiploma   Kind = "diploma"
	OfBirth     Kind = "birth"
	OfResidence Kind = "residence"
	OfCompany   Kind = "company"
	OfNothing   Kind = ""
)

// Kind says which of the four r is, OfNothing when it has no content.
func (r *Record) Kind() Kind {
	switch {
	case r.Diploma != nil:
		return OfDiploma
	case r.Birth != nil:
		return OfBirth
	case r.Residence != nil:
		return OfResidence
	case r.Company != nil:
		return OfCompany
	}
	return OfNothing
}

// An Authority issues certificates.
type Authority struct {
	ID      edm.Identifier
	Country string    // code of OOTS_Country
	Region  string    // in the country's language: where certificates are issued
	Names   edm.Texts // the country's language first
	Address string    // one line; may be empty
}

// A Holder is a person whom a certificate names. The original names are in the script of the country and empty when
// that is Latin; the day of birth is empty when the register does not say.
type Holder struct {
	FamilyName, GivenName                 string
	OriginalFamilyName, OriginalGivenName string
	DateOfBirth                           edm.Date
	Sex                                   string   // "M", "F", "X" for none of the two, "" when not known
	Citizenships                          []string // codes of OOTS_Country
}

// A Diploma is a completed programme of higher education. The texts are in the languages of the register.
type Diploma struct {
	Institution edm.Texts
	Country     string // of the institution, code of OOTS_Country; "" is that of the authority
	Website     string // of the institution; may be empty
	Programme   edm.Texts
	Field       string    // code of ISCED-F 2013; may be empty
	Award       edm.Texts // title of the degree
	Level       string    // of the European Qualifications Framework: "7"
	Credits     string    // ECTS
	Grade       edm.Texts
	Awarded     edm.Date
}

// A Birth is an entry in the register of births.
type Birth struct {
	Place     edm.Texts
	Country   edm.Texts // as printed
	BirthIn   string    // the country's code of OOTS_Country
	Parents   []edm.Texts
	ParentsAs []Holder // the same parents with their names apart
	Entry     string   // number of the entry
}

// A Residence is an address at which a person is registered.
type Residence struct {
	Street string // with the number of the house
	Code   string
	City   edm.Texts
	Since  edm.Date
}

// A Company is an entry in a register of companies. [DE4A company registration 0.6]
type Company struct {
	Names      edm.Texts // the legal name, with its Latin form under the language "EN" when the script is another
	LegalForm  string    // abbreviation of the country: "GmbH"
	Status     string    // of BRIS: "economically active"
	Activities []string  // codes of NACE
	Registered edm.Date
	Ended      edm.Date // "" while it exists
	EUID       string   // country, register and number [Regulation (EU) 2021/1042]
	VAT        string   // with the prefix of the country; may be empty
	Email      string   // may be empty
	Street     string   // of the registered office
	House      string   // number
	Code       string
	City       edm.Texts
	Country    string // code of OOTS_Country
}

// Title is the name of the certificate in lang.
func (r *Record) Title(lang string) string {
	return words.In(lang).T("title." + string(r.Kind()))
}

// Languages are the languages in which certificates can be made: codes of LanguageCode.
func Languages() []string { return words.Languages() }
