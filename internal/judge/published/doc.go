// Package published makes Schematron and XSLT of the table of published rules that lies beside the project, so
// that tests can ask other processors what the published XPath says of a document, where our rules are Go.
//
//	for _, row := range published.Rows(t) {
//		r, ok := published.Translate(row, "2.0")
//		…
//	}
//
// The table has contexts and tests as people wrote them down: most are XPath, many are a phrase that stands for
// a pattern of XPath ("in code list X"). Translate knows these phrases, and says no to what it does not know: it
// never guesses. Nothing of the table is part of the project, and what is made of it is never written beside it.
package published
