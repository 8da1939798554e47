package edmxml

import (
	"oots/edm"
	"oots/regrep"
)

func texts(w *regrep.Writer, name string, t edm.Texts) {
	for _, x := range t {
		w.Text(name, x.Value, "lang", x.Lang)
	}
}

// fullAgent writes the agent with address and classification, as its own side of an exchange does.
func fullAgent(w *regrep.Writer, a *edm.Agent) {
	w.Open("sdg:Agent")
	agentIdentity(w, a)
	if a.Address != nil {
		address(w, "sdg:Address", a.Address)
	}
	w.TextIf("sdg:Classification", string(a.Class))
	w.Close()
}

// namedAgent writes identifier and names only, as the other side is named. [R-EDM-REQ-S043, R-EDM-RESP-S028]
func namedAgent(w *regrep.Writer, a *edm.Agent) {
	w.Open("sdg:Agent")
	agentIdentity(w, a)
	w.Close()
}

func agentIdentity(w *regrep.Writer, a *edm.Agent) {
	w.Text("sdg:Identifier", a.ID.Value, "schemeID", a.ID.Scheme)
	texts(w, "sdg:Name", a.Names)
}

func address(w *regrep.Writer, name string, a *edm.Address) {
	w.Open(name)
	w.TextIf("sdg:FullAddress", a.FullAddress)
	w.TextIf("sdg:LocatorDesignator", a.LocatorDesignator)
	w.TextIf("sdg:PostCode", a.PostCode)
	w.TextIf("sdg:PostCityName", a.PostCityName)
	w.TextIf("sdg:Thoroughfare", a.Thoroughfare)
	w.TextIf("sdg:AdminUnitLevel1", a.Country)
	w.TextIf("sdg:AdminUnitLevel2", a.Region)
	w.Close()
}

// person writes sdg:Person with all that the model knows; scope is the mandate of a representative.
func person(w *regrep.Writer, p *edm.Person, scope string) {
	w.Open("sdg:Person")
	w.TextIf("sdg:LevelOfAssurance", string(p.LoA))
	minimumDataSet(w, p)
	w.TextIf("sdg:BirthName", p.BirthName)
	w.TextIf("sdg:PlaceOfBirth", p.PlaceOfBirth)
	if p.CurrentAddress != nil {
		address(w, "sdg:CurrentAddress", p.CurrentAddress)
	}
	w.TextIf("sdg:Gender", p.Gender)
	for _, n := range p.Nationalities {
		w.Text("sdg:Nationality", n)
	}
	w.TextIf("sdg:CountryOfBirth", p.CountryOfBirth)
	w.TextIf("sdg:TownOfBirth", p.TownOfBirth)
	w.TextIf("sdg:CountryOfResidence", p.CountryOfResidence)
	w.TextIf("sdg:PhoneNumber", p.PhoneNumber)
	w.TextIf("sdg:EmailAddress", p.EmailAddress)
	powerScope(w, scope)
	w.Close()
}

func minimumDataSet(w *regrep.Writer, p *edm.Person) {
	w.TextIf("sdg:Identifier", p.Identifier, "schemeID", edm.SchemeEIDAS)
	w.Text("sdg:FamilyName", p.FamilyName)
	w.Text("sdg:GivenName", p.GivenName)
	w.Text("sdg:DateOfBirth", string(p.DateOfBirth))
}

func legalPerson(w *regrep.Writer, l *edm.LegalPerson, scope string) {
	w.Open("sdg:LegalPerson")
	w.TextIf("sdg:LevelOfAssurance", string(l.LoA))
	for _, id := range l.Identifiers {
		w.Text("sdg:Identifier", id.Value, "schemeID", id.Scheme)
	}
	w.Text("sdg:LegalPersonIdentifier", l.EIDASIdentifier, "schemeID", edm.SchemeEIDAS)
	w.Text("sdg:LegalName", l.LegalName)
	if l.Address != nil {
		address(w, "sdg:RegisteredAddress", l.Address)
	}
	powerScope(w, scope)
	w.Close()
}

func powerScope(w *regrep.Writer, scope string) {
	if scope == "" {
		return
	}
	w.Open("sdg:SectorSpecificAttribute")
	w.Text("sdg:AttributeName", powerScopeName)
	w.Text("sdg:AttributeURI", powerScopeURI)
	w.Text("sdg:AttributeValue", scope)
	w.Close()
}
