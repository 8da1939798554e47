package evidence

import (
	"strings"

	"oots/edm"
	"oots/internal/evidence/words"
)

// A field is one line of a certificate; second is the same value in Latin letters or in another language.
type field struct{ label, value, second string }

// lines collects fields that say something.
type lines struct {
	w  *words.Words
	fs []field
}

// plain adds a value under the label of key.
func (l *lines) plain(key, value string) {
	if value != "" {
		l.fs = append(l.fs, field{label: l.w.T(key), value: value})
	}
}

func (l *lines) text(key string, t edm.Texts) { l.plain(key, t.In(l.w.Lang()).Value) }

func (l *lines) day(key string, d edm.Date) { l.plain(key, l.w.Date(d)) }

// both adds a name in the script of the country, with the Latin form beside it.
func (l *lines) both(key, original, latin string) {
	if original == "" || original == latin {
		l.plain(key, latin)
		return
	}
	l.fs = append(l.fs, field{l.w.T(key), original, latin})
}

func holderFields(w *words.Words, h Holder) []field {
	l := lines{w: w}
	l.both("familyName", h.OriginalFamilyName, h.FamilyName)
	l.both("givenName", h.OriginalGivenName, h.GivenName)
	l.day("dateOfBirth", h.DateOfBirth)
	if h.Sex != "" {
		l.plain("sex", w.T("sex."+strings.ToLower(h.Sex)))
	}
	for _, c := range h.Citizenships {
		l.plain("citizenship", w.Country(c))
	}
	return l.fs
}

// nameFields gives the legal name of a company, with its other forms below.
func nameFields(w *words.Words, names edm.Texts) []field {
	if len(names) == 0 {
		return nil
	}
	f := field{label: w.T("companyName"), value: names[0].Value}
	for _, t := range names[1:] {
		if t.Value != f.value {
			f.second = strings.TrimPrefix(f.second+", "+t.Value, ", ")
		}
	}
	return []field{f}
}

func contentFields(w *words.Words, r *Record) []field {
	l := lines{w: w}
	switch {
	case r.Diploma != nil:
		d := r.Diploma
		l.text("institution", d.Institution)
		l.plain("country", w.Country(d.Country))
		l.text("programme", d.Programme)
		l.text("award", d.Award)
		l.plain("eqfLevel", d.Level)
		l.plain("ects", d.Credits)
		l.text("grade", d.Grade)
		l.day("awarded", d.Awarded)
	case r.Birth != nil:
		l.text("placeOfBirth", r.Birth.Place)
		if r.Birth.BirthIn != "" {
			l.plain("country", w.Country(r.Birth.BirthIn))
		} else {
			l.text("country", r.Birth.Country)
		}
		l.parents(r.Birth)
		l.plain("entryNumber", r.Birth.Entry)
	case r.Residence != nil:
		l.plain("address", r.Residence.Street)
		l.plain("city", strings.TrimSpace(r.Residence.Code+" "+r.Residence.City.In(w.Lang()).Value))
		l.day("since", r.Residence.Since)
	}
	return l.fs
}

func (l *lines) parents(b *Birth) {
	for _, p := range b.ParentsAs {
		l.both("parent", strings.TrimSpace(p.OriginalGivenName+" "+p.OriginalFamilyName), strings.TrimSpace(p.GivenName+" "+p.FamilyName))
	}
	if len(b.ParentsAs) == 0 {
		for _, p := range b.Parents {
			l.text("parent", p)
		}
	}
}

func companyFields(w *words.Words, c *Company) []field {
	l := lines{w: w}
	l.plain("legalForm", c.LegalForm)
	l.plain("companyStatus", w.Status(c.Status))
	l.plain("nace", strings.Join(c.Activities, ", "))
	l.day("registered", c.Registered)
	l.day("ended", c.Ended)
	l.plain("euid", c.EUID)
	l.plain("vat", c.VAT)
	l.plain("registeredAddress", strings.TrimSpace(c.Street+" "+c.House))
	l.plain("city", strings.TrimSpace(c.Code+" "+c.City.In(w.Lang()).Value))
	l.plain("country", w.Country(c.Country))
	l.plain("email", c.Email)
	return l.fs
}

func documentFields(w *words.Words, r *Record) []field {
	l := lines{w: w}
	l.text("issuer", r.Authority.Names)
	l.plain("number", r.Number)
	l.day("issued", r.Issued)
	return l.fs
}
