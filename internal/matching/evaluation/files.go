// Package evaluation measures a matching policy on files: persons who make a register, and pairs of a request and
// an entry with the class that is expected. It reports precision and recall per class, and counts what may
// never happen: an entry given to somebody else. [record-matching §10]
//
// The persons are JSON:
//
//	{"naturalPersons": [{"id": "a", "familyName": "Żółć", "givenName": "Łukasz", "dateOfBirth": "1988-11-30"}]}
//
// The pairs are CSV with a header: id, request_family, request_given, request_dob, request_extra, and the same for the
// register, expected_class, why. An extra is a list of words parted by semicolons or commas: NAME=VALUE with the
// names of Attributes, and for the register protected, deceased, "two records" (the persons of that name and day are
// the entries) and "one VALUE" (the expected one of these has it). "SCHEME equal" stands for an identifier of a legal
// person that both sides have.
package evaluation

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"oots/edm"
	"oots/internal/matching"
)

// Limits of what is read: these are files of people, not of machines.
const (
	maxPersons = 64 << 20
	maxPairs   = 16 << 20
)

// A Persons file.
type Persons struct {
	Licence         string            `json:"licence"`
	Note            string            `json:"note"`
	Natural         []NaturalPerson   `json:"naturalPersons"`
	Legal           []json.RawMessage `json:"legalPersons"`    // not used
	Representations []json.RawMessage `json:"representations"` // not used
}

// A NaturalPerson is one person who has an eID, and an entry in the register.
type NaturalPerson struct {
	ID                 string   `json:"id"`
	Kind               string   `json:"kind"`
	EIDCountry         string   `json:"eidCountry"`
	LoA                edm.LoA  `json:"loa"`
	FamilyName         string   `json:"familyName"`
	GivenName          string   `json:"givenName"`
	FamilyNameNonLatin string   `json:"familyNameNonLatin"`
	GivenNameNonLatin  string   `json:"givenNameNonLatin"`
	DateOfBirth        string   `json:"dateOfBirth"`
	BirthName          string   `json:"birthName"`
	PlaceOfBirth       string   `json:"placeOfBirth"`
	TownOfBirth        string   `json:"townOfBirth"`
	CountryOfBirth     string   `json:"countryOfBirth"`
	Nationality        []string `json:"nationality"`
	Gender             string   `json:"gender"`
	Identifier         string   `json:"identifier"`
	Note               string   `json:"note"`
}

// entry is the person as the register has her.
func (p *NaturalPerson) entry() matching.Entry {
	place := p.TownOfBirth
	if place == "" {
		place = p.PlaceOfBirth
	}
	return matching.Entry{Key: p.ID, Person: matching.Person{
		FamilyName: p.FamilyName, GivenName: p.GivenName,
		OriginalFamilyName: p.FamilyNameNonLatin, OriginalGivenName: p.GivenNameNonLatin,
		DateOfBirth: p.DateOfBirth, BirthName: p.BirthName, PlaceOfBirth: place, CountryOfBirth: p.CountryOfBirth,
		Nationalities: p.Nationality, Gender: p.Gender,
	}}
}

// ReadPersons reads persons.
func ReadPersons(r io.Reader) (*Persons, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPersons+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxPersons {
		return nil, fmt.Errorf("persons: longer than %d bytes", maxPersons)
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	var p Persons
	if err := d.Decode(&p); err != nil {
		return nil, fmt.Errorf("persons: %w", err)
	}
	seen := map[string]bool{}
	for i := range p.Natural {
		id := p.Natural[i].ID
		if id == "" || seen[id] {
			return nil, fmt.Errorf("persons: number %d has no id of its own", i+1)
		}
		seen[id] = true
	}
	return &p, nil
}

// Expected classes of a pair, beside those of matching: what the register as a whole must give.
const (
	Many = "MANY"
	None = "NONE"
)

// A Pair is a request, the entry beside it, and what must come of them.
type Pair struct {
	ID       string
	Expected string // a matching.Class, Many, or None
	Why      string

	Legal       bool
	Query       matching.Query
	Entry       matching.Entry
	LegalQuery  matching.LegalQuery
	LegalEntry  matching.LegalEntry
	Several     bool   // the persons of that name and day are the entries
	Distinction string // the value that the expected one of several has
}

var header = []string{
	"id", "request_family", "request_given", "request_dob", "request_extra",
	"register_family", "register_given", "register_dob", "register_extra", "expected_class", "why",
}

// ReadPairs reads pairs for a register of country, whose national numbers "nationalId" is.
func ReadPairs(r io.Reader, country string) ([]Pair, error) {
	c := csv.NewReader(io.LimitReader(r, maxPairs))
	c.FieldsPerRecord = len(header)
	first, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("pairs: %w", err)
	}
	if !slices.Equal(first, header) {
		return nil, fmt.Errorf("pairs: the header is not %s", strings.Join(header, ","))
	}
	var out []Pair
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("pairs: %w", err)
		}
		p, err := NewPair([4]string(row[1:5]), [4]string(row[5:9]), country)
		if err != nil {
			return nil, fmt.Errorf("pairs: %s: %w", row[0], err)
		}
		p.ID, p.Expected, p.Why = row[0], row[9], row[10]
		if !slices.Contains([]string{string(matching.Accept), string(matching.Possible), string(matching.Reject), Many, None}, p.Expected) {
			return nil, fmt.Errorf("pairs: %s: class %q is not known", p.ID, p.Expected)
		}
		out = append(out, p)
	}
}
