// Package regrep holds the building blocks of OASIS ebXML RegRep 4.0 that OOTS messages are made of: slots
// and their values, exceptions, and the names that go with them. The evidence exchange [TDD 4.5] and the
// query interface of the directories [TDD 3] share it.
//
// Reading binds namespaces, never prefixes, and resolves xsi:type as a qualified name. A Reader walks a
// tree of package xmltree and collects the rules that the document breaks, each with line and path:
//
//	var r regrep.Reader
//	slots := regrep.ReadSlots(root)
//	r.One("R-EDM-REQ-S005", slots, "SpecificationIdentifier")
//	r.Type("R-EDM-REQ-S020", slots, "SpecificationIdentifier", regrep.StringValue)
//	version := slots.String("SpecificationIdentifier")
//
// Writing appends: a Writer adds indented elements to a byte slice, the prefixes rim, rs, query, xlink and
// xsi spelled as the official assertions compare them.
//
// The package knows no business element and decides nothing; it does not parse bytes (package xmltree
// does), and of RegRep it leaves out what OOTS leaves out: federation, versioning, notifications.
package regrep
