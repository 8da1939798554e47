package matching

import (
	"strings"

	"oots/edm"
)

// An Observation is how the attributes of a query and of one entry compare. It has no personal data.
type Observation struct {
	Identifier  Grade
	DateOfBirth Grade
	FamilyName  Grade
	GivenName   Grade
	SingleName  Grade // of people with one name only
	LegalName   Grade // of legal persons
	Extras      [extras]Grade
	Declared    [extras]bool // the user said so; her eID did not
	LoA         edm.LoA
	Mixed       bool // a name mixes scripts: somebody may imitate another name
}

// String lists what was compared: "dateOfBirth agree, familyName close (half)".
func (o *Observation) String() string {
	var parts []string
	for _, a := range o.attributes() {
		parts = append(parts, a.Name+" "+a.Grade)
	}
	return strings.Join(parts, ", ")
}

// attributes lists what was compared, without what both sides lack.
func (o *Observation) attributes() []Attribute {
	var out []Attribute
	add := func(name string, g Grade, always, declared bool) {
		if g == Missing && !always {
			return
		}
		a := Attribute{Name: name, Grade: g.Kind()}
		if g.Close() {
			a.Grade, a.How = "close", g.String()
		}
		if declared {
			a.Source = "user"
		}
		out = append(out, a)
	}
	if o.LegalName != Missing {
		add("identifier", o.Identifier, true, false)
		add("legalName", o.LegalName, true, false)
		return out
	}
	add("identifier", o.Identifier, false, false)
	add("dateOfBirth", o.DateOfBirth, true, false)
	add("familyName", o.FamilyName, true, false)
	add("givenName", o.GivenName, true, false)
	add("singleName", o.SingleName, false, false)
	for x := range extras {
		add(x.String(), o.Extras[x], false, o.Declared[x])
	}
	return out
}
