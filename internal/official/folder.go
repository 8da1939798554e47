package official

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"oots/edm"
	"oots/rule"
)

// maxFiles bounds how many artefacts are looked at.
const maxFiles = 5000

// A release is what a folder has of one release, beside what belongs to all.
type release struct {
	number  string // such as "1.2.5"; "" for what lies outside of any folder with a number
	schemas []string
	rules   map[rule.Document][]string
}

// A listing is what lies in the folder.
type listing struct {
	releases map[string]*release // by number
	unused   []string            // Schematron files whose name says no document
}

// list walks the folder and sorts its artefacts.
func list(fsys fs.FS) (*listing, error) {
	l := &listing{releases: map[string]*release{}}
	n := 0
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		ext := strings.ToLower(path.Ext(name))
		if ext != ".xsd" && ext != ".sch" {
			return nil
		}
		if n++; n > maxFiles {
			return fmt.Errorf("more than %d schemas and Schematron files", maxFiles)
		}
		r := l.of(releaseOf(path.Dir(name)))
		if ext == ".xsd" {
			r.schemas = append(r.schemas, name)
		} else if doc, ok := documentOf(path.Base(name)); ok {
			r.rules[doc] = append(r.rules[doc], name)
		} else {
			l.unused = append(l.unused, name)
		}
		return nil
	})
	if err == nil && n == 0 {
		err = errors.New("there is neither a schema (*.xsd) nor a Schematron file (*.sch)")
	}
	return l, err
}

func (l *listing) of(number string) *release {
	r := l.releases[number]
	if r == nil {
		r = &release{number: number, rules: map[rule.Document][]string{}}
		l.releases[number] = r
	}
	return r
}

// choose joins the release of a line with what belongs to all. A folder without any number serves every line.
func (l *listing) choose(line string) (*release, error) {
	var of []string
	for number := range l.releases {
		if number != "" && (number == line || strings.HasPrefix(number, line+".")) {
			of = append(of, number)
		}
	}
	slices.Sort(of)
	shared := l.releases[""]
	switch {
	case len(of) > 1:
		return nil, fmt.Errorf("there are several releases of line %s: %s; name the folder of one of them", line, strings.Join(of, ", "))
	case len(of) == 0 && len(l.releases) > 1, len(of) == 0 && shared == nil:
		return nil, fmt.Errorf("%w: it has no release of line %s, but %s", ErrNothing, line, strings.Join(l.numbers(), ", "))
	case len(of) == 0:
		return shared, nil
	case shared == nil:
		return l.releases[of[0]], nil
	}
	own := l.releases[of[0]]
	all := &release{number: own.number, schemas: append(slices.Clone(own.schemas), shared.schemas...), rules: map[rule.Document][]string{}}
	for _, from := range []*release{own, shared} {
		for doc, files := range from.rules {
			all.rules[doc] = append(all.rules[doc], files...)
		}
	}
	return all, nil
}

// numbers lists the releases.
func (l *listing) numbers() []string {
	var all []string
	for number := range l.releases {
		if number != "" {
			all = append(all, number)
		}
	}
	slices.Sort(all)
	return all
}

var numbered = regexp.MustCompile(`(?:^|[^0-9.])(\d+\.\d+(?:\.\d+)?)(?:[^0-9.]|$)`)

// releaseOf is the number in the outermost folder that has the number of a known release line; "" without one.
func releaseOf(dir string) string {
	for folder := range strings.SplitSeq(dir, "/") {
		m := numbered.FindStringSubmatch(folder)
		if m == nil {
			continue
		}
		for _, v := range edm.Versions() {
			if m[1] == v.Line() || strings.HasPrefix(m[1], v.Line()+".") {
				return m[1]
			}
		}
	}
	return ""
}

// stems are the names that Schematron files begin with, by document.
var stems = []struct {
	stem string
	doc  rule.Document
}{
	{"EDM-REQ", rule.Request}, {"EDM-RESP", rule.Response}, {"EDM-ERR", rule.ErrorResponse},
	{"EDM-EBMS", rule.Header}, {"EBMS", rule.Header},
	{"EB-REQ", rule.Requirements}, {"EB-EVI", rule.EvidenceTypes}, {"EB-ERR", rule.BrokerFailure}, {"EB-SUB", rule.BrokerSubmit},
	{"DSD-RESP", rule.DataServices}, {"DSD-ERR", rule.DirectoryError}, {"DSD-SUB", rule.DirectorySubmit},
	{"LCM-SUC", rule.SubmitSuccess}, {"LCM-ERR", rule.SubmitFailure},
}

// documentOf is the document that a Schematron file judges by its name, as the releases name them: document,
// then S for structure or C for content.
func documentOf(base string) (rule.Document, bool) {
	name := strings.ReplaceAll(strings.ToUpper(base), "_", "-")
	name = strings.TrimPrefix(name, "OOTS-")
	for _, s := range stems {
		if rest, ok := strings.CutPrefix(name, s.stem); ok && !('A' <= rest[0] && rest[0] <= 'Z') {
			return s.doc, true
		}
	}
	return "", false
}
