// Package official is the second opinion: it judges a document by an operator's own copy of the published
// artefacts, XML Schema and Schematron, and not by a line of our rules. [TDD 3.6, 4.6]
//
//	suite, err := official.Load(os.DirFS("/var/lib/oots/tdd"))
//	opinion, err := suite.Judge(rule.Request, "2.0", document)
//	for _, f := range opinion.Findings { … f.ID, f.Flag, f.Line, f.Text }
//
// The folder may hold one release or several, in any layout. Schemas are recognised by their target namespace;
// Schematron files by the document that their names begin with, as the releases name them (EDM-REQ-S.sch,
// DSD-RESP-C.sch); releases by the folders that carry their number (1.0, v2.0.1, tdd-1.2.5). A file outside of
// such a folder belongs to every release.
//
// Schematron is ISO/IEC 19757-3 with the query binding xslt2 (also xslt3, xpath2 and xpath3), as far as the
// published files use it: patterns with the first matching rule, assertions and reports, variables, phases,
// abstract rules and patterns, includes. What is not understood is refused when it is read, by file and line;
// nothing is skipped in silence. A test that cannot be evaluated is neither kept nor broken: it is a RuleError.
//
// It is the only package that knows helium, the library with the XPath and XML Schema processors. It fetches
// nothing: neither schemas nor rules can name a document outside of the folder.
package official
