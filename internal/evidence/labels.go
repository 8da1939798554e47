package evidence

import (
	"strings"

	"oots/edm"
)

// A vocabulary is every word that a certificate prints in one language.
type vocabulary struct {
	lang, locale              string
	diploma, birth, residence string // titles
	certifies                 string // sentence between title and holder
	holder                    string
	family, given, born       string
	content                   string
	institution, programme    string
	award, level, credits     string
	grade, awarded            string
	birthPlace, country       string
	parent, entry             string
	street, city, since       string
	document                  string
	number, issued, issuer    string
	demonstration             string
	member                    map[string]string // Member States by code
	months                    [12]string
	date                      string // day, month and year in order: D, M, Y
}

// labels are the languages, the fallback last.
var labels = [...]vocabulary{
	{
		lang: "EL", locale: "el-GR",
		diploma: "Βεβαίωση πτυχίου", birth: "Πιστοποιητικό γέννησης", residence: "Βεβαίωση μόνιμης κατοικίας",
		certifies: "Βεβαιώνεται ότι στο μητρώο της εκδούσας αρχής είναι καταχωρισμένα τα ακόλουθα στοιχεία.",
		holder:    "Στοιχεία προσώπου", family: "Επώνυμο", given: "Όνομα", born: "Ημερομηνία γέννησης",
		content:     "Περιεχόμενο της καταχώρισης",
		institution: "Ίδρυμα", programme: "Πρόγραμμα σπουδών", award: "Τίτλος σπουδών",
		level: "Επίπεδο (ΕΠΕΠ)", credits: "Πιστωτικές μονάδες (ECTS)", grade: "Βαθμός", awarded: "Ημερομηνία απονομής",
		birthPlace: "Τόπος γέννησης", country: "Χώρα", parent: "Γονέας", entry: "Αριθμός καταχώρισης",
		street: "Διεύθυνση", city: "Πόλη", since: "Κάτοικος από",
		document: "Έγγραφο", number: "Αριθμός εγγράφου", issued: "Ημερομηνία έκδοσης", issuer: "Εκδούσα αρχή",
		demonstration: "Επίδειξη: πρόσωπο, αρχή και έγγραφο είναι επινοημένα. Χωρίς νομική ισχύ.",
		member:        map[string]string{"EL": "Ελλάδα", "AT": "Αυστρία"},
		months: [12]string{"Ιανουαρίου", "Φεβρουαρίου", "Μαρτίου", "Απριλίου", "Μαΐου", "Ιουνίου", "Ιουλίου",
			"Αυγούστου", "Σεπτεμβρίου", "Οκτωβρίου", "Νοεμβρίου", "Δεκεμβρίου"},
		date: "D M Y",
	},
	{
		lang: "DE", locale: "de-AT",
		diploma: "Bestätigung eines Studienabschlusses", birth: "Geburtsurkunde", residence: "Meldebestätigung",
		certifies: "Hiermit wird bestätigt, dass im Register der ausstellenden Behörde Folgendes eingetragen ist.",
		holder:    "Angaben zur Person", family: "Familienname", given: "Vorname", born: "Geburtsdatum",
		content:     "Inhalt der Eintragung",
		institution: "Bildungseinrichtung", programme: "Studium", award: "Akademischer Grad",
		level: "Niveau (EQR)", credits: "Leistungspunkte (ECTS)", grade: "Beurteilung", awarded: "Verliehen am",
		birthPlace: "Geburtsort", country: "Staat", parent: "Elternteil", entry: "Eintragsnummer",
		street: "Anschrift", city: "Ort", since: "Gemeldet seit",
		document: "Urkunde", number: "Nummer", issued: "Ausgestellt am", issuer: "Ausstellende Behörde",
		demonstration: "Vorführung: Person, Behörde und Urkunde sind erfunden. Ohne rechtliche Wirkung.",
		member:        map[string]string{"EL": "Griechenland", "AT": "Österreich"},
		months: [12]string{"Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
			"Oktober", "November", "Dezember"},
		date: "D. M Y",
	},
	{
		lang: "EN", locale: "en-GB",
		diploma: "Confirmation of a degree", birth: "Birth certificate", residence: "Certificate of residence",
		certifies: "This is to certify that the register of the issuing authority holds the following entry.",
		holder:    "Person", family: "Family name", given: "Given name", born: "Date of birth",
		content:     "Entry",
		institution: "Institution", programme: "Programme", award: "Degree",
		level: "Level (EQF)", credits: "Credits (ECTS)", grade: "Grade", awarded: "Awarded on",
		birthPlace: "Place of birth", country: "Country", parent: "Parent", entry: "Number of the entry",
		street: "Address", city: "City", since: "Resident since",
		document: "Document", number: "Number", issued: "Issued on", issuer: "Issuing authority",
		demonstration: "Demonstration: person, authority and document are invented. Without legal effect.",
		member:        map[string]string{"EL": "Greece", "AT": "Austria"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
			"October", "November", "December"},
		date: "D M Y",
	},
}

