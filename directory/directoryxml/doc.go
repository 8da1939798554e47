// Package directoryxml reads and writes the business elements of the Common Services:
// sdg:Requirement, sdg:DataServiceEvidenceType and sdg:EvidenceProviderClassification. [TDD 3.1.3, 3.2.3]
//
// Readers are tolerant: prefixes are free, white space around text is dropped, unknown elements are passed
// over, and elements of the 1.x lines land in the same model. Writers are strict: they write the shape of
// oots-cs:v2.0, elements in their binding order. Rules are a second step: directory.Catalogue.Check.
//
// The envelope around these elements is package query.
package directoryxml
