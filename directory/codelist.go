package directory

import "oots/edm"

// A Code is one row of a code list: what a query carries and what a user reads. [TDD 3.5.2]
type Code struct {
	Code  string
	Names edm.Texts
}

// A CodeList is a Member State code list as the directory knows it. [TDD 3.5.2]
type CodeList struct {
	URL     string // https URL of the Semantic Repository
	Version string // of its content; "" when unknown
	Codes   []Code
}

// Has reports whether code is in the list; codes compare as written.
func (l CodeList) Has(code string) bool {
	for i := range l.Codes {
		if l.Codes[i].Code == code {
			return true
		}
	}
	return false
}
