// Package directoryxml reads and writes the business elements of the Common Services: sdg:Requirement,
// sdg:DataServiceEvidenceType and what they are made of. [TDD 3.1.3, 3.2.3]
//
// Readers are tolerant: prefixes are free, white space around text is dropped, comments and unknown elements
// are passed over, old spellings are understood, and every release line lands in the same model. Writers are
// strict: they write the shape of one release line, elements in their binding order, the same records as the
// same bytes. Rules are a second step: directory.Catalogue.Check for records, package rules for documents.
//
// The envelopes around these elements are packages query and lcm.
package directoryxml
