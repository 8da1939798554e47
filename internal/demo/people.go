package demo

import (
	"oots/edm"
	"oots/internal/login"
)

// A Subject is a test person: who she is at login, and what happens to a request about her.
type Subject struct {
	Key      string // short name on the command line
	Identity login.Identity
	Outcome  Outcome
	What     edm.Texts // the outcome in words
}

// An Outcome is what the register of the subject's country does with a request about her.
type Outcome string

// The outcomes on demand.
const (
	Released   Outcome = "success"     // a preview, then the evidence, unless it is declined there
	NotFound   Outcome = "not-found"   // no register entry matches
	Ambiguous  Outcome = "ambiguous"   // two register entries match
	NoDocument Outcome = "no-document" // the person is known, the document is not
	OutOfOrder Outcome = "error"       // the register fails
	Silent     Outcome = "silent"      // the provider never answers
	Later      Outcome = "later"       // the evidence is announced for later
)

// words says each outcome in the languages of the pages.
var words = map[Outcome]edm.Texts{
	Released: {
		{Lang: "EN", Value: "A preview, then the document. Choose “Do not send” there to decline."},
		{Lang: "DE", Value: "Eine Vorschau, dann das Dokument. Mit „Nicht senden“ lehnen Sie dort ab."},
		{Lang: "EL", Value: "Προεπισκόπηση και μετά το έγγραφο. Με «Να μη σταλεί» το αρνείστε εκεί."},
	},
	NotFound: {
		{Lang: "EN", Value: "Nobody is found in the register."},
		{Lang: "DE", Value: "Im Register wird niemand gefunden."},
		{Lang: "EL", Value: "Δεν βρίσκεται κανείς στο μητρώο."},
	},
	Ambiguous: {
		{Lang: "EN", Value: "Two register entries match, so nothing is sent."},
		{Lang: "DE", Value: "Zwei Einträge passen, darum wird nichts gesendet."},
		{Lang: "EL", Value: "Ταιριάζουν δύο εγγραφές, άρα δεν στέλνεται τίποτα."},
	},
	NoDocument: {
		{Lang: "EN", Value: "The person is known, but there is no such document."},
		{Lang: "DE", Value: "Die Person ist bekannt, das Dokument gibt es nicht."},
		{Lang: "EL", Value: "Το πρόσωπο είναι γνωστό, αλλά δεν υπάρχει τέτοιο έγγραφο."},
	},
	OutOfOrder: {
		{Lang: "EN", Value: "The register is out of order: an error comes back."},
		{Lang: "DE", Value: "Das Register ist gestört: Es kommt ein Fehler zurück."},
		{Lang: "EL", Value: "Το μητρώο έχει βλάβη: επιστρέφεται σφάλμα."},
	},
	Silent: {
		{Lang: "EN", Value: "The provider never answers: the portal gives up in time."},
		{Lang: "DE", Value: "Die Stelle antwortet nie: Das Portal bricht rechtzeitig ab."},
		{Lang: "EL", Value: "Ο φορέας δεν απαντά ποτέ: η πύλη σταματά εγκαίρως."},
	},
	Later: {
		{Lang: "EN", Value: "The document will be available in two days."},
		{Lang: "DE", Value: "Das Dokument ist in zwei Tagen verfügbar."},
		{Lang: "EL", Value: "Το έγγραφο θα είναι διαθέσιμο σε δύο ημέρες."},
	},
}

// Subjects are the test persons of both countries. Their records lie in the register of their country.
func Subjects() []Subject {
	return []Subject{
		subject("eleni", "EL/AT/DEMO1001", "Eleni", "Papadopoulou", "Ελένη", "Παπαδοπούλου", "1998-03-25", Released),
		subject("nikos", "EL/AT/DEMO1002", "Nikos", "Oikonomou", "Νίκος", "Οικονόμου", "1990-11-02", NotFound),
		subject("maria", "EL/AT/DEMO1003", "Maria", "Georgiou", "Μαρία", "Γεωργίου", "1985-07-14", OutOfOrder),
		subject("dimitris", "EL/AT/DEMO1004", "Dimitris", "Vasileiou", "Δημήτρης", "Βασιλείου", "1979-01-30", Silent),
		subject("sofia", "EL/AT/DEMO1005", "Sofia", "Nikolaidou", "Σοφία", "Νικολαΐδου", "2001-09-09", Later),
		subject("anna", "EL/AT/DEMO1006", "Anna", "Dimou", "Άννα", "Δήμου", "1993-05-05", Ambiguous),
		subject("kostas", "EL/AT/DEMO1007", "Kostas", "Makris", "Κώστας", "Μακρής", "1988-12-12", NoDocument),
		subject("hans", "AT/EL/DEMO2001", "Hans", "Meier", "", "", "1995-04-18", Released),
		subject("julia", "AT/EL/DEMO2002", "Julia", "Größwang", "", "", "1992-08-21", Released),
		subject("franz", "AT/EL/DEMO2003", "Franz", "Niemand", "", "", "1970-02-02", NotFound),
		subject("eva", "AT/EL/DEMO2004", "Eva", "Störfall", "", "", "1983-06-06", OutOfOrder),
		subject("otto", "AT/EL/DEMO2005", "Otto", "Still", "", "", "1969-10-10", Silent),
		subject("lena", "AT/EL/DEMO2006", "Lena", "Später", "", "", "2000-12-01", Later),
	}
}

func subject(key, id, given, family, givenOriginal, familyOriginal string, born edm.Date, o Outcome) Subject {
	return Subject{
		Key: key,
		Identity: login.Identity{
			Person:             edm.Person{LoA: edm.High, Identifier: id, FamilyName: family, GivenName: given, DateOfBirth: born},
			Country:            id[:2],
			OriginalFamilyName: familyOriginal,
			OriginalGivenName:  givenOriginal,
		},
		Outcome: o,
		What:    words[o],
	}
}
