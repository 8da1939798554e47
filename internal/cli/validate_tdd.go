package cli

import (
	"errors"
	"fmt"
	"os"

	"oots/internal/official"
	"oots/internal/validator"
	"oots/internal/validator/intake"
	"oots/internal/validator/report"
	"oots/rule"
	"oots/xml/xmltree"
)

// tdd lets the operator's copy of the published artefacts judge each document too. It stands between the command
// and the writer of the reports, and writes behind each report how the two verdicts compare.
type tdd struct {
	suite   *official.Suite
	form    report.Form
	s       streams
	out     report.Writer
	json    secondReports
	last    *comparison // of the document whose report comes next; nil when it was not judged
	agree   int
	differ  int
	without int // documents of which the folder has no opinion
	err     error
}

// newTDD opens the folder of --tdd.
func newTDD(dir string, form report.Form) (*tdd, error) {
	if form != report.Text && form != report.JSON {
		return nil, &hint{errors.New("--tdd prints text or JSON"), "oots validate --tdd DIR --json FILE"}
	}
	suite, err := official.Load(os.DirFS(dir))
	if err != nil {
		return nil, &hint{fmt.Errorf("%s: %w", dir, err), "--tdd with the folder of your copy of the published schemas and Schematron files"}
	}
	return &tdd{suite: suite, form: form}, nil
}

// wrap takes the place of the writer of the reports.
func (t *tdd) wrap(out report.Writer, s streams) report.Writer {
	t.out, t.s, t.json = out, s, secondReports{w: s.out}
	return t
}

// assess implements assessor.
func (t *tdd) assess(item intake.Item, r validator.Report) (validator.Report, error) {
	t.last = nil
	if item.Sealed {
		return r, nil
	}
	c := compare(r)
	t.last = c
	if r.Document == "" || r.Version == "" {
		c.without = "it is not known what the document is"
		t.without++
		return r, nil
	}
	o, err := t.suite.Judge(r.Document, r.Version, item.Content)
	var syntax *xmltree.SyntaxError
	switch {
	case errors.As(err, &syntax):
		o = official.Opinion{Findings: []official.Finding{{Severity: rule.Fatal, Line: syntax.Line, Text: syntax.Msg}}}
	case errors.Is(err, official.ErrNothing):
		c.without = err.Error()
		t.without++
		return r, nil
	case err != nil:
		return r, &hint{fmt.Errorf("--tdd: %w", err), "oots help validate"}
	}
	c.with(o)
	if c.differs() {
		t.differ++
	} else {
		t.agree++
	}
	return r, nil
}

// Report implements report.Writer.
func (t *tdd) Report(r validator.Report) {
	if t.form == report.JSON {
		t.json.report(r, t.last)
		return
	}
	t.out.Report(r)
	if t.last != nil && t.err == nil {
		t.err = t.last.print(t.s.out)
	}
}

// Close implements report.Writer.
func (t *tdd) Close() error {
	if t.form == report.JSON {
		return t.json.close()
	}
	return errors.Join(t.out.Close(), t.err)
}

// close implements assessor: the answer is no when verdicts differ.
func (t *tdd) close(s streams) error {
	w := s.out
	if t.form == report.JSON {
		w = s.err
	}
	if _, err := fmt.Fprintf(w, "Second opinion: %d with the same verdict, %d with another, %d without\n", t.agree, t.differ, t.without); err != nil {
		return err
	}
	for _, name := range t.suite.Unused() {
		fmt.Fprintf(s.err, "--tdd: %s is not used: its name begins with no document, such as EDM-REQ\n", name)
	}
	if t.differ > 0 {
		return errNo
	}
	return nil
}
