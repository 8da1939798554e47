package lcm

import (
	"fmt"
	"regexp"
	"strings"

	"oots/directory"
	"oots/directory/rules"
	"oots/regrep"
	"oots/xml/xmltree"
)

// MaxSubmission bounds a submission in bytes: 5,000 pairings of providers with evidence types take eight million.
const MaxSubmission = 64 << 20

var limits = xmltree.Limits{Bytes: MaxSubmission, Elements: 2_000_000}

// The classification schemes that say which service an object is for. [TDD 3.1.5, 3.2.5]
const (
	schemeBroker    = "urn:fdc:oots:classification:eb"
	schemeDirectory = "urn:fdc:oots:classification:dsd"
)

// An Error says that bytes are no submission at all, or no answer to one.
type Error struct {
	Line    int // 1-based; 0 if unknown
	Msg     string
	Request string // @id of the request as far as it could be read; else ""
}

// Error gives line and reason.
func (e *Error) Error() string {
	if e.Line == 0 {
		return "no submission: " + e.Msg
	}
	return fmt.Sprintf("no submission: line %d: %s", e.Line, e.Msg)
}

// Finding is the error as the one finding of a refusal. [TDD 3.6.3 §7.1]
func (e *Error) Finding() Finding {
	f := Finding{Code: BadDataset}
	f.Rule, f.Line, f.Want, f.Got = RuleUnreadable, e.Line, "an lcm:SubmitObjectsRequest", clip(e.Msg)
	return f
}

// A Submission is one lcm:SubmitObjectsRequest as it stands.
type Submission struct {
	ID        string            // @id, "" when absent
	Announced string            // its SpecificationIdentifier as written, "" when it has none
	Version   directory.Version // the release line that it is judged by

	doc     *xmltree.Document
	list    *xmltree.Element // rim:RegistryObjectList, nil when there is none
	objects []object         // in document order
	byID    map[string]*object
	records map[recordKey]string // business identifier to object
}

// A recordKey names a record of a partition.
type recordKey struct{ node, id string }

// An object is one rim:RegistryObject.
type object struct {
	id      string
	element *xmltree.Element
	scheme  string           // of its first classification
	node    string           // of its first classification, else the name of its slot
	value   *xmltree.Element // the business element
	link    string           // lower-cased type of an association, without prefix; "" for a data object
	source  string
	target  string
	service directory.Service // "" when it cannot be told
}

func (o *object) isLink() bool { return o.link != "" }

// urnUUID is the form of handles.
var urnUUID = regexp.MustCompile(`^(?i)urn:uuid:([a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12})$`)

// Parse reads a submission. The error is an *Error when b is none: then it names the id of the request if that
// could be read. Whether it keeps the rules is for Check.
func Parse(b []byte) (*Submission, error) {
	if len(b) > MaxSubmission {
		return nil, &Error{Msg: fmt.Sprintf("longer than %d bytes", MaxSubmission)}
	}
	doc, err := xmltree.Parse(b, limits)
	if err != nil {
		e := unreadable(err)
		e.Request = peekID(b)
		return nil, e
	}
	root := doc.Root
	if !root.Is(regrep.NamespaceLCM, "SubmitObjectsRequest") {
		// Updates and removals are not supported. [TDD 3.6.3 §1]
		id, _ := root.Attr("", "id")
		return nil, &Error{Line: root.Line, Msg: "the root is not lcm:SubmitObjectsRequest", Request: id}
	}
	s := &Submission{doc: doc, list: root.First(regrep.NamespaceRIM, "RegistryObjectList"), byID: map[string]*object{}, records: map[recordKey]string{}}
	s.ID, _ = root.Attr("", "id")
	s.Announced = regrep.ReadSlots(root).String("SpecificationIdentifier")
	s.readObjects()
	s.Version = s.line()
	return s, nil
}

var idAttribute = regexp.MustCompile(`\sid\s*=\s*["'](urn:uuid:[A-Fa-f0-9-]{36})["']`)

// peekID finds the id of a request that is not well formed: in its first start tag, or not at all.
func peekID(b []byte) string {
	head := string(b[:min(len(b), 4096)])
	at := strings.Index(head, "SubmitObjectsRequest")
	if at < 0 {
		return ""
	}
	tag, _, closed := strings.Cut(head[at:], ">")
	if m := idAttribute.FindStringSubmatch(tag); closed && m != nil {
		return m[1]
	}
	return ""
}

