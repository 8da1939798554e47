// Package genericode reads and writes code lists in OASIS Genericode 1.0, the format in which the Semantic
// Repository and Member States publish them, turns them into CSV and JSON and back, and compares editions.
// [TDD 3.5] [Genericode 1.0]
//
//	l, err := genericode.Parse(file)     // the published form
//	table := genericode.AppendCSV(nil, l) // a line for the columns, a line for each row
//	changes := genericode.Diff(old, l)    // by code, whatever the order of the rows
//
// Only the root element is in the Genericode namespace; everything below is in none. Of the format it
// reads simple code lists: one table of columns and rows. It fetches nothing; Check judges what a list says.
package genericode

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/xml/xmltree"
)

// Namespace is that of the root element.
const Namespace = "http://docs.oasis-open.org/codelist/ns/genericode/1.0/"

// MaxList bounds a file in bytes; the list of 98 000 municipalities is the largest known.
const MaxList = 32 << 20

// maxColumns bounds the width of the table; the list of procedures has a name in each language of the EU.
const maxColumns = 256

var limits = xmltree.Limits{Bytes: MaxList, Elements: 2_000_000, Depth: 16}

// A List is one code list.
type List struct {
	ShortName           string
	LongName            string // the first that is no identifier; "" for none
	Version             string
	CanonicalURI        string
	CanonicalVersionURI string
	LocationURI         string
	Agency              string // its name; "" for none
	Columns             []Column
	Rows                [][]string // a value for each column; "" where the row has none
}

// A Column is one column of the table.
type Column struct {
	ID   string // Id
	Name string // ShortName; "" for none
	Lang string // Data/@Lang: a language, or a free word such as "Value"
	Key  bool   // the key of the list refers to it
}

// An Error says that bytes are no code list.
type Error struct {
	Line int // 1-based; 0 if unknown
	Msg  string
}

// Error gives line and reason.
func (e *Error) Error() string {
	if e.Line == 0 {
		return "no code list: " + e.Msg
	}
	return fmt.Sprintf("no code list: line %d: %s", e.Line, e.Msg)
}

// Parse reads a code list. The error is an *Error if b is none, or if a value refers to no column.
func Parse(b []byte) (*List, error) {
	doc, err := xmltree.Parse(b, limits)
	if err != nil {
		var s *xmltree.SyntaxError
		if errors.As(err, &s) {
			return nil, &Error{Line: s.Line, Msg: s.Msg}
		}
		return nil, &Error{Msg: err.Error()}
	}
	root := doc.Root
	if !root.Is(Namespace, "CodeList") {
		return nil, &Error{Line: root.Line, Msg: "the root is not gc:CodeList"}
	}
	id := root.First("", "Identification")
	l := &List{
		ShortName:           id.First("", "ShortName").Value(),
		LongName:            longName(id),
		Version:             id.First("", "Version").Value(),
		CanonicalURI:        id.First("", "CanonicalUri").Value(),
		CanonicalVersionURI: id.First("", "CanonicalVersionUri").Value(),
		LocationURI:         id.First("", "LocationUri").Value(),
		Agency:              cmp.Or(id.First("", "Agency").First("", "LongName").Value(), id.First("", "Agency").First("", "ShortName").Value()),
		Columns:             columns(root.First("", "ColumnSet")),
	}
	if len(l.Columns) == 0 || len(l.Columns) > maxColumns {
		return nil, &Error{Line: root.Line, Msg: "no columns, or too many"}
	}
	for r := range root.First("", "SimpleCodeList").All("", "Row") {
		row, err := l.row(r)
		if err != nil {
			return nil, err
		}
		l.Rows = append(l.Rows, row)
	}
	return l, nil
}

// longName is the first long name that is no identifier of the list.
func longName(id *xmltree.Element) string {
	for n := range id.All("", "LongName") {
		if _, identifier := n.Attr("", "Identifier"); !identifier {
			return n.Value()
		}
	}
	return ""
}

func columns(set *xmltree.Element) []Column {
	keys := make(map[string]bool)
	for k := range set.All("", "Key") {
		for ref := range k.All("", "ColumnRef") {
			name, _ := ref.Attr("", "Ref")
			keys[name] = true
		}
	}
	var all []Column
	for c := range set.All("", "Column") {
		id, _ := c.Attr("", "Id")
		lang, _ := c.First("", "Data").Attr("", "Lang")
		all = append(all, Column{ID: id, Name: c.First("", "ShortName").Value(), Lang: lang, Key: keys[id]})
	}
	return all
}

// row reads one row. A value without ColumnRef belongs to the column after that of the value before it.
// [Genericode 1.0 §3.6]
func (l *List) row(e *xmltree.Element) ([]string, error) {
	row := make([]string, len(l.Columns))
	at := -1
	for v := range e.All("", "Value") {
		at++
		if ref, ok := v.Attr("", "ColumnRef"); ok {
			at = l.column(ref)
		}
		if at < 0 || at >= len(row) {
			return nil, &Error{Line: v.Line, Msg: "a value of no column"}
		}
		row[at] = v.First("", "SimpleValue").Value()
	}
	return row, nil
}

func (l *List) column(id string) int {
	for i := range l.Columns {
		if l.Columns[i].ID == id {
			return i
		}
	}
	return -1
}

// Codes returns the rows as codes with their names. The code is in the key column, or in the one called
// code, or in the first. Names are the columns name-<LANG>, and name-Value or name as the text without a
// language of its own, which stands for English where there is no other. Rows without a code are left out.
func (l *List) Codes() []directory.Code {
	code := l.codeColumn()
	names := make([]string, len(l.Columns)) // language of the name in this column; "" for no name
	for i, c := range l.Columns {
		if i != code {
			names[i] = c.language()
		}
	}
	out := make([]directory.Code, 0, len(l.Rows))
	for _, row := range l.Rows {
		if row[code] == "" {
			continue
		}
		c := directory.Code{Code: row[code]}
		for i, lang := range names {
			if lang == "" || row[i] == "" || lang == unnamed && hasName(names, row, "EN") {
				continue
			}
			if lang == unnamed {
				lang = "EN"
			}
			c.Names = append(c.Names, edm.Text{Lang: lang, Value: row[i]})
		}
		out = append(out, c)
	}
	return out
}

// unnamed marks the name column that does not say its language.
const unnamed = "-"

func hasName(names, row []string, lang string) bool {
	for i, l := range names {
		if l == lang && row[i] != "" {
			return true
		}
	}
	return false
}

func (l *List) codeColumn() int {
	for i, c := range l.Columns {
		if c.Key {
			return i
		}
	}
	for i, c := range l.Columns {
		if strings.EqualFold(c.ID, "code") {
			return i
		}
	}
	return 0
}

// language returns the language of the names in a column, unnamed, or "" when the column holds none.
func (c Column) language() string {
	id := strings.ToLower(c.ID)
	rest, isName := strings.CutPrefix(id, "name")
	if !isName {
		return ""
	}
	rest = strings.TrimPrefix(rest, "-")
	switch {
	case len(rest) == 2:
		return strings.ToUpper(rest)
	case rest == "" && len(c.Lang) == 2:
		return strings.ToUpper(c.Lang)
	case rest == "" || rest == "value":
		return unnamed
	}
	return ""
}
