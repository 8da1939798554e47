// Package edm is the Exchange Data Model of TDD chapter 4: what an evidence request, an evidence response
// and an evidence error response say, whatever their wire format.
//
// A version is a value: the same types serve every release line, and package edmxml knows how each line
// writes them. Check functions return the rules that a message breaks, of those that the catalogue of package
// rule has for its release line; Rules say how an operator wants them applied. The package knows no XML, no HTTP
// and no storage.
//
//	findings := edm.CheckRequest(request)                          // as published, in our readings
//	findings = (&edm.Rules{Strict: true}).CheckRequest(request)    // nothing softened
package edm
