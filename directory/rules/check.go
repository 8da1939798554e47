package rules

import (
	"sync"

	"oots/codelist"
	"oots/directory"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// A Judge applies the rules with the code lists in force. The zero Judge takes those that are built in.
type Judge struct{ Lists *codelist.Set }

// Check is Judge.Check with the code lists that are built in.
func Check(doc *xmltree.Document, d rule.Document, v directory.Version) []rule.Finding {
	return Judge{}.Check(doc, d, v)
}

// Check returns the rules that doc breaks as a document of kind d in release line v; an empty v is the 1.0
// shape. With another root element only the rules on the root are judged. At most regrep.MaxFindings are
// kept. Kinds outside the Common Services have no rules here.
func (j Judge) Check(doc *xmltree.Document, d rule.Document, v directory.Version) []rule.Finding {
	c := &checker{root: doc.Root, line: lineOf(v), lists: j.Lists}
	table := tables()[d]
	for i := range table.root {
		c.check(&table.root[i])
	}
	if rule.Refuses(c.reader.Findings()) {
		return c.reader.Findings()
	}
	for i := range table.checks {
		c.check(&table.checks[i])
	}
	return c.reader.Findings()
}

// CheckAnswer judges an answer of a directory as what it seems to be.
func CheckAnswer(doc *xmltree.Document, v directory.Version) []rule.Finding {
	return Check(doc, Detect(doc), v)
}

// CheckSubmission judges a submission, or the answer to one, as what it seems to be.
func CheckSubmission(doc *xmltree.Document, v directory.Version) []rule.Finding {
	return Check(doc, Detect(doc), v)
}

// lines is a set of release lines.
type lines uint8

const (
	v10 lines = 1 << iota
	v11
	v12
	v20
	until11 = v10 | v11
	until12 = v10 | v11 | v12
	from11  = v11 | v12 | v20
	from12  = v12 | v20
	always  = until12 | v20
)

// lineOf returns the line of a version; an unknown one is judged as the newest.
func lineOf(v directory.Version) lines {
	switch v {
	case "", directory.V10:
		return v10
	case directory.V11:
		return v11
	case directory.V12:
		return v12
	}
	return v20
}

// A check is one rule: test holds at every element of the document that the path at leads to.
type check struct {
	id   rule.ID
	in   lines
	at   string
	test test
}

// A test decides on one element and says what would satisfy it.
type test struct {
	want  string
	soft  bool // a breach is a Warning
	holds func(c *checker, e *xmltree.Element) (got string, ok bool)
}

// warn makes the breach of a test a Warning.
func warn(t test) test {
	t.soft = true
	return t
}

// A table holds the rules of one kind of document, those on the root element apart.
type table struct{ root, checks []placed }

// A placed is a check with its path made ready.
type placed struct {
	check
	path path
}

// tables are made once; nothing changes them.
var tables = sync.OnceValue(func() map[rule.Document]table {
	return map[rule.Document]table{
		rule.Requirements:    {place(requirementsRoot()), place(requirements())},
		rule.EvidenceTypes:   {place(evidenceTypesRoot()), place(evidenceTypes())},
		rule.BrokerFailure:   {place(brokerFailureRoot()), place(brokerFailure())},
		rule.DataServices:    {place(dataServicesRoot()), place(dataServices())},
		rule.DirectoryError:  {place(directoryErrorRoot()), place(directoryError())},
		rule.BrokerSubmit:    {place(brokerSubmitRoot()), place(brokerSubmit())},
		rule.DirectorySubmit: {place(directorySubmitRoot()), place(directorySubmit())},
		rule.SubmitSuccess:   {place(submitSuccessRoot()), place(submitSuccess())},
		rule.SubmitFailure:   {place(submitFailureRoot()), place(submitFailure())},
	}
})

func place(checks []check) []placed {
	all := make([]placed, len(checks))
	for i, k := range checks {
		all[i] = placed{check: k, path: compile(k.at)}
	}
	return all
}

// A checker judges one document.
type checker struct {
	root     *xmltree.Element
	line     lines
	lists    *codelist.Set
	reader   regrep.Reader
	ids      map[string]int                // how often an id stands in the submission or answer
	objects  map[string][]*xmltree.Element // the objects of a submission by id
	linked   map[string]bool               // the ids that an association names
	indexed  bool
	waived   map[*xmltree.Element]bool // records with an unstructured form
	elements []*xmltree.Element        // reused by find
}

func (c *checker) check(k *placed) {
	if k.in&c.line == 0 {
		return
	}
	c.reader.Judge(k.id)
	severity := rule.Fatal
	if k.test.soft {
		severity = rule.Warning
	}
	c.elements = k.path.find(c.elements[:0], c.root)
	for _, e := range c.elements {
		if !c.reader.Keeps(severity) {
			return
		}
		if got, ok := k.test.holds(c, e); !ok {
			c.reader.Add(k.id, severity, e, got, k.test.want)
		}
	}
}
