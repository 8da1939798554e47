package validator

import (
	"strings"

	"oots/directory/genericode"
	"oots/directory/rules"
	"oots/edelivery/ebms"
	"oots/regrep"
	"oots/regrep/schema"
	"oots/rule"
	"oots/xml/xmltree"
)

// A Kind is what a document can be, in the words of the command line.
type Kind string

// The kinds. Several of them share a root element.
const (
	Request         Kind = "request"         // evidence request [TDD 4.5.1]
	Response        Kind = "response"        // evidence response [TDD 4.5.2]
	Error           Kind = "error"           // evidence error response [TDD 4.5.3]
	Header          Kind = "header"          // eb:Messaging, alone or in a SOAP envelope [TDD 4.7.1]
	Answer          Kind = "answer"          // answer of a directory, refusals included [TDD 3.1.4, 3.2.4]
	Submission      Kind = "submission"      // submission to a directory [TDD 3.1.5, 3.2.5]
	Acknowledgement Kind = "acknowledgement" // answer to a submission [TDD 3.6.3]
	CodeList        Kind = "codelist"        // Genericode [TDD 3.5]
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{Request, Response, Error, Header, Answer, Submission, Acknowledgement, CodeList}
}

// Title is the kind in words, with its article.
func (k Kind) Title() string {
	switch k {
	case Request:
		return "an evidence request"
	case Response:
		return "an evidence response"
	case Error:
		return "an evidence error response"
	case Header:
		return "an ebMS header"
	case Answer:
		return "an answer of a directory"
	case Submission:
		return "a submission to a directory"
	case Acknowledgement:
		return "an answer to a submission"
	case CodeList:
		return "a code list"
	}
	return "no known document"
}

// begins reports whether a document of the kind may have that root element.
func (k Kind) begins(root *xmltree.Element) bool {
	switch k {
	case Request:
		return root.Name == schema.QueryRequest()
	case Response, Error, Answer:
		return root.Name == schema.QueryResponse()
	case Submission:
		return root.Name == schema.SubmitObjectsRequest()
	case Acknowledgement:
		return root.Name == schema.RegistryResponse()
	case Header:
		return messaging(root) != nil
	case CodeList:
		return root.Is(genericode.Namespace, "CodeList")
	}
	return false
}

// messaging finds eb:Messaging at the root or in the header of a SOAP envelope; nil without one.
func messaging(root *xmltree.Element) *xmltree.Element {
	switch {
	case root.Is(ebms.NS, "Messaging"):
		return root
	case root.Is(ebms.NSSOAP12, "Envelope"):
		return root.First(ebms.NSSOAP12, "Header").First(ebms.NS, "Messaging")
	}
	return nil
}

// detect says what kind of document has that root; "" when no kind begins so.
func detect(root *xmltree.Element) Kind {
	if root.Name == schema.QueryResponse() {
		return detectResponse(root)
	}
	for _, k := range Kinds() {
		if k.begins(root) {
			return k
		}
	}
	return ""
}

// detectResponse tells evidence messages from answers of directories: by the version announced, or else by what
// only an evidence message has. Directories repeat a requestId too.
func detectResponse(root *xmltree.Element) Kind {
	slots := regrep.ReadSlots(root)
	version := slots.String("SpecificationIdentifier")
	evidence := strings.HasPrefix(version, edmFamily)
	if !evidence && !strings.HasPrefix(version, csFamily) {
		for _, name := range [...]string{"EvidenceResponseIdentifier", "EvidenceRequester", "EvidenceProvider", "ErrorProvider"} {
			if _, ok := slots.Get(name); ok {
				evidence = true
			}
		}
		for x := range root.All(regrep.NamespaceRS, "Exception") {
			if code, _ := x.Attr("", "code"); strings.HasPrefix(code, "EDM:") {
				evidence = true
			}
		}
	}
	switch {
	case !evidence:
		return Answer
	case failed(root):
		return Error
	}
	return Response
}

// failed reports whether an evidence message is an error: it has an exception, or fails and brings nothing.
func failed(root *xmltree.Element) bool {
	status, _ := root.Attr("", "status")
	return root.First(regrep.NamespaceRS, "Exception") != nil ||
		status == regrep.StatusFailure && root.First(regrep.NamespaceRIM, "RegistryObjectList") == nil
}

// document is the kind in the spelling of rule ids.
func (k Kind) document(doc *xmltree.Document) rule.Document {
	switch k {
	case Request:
		return rule.Request
	case Response:
		return rule.Response
	case Error:
		return rule.ErrorResponse
	case Header:
		return rule.Header
	case CodeList:
		return ""
	}
	return rules.Detect(doc)
}
