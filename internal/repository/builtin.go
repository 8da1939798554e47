package repository

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"oots/codelist"
	"oots/directory/genericode"
	"oots/edm"
	"oots/rule"
)

// lines are the release lines, newest first.
var lines = []string{"2.0", "1.2", "1.1", "1.0"}

// host is that of identifiers in production. [TDD 3.5]
const host = "https://sr.oots.tech.ec.europa.eu/"

// builtIn lists what the program brings along: versions of one asset newest first, by key.
func builtIn(base string) (map[string][]*Asset, error) {
	out := map[string][]*Asset{}
	for _, l := range codelist.Lists() {
		var seen []string
		for _, line := range lines {
			version := genericode.Edition(l.VersionIn(line))
			if slices.Contains(seen, version) {
				continue
			}
			seen = append(seen, version)
			a := builtInList(l, line, version)
			out[keyOf(a.path)] = append(out[keyOf(a.path)], a)
		}
	}
	known, err := embeddedModels()
	if err != nil {
		return nil, err
	}
	for name, m := range known {
		path := dataModels + name
		a := own(base, path, DataModel, texts(m.Titles))
		a.Descriptions, a.Version, a.content.model = texts(m.Descriptions), m.Version, m
		a.Distributions = []Distribution{offered(JSONSchema)}
		a.Transactions = []string{"EDM response"}
		for _, c := range m.Classes {
			for _, x := range c.Attributes {
				if x.CodeList != "" {
					a.relate(UsesCodeList, x.CodeList)
				}
			}
		}
		out[path] = []*Asset{a}
	}
	for _, d := range rule.Documents() {
		path := "rulesets/" + strings.ToLower(string(d))
		a := own(base, path, RuleSet, edm.Texts{{Lang: "EN", Value: "Rules: " + d.Title()}})
		a.Descriptions = edm.Texts{{Lang: "EN", Value: "The published rules on documents of this kind, in words of ours, with the release lines that they hold in."}}
		a.Version, a.content.rules = lines[0], d
		a.Distributions = []Distribution{offered(JSON)}
		a.Transactions = transactionsOf(d)
		out[path] = []*Asset{a}
	}
	return out, nil
}

// own begins an asset that this program publishes under its own address.
func own(base, path string, t Type, titles edm.Texts) *Asset {
	return &Asset{ID: base + "/" + path, Type: t, Titles: titles, Status: Published, Publisher: ourselves, Jurisdictions: []string{"EU"}, path: path}
}

func builtInList(l codelist.List, line, version string) *Asset {
	path := codeLists + string(l)
	a := &Asset{ID: host + path, Type: CodeList, Status: Published, Version: version, Publisher: ourselves, Creators: []Agent{commission},
		Jurisdictions: []string{"EU"}, Distributions: listForms(), path: path, content: content{list: l, line: line}}
	a.Titles = edm.Texts{{Lang: "EN", Value: genericode.BuiltIn(l, line).LongName}}
	a.Descriptions = edm.Texts{{Lang: "EN", Value: "The codes as published; the names are short English wordings of ours."}}
	if l == codelist.AssociatedKinds {
		a.relate(PartOf, host+codeLists+string(codelist.DocumentKinds))
	}
	switch l {
	case codelist.Procedures, codelist.OOTSCountries:
		a.Transactions = []string{"EB query", "EDM request", "LCM submission"}
	case codelist.ConceptTypes, codelist.NUTS:
		a.Transactions = []string{"DSD query", "LCM submission"}
	default:
		a.Transactions = []string{"EDM request", "EDM response"}
	}
	return a
}

func transactionsOf(d rule.Document) []string {
	switch d {
	case rule.Request:
		return []string{"EDM request"}
	case rule.Response:
		return []string{"EDM response"}
	case rule.ErrorResponse:
		return []string{"EDM error"}
	case rule.Requirements, rule.EvidenceTypes, rule.BrokerFailure:
		return []string{"EB query"}
	case rule.DataServices, rule.DirectoryError:
		return []string{"DSD query"}
	case rule.BrokerSubmit, rule.DirectorySubmit, rule.SubmitSuccess, rule.SubmitFailure:
		return []string{"LCM submission"}
	}
	return nil
}

// ruleForm is a rule in JSON.
type ruleForm struct {
	ID       rule.ID       `json:"id"`
	Severity rule.Severity `json:"severity"`
	Releases []string      `json:"releases"`
	Context  string        `json:"context,omitempty"`
	Wrong    string        `json:"wrong"`
	Write    string        `json:"write,omitempty"`
	Note     string        `json:"note,omitempty"`
}

// rulesJSON writes the rules on one kind of document.
func rulesJSON(d rule.Document) ([]byte, error) {
	out := []ruleForm{}
	for r := range rule.All() {
		if r.Document != d {
			continue
		}
		f := ruleForm{r.ID, r.Severity, []string{}, r.Context, r.Wrong, r.Write, r.Note}
		for _, x := range r.Releases {
			f.Releases = append(f.Releases, x.Version)
		}
		out = append(out, f)
	}
	b := &bytes.Buffer{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(out)
	return b.Bytes(), err
}
