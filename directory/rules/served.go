package rules

import (
	"oots/directory"
	"oots/directory/query"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// Asked is the kind of document that the answer to a query is, by its status; "" when it is no answer at all.
// Unlike Detect it goes by what was asked, so an answer to another query breaks the rules of this one.
func Asked(doc *xmltree.Document, id query.ID) rule.Document {
	status, _ := doc.Root.Attr("", "status")
	failed := status == regrep.StatusFailure
	switch {
	case failed && id.Service() == query.EB:
		return rule.BrokerFailure
	case failed && id.Service() == query.DSD:
		return rule.DirectoryError
	case id == query.Requirements:
		return rule.Requirements
	case id == query.EvidenceTypes:
		return rule.EvidenceTypes
	case id == query.DataServices:
		return rule.DataServices
	}
	return ""
}

// CheckAsked judges the answer to a query that was asked in release line v. Both sides use it: a directory in
// its tests, a client before it uses an answer.
func (j Judge) CheckAsked(doc *xmltree.Document, id query.ID, v directory.Version) []rule.Finding {
	return j.Check(doc, Asked(doc, id), v)
}
