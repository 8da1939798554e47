// Package xmlbench compares parsing and verifying a signed document of 5 kB with beevik/etree and
// russellhaering/goxmldsig, which Go programs usually take. It is a module of its own, so that the project does
// not depend on either.
//
//	cd interop/xmlbench && go test -bench . -benchmem
package xmlbench
