// Package edmxml writes the Exchange Data Model as RegRep 4.0 XML and reads it back, per version.
// [TDD 4.5.1, 4.5.2, 4.5.3]
//
// A reader takes any prefixes and returns the model together with every rule that the document breaks: the
// rules that only the XML shows are judged here, the others by the Check functions of package edm, and each
// finding has the line and the XPath of the node. Only bytes that are no such document give an error.
//
//	request, findings, err := edmxml.ParseRequest(body)
//	if err != nil || rule.Refuses(findings) { … }
//
// A writer appends to a byte slice and gives the same bytes for the same value. It writes the form of the
// message's version and leaves out what that line cannot say (package convert lists it). It does not check the
// message: callers run edm.CheckRequest and its siblings before they send.
//
// A message is judged by the rules of the release line that it announces; one of an unknown line by those of
// 2.0, which refuse it (R-EDM-REQ-C001). ParseRequestWith and ParseResponseWith take the rules as an operator
// wants them.
package edmxml
