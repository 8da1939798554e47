package matching

import (
	"fmt"
	"slices"
	"strings"
)

// An Extra is an attribute beside names, date of birth and identifier. It makes a match surer, or tells
// namesakes apart.
type Extra uint8

// The extras.
const (
	PlaceOfBirth Extra = iota
	CountryOfBirth
	BirthName
	Nationality
	Address
	Gender
	SectorIdentifier // of a sector, from the eID
	UserIdentifier   // a national number that the user typed
	extras
)

var extraNames = [extras]string{
	"placeOfBirth", "countryOfBirth", "birthName", "nationality", "address", "gender", "sectorIdentifier", "userIdentifier",
}

// String is the word that the policy uses.
func (e Extra) String() string {
	if e < extras {
		return extraNames[e]
	}
	return fmt.Sprintf("Extra(%d)", uint8(e))
}

func parseExtra(s string) (Extra, error) {
	i := slices.Index(extraNames[:], s)
	if i < 0 {
		return 0, fmt.Errorf("there is no attribute %q", s)
	}
	return Extra(i), nil
}

// gradeExtras compares what q and the entry have besides. What the user declared is used only where her eID is
// silent, and marked.
func (m *Matcher) gradeExtras(q, e *side, o *Observation) {
	set := func(x Extra, grade Grade, declared func() Grade) {
		if grade == Missing && declared != nil {
			if grade = declared(); grade != Missing {
				o.Declared[x] = true
			}
		}
		if grade == Disagree && m.Policy.neverAgainst[x] {
			grade = Missing
		}
		o.Extras[x] = grade
	}
	p, r := q.person, e.person
	d := q.declared
	set(PlaceOfBirth, gradePlace(p.PlaceOfBirth, r.PlaceOfBirth), func() Grade { return gradePlace(d.PlaceOfBirth, r.PlaceOfBirth) })
	country := func(x string) Grade {
		grade := gradeCountry(x, r.CountryOfBirth)
		if grade == Agree && gradeCountry(r.CountryOfBirth, m.Country) == Agree {
			return Missing // most people of the register were born there: it says nothing
		}
		return grade
	}
	set(CountryOfBirth, country(p.CountryOfBirth), func() Grade { return country(d.CountryOfBirth) })
	set(BirthName, m.gradeBirthName(q, e), nil)
	set(Nationality, gradeCodes(p.Nationalities, r.Nationalities), func() Grade { return gradeCodes(d.Nationalities, r.Nationalities) })
	set(Address, gradeText(p.Address, r.Address), func() Grade { return gradeText(d.Address, r.Address) })
	set(Gender, gradeGender(p.Gender, r.Gender), nil)
	set(SectorIdentifier, gradeSector(p.Sector, r.Sector), nil)
	set(UserIdentifier, Missing, func() Grade { return gradeAny(d.NationalNumbers, r.NationalNumbers) })
}

// gradeBirthName compares names at birth when both sides have one, by their words and not by position.
func (m *Matcher) gradeBirthName(a, b *side) Grade {
	if len(a.birth.words) == 0 || len(b.birth.words) == 0 {
		return Missing
	}
	if sameWords(a.birth.words, b.birth.words) || reordered(a.birth.words, b.birth.words) {
		return Agree
	}
	if m.lexicon.gradeFamily(&a.birth, &b.birth) != Disagree {
		return Missing
	}
	return Disagree
}

// gradeCodes agrees when one of several nationalities is the same. [record-matching §10 case 35]
func gradeCodes(a, b []string) Grade {
	if len(a) == 0 || len(b) == 0 {
		return Missing
	}
	for _, x := range a {
		for _, y := range b {
			if gradeCountry(x, y) == Agree {
				return Agree
			}
		}
	}
	return Disagree
}

// gradeGender knows Unspecified as silence. [record-matching §10 case 34]
func gradeGender(a, b string) Grade {
	for _, s := range []string{a, b} {
		if s == "" || strings.EqualFold(s, "Unspecified") {
			return Missing
		}
	}
	if strings.EqualFold(a, b) {
		return Agree
	}
	return Disagree
}

func gradeText(a, b string) Grade {
	x, y := parseName(a).words, parseName(b).words
	switch {
	case len(x) == 0 || len(y) == 0:
		return Missing
	case spelledAlike(x, y):
		return Agree
	}
	return Disagree
}

// gradeSector compares identifiers of the same scheme only.
func gradeSector(a, b map[string]string) Grade {
	grade := Missing
	for scheme, x := range a {
		y, ok := b[scheme]
		switch {
		case !ok || x == "" || y == "":
		case compact(x) == compact(y):
			if grade == Missing {
				grade = Agree
			}
		default:
			grade = Disagree
		}
	}
	return grade
}

// gradeAny compares numbers of one kind.
func gradeAny(a, b []string) Grade {
	if len(a) == 0 || len(b) == 0 {
		return Missing
	}
	for _, x := range a {
		if slices.ContainsFunc(b, func(y string) bool { return compact(x) == compact(y) }) {
			return Agree
		}
	}
	return Disagree
}

// compact is a number without what people put between its digits.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-/", r) {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}
