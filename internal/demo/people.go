package demo

import (
	"oots/edm"
	"oots/internal/login"
	eid "oots/internal/login/demo"
	"oots/internal/requester"
)

// A Subject is a test person or company: who she is at login, and what the register of her country does with a request
// about her.
type Subject struct {
	Key      string // short name on the command line
	Identity login.Identity
	Outcome  eid.Outcome
}

// What says the outcome in English, for the command line; the pages have it in every language.
func (s Subject) What() string {
	switch s.Outcome {
	case eid.Success:
		return "a preview, then the document, unless it is declined there"
	case eid.Letters:
		return "a preview, then a document with letters outside ASCII"
	case eid.Nobody:
		return "nobody is found in the register (EDM:ERR:0004)"
	case eid.Several:
		return "two register entries match, nothing is sent (EDM:ERR:0004)"
	case eid.Nothing:
		return "the person is known, the document is not (empty answer)"
	case eid.Failure:
		return "the register is out of order (EDM:ERR:0008)"
	case eid.Silence:
		return "the provider never answers, the portal gives up in time"
	case eid.Later:
		return "the document is announced for in two days"
	}
	return string(s.Outcome)
}

// Subjects are the test persons of both countries, natural and legal, and who acts for the latter; those of one country
// together. Their records lie in the register of their country; a company's are for procedure X1.
func Subjects() []Subject {
	eleni := subject("eleni", "EL/AT/DEMO1001", "Eleni", "Papadopoulou", "Ελένη", "Παπαδοπούλου", "1998-03-25", eid.Success)
	hans := subject("hans", "AT/EL/DEMO2001", "Hans", "Meier", "", "", "1995-04-18", eid.Success)
	aigaion := company("aigaion", "EL/AT/DEMOC1001", "Aigaion Epideixi AE", "Αιγαίον Επίδειξη ΑΕ")
	donaublick := company("donaublick", "AT/EL/DEMOC2001", "Donaublick Vorführung GmbH", "")
	return []Subject{
		eleni,
		subject("nikos", "EL/AT/DEMO1002", "Nikos", "Oikonomou", "Νίκος", "Οικονόμου", "1990-11-02", eid.Nobody),
		subject("maria", "EL/AT/DEMO1003", "Maria", "Georgiou", "Μαρία", "Γεωργίου", "1985-07-14", eid.Failure),
		subject("dimitris", "EL/AT/DEMO1004", "Dimitris", "Vasileiou", "Δημήτρης", "Βασιλείου", "1979-01-30", eid.Silence),
		subject("sofia", "EL/AT/DEMO1005", "Sofia", "Nikolaidou", "Σοφία", "Νικολαΐδου", "2001-09-09", eid.Later),
		subject("anna", "EL/AT/DEMO1006", "Anna", "Dimou", "Άννα", "Δήμου", "1993-05-05", eid.Several),
		subject("kostas", "EL/AT/DEMO1007", "Kostas", "Makris", "Κώστας", "Μακρής", "1988-12-12", eid.Nothing),
		aigaion,
		acting("eleni-aigaion", aigaion, eleni),
		hans,
		subject("julia", "AT/EL/DEMO2002", "Julia", "Größwang", "", "", "1992-08-21", eid.Letters),
		subject("franz", "AT/EL/DEMO2003", "Franz", "Niemand", "", "", "1970-02-02", eid.Nobody),
		subject("eva", "AT/EL/DEMO2004", "Eva", "Störfall", "", "", "1983-06-06", eid.Failure),
		subject("otto", "AT/EL/DEMO2005", "Otto", "Still", "", "", "1969-10-10", eid.Silence),
		subject("lena", "AT/EL/DEMO2006", "Lena", "Später", "", "", "2000-12-01", eid.Later),
		donaublick,
		acting("hans-donaublick", donaublick, hans),
	}
}

// Persons are the subjects as the demonstration eID lists them.
func Persons() []eid.Person {
	var out []eid.Person
	for _, s := range Subjects() {
		out = append(out, eid.Person{Key: s.Key, Identity: s.Identity, Outcome: s.Outcome})
	}
	return out
}

func subject(key, id, given, family, givenOriginal, familyOriginal string, born edm.Date, o eid.Outcome) Subject {
	return Subject{
		Key: key,
		Identity: login.Identity{
			Person:             edm.Person{LoA: edm.High, Identifier: id, FamilyName: family, GivenName: given, DateOfBirth: born},
			Country:            id[:2],
			OriginalFamilyName: familyOriginal,
			OriginalGivenName:  givenOriginal,
		},
		Outcome: o,
	}
}

// company is a legal person of the register, acting for itself.
func company(key, id, name, original string) Subject {
	return Subject{
		Key: key, Outcome: eid.Success,
		Identity: login.Identity{Country: id[:2], Legal: &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: id, LegalName: name, LegalNameOriginal: original}},
	}
}

// acting is who acts for a company, with a mandate for everything.
func acting(key string, company, person Subject) Subject {
	id, who := company.Identity, person.Identity
	id.Representative, id.PowerScope = &who.Person, requester.AllProcedures
	id.OriginalFamilyName, id.OriginalGivenName = who.OriginalFamilyName, who.OriginalGivenName
	return Subject{Key: key, Identity: id, Outcome: company.Outcome}
}
