package rules

import (
	"strings"

	"oots/directory"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// Detect says what kind of document of the Common Services doc seems to be, by its root element, its status
// and what it holds; "" when its root is none of theirs. A success without readable records counts as an
// answer with requirements, a failure without a code of the directory as one of the broker. A caller that
// knows what was asked should rather say so.
func Detect(doc *xmltree.Document) rule.Document {
	status, _ := doc.Root.Attr("", "status")
	switch {
	case doc.Root.Is(regrep.NamespaceLCM, "SubmitObjectsRequest"):
		return submission(doc.Root)
	case doc.Root.Is(regrep.NamespaceRS, "RegistryResponse") && status == regrep.StatusSuccess:
		return rule.SubmitSuccess
	case doc.Root.Is(regrep.NamespaceRS, "RegistryResponse"):
		return rule.SubmitFailure
	case !doc.Root.Is(regrep.NamespaceQuery, "QueryResponse"):
		return ""
	case status != regrep.StatusSuccess && doc.Root.First(regrep.NamespaceRS, "Exception") != nil, status == regrep.StatusFailure:
		return failure(doc.Root)
	case len(find(doc.Root, object+"/rim:Slot[DataServiceEvidenceType]")) > 0:
		return rule.DataServices
	case len(find(doc.Root, typeList)) > 0:
		return rule.EvidenceTypes
	}
	return rule.Requirements
}

// Version says in which release line doc seems to be written, by its SpecificationIdentifier; the 1.0 line
// has none. What it says may be no line at all.
func Version(doc *xmltree.Document) directory.Version {
	v := regrep.ReadSlots(doc.Root).String("SpecificationIdentifier")
	if line, ok := strings.CutPrefix(v, "oots-lcm:"); ok { // submissions have a family of their own
		v = "oots-cs:" + line
	}
	if v == "" {
		return directory.V10
	}
	return directory.Version(v)
}

func submission(root *xmltree.Element) rule.Document {
	for _, c := range find(root, classification) {
		if scheme, _ := c.Attr("", "classificationScheme"); scheme == schemeDirectory {
			return rule.DirectorySubmit
		}
	}
	return rule.BrokerSubmit
}

func failure(root *xmltree.Element) rule.Document {
	for x := range root.All(regrep.NamespaceRS, "Exception") {
		if code, _ := x.Attr("", "code"); strings.HasPrefix(code, "DSD:") {
			return rule.DirectoryError
		}
	}
	return rule.BrokerFailure
}
