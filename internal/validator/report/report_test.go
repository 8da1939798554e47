package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/internal/validator"
	"oots/internal/validator/report"
	"oots/internal/web/webtest"
	"oots/rule"
)

// reports are a valid document, one that is no document, and one with a hostile name and hostile values.
func reports(t *testing.T) []validator.Report {
	t.Helper()
	good, err := os.ReadFile("../../../edm/edmxml/testdata/request-first.xml")
	if err != nil {
		t.Fatal(err)
	}
	hostile := validator.Report{Name: "=cmd|' <script>ü</script>\x1b[31m.xml", Verdict: validator.Invalid}.With(rule.Finding{
		Rule: "R-EDM-REQ-C003", Line: 7, Path: "/a", Got: "=1+1 <b>\x1b", Want: "-2"})
	return []validator.Report{
		validator.Validate("good.xml", good, validator.Options{}),
		validator.Validate("a name ü.xml", []byte("<html/>"), validator.Options{}),
		hostile,
	}
}

func write(t *testing.T, f report.Form, rs ...validator.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := report.New(f, &b, time.Date(2026, 3, 2, 9, 5, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		w.Report(r)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestJSON holds that the output is one array, also of nothing.
func TestJSON(t *testing.T) {
	t.Parallel()
	rs := reports(t)
	for n := range len(rs) + 1 {
		var got []report.Document
		if err := json.Unmarshal(write(t, report.JSON, rs[:n]...), &got); err != nil || len(got) != n {
			t.Errorf("%d reports, want %d: %v", len(got), n, err)
		}
	}
}

// TestSARIF holds that the output is one log whose rules are those of its results.
func TestSARIF(t *testing.T) {
	t.Parallel()
	rs := reports(t)
	for n, found := range []int{0, 0, 1, 2} {
		var log struct {
			Version string
			Runs    []struct {
				Tool struct {
					Driver struct{ Rules []struct{ ID string } }
				}
				Results []struct {
					RuleID, Level string
					Locations     []struct {
						PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
					}
				}
			}
		}
		b := write(t, report.SARIF, rs[:n]...)
		if err := json.Unmarshal(b, &log); err != nil || log.Version != "2.1.0" || len(log.Runs) != 1 {
			t.Fatalf("%v: %s", err, b)
		}
		run := log.Runs[0]
		if len(run.Results) != found || len(run.Tool.Driver.Rules) != found {
			t.Errorf("%d reports: %s", n, b)
		}
		if found > 0 && (run.Results[0].Level != "error" || run.Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI != "a%20name%20%C3%BC.xml") {
			t.Errorf("%+v", run.Results[0])
		}
	}
}

// TestCSV holds that there is a line for each document, and that no cell is a formula.
func TestCSV(t *testing.T) {
	t.Parallel()
	rows, err := csv.NewReader(bytes.NewReader(write(t, report.CSV, reports(t)...))).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "-") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
}

// TestText holds that no control character of a document reaches the terminal.
func TestText(t *testing.T) {
	t.Parallel()
	got := string(write(t, report.Text, reports(t)...))
	for _, want := range []string{"good.xml: valid (request, release line 2.0)\n", "  line 7: FATAL R-EDM-REQ-C003 at /a\n    found: =1+1 <b>·\n    want:  -2\n    rule:  "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Error("an escape")
	}
}

// TestHTML holds that the page is well made, stands alone, and shows values as text.
func TestHTML(t *testing.T) {
	t.Parallel()
	got := string(write(t, report.HTML, reports(t)...))
	root, err := webtest.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	if faults := slices.DeleteFunc(webtest.Check(got, "en"), func(f string) bool { return f == "<style> in the page" }); len(faults) > 0 {
		t.Error(faults)
	}
	for _, tag := range []string{"script", "link", "img", "b"} {
		if n := len(root.Tags(tag)); n > 0 {
			t.Errorf("%d <%s>", n, tag)
		}
	}
	text := root.Text()
	for _, want := range []string{"3 documents, checked", "on 2 March 2026 at 09:05 UTC", "2 invalid", "1 valid", "R-EDM-REQ-C003", "<script>ü</script>", "=1+1 <b>·"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// TestHTMLAxe lets an independent judge look at the page. See webtest.Axe for what it needs.
func TestHTMLAxe(t *testing.T) {
	t.Parallel()
	got := string(write(t, report.HTML, reports(t)...))
	root, err := webtest.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	webtest.Axe(t, http.NotFoundHandler(), []*webtest.Page{{Node: root, Body: got, Header: http.Header{}, Path: "report"}})
}
