// Package convert rewrites a message of the exchange from one release line into another, and says what that
// costs: what the other line cannot say, what it says differently, and what it demands and the message does not
// have. [TDD 4.5 of each line]
//
//	out, notes := convert.Request(request, edm.V12, convert.Given{})
//
// It works on the model of package edm; package edmxml reads and writes. A message that keeps the rules of its
// own line keeps those of the other one afterwards, unless a Note of kind Missing says what is still to be given.
// What both lines can say is kept: going there and back loses no more than going there.
//
// It is a tool for specimens, tests and migrations. An exchange is never translated on its way: requester and
// provider speak the line that the data service announces. [TDD 4.7 §2.6.2]
package convert

import (
	"oots/edm"
	"oots/rule"
)

// A Kind says what became of a part of a message.
type Kind string

// The kinds, from what costs most.
const (
	Missing  Kind = "missing"  // the other line demands it, and nothing in the message tells it: the result is not valid
	Lost     Kind = "lost"     // the other line cannot say it
	Changed  Kind = "changed"  // the other line says it differently, or less exactly
	Invented Kind = "invented" // the other line demands it, and it was derived
)

// A Loss is one difference between the message and its conversion. It never quotes the message.
type Loss struct {
	Kind Kind
	Path string // where, as findings of package edm name places: NaturalPerson/Person/Nationality
	What string // what of the message, in words
	Why  string // why the other line has it otherwise, with the rule or chapter
}

// Given is what a conversion may need and cannot derive from the message.
type Given struct {
	// ReturnLocation is the way back that a second request of 2.0 has; up to 1.2 it is in no message.
	ReturnLocation string
	// Procedure is the code for a request of 1.0 that has none.
	Procedure string
	// ID makes the bare UUID of a package or a classification from a name that is unique in the message. The
	// same name is to give the same UUID. nil derives them from the message, see Derive.
	ID func(name string) string
}

// A conversion collects what one message loses.
type conversion struct {
	from, to edm.Version
	losses   []Loss
}

// under reports whether the message comes down over a line: it is of v or later, and goes to one before.
func (c *conversion) under(v edm.Version) bool { return !c.from.Before(v) && c.to.Before(v) }

// over reports whether the message goes up over a line.
func (c *conversion) over(v edm.Version) bool { return c.from.Before(v) && !c.to.Before(v) }

func (c *conversion) add(kind Kind, path, what, why string) {
	c.losses = append(c.losses, Loss{kind, path, what, why})
}

// lose empties a field that has something.
func lose[T comparable](c *conversion, field *T, path, what, why string) {
	var zero T
	if *field != zero {
		*field = zero
		c.add(Lost, path, what, why)
	}
}

// loseAll empties a list that has something.
func loseAll[T any](c *conversion, list *[]T, path, what, why string) {
	if len(*list) > 0 {
		*list = nil
		c.add(Lost, path, what, why)
	}
}

// missing adds the rules of the other line that the result breaks, where the message kept those of its own.
func (c *conversion) missing(before, after []rule.Finding) {
	if rule.Refuses(before) {
		return
	}
	for _, f := range after {
		if f.Severity != rule.Fatal {
			continue
		}
		row, _ := rule.LookupIn(f.Rule, c.to.Line())
		c.add(Missing, f.Path, "wanted: "+f.Want, row.Wrong+" ["+string(f.Rule)+"]")
	}
}
