package official

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"oots/rule"
)

// A Suite is an operator's folder of published artefacts. It may be used by any number of goroutines. What a
// document needs is compiled when it is first judged.
type Suite struct {
	fsys fs.FS
	list *listing

	mu      sync.Mutex
	schemas map[string]*compiled[*schema]     // by release
	rules   map[string]*compiled[*schematron] // by file
}

// compiled is an artefact, compiled once.
type compiled[T any] struct {
	once  sync.Once
	value T
	err   error
}

func (c *compiled[T]) get(compile func() (T, error)) (T, error) {
	c.once.Do(func() { c.value, c.err = compile() })
	return c.value, c.err
}

// Load lists the artefacts of a folder. It fails when there are none.
func Load(fsys fs.FS) (*Suite, error) {
	l, err := list(fsys)
	if err != nil {
		return nil, err
	}
	return &Suite{fsys: fsys, list: l, schemas: map[string]*compiled[*schema]{}, rules: map[string]*compiled[*schematron]{}}, nil
}

// Releases lists the numbers of the releases in the folder; none when it does not tell any apart.
func (s *Suite) Releases() []string { return s.list.numbers() }

// Unused lists the Schematron files whose names say no document. Other files may include them.
func (s *Suite) Unused() []string { return s.list.unused }

// ErrNothing says that the folder has nothing to judge a document by.
var ErrNothing = errors.New("the folder has nothing to judge the document by")

// An Opinion is what the published artefacts say of one document.
type Opinion struct {
	Release  string      // such as "1.2.5"; "" when the folder does not tell releases apart
	Schema   bool        // the document was judged by a schema
	Files    []string    // the Schematron files that it was judged by, relative to the folder
	Findings []Finding   // of the schema, then of each file in the order of the document
	Errors   []RuleError // rules that could not be evaluated
	Notes    []string    // what was not judged and why, in sentences
	Cut      bool        // there are more than maxFindings
}

// maxFindings bounds the findings, and the errors, of one opinion.
const maxFindings = 2000

// patience bounds the time that one document may take.
const patience = time.Minute

// Refuses reports whether a finding is fatal. A rule that could not be evaluated refuses nothing.
func (o *Opinion) Refuses() bool {
	for i := range o.Findings {
		if o.Findings[i].Severity == rule.Fatal {
			return true
		}
	}
	return false
}

// Judge says what the artefacts of a release line think of a document of that kind. The line is "2.0" or a
// version literal such as "oots-edm:v2.0". Its errors are those of the folder (ErrNothing, several releases of the
// line, an artefact that does not compile) and of documents that no processor should see: a *xmltree.SyntaxError
// (no XML, a DOCTYPE, beyond the bounds). An artefact that is no XML is no such error.
func (s *Suite) Judge(doc rule.Document, version string, b []byte) (Opinion, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	line := version
	if _, v, ok := strings.Cut(version, ":v"); ok {
		line = v
	}
	r, err := s.list.choose(line)
	if err != nil {
		return Opinion{}, err
	}
	d, err := readDocument(ctx, b)
	if err != nil {
		return Opinion{}, err
	}
	o := Opinion{Release: r.number, Files: r.rules[doc]}
	if err := s.bySchema(ctx, r, d, &o); err != nil {
		return Opinion{}, err
	}
	for _, name := range o.Files {
		rules, err := s.schematron(name)
		if err != nil {
			return Opinion{}, err
		}
		if err := rules.walk(ctx, d.dom, &o); err != nil {
			return Opinion{}, fmt.Errorf("%s: not done within %v", name, patience)
		}
	}
	if len(o.Files) == 0 {
		o.Notes = append(o.Notes, fmt.Sprintf("No Schematron file of the folder is named after %s.", doc))
	}
	if !o.Schema && len(o.Files) == 0 {
		return Opinion{}, fmt.Errorf("%w. %s", ErrNothing, strings.Join(o.Notes, " "))
	}
	return o, nil
}

// bySchema judges by the schemas of a release, if they know the root element's namespace.
func (s *Suite) bySchema(ctx context.Context, r *release, d *document, o *Opinion) error {
	schema, err := s.schema(ctx, r)
	if err != nil {
		return err
	}
	space := d.tree.Root.Name.Space
	switch need, left := schema.set.missing[space]; {
	case schema.set.spaces[space]:
		o.Schema = true
		d.instanceAttributes(o)
		return schema.check(ctx, d.dom, o)
	case left:
		o.Notes = append(o.Notes, fmt.Sprintf("The schema of %s is not used: it needs that of %s, which the folder does not have.", space, need))
	default:
		o.Notes = append(o.Notes, fmt.Sprintf("The folder has no schema of %q.", clip(space)))
	}
	return nil
}

// room reports whether one more may join n findings or errors, and notes when not.
func (o *Opinion) room(n int) bool {
	o.Cut = o.Cut || n >= maxFindings
	return n < maxFindings
}

// broken adds a finding of the schema.
func (o *Opinion) broken(line int, text string) {
	if o.room(len(o.Findings)) {
		o.Findings = append(o.Findings, Finding{Severity: rule.Fatal, Line: line, Text: cut(strings.Join(strings.Fields(text), " "), maxText)})
	}
}

func (s *Suite) schema(ctx context.Context, r *release) (*schema, error) {
	return slot(s, s.schemas, r.number).get(func() (*schema, error) {
		set, err := newSchemaSet(s.fsys, r.schemas)
		if err != nil {
			return nil, err
		}
		return compileSchema(context.WithoutCancel(ctx), set)
	})
}

func (s *Suite) schematron(name string) (*schematron, error) {
	return slot(s, s.rules, name).get(func() (*schematron, error) { return readSchematron(s.fsys, name) })
}

// slot is the place of an artefact that is compiled once.
func slot[T any](s *Suite, in map[string]*compiled[T], key string) *compiled[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in[key] == nil {
		in[key] = &compiled[T]{}
	}
	return in[key]
}
