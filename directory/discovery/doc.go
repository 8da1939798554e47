// Package discovery finds the directory of a country: DNS names, their NAPTR records, and the base URL that
// a record leads to. [TDD 3.4] [RFC 3403] [RFC 4848]
//
//	lu.eb.v1.cs.acc.oots.tech.ec.europa.eu. 3600 IN NAPTR 100 10 "U" "" "!.*!https://eb.example.test/eb/!" .
//
// Name makes the name, Resolver asks for the records, Choose picks one, and Finder does all three and
// remembers. That a country is not registered is ErrNoRecord; whatever else goes wrong is trouble that may
// pass, and the two are never mixed up. Zone and Server are the other side: a small authoritative name server
// for tests and demonstrations.
//
// Whose signature counts at the place found is not decided here, and DNSSEC is left to a validating resolver
// whose AD bit can be insisted on.
package discovery
