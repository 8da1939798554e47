package edm

// An AgentClass is a code of AgentClassification.
type AgentClass string

// The codes of AgentClassification.
const (
	EvidenceRequester    AgentClass = "ER"
	EvidenceProvider     AgentClass = "EP"
	IntermediaryPlatform AgentClass = "IP"
	ErrorProvider        AgentClass = "ERRP"
)

// An Agent is an authority or platform that takes part in an exchange. [TDD 4.5.1 §3.5]
type Agent struct {
	ID    Identifier // Scheme is an EAS or unregistered URN
	Names Texts
	// Address is absent on the provider of a request and on the requester of an answer.
	Address *Address
	Class   AgentClass // "" where the position allows none
}

// Empty reports whether nothing is said of the agent, as when its slot is missing.
func (a *Agent) Empty() bool { return a.ID == (Identifier{}) && len(a.Names) == 0 }

// An Address is an sdg:Address. Only Country is required.
type Address struct {
	FullAddress       string
	LocatorDesignator string
	PostCode          string
	PostCityName      string
	Thoroughfare      string
	Country           string // AdminUnitLevel1, code of OOTS_Country
	Region            string // AdminUnitLevel2, NUTS code
}
