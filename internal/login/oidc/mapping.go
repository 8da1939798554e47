package oidc

import (
	"errors"
	"strings"
	"time"

	"oots/edm"
	"oots/eid/eidas"
	"oots/internal/login"
)

// A Mapping turns the claims of one gateway into a person.
type Mapping struct {
	// Claims names, for each attribute, where its value is: "family_name", or "place_of_birth.locality" inside an
	// object. Several parted by blanks are joined: "given_name birth_family_name". The attributes are
	// PersonIdentifier, FamilyName, GivenName, DateOfBirth, BirthName, PlaceOfBirth, Gender, Nationality,
	// CountryOfBirth, TownOfBirth, CountryOfResidence, PhoneNumber and EmailAddress, and FamilyNameOriginal and
	// GivenNameOriginal for the script of the country. The first three of those that name a person are needed.
	Claims map[string]string
	// Values replaces, for each attribute, values of the gateway: "Gender": {"female": "Female"}. A value that
	// is not in the table of its attribute stays as it is.
	Values map[string]map[string]string
	// Levels says what each value of acr is worth. What is not in it is worth nothing.
	Levels map[string]edm.LoA
	// Methods are values of amr, one of which must be there; none asks for nothing.
	Methods []string
}

// Errors of a mapping; they hold nothing of a person.
var (
	errClaims = errors.New("login/oidc: a claim that is needed is missing or malformed")
	errLevel  = errors.New("login/oidc: the level of assurance is too low")
	errMethod = errors.New("login/oidc: authenticated by another method than asked")
)

// Check reports a mapping that can never give a person.
func (m *Mapping) Check() error {
	for _, name := range [3]string{"FamilyName", "GivenName", "DateOfBirth"} {
		if m.Claims[name] == "" {
			return errors.New("login/oidc: no claim for " + name)
		}
	}
	if len(m.Levels) == 0 {
		return errors.New("login/oidc: no levels")
	}
	known := fields(&edm.Person{})
	for name := range m.Claims {
		if known[name] == nil && name != "Nationality" && name != "DateOfBirth" {
			return errors.New("login/oidc: unknown attribute " + name)
		}
	}
	return nil
}

// fields are the attributes that are one text.
func fields(p *edm.Person) map[string]*string {
	return map[string]*string{
		"PersonIdentifier": &p.Identifier, "FamilyName": &p.FamilyName, "GivenName": &p.GivenName, "BirthName": &p.BirthName,
		"PlaceOfBirth": &p.PlaceOfBirth, "Gender": &p.Gender, "CountryOfBirth": &p.CountryOfBirth, "TownOfBirth": &p.TownOfBirth,
		"CountryOfResidence": &p.CountryOfResidence, "PhoneNumber": &p.PhoneNumber, "EmailAddress": &p.EmailAddress,
		"FamilyNameOriginal": &p.FamilyNameOriginal, "GivenNameOriginal": &p.GivenNameOriginal,
	}
}

// identity turns claims into who the user is, at least at the level that was asked.
func (m *Mapping) identity(claims map[string]any, want edm.LoA) (login.Identity, error) {
	var p edm.Person
	p.LoA = m.Levels[text(claims, "acr")]
	if p.LoA == "" || !p.LoA.AtLeast(want) {
		return login.Identity{}, errLevel
	}
	if !m.authenticated(claims) {
		return login.Identity{}, errMethod
	}
	for name, to := range fields(&p) {
		if path := m.Claims[name]; path != "" {
			*to = m.value(name, joined(claims, path))
		}
	}
	p.DateOfBirth = edm.Date(joined(claims, m.Claims["DateOfBirth"]))
	p.Nationalities = m.several(claims, "Nationality")
	if _, err := time.Parse(time.DateOnly, string(p.DateOfBirth)); err != nil || p.FamilyName == "" || p.GivenName == "" {
		return login.Identity{}, errClaims
	}
	if p.Identifier != "" && !eidas.IsIdentifier(p.Identifier) {
		return login.Identity{}, errClaims
	}
	return login.Identity{Person: p, OriginalFamilyName: p.FamilyNameOriginal, OriginalGivenName: p.GivenNameOriginal}, nil
}

func (m *Mapping) authenticated(claims map[string]any) bool {
	if len(m.Methods) == 0 {
		return true
	}
	list, _ := claims["amr"].([]any)
	for _, have := range list {
		for _, want := range m.Methods {
			if have == want {
				return true
			}
		}
	}
	return false
}

func (m *Mapping) value(attribute, v string) string {
	if to, ok := m.Values[attribute][v]; ok {
		return to
	}
	return v
}

// several reads a claim that is a text or a list of texts.
func (m *Mapping) several(claims map[string]any, attribute string) []string {
	path := m.Claims[attribute]
	if path == "" {
		return nil
	}
	switch v := at(claims, path).(type) {
	case string:
		return []string{m.value(attribute, v)}
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok && len(out) < 16 {
				out = append(out, m.value(attribute, s))
			}
		}
		return out
	}
	return nil
}

// joined reads the claims of a path and puts a blank between them.
func joined(claims map[string]any, path string) string {
	var parts []string
	for p := range strings.FieldsSeq(path) {
		if v := text(claims, p); v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, " ")
}

// maxClaim bounds one value in octets.
const maxClaim = 4096

func text(claims map[string]any, path string) string {
	s, _ := at(claims, path).(string)
	if len(s) > maxClaim {
		return ""
	}
	return strings.TrimSpace(s)
}

// at follows dots into objects. A claim whose own name holds dots, as a URI does, is found first.
func at(claims map[string]any, path string) any {
	if v, ok := claims[path]; ok {
		return v
	}
	first, rest, found := strings.Cut(path, ".")
	inner, ok := claims[first].(map[string]any)
	if !found || !ok {
		return nil
	}
	return at(inner, rest)
}
