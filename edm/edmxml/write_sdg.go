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
