package page

import (
	"oots/edm"
	"oots/internal/validator"
	"oots/internal/validator/cross"
	"oots/internal/validator/report"
)

// A document is what a user gave: one of the form, or one part of a request.
type document struct {
	Name    string
	Content []byte
}

// A desk judges documents, as many at once as there are processors.
type desk struct {
	rules, strict *edm.Rules
	seats         chan struct{}
}

func newDesk(rules *edm.Rules, seats int) desk {
	strict := edm.Rules{}
	if rules != nil {
		strict = *rules
	}
	strict.Strict = true
	return desk{rules: rules, strict: &strict, seats: make(chan struct{}, seats)}
}

// question is what is asked about a document.
type question struct {
	Kind    validator.Kind // "" to find out
	Version string         // "" for the one announced
	Strict  bool           // every rule with its published severity
}

// judge judges one document when a seat is free.
func (d *desk) judge(doc document, q question) validator.Report {
	d.seats <- struct{}{}
	defer func() { <-d.seats }()
	o := validator.Options{Kind: q.Kind, Version: q.Version, Rules: d.rules}
	if q.Strict {
		o.Rules = d.strict
	}
	return validator.Validate(doc.Name, doc.Content, o)
}

// compare looks for pairs among documents, and adds what the second of a pair contradicts to its report. Documents that
// cannot be read, or of a kind that belongs to no pair, are left alone.
func (d *desk) compare(docs []document, reports []validator.Report) []report.Pair {
	d.seats <- struct{}{}
	defer func() { <-d.seats }()
	at := map[*cross.Document]int{}
	var known []*cross.Document
	for i, doc := range docs {
		if reports[i].Document == "" {
			continue
		}
		if x, err := cross.Read(doc.Name, reports[i].Document, doc.Content); err == nil {
			at[x] = i
			known = append(known, x)
		}
	}
	var out []report.Pair
	for _, p := range cross.Check(known).Pairs {
		if p.A == p.B {
			continue // a document that contradicts itself
		}
		i := at[p.B]
		reports[i] = reports[i].With(p.Findings...)
		out = append(out, report.Pair{Name: p.Name, Title: p.Title, First: p.A.Name, Second: p.B.Name, Findings: len(p.Findings)})
	}
	return out
}
