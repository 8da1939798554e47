// Package evidence makes the document of a register entry: a certificate as PDF, in the language of the
// authority, with names in the script of the country and in Latin letters. [TDD 5]
//
// It knows no register and no exchange. The same record at the same time gives the same bytes, because
// what the user saw in the preview is what travels. It signs nothing and makes no tagged PDF.
package evidence

import "oots/edm"

// A Record is what a register holds about one person for one certificate. Exactly one of Diploma, Birth and
// Residence is set.
type Record struct {
	ID        string // of the document, bare UUID; the same for the same entry
	Number    string // as printed
	Issued    edm.Date
	Authority Authority
	Holder    Holder
	Diploma   *Diploma
	Birth     *Birth
	Residence *Residence
}

// An Authority issues certificates.
type Authority struct {
	Country string    // code of OOTS_Country
	Names   edm.Texts // the country's language first
	Address string    // one line; may be empty
}

// A Holder is the person whom a certificate is about. The original names are in the script of the country
// and empty when that is Latin.
type Holder struct {
	FamilyName, GivenName                 string
	OriginalFamilyName, OriginalGivenName string
	DateOfBirth                           edm.Date
}

// A Diploma is a completed programme of higher education. The texts are in the languages of the register.
type Diploma struct {
	Institution edm.Texts
	Programme   edm.Texts
	Award       edm.Texts // title of the degree
	Level       string    // of the European Qualifications Framework: "7"
	Credits     string    // ECTS
	Grade       edm.Texts
	Awarded     edm.Date
}

// A Birth is an entry in the register of births.
type Birth struct {
	Place   edm.Texts
	Country edm.Texts
	Parents []edm.Texts
	Entry   string // number of the entry
}

// A Residence is an address at which a person is registered.
type Residence struct {
	Street string
	Code   string
	City   edm.Texts
	Since  edm.Date
}

// Title is the name of the certificate in lang.
func (r *Record) Title(lang string) string {
	l := labelsOf(lang)
	switch {
	case r.Diploma != nil:
		return l.diploma
	case r.Birth != nil:
		return l.birth
	default:
		return l.residence
	}
}

// Languages are the languages in which certificates can be made: codes of LanguageCode.
func Languages() []string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = l.lang
	}
	return out
}
