package demo

import (
	"cmp"
	"slices"

	"oots/codelist"
	"oots/edm"
	"oots/internal/portal"
)

// Procedures are all of Annex II, in its order, as the portal of a country has them in the demonstration: those that its
// requirements are known of are offered, the others are named. [SDGR Annex II]
func Procedures(country string) []portal.Procedure {
	offered := map[string][]string{"AT": {"T3", "T1", "T2", "V1", "X1"}, "EL": {"T3", "T1", "R1", "S1", "X1"}}[country]
	all := slices.Concat(procedures, annexII)
	for i := range all {
		all[i].Named = !slices.Contains(offered, all[i].Code)
	}
	slices.SortStableFunc(all, func(a, b portal.Procedure) int { return cmp.Compare(place(a.Code), place(b.Code)) })
	return all
}

// place is where a code stands in the code list.
func place(code string) int {
	return slices.IndexFunc(codelist.Procedures.Rows(), func(r codelist.Row) bool { return r.Code == code })
}

func three(en, de, el string) edm.Texts {
	return edm.Texts{{Lang: "EN", Value: en}, {Lang: "DE", Value: de}, {Lang: "EL", Value: el}}
}

var procedures = []portal.Procedure{
	{
		Code: "T3", LifeEvent: portal.Studying,
		Titles: three("Recognition of a foreign diploma",
			"Anerkennung eines ausländischen Diploms",
			"Αναγνώριση πτυχίου της αλλοδαπής"),
		Descriptions: three("For graduates of another country who want to study or work here. The university compares your diploma with ours. You receive its decision in writing.",
			"Für Absolventinnen und Absolventen aus einem anderen Land, die hier studieren oder arbeiten wollen. Die Universität vergleicht Ihr Diplom mit unseren. Sie erhalten die Entscheidung schriftlich.",
			"Για αποφοίτους άλλης χώρας που θέλουν να σπουδάσουν ή να εργαστούν εδώ. Το πανεπιστήμιο συγκρίνει το πτυχίο σας με τα δικά μας. Λαμβάνετε την απόφαση γραπτώς."),
	},
	{
		Code: "T1", LifeEvent: portal.Studying,
		Titles: three("Study grant",
			"Studienbeihilfe",
			"Υποτροφία σπουδών"),
		Descriptions: three("For students with a first degree from another country who need support for further studies. You receive a decision on the amount.",
			"Für Studierende mit einem ersten Abschluss aus einem anderen Land, die für das weitere Studium Unterstützung brauchen. Sie erhalten eine Entscheidung über die Höhe.",
			"Για φοιτητές με πρώτο πτυχίο άλλης χώρας που χρειάζονται στήριξη για περαιτέρω σπουδές. Λαμβάνετε απόφαση για το ποσό."),
	},
	{
		Code: "T2", LifeEvent: portal.Studying,
		Titles: three("Admission to a university",
			"Zulassung zu einem Studium",
			"Εισαγωγή σε πανεπιστήμιο"),
		Descriptions: three("For applicants from another country. You receive a confirmation that your application is complete.",
			"Für Bewerberinnen und Bewerber aus einem anderen Land. Sie erhalten eine Bestätigung, dass Ihr Antrag vollständig ist.",
			"Για υποψηφίους από άλλη χώρα. Λαμβάνετε βεβαίωση ότι η αίτησή σας είναι πλήρης."),
	},
	{
		Code: "V1", LifeEvent: portal.Moving,
		Titles: three("Change of address",
			"Ummeldung des Wohnsitzes",
			"Αλλαγή διεύθυνσης κατοικίας"),
		Descriptions: three("For everybody who moves here from another country. You receive a confirmation of your new registration.",
			"Für alle, die aus einem anderen Land hierher ziehen. Sie erhalten eine Bestätigung der neuen Anmeldung.",
			"Για όσους μετακομίζουν εδώ από άλλη χώρα. Λαμβάνετε βεβαίωση της νέας εγγραφής."),
	},
	{
		Code: "R1", LifeEvent: portal.Birth,
		Titles: three("Proof of birth",
			"Nachweis der Geburt",
			"Πιστοποιητικό γέννησης"),
		Descriptions: three("For persons born in another country who need their birth registered here. You receive a certificate.",
			"Für Personen, die in einem anderen Land geboren sind und ihre Geburt hier eintragen lassen. Sie erhalten eine Urkunde.",
			"Για όσους γεννήθηκαν σε άλλη χώρα και χρειάζονται καταχώριση της γέννησης εδώ. Λαμβάνετε πιστοποιητικό."),
	},
	{
		Code: "S1", LifeEvent: portal.Residence,
		Titles: three("Proof of residence",
			"Nachweis des Wohnsitzes",
			"Βεβαίωση κατοικίας"),
		Descriptions: three("For persons registered in another country who have to prove where they live. You receive a confirmation.",
			"Für Personen, die in einem anderen Land gemeldet sind und ihren Wohnsitz nachweisen müssen. Sie erhalten eine Bestätigung.",
			"Για όσους είναι εγγεγραμμένοι σε άλλη χώρα και πρέπει να αποδείξουν πού κατοικούν. Λαμβάνετε βεβαίωση."),
	},
	{
		Code: "X1", LifeEvent: portal.Business,
		Titles: three("Notice of a business activity",
			"Anzeige einer Geschäftstätigkeit",
			"Γνωστοποίηση επιχειρηματικής δραστηριότητας"),
		Descriptions: three("For companies of another country that want to do business here. You receive a confirmation of your notice. Log in as the company, or as somebody who acts for it.",
			"Für Unternehmen aus einem anderen Land, die hier tätig werden wollen. Sie erhalten eine Bestätigung der Anzeige. Melden Sie sich als Unternehmen an oder als jemand, der es vertritt.",
			"Για εταιρείες άλλης χώρας που θέλουν να δραστηριοποιηθούν εδώ. Λαμβάνετε βεβαίωση της γνωστοποίησης. Συνδεθείτε ως εταιρεία ή ως εκπρόσωπός της."),
	},
}
