package genericode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// jsonList is the form of a list in JSON. Rows are objects from the id of a column to its value; empty values are
// left out.
type jsonList struct {
	ShortName           string              `json:"shortName"`
	LongName            string              `json:"longName,omitempty"`
	Version             string              `json:"version"`
	CanonicalURI        string              `json:"canonicalUri,omitempty"`
	CanonicalVersionURI string              `json:"canonicalVersionUri,omitempty"`
	LocationURI         string              `json:"locationUri,omitempty"`
	Agency              string              `json:"agency,omitempty"`
	Columns             []jsonColumn        `json:"columns"`
	Rows                []map[string]string `json:"rows"`
}

type jsonColumn struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Lang string `json:"lang,omitempty"`
	Key  bool   `json:"key,omitempty"`
}

// AppendJSON writes l as JSON, with everything that Genericode says of it.
func AppendJSON(dst []byte, l *List) []byte {
	ids := l.ids()
	out := jsonList{l.ShortName, l.LongName, l.Version, l.CanonicalURI, l.CanonicalVersionURI, l.LocationURI, l.Agency,
		make([]jsonColumn, len(ids)), make([]map[string]string, len(l.Rows))}
	for i, c := range l.Columns {
		out.Columns[i] = jsonColumn{ids[i], c.Name, c.Lang, c.Key}
	}
	for i, row := range l.Rows {
		out.Rows[i] = make(map[string]string, len(row))
		for j, v := range row {
			if v != "" {
				out.Rows[i][ids[j]] = v
			}
		}
	}
	b := bytes.NewBuffer(dst)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	e.Encode(out) // strings only
	return b.Bytes()
}

// ParseJSON reads what AppendJSON writes. Members that it does not know are refused: a misspelt one would be lost
// without a word. The error is an *Error.
func ParseJSON(b []byte) (*List, error) {
	if len(b) > MaxList {
		return nil, &Error{Msg: errTooLarge.Error()}
	}
	if !utf8.Valid(b) {
		return nil, &Error{Msg: "not in UTF-8"}
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var in jsonList
	if err := d.Decode(&in); err != nil {
		return nil, jsonError(b, err)
	}
	if d.More() {
		return nil, &Error{Msg: "something follows the list"}
	}
	l := &List{ShortName: in.ShortName, LongName: in.LongName, Version: in.Version, CanonicalURI: in.CanonicalURI,
		CanonicalVersionURI: in.CanonicalVersionURI, LocationURI: in.LocationURI, Agency: in.Agency}
	if len(in.Columns) == 0 || len(in.Columns) > maxColumns {
		return nil, &Error{Msg: "no columns, or too many"}
	}
	at := make(map[string]int, len(in.Columns))
	for i, c := range in.Columns {
		if _, twice := at[c.ID]; twice || !xmlID.MatchString(c.ID) {
			return nil, &Error{Msg: fmt.Sprintf("column %d: the id %q stands twice or is none", i+1, clip(c.ID))}
		}
		at[c.ID] = i
		l.Columns = append(l.Columns, Column(c))
	}
	l.Rows = make([][]string, len(in.Rows))
	for i, cells := range in.Rows {
		l.Rows[i] = make([]string, len(l.Columns))
		for id, v := range cells {
			j, known := at[id]
			if !known {
				return nil, &Error{Msg: fmt.Sprintf("row %d: no column is called %q", i+1, clip(id))}
			}
			l.Rows[i][j] = strings.TrimSpace(v)
		}
	}
	if !l.writable() {
		return nil, &Error{Msg: "a character that XML cannot have"}
	}
	return l, nil
}

// writable reports whether XML can carry every text of l.
func (l *List) writable() bool {
	fits := func(s string) bool { return strings.IndexFunc(s, unprintable) < 0 }
	for _, row := range l.Rows {
		if !all(row, fits) {
			return false
		}
	}
	for _, c := range l.Columns {
		if !fits(c.Name) || !fits(c.Lang) {
			return false
		}
	}
	return all([]string{l.ShortName, l.LongName, l.Version, l.CanonicalURI, l.CanonicalVersionURI, l.LocationURI, l.Agency}, fits)
}

func all(texts []string, f func(string) bool) bool {
	return !slices.ContainsFunc(texts, func(s string) bool { return !f(s) })
}

// jsonError says where b stops being what is wanted.
func jsonError(b []byte, err error) *Error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(-1)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	e := &Error{Msg: strings.TrimPrefix(err.Error(), "json: ")}
	if at >= 0 && at <= int64(len(b)) {
		e.Line = 1 + bytes.Count(b[:at], []byte("\n"))
	}
	return e
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
