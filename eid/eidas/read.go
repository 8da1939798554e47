package eidas

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A DataError says which attribute breaks the profile and why, never its value.
type DataError struct {
	Attribute string // name without its prefix; "" for the set as a whole
	Msg       string
}

// Error implements error.
func (e *DataError) Error() string {
	if e.Attribute == "" {
		return "eidas: " + e.Msg
	}
	return "eidas: " + e.Attribute + ": " + e.Msg
}

// maxValue bounds one text in characters: identifiers are the longest that the profile bounds.
const maxValue = 1024

// ReadSubject sorts attributes into persons and checks each minimum data set. Attributes of other profiles are
// skipped. A natural and a legal person side by side without the prefix of representatives are refused: who acts
// for whom would be a guess. [eIDAS SAML Attribute Profile 1.4 §2.8]
func ReadSubject(attributes []Attribute) (*Subject, error) {
	s := &Subject{}
	seen := make(map[string]bool, len(attributes))
	for _, a := range attributes {
		d, ok := Define(a.Name)
		if !ok {
			continue
		}
		suffix := a.Name[strings.LastIndexByte(a.Name, '/')+1:]
		if suffix == "VATRegistration" {
			suffix = "VATRegistrationNumber"
		}
		key := fmt.Sprint(d.Legal, d.Representative, suffix)
		if seen[key] {
			return nil, &DataError{suffix, "twice"}
		}
		seen[key] = true
		var err error
		if d.Legal {
			err = s.legalPerson(d.Representative).set(suffix, d, a.Values)
		} else {
			err = s.naturalPerson(d.Representative).set(suffix, d, a.Values)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Subject) naturalPerson(representative bool) *NaturalPerson {
	slot := &s.Natural
	if representative {
		slot = &s.Representative
	}
	if *slot == nil {
		*slot = &NaturalPerson{}
	}
	return *slot
}

func (s *Subject) legalPerson(representative bool) *LegalPerson {
	slot := &s.Legal
	if representative {
		slot = &s.RepresentativeLegal
	}
	if *slot == nil {
		*slot = &LegalPerson{}
	}
	return *slot
}

func (p *NaturalPerson) set(suffix string, d Definition, values []Value) (err error) {
	switch suffix {
	case "Nationality":
		for _, v := range values {
			if !country(v.Text) {
				return &DataError{suffix, "not a country code"}
			}
			p.Nationality = append(p.Nationality, v.Text)
		}
		if len(values) == 0 || len(values) > 16 {
			return &DataError{suffix, "no value, or too many"}
		}
		return nil
	case "CurrentAddress":
		p.CurrentAddress, err = readAddress(suffix, values)
		return err
	}
	return setField(suffix, d, naturalTexts(p)[suffix], naturalNames(p)[suffix], values)
}

func (p *LegalPerson) set(suffix string, d Definition, values []Value) (err error) {
	if suffix == "LegalPersonAddress" {
		p.LegalPersonAddress, err = readAddress(suffix, values)
		return err
	}
	return setField(suffix, d, legalTexts(p)[suffix], legalNames(p)[suffix], values)
}

// setField takes one value, or two of a name that stand in any order.
func setField(suffix string, d Definition, text *string, name *Name, values []Value) error {
	limit := 1
	if d.Transliterated {
		limit = 2
	}
	if len(values) == 0 || len(values) > limit {
		return &DataError{suffix, "no value, or too many"}
	}
	for _, v := range values {
		if err := checkText(suffix, v.Text); err != nil {
			return err
		}
		switch {
		case name == nil:
			*text = v.Text
		case v.NonLatin && name.Original == "":
			name.Original = v.Text
		case !v.NonLatin && name.Latin == "":
			name.Latin = v.Text
		default:
			return &DataError{suffix, "two values of one script"}
		}
	}
	return nil
}

func checkText(suffix, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return &DataError{suffix, "empty"}
	case utf8.RuneCountInString(text) > maxValue:
		return &DataError{suffix, "too long"}
	case strings.ContainsFunc(text, unicode.IsControl):
		return &DataError{suffix, "a control character"}
	}
	switch suffix {
	case "PersonIdentifier", "LegalPersonIdentifier":
		if !IsIdentifier(text) {
			return &DataError{suffix, "not of the form country/country/characters"}
		}
	case "DateOfBirth":
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return &DataError{suffix, "not a date"}
		}
	case "Gender":
		if text != "Male" && text != "Female" && text != "Unspecified" {
			return &DataError{suffix, "not one of its three values"}
		}
	case "CountryOfBirth", "CountryOfResidence":
		if !country(text) {
			return &DataError{suffix, "not a country code"}
		}
	}
	return nil
}

// IsIdentifier reports whether s has the form of an eIDAS identifier: the country of the identity, the country or
// organisation that it was made for, and up to 256 characters without white space. [eIDAS SAML Attribute Profile
// 1.4 §2.2.3]
func IsIdentifier(s string) bool {
	if len(s) < len("EL/AT/1") || s[2] != '/' || s[5] != '/' || !country(s[:2]) || !country(s[3:5]) {
		return false
	}
	return utf8.RuneCountInString(s) <= 256 && !strings.ContainsFunc(s, unicode.IsSpace)
}

// country reports whether s is two upper-case letters; which countries take part is for the caller to say. Greece
// is EL here, and GR is nowhere.
func country(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' && s != "GR"
}

// check holds that there is one subject, at most one representative, and that each has its minimum data set.
func (s *Subject) check() error {
	switch {
	case s.Natural == nil && s.Legal == nil:
		return &DataError{"", "no person"}
	case s.Natural != nil && s.Legal != nil:
		return &DataError{"", "a natural and a legal person without the prefix of representatives"}
	case s.Representative != nil && s.RepresentativeLegal != nil:
		return &DataError{"", "two representatives"}
	}
	for _, p := range [2]*NaturalPerson{s.Natural, s.Representative} {
		switch {
		case p == nil:
		case p.PersonIdentifier == "":
			return &DataError{"PersonIdentifier", "missing"}
		case p.FamilyName == Name{}:
			return &DataError{"CurrentFamilyName", "missing"}
		case p.FirstName == Name{}:
			return &DataError{"CurrentGivenName", "missing"}
		case p.DateOfBirth == "":
			return &DataError{"DateOfBirth", "missing"}
		}
	}
	for _, p := range [2]*LegalPerson{s.Legal, s.RepresentativeLegal} {
		switch {
		case p == nil:
		case p.LegalPersonIdentifier == "":
			return &DataError{"LegalPersonIdentifier", "missing"}
		case p.LegalName == Name{}:
			return &DataError{"LegalName", "missing"}
		}
	}
	return nil
}
