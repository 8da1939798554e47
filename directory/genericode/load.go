package genericode

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"oots/codelist"
)

// A Loaded is one file of a folder of code lists, and what it changed.
type Loaded struct {
	File    string
	List    codelist.List // "" when no check uses a list of that name
	Version string
	Added   []string // codes that the list built in does not have
	Gone    []string // codes that only the list built in has
}

// Load reads every *.gc file of a folder, and returns a set in which they replace the lists that are built
// in. A file is known by its ShortName; lists that no check uses are reported and passed over. It fails,
// with the name of the file, when one is unreadable or no code list, is empty, or is a list that another
// file holds too: then nothing is in force. [TDD 3.5]
func Load(folder fs.FS) (*codelist.Set, []Loaded, error) {
	names, err := fs.Glob(folder, "*.gc")
	if err != nil {
		return nil, nil, err
	}
	var editions []codelist.Edition
	var report []Loaded
	from := map[codelist.List]string{}
	for _, name := range names {
		b, err := readFile(folder, name)
		if err != nil {
			return nil, nil, err
		}
		l, err := Parse(b)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		list, used := listOf(l.ShortName)
		if !used {
			report = append(report, Loaded{File: name, Version: l.Version})
			continue
		}
		if other, twice := from[list]; twice {
			return nil, nil, fmt.Errorf("%s and %s are both the list %s", other, name, list)
		}
		from[list] = name
		e := codelist.Edition{List: list, Version: l.Version, Rows: rows(l)}
		if len(e.Rows) == 0 {
			return nil, nil, fmt.Errorf("%s: the list %s has no codes", name, list)
		}
		editions = append(editions, e)
		report = append(report, Loaded{File: name, List: list, Version: l.Version})
	}
	var builtIn *codelist.Set
	set := builtIn.With(editions...)
	for i := range report {
		if l := report[i].List; l != "" {
			report[i].Added, report[i].Gone = without(set.Codes(l), l.Codes()), without(l.Codes(), set.Codes(l))
		}
	}
	return set, report, nil
}

var errTooLarge = errors.New("larger than a code list may be")

// readFile reads a file of at most MaxList bytes.
func readFile(folder fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(folder, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > MaxList {
		return nil, fmt.Errorf("%s: %w", path.Base(name), errTooLarge)
	}
	return fs.ReadFile(folder, name)
}

// listOf finds the list by its short name; names have changed over the releases.
func listOf(shortName string) (codelist.List, bool) {
	switch strings.ToLower(shortName) {
	case "loa":
		return codelist.LevelsOfAssurance, true
	case "eea_country":
		return codelist.OOTSCountries, true
	case "nuts2016", "nuts2021", "nuts2024":
		return codelist.NUTS, true
	}
	for _, l := range codelist.Lists() {
		if strings.EqualFold(string(l), shortName) && l != codelist.AssociatedKinds {
			return l, true
		}
	}
	return "", false
}

// rows takes code and English name of each row.
func rows(l *List) []codelist.Row {
	codes := l.Codes()
	out := make([]codelist.Row, 0, len(codes))
	for _, c := range codes {
		out = append(out, codelist.Row{Code: c.Code, Label: c.Names.In("EN").Value})
	}
	return out
}

// without returns what a has and b has not, sorted.
func without(a, b []string) []string {
	var out []string
	b = slices.Sorted(slices.Values(b))
	for _, s := range a {
		if _, found := slices.BinarySearch(b, s); !found {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}
