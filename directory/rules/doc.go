// Package rules judges documents of the Common Services by the published rules: the answers of Evidence
// Broker and Data Service Directory, and the submissions to them with their answers. [TDD 3.1.4, 3.1.5,
// 3.2.4, 3.2.5, 3.6]
//
//	doc, err := xmltree.Parse(b, limits)
//	findings := rules.CheckAnswer(doc, directory.V20)
//
// It looks at the XML as it stands, so that each finding has line and path; what a directory holds in its
// model is checked by directory.Catalogue.Check. A rule is one line of a table: id, release lines, where it
// looks, and a test. Release lines in which the text of a rule is not known are taken to keep it, as
// package rule says row by row.
//
// It reads no records and trusts nothing: a document that breaks no rule here may still be no answer to the
// query that was asked.
package rules