func labelsOf(lang string) *vocabulary {
	for i := range labels {
		if strings.EqualFold(labels[i].lang, lang) {
			return &labels[i]
		}
	}
	return &labels[len(labels)-1]
}

// day writes a date as people read it; what is no date stays as it is.
func (v *vocabulary) day(d edm.Date) string {
	s := string(d)
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return s
	}
	month := int(s[5]-'0')*10 + int(s[6]-'0')
	if month < 1 || month > 12 {
		return s
	}
	return strings.NewReplacer("D", strings.TrimPrefix(s[8:], "0"), "M", v.months[month-1], "Y", s[:4]).Replace(v.date)
}

// A field is one line of a certificate; Second is the same value in Latin letters or in another language.
type field struct{ label, value, second string }

// holderFields gives the names in the script of the country, with the Latin form beside them.
func (v *vocabulary) holderFields(h Holder) []field {
	both := func(original, latin string) (string, string) {
		if original == "" || original == latin {
			return latin, ""
		}
		return original, latin
	}
	var fs []field
	value, second := both(h.OriginalFamilyName, h.FamilyName)
	fs = append(fs, field{v.family, value, second})
	value, second = both(h.OriginalGivenName, h.GivenName)
	fs = append(fs, field{v.given, value, second})
	return append(fs, field{label: v.born, value: v.day(h.DateOfBirth)})
}

func (v *vocabulary) contentFields(r *Record) []field {
	var fs []field
	text := func(label string, t edm.Texts) {
		if x := t.In(v.lang).Value; x != "" {
			fs = append(fs, field{label: label, value: x})
		}
	}
	plain := func(label, x string) {
		if x != "" {
			fs = append(fs, field{label: label, value: x})
		}
	}
	switch {
	case r.Diploma != nil:
		d := r.Diploma
		text(v.institution, d.Institution)
		text(v.programme, d.Programme)
		text(v.award, d.Award)
		plain(v.level, d.Level)
		plain(v.credits, d.Credits)
		text(v.grade, d.Grade)
		plain(v.awarded, v.day(d.Awarded))
	case r.Birth != nil:
		text(v.birthPlace, r.Birth.Place)
		text(v.country, r.Birth.Country)
		for _, p := range r.Birth.Parents {
			text(v.parent, p)
		}
		plain(v.entry, r.Birth.Entry)
	case r.Residence != nil:
		plain(v.street, r.Residence.Street)
		plain(v.city, strings.TrimSpace(r.Residence.Code+" "+r.Residence.City.In(v.lang).Value))
		plain(v.since, v.day(r.Residence.Since))
	}
	return fs
}

func (v *vocabulary) documentFields(r *Record) []field {
	a := r.Authority.Names.In(v.lang).Value
	return []field{
		{label: v.issuer, value: a},
		{label: v.number, value: r.Number},
		{label: v.issued, value: v.day(r.Issued)},
	}
}
