// Package conformance makes docs/conformance-edm.md: which of the published rules are known, checked, and
// broken by a case, per document and release line. What it says of a rule is measured when the page is made:
// every valid specimen of the messages is edited in every single place, and the rules that fire are noted.
//
// The package has tests only. Headers have no specimens: a valid one is built for each line and edited. What such
// edits do not break is read from the cases that packages edm/edmxml and directory/rules keep in testdata/cases.tsv,
// and for rules on our own messages alone from the tables of package edm.
package conformance
