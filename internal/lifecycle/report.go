package lifecycle

import (
	"time"

	"oots/directory"
	"oots/directory/lcm"
)

// A Report is an Outcome in JSON, for programs and for the command line. Its field names are stable.
type Report struct {
	Accepted  bool             `json:"accepted"`
	DryRun    bool             `json:"dryRun"`
	Request   string           `json:"request,omitempty"`
	Version   string           `json:"version,omitempty"`
	Findings  []FindingReport  `json:"findings"`
	Changes   []ChangeReport   `json:"changes"`
	Records   map[string]int   `json:"records,omitempty"`
	Replaces  []RevisionReport `json:"replaces"`
	Revisions []RevisionReport `json:"revisions"`
}

// A FindingReport is one rule that was broken at one object.
type FindingReport struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Object   string `json:"object,omitempty"`
	Node     string `json:"node,omitempty"`
	Record   string `json:"record,omitempty"`
	Line     int    `json:"line,omitempty"`
	Path     string `json:"path,omitempty"`
	Want     string `json:"want,omitempty"`
	Got      string `json:"got,omitempty"`
}

// A ChangeReport is one record that is not as it was.
type ChangeReport struct {
	Kind    string        `json:"kind"`
	Country string        `json:"country"`
	Service string        `json:"service"`
	Node    string        `json:"node"`
	Record  string        `json:"record"`
	Name    string        `json:"name,omitempty"`
	Fields  []FieldReport `json:"fields,omitempty"`
}

// A FieldReport is one field of a changed record.
type FieldReport struct {
	Field string `json:"field"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
}

// A RevisionReport is one state of a partition.
type RevisionReport struct {
	Number  int64     `json:"number"`
	Country string    `json:"country"`
	Service string    `json:"service"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Origin  string    `json:"origin"`
	Request string    `json:"request,omitempty"`
	Digest  string    `json:"digest"`
	Records int       `json:"records"`
	Note    string    `json:"note,omitempty"`
}

// Report puts the outcome in its JSON form.
func (o *Outcome) Report(dryRun bool) Report {
	r := Report{
		Accepted: o.Accepted, DryRun: dryRun, Request: o.Request, Version: string(o.Version), Records: o.Counts,
		Findings: []FindingReport{}, Changes: ReportChanges(o.Changes), Replaces: ReportRevisions(o.Replaces), Revisions: ReportRevisions(o.Revisions),
	}
	for i := range o.Findings {
		f := &o.Findings[i]
		r.Findings = append(r.Findings, FindingReport{
			Rule: string(f.Rule), Severity: f.Severity.String(), Code: string(f.Code), Object: f.Object, Node: f.Node, Record: f.Record,
			Line: f.Line, Path: f.Path, Want: f.Want, Got: f.Got,
		})
	}
	return r
}

// ReportChanges puts changes in their JSON form.
func ReportChanges(cs []lcm.Change) []ChangeReport {
	out := make([]ChangeReport, 0, len(cs))
	for i := range cs {
		c := &cs[i]
		r := ChangeReport{Kind: string(c.Kind), Country: c.Country, Service: string(c.Service), Node: c.Node, Record: c.Record, Name: c.Name}
		for _, f := range c.Fields {
			r.Fields = append(r.Fields, FieldReport(f))
		}
		out = append(out, r)
	}
	return out
}

// ReportRevisions puts revisions in their JSON form.
func ReportRevisions(rs []directory.Revision) []RevisionReport {
	out := make([]RevisionReport, 0, len(rs))
	for i := range rs {
		r := &rs[i]
		out = append(out, RevisionReport{
			Number: r.Number, Country: r.Country, Service: string(r.Service), At: r.At, Actor: r.Actor, Origin: r.Origin,
			Request: r.Request, Digest: r.Digest, Records: r.Objects, Note: r.Note,
		})
	}
	return out
}
