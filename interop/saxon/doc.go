// Package saxon lets Saxon-HE judge the Schematron walker of internal/official: the same rules, compiled to XSLT,
// must fire at the same nodes of the same documents. And it compares speed in one run on one machine: our
// validator, the walker, and Saxon in a warm JVM, with the XPath of the published rules.
//
//	go test -run '^$' -bench . ./interop/saxon
//
// The judge is Judge.java, which the JDK runs from source with Saxon's jar (Debian: libsaxonhe-java).
package saxon
