package genericode

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"oots/codelist"
	"oots/internal/corpus"
)

// lists are those that conversions are tried on.
func lists(t testing.TB) map[string]*List {
	t.Helper()
	out := map[string]*List{}
	for _, l := range codelist.Lists() {
		for _, line := range []string{"1.0", "2.0"} {
			out[string(l)+" "+line] = BuiltIn(l, line)
		}
	}
	for _, file := range []string{"tdd-2023-04/codelists/Procedures-CodeList.gc", "tdd-2023-04/codelists/OOTSMediaTypes-CodeList.gc", "oasis/codelists/CountryIdentificationCode-2.3.gc"} {
		l, err := Parse(corpus.Read(t, "common-services/"+file))
		if err != nil {
			t.Fatal(err)
		}
		out[file] = l
	}
	return out
}

// TestRoundTrip holds that a list survives each form: Genericode and JSON whole, CSV with its table.
func TestRoundTrip(t *testing.T) {
	for name, l := range lists(t) {
		want := *l
		want.Columns = slices.Clone(l.Columns)
		for i, id := range l.ids() {
			want.Columns[i].ID = id
		}
		again, err := Parse(Append(nil, l))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i := range want.Columns { // what the format cannot have is left out
			if !languageTag.MatchString(want.Columns[i].Lang) {
				want.Columns[i].Lang = ""
			}
		}
		if !reflect.DeepEqual(*again, want) {
			t.Errorf("%s: Genericode gives\n%+v\nwant\n%+v", name, again.Columns, want.Columns)
		}
		if again, err = ParseJSON(AppendJSON(nil, &want)); err != nil || !reflect.DeepEqual(*again, want) {
			t.Errorf("%s: JSON: %v", name, err)
		}
		again, err = ParseCSV(AppendCSV(nil, &want))
		if err != nil || !reflect.DeepEqual(again.Rows, want.Rows) || !slices.Equal(again.ids(), want.ids()) {
			t.Errorf("%s: CSV: %v", name, err)
		}
		if d := Diff(l, l); len(d) > 0 {
			t.Errorf("%s differs from itself: %v", name, d)
		}
	}
}

