package genericode

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// AppendCSV writes the table of l: a line with the ids of the columns, then a line for each row. Names, version
// and addresses of the list have no place in it. [RFC 4180]
func AppendCSV(dst []byte, l *List) []byte {
	b := bytes.NewBuffer(dst)
	w := csv.NewWriter(b)
	w.Write(l.ids()) // a buffer takes everything
	for _, row := range l.Rows {
		if len(row) == 1 && row[0] == "" { // an empty line would be no row
			w.Flush()
			b.WriteString("\"\"\n")
			continue
		}
		w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

// ParseCSV reads a table: a line with the columns, then a line for each row. The list has no name and no version
// yet; the caller gives them. The key is the column called code, else the first; a column name-DE has names in
// German. A byte order mark, blanks around values and names of columns that are no XML ids are put right. The error
// is an *Error.
func ParseCSV(b []byte) (*List, error) {
	if len(b) > MaxList {
		return nil, &Error{Msg: errTooLarge.Error()}
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) {
		return nil, &Error{Msg: "not in UTF-8"}
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, csvError(err)
	}
	l := &List{}
	for _, name := range header {
		l.Columns = append(l.Columns, Column{ID: strings.TrimSpace(name)})
	}
	if len(l.Columns) > maxColumns {
		return nil, &Error{Line: 1, Msg: "too many columns"}
	}
	for i, id := range l.ids() {
		l.Columns[i] = Column{ID: id, Name: id, Lang: languageOf(id)}
	}
	l.Columns[l.codeColumn()].Key = true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return nil, csvError(err)
		}
		row := make([]string, len(record))
		for i, v := range record {
			if bad := strings.IndexFunc(v, unprintable); bad >= 0 {
				line, _ := r.FieldPos(i)
				return nil, &Error{Line: line, Msg: "a character that XML cannot have"}
			}
			row[i] = strings.TrimSpace(v)
		}
		l.Rows = append(l.Rows, row)
	}
}

// unprintable reports whether XML cannot carry c, or would give it back changed.
func unprintable(c rune) bool {
	return c < ' ' && c != '\t' && c != '\n' || c == 0xFFFE || c == 0xFFFF
}

// languageOf is the language in the id of a column of names, "" for none.
func languageOf(id string) string {
	if lang := (Column{ID: id}).language(); lang != unnamed {
		return lang
	}
	return ""
}

func csvError(err error) *Error {
	if errors.Is(err, io.EOF) {
		return &Error{Msg: "empty"}
	}
	var p *csv.ParseError
	if errors.As(err, &p) {
		return &Error{Line: p.Line, Msg: p.Err.Error()}
	}
	return &Error{Msg: fmt.Sprint(err)}
}
