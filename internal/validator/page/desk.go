package page

import (
	"oots/edm"
	"oots/internal/validator"
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
