package demo

import (
	"oots/edm"
	"oots/internal/portal"
)

// Procedures are those that the portal of a country offers in the demonstration.
func Procedures(country string) []portal.Procedure {
	codes := map[string][]string{"AT": {"T3", "T1", "T2", "V1", "X1"}, "EL": {"T3", "T1", "R1", "S1", "X1"}}[country]
	var out []portal.Procedure
	for _, p := range procedures {
		for _, c := range codes {
			if p.Code == c {
				out = append(out, p)
			}
		}
	}
	return out
}

func three(en, de, el string) edm.Texts {
	return edm.Texts{{Lang: "EN", Value: en}, {Lang: "DE", Value: de}, {Lang: "EL", Value: el}}
}

var procedures = []portal.Procedure{
	{
		Code: "T3",
		Titles: three("Recognition of a foreign diploma",
			"Anerkennung eines ausländischen Diploms",
			"Αναγνώριση πτυχίου της αλλοδαπής"),
		Descriptions: three("For graduates of another country who want to study or work here. The university compares your diploma with ours. You receive its decision in writing.",
			"Für Absolventinnen und Absolventen aus einem anderen Land, die hier studieren oder arbeiten wollen. Die Universität vergleicht Ihr Diplom mit unseren. Sie erhalten die Entscheidung schriftlich.",
			"Για αποφοίτους άλλης χώρας που θέλουν να σπουδάσουν ή να εργαστούν εδώ. Το πανεπιστήμιο συγκρίνει το πτυχίο σας με τα δικά μας. Λαμβάνετε την απόφαση γραπτώς."),
	},
	{
		Code: "T1",
		Titles: three("Study grant",
			"Studienbeihilfe",
			"Υποτροφία σπουδών"),
		Descriptions: three("For students with a first degree from another country who need support for further studies. You receive a decision on the amount.",
			"Für Studierende mit einem ersten Abschluss aus einem anderen Land, die für das weitere Studium Unterstützung brauchen. Sie erhalten eine Entscheidung über die Höhe.",
			"Για φοιτητές με πρώτο πτυχίο άλλης χώρας που χρειάζονται στήριξη για περαιτέρω σπουδές. Λαμβάνετε απόφαση για το ποσό."),
	},
	{
		Code: "T2",
		Titles: three("Admission to a university",
			"Zulassung zu einem Studium",
			"Εισαγωγή σε πανεπιστήμιο"),
		Descriptions: three("For applicants from another country. You receive a confirmation that your application is complete.",
			"Für Bewerberinnen und Bewerber aus einem anderen Land. Sie erhalten eine Bestätigung, dass Ihr Antrag vollständig ist.",
			"Για υποψηφίους από άλλη χώρα. Λαμβάνετε βεβαίωση ότι η αίτησή σας είναι πλήρης."),
	},
	{
		Code: "V1",
		Titles: three("Change of address",
			"Ummeldung des Wohnsitzes",
			"Αλλαγή διεύθυνσης κατοικίας"),
		Descriptions: three("For everybody who moves here from another country. You receive a confirmation of your new registration.",
			"Für alle, die aus einem anderen Land hierher ziehen. Sie erhalten eine Bestätigung der neuen Anmeldung.",
			"Για όσους μετακομίζουν εδώ από άλλη χώρα. Λαμβάνετε βεβαίωση της νέας εγγραφής."),
	},
	{
		Code: "R1",
		Titles: three("Proof of birth",
			"Nachweis der Geburt",
			"Πιστοποιητικό γέννησης"),
		Descriptions: three("For persons born in another country who need their birth registered here. You receive a certificate.",
			"Für Personen, die in einem anderen Land geboren sind und ihre Geburt hier eintragen lassen. Sie erhalten eine Urkunde.",
			"Για όσους γεννήθηκαν σε άλλη χώρα και χρειάζονται καταχώριση της γέννησης εδώ. Λαμβάνετε πιστοποιητικό."),
	},
	{
		Code: "S1",
		Titles: three("Proof of residence",
			"Nachweis des Wohnsitzes",
			"Βεβαίωση κατοικίας"),
		Descriptions: three("For persons registered in another country who have to prove where they live. You receive a confirmation.",
			"Für Personen, die in einem anderen Land gemeldet sind und ihren Wohnsitz nachweisen müssen. Sie erhalten eine Bestätigung.",
			"Για όσους είναι εγγεγραμμένοι σε άλλη χώρα και πρέπει να αποδείξουν πού κατοικούν. Λαμβάνετε βεβαίωση."),
	},
	{
		Code: "X1",
		Titles: three("Notice of a business activity",
			"Anzeige einer Geschäftstätigkeit",
			"Γνωστοποίηση επιχειρηματικής δραστηριότητας"),
		Descriptions: three("For companies of another country that want to do business here. You receive a confirmation of your notice. Log in as the company, or as somebody who acts for it.",
			"Für Unternehmen aus einem anderen Land, die hier tätig werden wollen. Sie erhalten eine Bestätigung der Anzeige. Melden Sie sich als Unternehmen an oder als jemand, der es vertritt.",
			"Για εταιρείες άλλης χώρας που θέλουν να δραστηριοποιηθούν εδώ. Λαμβάνετε βεβαίωση της γνωστοποίησης. Συνδεθείτε ως εταιρεία ή ως εκπρόσωπός της."),
	},
}
