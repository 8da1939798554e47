// Package policy reads how an operator wants the rules applied: a short file in YAML, and a folder with newer
// code lists in Genericode. [TDD 3.5, 4.6]
//
//	# every rule with the severity it is published with
//	strict: true
//	# and these as we want them
//	severity:
//	  R-EDM-REQ-C126: WARNING
//
// A file with an unknown field, rule or severity is refused, with everything that is wrong in it at once.
package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"oots/directory/genericode"
	"oots/edm"
	"oots/internal/validator"
	"oots/rule"
)

// MaxBytes bounds a file.
const MaxBytes = 1 << 20

// file is the form of the file.
type file struct {
	// Strict reports every rule with the severity that it is published with, also those that nobody enforces.
	Strict bool `yaml:"strict"`
	// Severity sets FATAL, WARNING or CAUTION for single rules, whatever Strict says.
	Severity map[string]string `yaml:"severity"`
}

// Read reads a file.
func Read(in io.Reader) (*edm.Rules, error) {
	b, err := io.ReadAll(io.LimitReader(in, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > MaxBytes {
		return nil, fmt.Errorf("more than %d bytes", MaxBytes)
	}
	var f file
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) { // an empty file changes nothing
		return nil, errors.New(strings.ReplaceAll(err.Error(), " in type policy.file", ""))
	}
	if err := d.Decode(new(file)); !errors.Is(err, io.EOF) {
		return nil, errors.New("a second document behind the first")
	}
	rules := &edm.Rules{Strict: f.Strict, Severity: map[rule.ID]rule.Severity{}}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(f.Severity)) {
		id, severity, err := weight(name, f.Severity[name])
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		rules.Severity[id] = severity
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return rules, nil
}

// weight reads one line of severity.
func weight(name, word string) (rule.ID, rule.Severity, error) {
	id := rule.ID(name)
	row, ok := rule.Lookup(id)
	switch {
	case !ok:
		return "", 0, fmt.Errorf("severity: no rule %q is known", name)
	case id == validator.RuleUnreadable || id == validator.RuleVersion:
		return "", 0, fmt.Errorf("severity: %s: a document that cannot be read is invalid, whatever its weight", name)
	case row.State != rule.Checked:
		return "", 0, fmt.Errorf("severity: %s is never reported: %s", name, row.Note)
	}
	for _, s := range [...]rule.Severity{rule.Fatal, rule.Warning, rule.Caution} {
		if strings.EqualFold(word, s.String()) {
			return id, s, nil
		}
	}
	return "", 0, fmt.Errorf("severity: %s: %q is none of FATAL, WARNING and CAUTION", name, word)
}

// Open reads the file and the folder of code lists, of which either may be "". Without both it returns nil: the
// rules as published, in our readings. Loaded says which lists are in force.
func Open(name, lists string) (rules *edm.Rules, loaded []genericode.Loaded, err error) {
	if name != "" {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		if rules, err = Read(f); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if lists == "" {
		return rules, nil, nil
	}
	if rules == nil {
		rules = &edm.Rules{}
	}
	root := os.DirFS(lists)
	if _, err := fs.Stat(root, "."); err != nil {
		return nil, nil, err
	}
	if rules.Lists, loaded, err = genericode.Load(root); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", lists, err)
	}
	if !slices.ContainsFunc(loaded, func(l genericode.Loaded) bool { return l.List != "" }) {
		return nil, nil, fmt.Errorf("%s: no *.gc file with a code list that a rule uses", lists)
	}
	return rules, loaded, nil
}
