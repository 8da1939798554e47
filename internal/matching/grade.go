package matching

import (
	"fmt"
	"strings"
)

// A Grade is how well one attribute of two persons agrees. [record-matching §4.1]
type Grade uint8

// The grades. Those between Agree and Missing are the ways of being close.
const (
	Agree     Grade = iota
	Truncated       // one name is the other, cut where old registers and travel documents cut
	Particle        // the names differ in particles only: "van den Berg" and "Berg"
	Half            // one name is a part of the other's double name
	Order           // the same words in another order
	Gendered        // the same name in its male and female form: "Novák" and "Nováková"
	Part            // the given names of one are the first of the other's
	Variant         // a pair that the policy names: "Hans" and "Johannes"
	Initial         // one has initials where the other has names
	Spelling        // one or two letters differ
	Declared        // the user says so; her eID does not
	Partial         // the register knows only a part of the date, and that part agrees
	Swapped         // day and month are exchanged
	Missing         // one side does not have it
	Disagree
	grades
)

var gradeNames = [grades]string{
	"agree", "truncated", "particle", "half", "order", "gendered", "part", "variant", "initial", "spelling",
	"declared", "partial", "swapped", "missing", "disagree",
}

// String is the word that the policy and the explanations use.
func (g Grade) String() string {
	if g < grades {
		return gradeNames[g]
	}
	return fmt.Sprintf("Grade(%d)", uint8(g))
}

// Close reports whether g is neither agreement nor contradiction nor silence.
func (g Grade) Close() bool { return g > Agree && g < Missing }

// Kind is g as one of the four words of the decision procedure: agree, close, missing, disagree.
func (g Grade) Kind() string {
	if g.Close() {
		return "close"
	}
	return g.String()
}

// MarshalText implements encoding.TextMarshaler.
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// A GradeSet is a set of grades, as a rule lists them. The empty set stands for any grade.
type GradeSet uint32

const closeGrades GradeSet = 1<<Missing - 1 - 1<<Agree

// Has reports whether s allows g.
func (s GradeSet) Has(g Grade) bool { return s == 0 || s&(1<<g) != 0 }

// String lists the grades; "any" for the empty set.
func (s GradeSet) String() string {
	if s == 0 {
		return "any"
	}
	var words []string
	for g := range grades {
		if g == Truncated && s&closeGrades == closeGrades {
			words = append(words, "close")
			s &^= closeGrades
		}
		if s&(1<<g) != 0 {
			words = append(words, g.String())
		}
	}
	return strings.Join(words, ", ")
}

// parseGrades reads the words of a rule; "close" stands for every way of being close.
func parseGrades(words []string) (GradeSet, error) {
	var s GradeSet
	for _, w := range words {
		if w == "close" {
			s |= closeGrades
			continue
		}
		found := false
		for g, name := range gradeNames {
			if w == name {
				s |= 1 << g
				found = true
			}
		}
		if !found {
			return 0, fmt.Errorf("there is no grade %q", w)
		}
	}
	return s, nil
}
