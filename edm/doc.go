// Package edm is the Exchange Data Model of TDD chapter 4: what an evidence request, an evidence response
// and an evidence error response say, whatever their wire format.
//
// A version is a value: the same types serve every release line, and package edmxml knows how each line
// writes them. Check functions return the rules that a message breaks. The package knows no XML, no HTTP
// and no storage.
package edm
