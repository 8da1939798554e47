// Package conformance makes docs/conformance-edm.md: which of the published rules are known, checked, and
// broken by a case, per document and release line. What it says of a rule is measured when the page is made:
// every valid specimen of the messages is edited in every single place, and the rules that fire are noted.
//
// The package has tests only. A rule of the messages whose case is a table of package edm or exchange
// instead of an edit is read from there; the cases of the Common Services are those that package
// directory/rules keeps in testdata/cases.tsv.
package conformance