func TestParseCSV(t *testing.T) {
	l, err := ParseCSV([]byte("\ufeffname EN,Code,name-DE\n\" Vienna\nWest\",AT13,Wien\n,AT32,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(l.Codes()); got != "[{AT13 [{EN Vienna\nWest} {DE Wien}]} {AT32 []}]" {
		t.Errorf("%s", got)
	}
	for _, tc := range []struct {
		name, in string
		line     int
	}{
		{"empty", "", 0},
		{"ragged", "code,name\nA,B\nC\n", 3},
		{"quote", "code,name\nA,\"B\n", 2},
		{"control", "code,name\nA,B\nC,\x01\n", 3},
		{"bytes", "code\n\xff\n", 0},
		{"wide", strings.Repeat("a,", maxColumns+1) + "a\n", 1},
	} {
		l, err := ParseCSV([]byte(tc.in))
		var e *Error
		if !errors.As(err, &e) || e.Line != tc.line || l != nil {
			t.Errorf("%s: %v, want line %d", tc.name, err, tc.line)
		}
	}
}

func TestParseJSONRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"no columns":       `{"shortName":"A","columns":[],"rows":[]}`,
		"column twice":     `{"columns":[{"id":"a"},{"id":"a"}],"rows":[]}`,
		"id":               `{"columns":[{"id":"a b"}],"rows":[]}`,
		"value of none":    `{"columns":[{"id":"a"}],"rows":[{"b":"1"}]}`,
		"unknown member":   `{"columns":[{"id":"a"}],"rows":[],"vesrion":"1"}`,
		"two":              `{"columns":[{"id":"a"}],"rows":[]} {}`,
		"type":             `{"columns":[{"id":"a"}],"rows":[{"a":1}]}`,
		"cannot be in XML": `{"columns":[{"id":"a"}],"rows":[{"a":"\u0001"}]}`,
		"no JSON":          `code,name`,
	} {
		if l, err := ParseJSON([]byte(in)); err == nil || l != nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestDiff(t *testing.T) {
	parse := func(s string) *List {
		l, err := ParseCSV([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	old := parse("code,name-EN,name-DE\nA,Vienna,Wien\nB,Graz,Graz\nC,Linz,Linz\nD,,\n")
	for _, tc := range []struct{ name, in, want string }{
		{"order of rows and columns", "name-DE,code,name-EN\n,D,\nLinz,C,Linz\nGraz,B,Graz\nWien,A,Vienna\n", "[]"},
		{"added", "code,name-EN,name-DE\nA,Vienna,Wien\nB,Graz,Graz\nC,Linz,Linz\nD,,\nE,Wels,Wels\n", "[added E (Wels)]"},
		{"removed", "code,name-EN,name-DE\nA,Vienna,Wien\nC,Linz,Linz\nD,,\n", "[removed B (Graz)]"},
		{"renamed", "code,name-EN,name-DE\nA,Vienna,Wien\nB2,Graz,Graz\nC,Linz,Linz\nD,,\n", "[renamed B to B2]"},
		{"a code without words is not renamed", "code,name-EN,name-DE\nA,Vienna,Wien\nB,Graz,Graz\nC,Linz,Linz\nD2,,\n", "[removed D added D2]"},
		{"reworded", "code,name-EN,name-DE\nA,Vienna,Vindobona\nB,Graz,Graz\nC,Linz,Linz\nD,,\n", `[reworded A name-DE: "Wien" to "Vindobona"]`},
		{"two of the same words", "code,name-EN,name-DE\nA,Vienna,Wien\nX,Graz,Graz\nY,Graz,Graz\nC,Linz,Linz\nD,,\n", "[removed B (Graz) added X (Graz) added Y (Graz)]"},
		{"column gone", "code,name-EN\nA,Vienna\nB,Graz\nC,Linz\nD,\n", `[reworded A name-DE: "Wien" to "" reworded B name-DE: "Graz" to "" reworded C name-DE: "Linz" to ""]`},
	} {
		if got := fmt.Sprint(Diff(old, parse(tc.in))); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
	if got := Diff(BuiltIn(codelist.EAS, "1.0"), BuiltIn(codelist.EAS, "2.0")); !slices.ContainsFunc(got, func(c Change) bool { return c.Kind == Removed && c.Code == "9901" }) {
		t.Errorf("EAS of 2.0 without 9901: %v", got)
	}
}

func TestCheck(t *testing.T) {
	good := func() *List {
		return &List{ShortName: "A", Version: "1", CanonicalURI: "urn:a", CanonicalVersionURI: "urn:a:1",
			Columns: []Column{{ID: "code", Key: true}, {ID: "name-EN"}}, Rows: [][]string{{"1", "One"}, {"2", "Two"}}}
	}
	for _, tc := range []struct {
		name string
		edit func(*List)
		want string
	}{
		{"ok", func(*List) {}, "[]"},
		{"no version", func(l *List) { l.Version = "" }, "[error: the list has no Version]"},
		{"no rows", func(l *List) { l.Rows = nil }, "[error: the list has no rows]"},
		{"no code", func(l *List) { l.Rows[1][0] = "" }, "[error: row 2: the row has no code]"},
		{"row twice", func(l *List) { l.Rows[1] = l.Rows[0] }, "[error: row 2: 1 stands in row 1 already]"},
		{"code twice", func(l *List) { l.Rows[1] = []string{"1", "Uno"} }, "[warning: row 2: 1 is in row 1 too, with other values]"},
		{"no name", func(l *List) { l.Rows[1][1] = "" }, "[warning: row 2: 2 has no name]"},
		{"column twice", func(l *List) { l.Columns[1].ID = "code" }, "[error: the column id \"code\" stands twice or is empty warning: row 1: 1 has no name warning: row 2: 2 has no name]"},
	} {
		l := good()
		tc.edit(l)
		if got := fmt.Sprint(l.Check()); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
	for _, tc := range []struct {
		name, version string
		rows          int
		refused       bool
	}{{"same", "2", 2, false}, {"raised", "3", 1, false}, {"lower", "1", 2, true}, {"not raised", "2", 1, true}} {
		old, l := good(), good()
		old.Version, l.Version, l.Rows = "2", tc.version, l.Rows[:tc.rows]
		if got := CheckEdition(old, l, strings.Compare); (len(got) > 0) != tc.refused {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

// FuzzAppend holds that what is read survives being written, and that an error comes without a result.
func FuzzAppend(f *testing.F) {
	f.Add([]byte(open + `<ColumnSet><Column Id="code" Use="required"/><Key Id="k"><ColumnRef Ref="code"/></Key></ColumnSet><SimpleCodeList><Row><Value><SimpleValue>A</SimpleValue></Value></Row></SimpleCodeList></g:CodeList>`))
	f.Add(Append(nil, BuiltIn(codelist.Genders, "2.0")))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := Parse(b)
		if err != nil {
			if l != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		again, err := Parse(Append(nil, l))
		if err != nil {
			t.Fatalf("cannot be read again: %v", err)
		}
		if len(again.Rows) != len(l.Rows) || len(l.Rows) > 0 && !reflect.DeepEqual(again.Rows, l.Rows) {
			t.Fatalf("rows %q, want %q", again.Rows, l.Rows)
		}
		l.Check()
	})
}

// FuzzParseCSV holds that a table survives CSV, Genericode and JSON.
func FuzzParseCSV(f *testing.F) {
	f.Add([]byte("code,name-EN\nA,\"x\"\"y\n\"\n"))
	f.Add([]byte("code\n\"\"\n"))
	f.Add([]byte("\ufeffCode;x\n1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := ParseCSV(b)
		if err != nil {
			if l != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		forms := map[string]func() (*List, error){
			"CSV":        func() (*List, error) { return ParseCSV(AppendCSV(nil, l)) },
			"Genericode": func() (*List, error) { return Parse(Append(nil, l)) },
			"JSON":       func() (*List, error) { return ParseJSON(AppendJSON(nil, l)) },
		}
		for name, form := range forms {
			again, err := form()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !slices.Equal(again.ids(), l.ids()) || len(again.Rows) != len(l.Rows) || len(l.Rows) > 0 && !reflect.DeepEqual(again.Rows, l.Rows) {
				t.Fatalf("%s: %q %q, want %q %q", name, again.ids(), again.Rows, l.ids(), l.Rows)
			}
		}
	})
}
