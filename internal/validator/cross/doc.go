// Package cross compares documents that belong together: a request with its answer, with the header that
// carried it, with what the directories said before it. It finds out which documents of a set make a pair, and
// says for each pair what of the second contradicts the first. [TDD 3.1.4, 3.2.4, 4.4, 4.7, 4.9]
//
//	doc, err := cross.Read("request.xml", rule.Request, b)
//	result := cross.Check(docs)
//	for _, p := range result.Pairs { … p.Findings … }
//
// A pair is one row of a table: which two documents, how they are recognised as belonging together, and the
// checks; each lies in a file of its own. The rules are ours, because no release publishes its own: an id such
// as OOTS-X-REQ_RESP-01 names the two documents as the few published ids of this kind do, and stands in the
// catalogue of package rule, which decides severity and words.
//
// No document is judged by itself here; package validator does that. Findings name identifiers, codes and
// places, never a person, an answer of the user or a preview link.
package cross
