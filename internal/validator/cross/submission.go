package cross

import (
	"strings"

	"oots/regrep"
	"oots/xml/xmltree"
)

// A submission is what pairs look at in an lcm:SubmitObjectsRequest. One that is combined has objects of both
// directories. [TDD 3.1.5, 3.2.5]
type submission struct {
	id        string
	types     map[string]bool // classifications of the evidence types of the broker
	records   []string        // classifications of the data services of the directory, in their order
	recordIDs []string        // their identifiers
	publishes map[string]bool // scheme and value of the publishers
	countries []string        // of jurisdictions and addresses, in their order
}

// The nodes of the objects that are looked at, which are the names of their slots too.
const (
	nodeEvidenceType = "EvidenceType"
	nodeRecord       = "DataServiceEvidenceType"
	nodeProvider     = "EvidenceProvider"
)

func readSubmission(root *xmltree.Element) *submission {
	id, _ := root.Attr("", "id")
	s := &submission{id: strings.TrimSpace(id), types: map[string]bool{}, publishes: map[string]bool{}}
	for o := range root.First(regrep.NamespaceRIM, "RegistryObjectList").All(regrep.NamespaceRIM, "RegistryObject") {
		for _, slot := range regrep.ReadSlots(o).List {
			value := regrep.FirstChild(slot.Value)
			switch slot.Name {
			case nodeEvidenceType:
				s.types[child(value, "EvidenceTypeClassification").Value()] = true
			case nodeRecord:
				s.records = append(s.records, child(value, "EvidenceTypeClassification").Value())
				s.recordIDs = append(s.recordIDs, child(value, "Identifier").Value())
			case nodeProvider:
				s.provider(value)
			}
			s.country(value)
		}
	}
	return s
}

// provider reads a publisher, which 1.0 keeps inside its access service.
func (s *submission) provider(e *xmltree.Element) {
	if p := child(e, "Publisher"); p != nil {
		e = p
	}
	scheme, _ := child(e, "Identifier").Attr("", "schemeID")
	s.publishes[scheme+"\x00"+child(e, "Identifier").Value()] = true
	s.country(e)
}

// country notes the Member State of a jurisdiction.
func (s *submission) country(e *xmltree.Element) {
	if c := child(child(e, "Jurisdiction"), "AdminUnitLevel1").Value(); c != "" {
		s.countries = append(s.countries, c)
	}
}

func child(e *xmltree.Element, local string) *xmltree.Element {
	return e.First(regrep.NamespaceSDG, local)
}

// An acknowledgement is an rs:RegistryResponse. [TDD 3.6.3]
type acknowledgement struct{ requestID string }

func readAcknowledgement(root *xmltree.Element) *acknowledgement {
	id, _ := root.Attr("", "requestId")
	return &acknowledgement{requestID: strings.TrimSpace(id)}
}