func (s *Submission) readObjects() {
	n := 0
	for range s.list.All(regrep.NamespaceRIM, "RegistryObject") {
		n++
	}
	s.objects = make([]object, 0, n)
	for e := range s.list.All(regrep.NamespaceRIM, "RegistryObject") {
		s.objects = append(s.objects, readObject(e))
		o := &s.objects[len(s.objects)-1]
		if key := strings.ToLower(o.id); key != "" && s.byID[key] == nil {
			s.byID[key] = o
		}
	}
	for i := range s.objects {
		if o := &s.objects[i]; o.service == "" && o.isLink() {
			o.service = s.serviceOfLink(o)
		}
	}
}

func readObject(e *xmltree.Element) object {
	o := object{element: e}
	o.id, _ = e.Attr("", "id")
	o.id = strings.TrimSpace(o.id)
	if regrep.TypeOf(e) == regrep.AssociationClass {
		written, _ := e.Attr("", "type")
		o.link = strings.ToLower(written[strings.LastIndexByte(written, ':')+1:])
		if o.link == "" {
			o.link = "?"
		}
		o.source, _ = e.Attr("", "sourceObject")
		o.target, _ = e.Attr("", "targetObject")
		return o
	}
	if c := e.First(regrep.NamespaceRIM, "Classification"); c != nil {
		o.scheme, _ = c.Attr("", "classificationScheme")
		o.node, _ = c.Attr("", "classificationNode")
	}
	slots := regrep.ReadSlots(e)
	if len(slots.List) > 0 {
		o.value = regrep.FirstChild(slots.List[0].Value)
		if o.node == "" {
			o.node = slots.List[0].Name
		}
	}
	o.service = serviceOf(o.node, o.scheme)
	return o
}

// serviceOf tells the service by the scheme, else by the node.
func serviceOf(node, scheme string) directory.Service {
	switch node {
	case NodeScheme:
		return directory.SemanticRepository
	}
	switch scheme {
	case schemeBroker:
		return directory.EvidenceBroker
	case schemeDirectory:
		return directory.DataServiceDirectory
	}
	switch node {
	case NodeEvidenceType, NodeList, NodeRequirement, NodeFramework:
		return directory.EvidenceBroker
	case NodeProvider, NodeAccess, NodeDataService:
		return directory.DataServiceDirectory
	}
	return ""
}

// The associations, lower-cased: drafts spelt them in lower camel case. [TDD 3.2.5, 3.1.5]
const (
	linkContains = "containsevidence"
	linkFulfills = "fulfillsrequirement"
	linkDerives  = "derivesfromreferenceframework"
	linkServes   = "servesevidencetype"
	linkProvides = "providesevidencetype"
	linkUses     = "usesaccessservice"
)

func (s *Submission) serviceOfLink(o *object) directory.Service {
	switch o.link {
	case linkContains, linkFulfills, linkDerives:
		return directory.EvidenceBroker
	case linkServes, linkProvides, linkUses:
		return directory.DataServiceDirectory
	}
	for _, id := range []string{o.source, o.target} {
		if end := s.object(id); end != nil && end.service != "" {
			return end.service
		}
	}
	return ""
}

// object finds a data object by its handle; handles compare without case, as UUIDs do.
func (s *Submission) object(id string) *object {
	o := s.byID[strings.ToLower(strings.TrimSpace(id))]
	if o == nil || o.isLink() {
		return nil
	}
	return o
}

// line is the release line of the submission: the one it announces, or else the oldest that has what it uses. The
// text of 1.1 announces 1.0.
func (s *Submission) line() directory.Version {
	announced := rules.Version(s.doc) // 1.0 for one that says nothing
	if announced != directory.V10 {
		return announced
	}
	v := directory.V10
	for i := range s.objects {
		o := &s.objects[i]
		switch {
		case s.Announced == "" && o.node == NodeScheme:
			return directory.V20
		case s.Announced == "" && o.node == NodeList && (o.value.First(regrep.NamespaceSDG, "Jurisdiction") != nil || o.value.First(regrep.NamespaceSDG, "MatchType") != nil):
			return directory.V20
		case o.node == NodeAccess, o.link == linkProvides, o.link == linkUses:
			v = directory.V11
		}
	}
	return v
}

// Services lists the services that the submission is for, in the order eb, dsd, sr. [TDD 3.6.3]
func (s *Submission) Services() []directory.Service {
	var out []directory.Service
	for _, service := range services {
		for i := range s.objects {
			if s.objects[i].service == service {
				out = append(out, service)
				break
			}
		}
	}
	return out
}

var services = [...]directory.Service{directory.EvidenceBroker, directory.DataServiceDirectory, directory.SemanticRepository}
