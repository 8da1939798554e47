package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"oots/directory"
	"oots/directory/genericode"
	"oots/directory/query"
)

// answers are the records of the demonstration as answers of directories, one file per query, and the code
// list that one of them names.
//
//go:embed catalogue/*.xml catalogue/*.gc
var answers embed.FS

// registries is the path of the code list below the host of the Semantic Repository.
const registries = "codelists/EL/DemoRegistries"

// Catalogue returns what the directories of the demonstration hold, under the identifiers of production.
func Catalogue() (directory.Catalogue, error) {
	names, err := fs.Glob(answers, "catalogue/*.xml")
	if err != nil {
		return directory.Catalogue{}, err
	}
	var c directory.Catalogue
	for _, name := range names {
		b, err := answers.ReadFile(name)
		if err != nil {
			return directory.Catalogue{}, err
		}
		read, err := readAnswer(b)
		if err != nil {
			return directory.Catalogue{}, fmt.Errorf("%s: %w", name, err)
		}
		c = c.Merge(read)
	}
	return withCodeLists(c)
}

// readAnswer reads one answer of a directory as a part of a catalogue. A refusal holds nothing and is an
// error, a *directory.Refusal or *directory.Question.
func readAnswer(b []byte) (directory.Catalogue, error) {
	a, err := query.Read(b)
	if err != nil {
		return directory.Catalogue{}, err
	}
	if a.Err != nil {
		return directory.Catalogue{}, a.Err
	}
	return directory.Catalogue{Requirements: a.Requirements, Services: a.DataServices}, nil
}

// withCodeLists adds the code lists of the demonstration that the concepts of c name.
func withCodeLists(c directory.Catalogue) (directory.Catalogue, error) {
	for url, file := range CodeLists(c) {
		l, err := genericode.Parse(file)
		if err != nil {
			return directory.Catalogue{}, err
		}
		c = c.Merge(directory.Catalogue{CodeLists: []directory.CodeList{{URL: url, Version: l.Version, Codes: l.Codes()}}})
	}
	return c, nil
}

// CodeLists returns the code lists of the demonstration, in Genericode, under the URLs by which the
// concepts of c name them.
func CodeLists(c directory.Catalogue) map[string][]byte {
	out := make(map[string][]byte)
	for i := range c.Services {
		for _, k := range c.Services[i].Classifications {
			if _, path := environment(k.ValueExpression); path == registries {
				if file, err := answers.ReadFile("catalogue/DemoRegistries.gc"); err == nil {
					out[k.ValueExpression] = file
				}
			}
		}
	}
	return out
}

var repository = regexp.MustCompile(`^https://sr(\.[a-zA-Z]+)?\.oots\.tech\.ec\.europa\.eu/(.+)$`)

// environment splits a Semantic Repository URL into the segment of its environment (".acc", "" for
// production) and its path; the path is "" for any other URL.
func environment(url string) (segment, path string) {
	m := repository.FindStringSubmatch(url)
	if m == nil {
		return "", ""
	}
	return m[1], m[2]
}

// inEnvironment returns a Semantic Repository URL in another environment, and other URLs unchanged.
func inEnvironment(url, segment string) string {
	if _, path := environment(url); path != "" {
		return "https://sr" + segment + ".oots.tech.ec.europa.eu/" + path
	}
	return url
}

// Overlay adds the evidence types, lists, data services and frameworks of the demonstration to an imported
// catalogue. They move to the environment of the imported requirement with the same UUID, so that all
// identifiers of the chain belong together; a requirement that base does not hold comes along, in the
// environment of the others. What base holds stays.
func Overlay(base directory.Catalogue) (directory.Catalogue, error) {
	own, err := Catalogue()
	if err != nil {
		return directory.Catalogue{}, err
	}
	own.CodeLists = nil
	moved := make(map[string]string) // classification of production to environment segment
	for i := range own.Requirements {
		r := &own.Requirements[i]
		segment, known := environmentOf(base, r.ID)
		r.ID = inEnvironment(r.ID, segment)
		if known { // the imported words stand
			r.Names, r.Descriptions = nil, nil
		}
		for j := range r.Lists {
			for k := range r.Lists[j].Types {
				t := &r.Lists[j].Types[k]
				moved[t.Classification] = segment
				t.Classification = inEnvironment(t.Classification, segment)
			}
		}
	}
	for i := range own.Services {
		s := &own.Services[i]
		segment := moved[s.Classification]
		s.Classification = inEnvironment(s.Classification, segment)
		for j := range s.Classifications {
			k := &s.Classifications[j]
			k.CodeList = inEnvironment(k.CodeList, segment)
			k.ValueExpression = inEnvironment(k.ValueExpression, segment)
		}
	}
	return withCodeLists(base.Merge(own))
}

// environmentOf returns the environment of the requirement of base with the UUID of id; without one, that
// of the first requirement of base.
func environmentOf(base directory.Catalogue, id string) (segment string, known bool) {
	uuid := id[strings.LastIndexByte(id, '/')+1:]
	for i := range base.Requirements {
		s, path := environment(base.Requirements[i].ID)
		if strings.EqualFold(path[strings.LastIndexByte(path, '/')+1:], uuid) {
			return s, true
		}
	}
	if len(base.Requirements) > 0 {
		segment, _ = environment(base.Requirements[0].ID)
	}
	return segment, false
}
