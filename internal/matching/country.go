package matching

import (
	"slices"
	"strings"
)

// sameCountry is the code under which a country is compared: EL is GR, UK is GB.
func sameCountry(code string) string {
	switch code = strings.ToUpper(strings.TrimSpace(code)); code {
	case "EL":
		return "GR"
	case "UK":
		return "GB"
	}
	return code
}

// successors are the states of today on the land of those that are gone. A person born there may have either
// in her documents. CS was Czechoslovakia and, later, Serbia and Montenegro. [record-matching §7]
var successors = map[string][]string{
	"YU": {"HR", "SI", "BA", "MK", "ME", "RS", "XK", "CS"},
	"SU": {"RU", "UA", "BY", "MD", "EE", "LV", "LT", "GE", "AM", "AZ", "KZ", "KG", "TJ", "TM", "UZ"},
	"CS": {"CZ", "SK", "RS", "ME", "XK"},
	"DD": {"DE"},
	"RS": {"XK"},
}

// gradeCountry compares two countries of birth by what they are or have become.
func gradeCountry(x, y string) Grade {
	a, b := sameCountry(x), sameCountry(y)
	switch {
	case a == "" || b == "":
		return Missing
	case a == b || slices.Contains(successors[a], b) || slices.Contains(successors[b], a):
		return Agree
	case overlap(successors[a], successors[b]):
		return Agree
	}
	return Disagree
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}
