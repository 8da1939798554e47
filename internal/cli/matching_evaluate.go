package cli

import (
	"fmt"
	"os"
	"text/tabwriter"

	"oots/internal/matching/evaluation"
)

// matchingEvaluate measures.
type matchingEvaluate struct {
	Persons string `arg:"" help:"JSON file of persons, who make the register."`
	Pairs   string `arg:"" help:"CSV file of requests and entries, with the class that is expected."`
	matchingPolicyFlag
	All  bool `help:"List every pair, not only those that are otherwise than expected."`
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (matchingEvaluate) Help() string {
	return `Every pair is decided by itself, and again over a register of all persons. Precision is the share of what was given
the class that has it; recall the share of what has the class that was given it. A false accept is an entry that was
accepted and must not be, or one of somebody else that was found.

It exits with 1 when there is a false accept. Pairs that are otherwise than expected are listed; they cost recall.

Persons are JSON: {"naturalPersons": [{"id", "familyName", "givenName", "dateOfBirth", …}]}. Pairs are CSV with the header
  id,request_family,request_given,request_dob,request_extra,
  register_family,register_given,register_dob,register_extra,expected_class,why
in one line. Extras are NAME=VALUE, several parted by semicolons; classes are ACCEPT, POSSIBLE, REJECT, MANY, NONE.

Examples:
  oots matching evaluate persons.json pairs.csv
  oots matching evaluate persons.json pairs.csv --policy policy.yaml --json`
}

// Run evaluates.
func (c matchingEvaluate) Run(s streams) error {
	m, err := c.matcher()
	if err != nil {
		return err
	}
	persons, pairs, err := c.read()
	if err != nil {
		return err
	}
	r := evaluation.Evaluate(m, persons, pairs)
	if c.JSON {
		err = matchingJSON(s.out, r)
	} else {
		err = c.print(s, r)
	}
	if err == nil && r.FalseAccepts > 0 {
		return errNo
	}
	return err
}

func (c matchingEvaluate) read() (*evaluation.Persons, []evaluation.Pair, error) {
	f, err := os.Open(c.Persons)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	persons, err := evaluation.ReadPersons(f)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", c.Persons, err)
	}
	g, err := os.Open(c.Pairs)
	if err != nil {
		return nil, nil, err
	}
	defer g.Close()
	pairs, err := evaluation.ReadPairs(g, c.Country)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", c.Pairs, err)
	}
	return persons, pairs, nil
}

func (c matchingEvaluate) print(s streams, r *evaluation.Report) error {
	fmt.Fprintf(s.out, "Policy %s: %d of %s as expected, %s\n\n", r.Policy, r.Right, count(r.Pairs, "pair"), count(r.FalseAccepts, "false accept"))
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "Class\tExpected\tGot\tRight\tPrecision\tRecall")
	for _, f := range append(r.Classes, r.Overall) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\n", f.Class, f.Expected, f.Got, f.Right, ratio(f.Precision), ratio(f.Recall))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var listed []evaluation.Result
	for _, x := range r.Results {
		if c.All || !x.OK() {
			listed = append(listed, x)
		}
	}
	if len(listed) == 0 {
		return nil
	}
	fmt.Fprintln(s.out)
	fmt.Fprintln(w, "Pair\tExpected\tGot\tRule\tOver the register\tWhy")
	for _, x := range listed {
		over := string(x.Outcome)
		if x.FalseAccept {
			over += ", FALSE ACCEPT"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", x.ID, x.Expected, x.Got, x.Rule, over, x.Why)
	}
	return w.Flush()
}

// ratio prints a share; there is none of nothing.
func ratio(r *float64) string {
	if r == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f", *r)
}
