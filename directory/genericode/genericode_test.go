package genericode

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"oots/directory"
	"oots/internal/corpus"
)

const open = `<g:CodeList xmlns:g="` + Namespace + `"><Identification><ShortName> Towns
</ShortName><Version>1</Version></Identification>`

func TestParse(t *testing.T) {
	const columnSet = `<ColumnSet><Column Id="code" Use="required"/><Column Id="name-EN"/><Column Id="name-Value"/><Column Id="name-EL"/><Column Id="name-Description"/>` +
		`<Key Id="k"><ColumnRef Ref="code"/></Key></ColumnSet>`
	l, err := Parse([]byte(open + columnSet + `<SimpleCodeList>
<Row><Value ColumnRef="code"><SimpleValue>
 ATH </SimpleValue></Value><Value ColumnRef="name-EL"><SimpleValue>Αθήνα</SimpleValue></Value><Value ColumnRef="name-EN"><SimpleValue>Athens</SimpleValue></Value></Row>
<Row><Value><SimpleValue>THE</SimpleValue></Value><Value ColumnRef="name-Value"><SimpleValue>Thessaloniki</SimpleValue></Value><Value><SimpleValue>Θεσσαλονίκη</SimpleValue></Value></Row>
<Row><Value ColumnRef="name-EN"><SimpleValue>no code</SimpleValue></Value></Row>
<Row><Value ColumnRef="code"/></Row>
</SimpleCodeList></g:CodeList>`))
	if err != nil {
		t.Fatal(err)
	}
	if l.ShortName != "Towns" || l.Version != "1" || len(l.Rows) != 4 {
		t.Errorf("got %q %q with %d rows", l.ShortName, l.Version, len(l.Rows))
	}
	got := fmt.Sprint(l.Codes())
	want := "[{ATH [{EN Athens} {EL Αθήνα}]} {THE [{EN Thessaloniki} {EL Θεσσαλονίκη}]}]"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		line     int
	}{
		{"entities", "<!DOCTYPE a [<!ENTITY b \"c\">]>\n" + open + "</g:CodeList>", 1},
		{"no namespace on the root", "<CodeList/>", 1},
		{"children in the namespace are none", "<CodeList xmlns='" + Namespace + "'><ColumnSet><Column Id='code'/></ColumnSet></CodeList>", 1},
		{"no columns", open + "</g:CodeList>", 1},
		{"value of no column", open + "<ColumnSet><Column Id='code'/></ColumnSet><SimpleCodeList>\n<Row>\n<Value ColumnRef='x'/></Row></SimpleCodeList></g:CodeList>", 4},
		{"value behind the last column", open + "<ColumnSet><Column Id='code'/></ColumnSet><SimpleCodeList><Row><Value/>\n<Value/></Row></SimpleCodeList></g:CodeList>", 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l, err := Parse([]byte(tc.in))
			var e *Error
			if !errors.As(err, &e) || e.Line != tc.line {
				t.Errorf("got %v, want an error of line %d", err, tc.line)
			}
			if l != nil {
				t.Error("a result beside an error")
			}
		})
	}
}

func TestPublishedLists(t *testing.T) {
	for _, tc := range []struct {
		file string
		rows int
		code string
		name string // English
	}{
		{"tdd-2023-04/codelists/JurisdictionLevel-CodeList.gc", 5, "LAU", ""},
		{"tdd-2023-04/codelists/AgentClassification-CodeList.gc", 4, "ER", ""},
		{"tdd-2023-04/codelists/DSDErrorCodes-CodeList.gc", 6, "DSD:ERR:0005", ""},
		{"oasis/codelists/LanguageCode-2.3.gc", 711, "EL", ""},
		{"oasis/codelists/CountryIdentificationCode-2.3.gc", 498, "AT", "Austria"},
	} {
		t.Run(tc.file, func(t *testing.T) {
			l, err := Parse(corpus.Read(t, "common-services/"+tc.file))
			if err != nil {
				t.Fatal(err)
			}
			codes := l.Codes()
			if len(codes) != tc.rows {
				t.Errorf("%d codes, want %d", len(codes), tc.rows)
			}
			list := directory.CodeList{Codes: codes}
			if !list.Has(tc.code) {
				t.Errorf("no %s", tc.code)
			}
			for _, c := range codes {
				if c.Code == tc.code && !strings.Contains(c.Names.In("EN").Value, tc.name) {
					t.Errorf("%s is %v", tc.code, c.Names)
				}
			}
		})
	}
	if _, err := Parse(corpus.Read(t, "common-services/tdd-2023-04/codelists/EDMErrorCodes-CodeList.gc")); err == nil {
		t.Error("the list that is not well formed reads")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(open + "<ColumnSet><Column Id='code'/><Column Id='name'/></ColumnSet><SimpleCodeList><Row><Value><SimpleValue>a</SimpleValue></Value></Row></SimpleCodeList></g:CodeList>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := Parse(b)
		if err != nil {
			if l != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		for _, r := range l.Rows {
			if len(r) != len(l.Columns) {
				t.Fatal("a row with another number of columns")
			}
		}
		for _, c := range l.Codes() {
			if c.Code == "" {
				t.Fatal("an empty code")
			}
		}
	})
}
