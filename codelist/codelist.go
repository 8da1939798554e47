// Package codelist holds the code lists that OOTS messages are checked against, each with the edition it was
// taken from. [TDD 4.5, TDD 3.5]
//
//	codelist.Languages.Has("EN")          // true; "en" is no code
//	codelist.Countries.Label("EL")        // "Greece"
//	codelist.EAS.HasIn("1.0", "9901")     // true; later lines dropped it
//
// Codes are facts; labels are short English wordings of ours for screens and reports, never the published
// texts, and the portals translate them. The package does not fetch lists: a newer edition is a new table, or
// an Edition that an operator puts in force in a Set.
package codelist

import (
	"slices"
	"strings"
)

// A List names one code list.
type List string

// The lists. The comment says what the published list is called when our name differs.
const (
	OOTSCountries     List = "OOTS_Country" // the Member States and EEA countries that take part, and EU
	Countries         List = "CountryIdentificationCode"
	Languages         List = "LanguageCode"
	Procedures        List = "Procedures" // with 00, the system check
	EAS               List = "EAS"        // electronic address schemes, the suffix of an EAS scheme URN
	AgentClasses      List = "AgentClassification"
	LevelsOfAssurance List = "LevelsOfAssurance"
	Genders           List = "Gender"
	LegalIdentifiers  List = "IdentifierSchemes" // further identifiers of a legal person
	MediaTypes        List = "OOTSMediaTypes"
	DocumentKinds     List = "ClassificationNode" // nodes of urn:fdc:oots:classification:edm
	AssociatedKinds   List = "AssociatedDocumentRequest"
	ConceptTypes      List = "EvidenceProviderClassificationType"
	NUTS              List = "NUTS"
)

// A Row is one code with its label. Label is "" for lists that nobody shows to people.
type Row struct{ Code, Label string }

type table struct {
	version string
	rows    []Row  // sorted by code when sorted is set, else in the order of the list
	sorted  bool   // long list: binary search
	bare    string // further codes without label, each between spaces
}

// Lists returns the names of all lists.
func Lists() []List {
	return []List{
		OOTSCountries, Countries, Languages, Procedures, EAS, AgentClasses, LevelsOfAssurance, Genders,
		LegalIdentifiers, MediaTypes, DocumentKinds, AssociatedKinds, ConceptTypes, NUTS,
	}
}

// Has reports whether code is in the list, compared exactly: no trimming, no case folding.
func (l List) Has(code string) bool { return l.table().has(code) }

// Label returns the English label of code, or "" when it has none.
func (l List) Label(code string) string {
	row, _ := l.table().find(code)
	return row.Label
}

// Rows returns the rows that have a label, in the order of the list.
func (l List) Rows() []Row { return slices.Clone(l.table().rows) }

// Codes returns every code of the list, those with a label first.
func (l List) Codes() []string { return l.table().codes() }

// Version returns the edition of the list: a release of the TDD, or the date that the list carries. "" for
// an unknown list.
func (l List) Version() string { return l.table().version }

func (t table) has(code string) bool {
	if _, ok := t.find(code); ok {
		return true
	}
	return len(code) > 0 && !strings.Contains(code, " ") && strings.Contains(t.bare, " "+code+" ")
}

func (t table) codes() []string {
	codes := make([]string, 0, len(t.rows))
	for _, r := range t.rows {
		codes = append(codes, r.Code)
	}
	return append(codes, strings.Fields(t.bare)...)
}

func (t table) find(code string) (Row, bool) {
	if t.sorted {
		i, ok := slices.BinarySearchFunc(t.rows, code, func(r Row, c string) int { return strings.Compare(r.Code, c) })
		if !ok {
			return Row{}, false
		}
		return t.rows[i], true
	}
	for _, r := range t.rows {
		if r.Code == code {
			return r, true
		}
	}
	return Row{}, false
}

// table is a switch, not a map: nothing of the package can be changed while it runs.
func (l List) table() table {
	switch l {
	case OOTSCountries:
		return table{version: "2.0.1", rows: ootsCountries[:]}
	case Countries:
		return table{version: "ISO 3166 2020-04-17, UBL 2.3", rows: countries[:], sorted: true, bare: countries3}
	case Languages:
		return table{version: "ISO 639 2020-04-17, UBL 2.3", rows: languages[:], sorted: true, bare: languages3}
	case Procedures:
		return table{version: "2.0.1", rows: procedures[:]}
	case EAS:
		return table{version: "2.0.1", bare: eas}
	case AgentClasses:
		return table{version: "2022-12", rows: agentClasses[:]}
	case LevelsOfAssurance:
		return table{version: "2022-12", rows: levels[:]}
	case Genders:
		return table{version: "2.0.1", rows: genders[:]}
	case LegalIdentifiers:
		return table{version: "2022-12", rows: legalIdentifiers[:]}
	case MediaTypes:
		return table{version: "2022-12", rows: mediaTypes[:]}
	case DocumentKinds:
		return table{version: "2.0.1", rows: documentKinds[:]}
	case AssociatedKinds:
		return table{version: "2.0.1", rows: documentKinds[1:]}
	case ConceptTypes:
		return table{version: "2.0.1", rows: conceptTypes[:]}
	case NUTS:
		return table{version: "2016", bare: nuts}
	}
	return table{}
}
