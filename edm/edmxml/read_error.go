package edmxml

import (
	"oots/edm"
	"oots/regrep"
	"oots/rule"
)

func (r *reader) failure() (*edm.ErrorResponse, []rule.Finding) {
	r.structure(r.root, &structureRules{
		oneValue: "R-EDM-ERR-S028", notEmpty: "R-EDM-ERR-S029", languages: "R-EDM-ERR-S030", length: "R-EDM-ERR-C027", strings: 2,
	})
	r.Judge("R-EDM-ERR-S030")
	f := &edm.ErrorResponse{}
	f.RequestID, _ = r.root.Attr("", "requestId")
	status, _ := r.root.Attr("", "status")
	fails := edm.ResponseStatus(status) == edm.Failure || r.set.Before(edm.V11) && edm.ResponseStatus(status) == edm.Unavailable
	r.Check("R-EDM-ERR-S006", fails, r.root, status, "status Failure")
	r.Check("R-EDM-ERR-S007", r.root.First(regrep.NamespaceRIM, "RegistryObjectList") == nil, r.root, "", "no RegistryObjectList in an error")

	s := r.slots
	r.Only("R-EDM-ERR-S017", s, "SpecificationIdentifier", "EvidenceResponseIdentifier", "ErrorProvider", "EvidenceRequester")
	f.Version = r.version(s, "R-EDM-ERR-S009", "R-EDM-ERR-S018", "R-EDM-ERR-C001")
	f.ID = r.responseID(s, "R-EDM-ERR-S010", "R-EDM-ERR-S019", "R-EDM-ERR-C002")
	r.errorAgents(s, f)
	for _, x := range regrep.ReadExceptions(r.root) {
		f.Exceptions = append(f.Exceptions, r.exception(x))
	}
	return f, r.finish(r.rules.CheckError(f))
}

func (r *reader) errorAgents(s regrep.Slots, f *edm.ErrorResponse) {
	r.One("R-EDM-ERR-S011", s, "ErrorProvider")
	r.Type("R-EDM-ERR-S020", s, "ErrorProvider", regrep.AnyValue)
	if slot, ok := s.Get("ErrorProvider"); ok && slot.Value != nil {
		n := 0
		for range slot.Value.All(sdg, "Agent") {
			n++
		}
		r.Check("R-EDM-ERR-S026", n == 1, slot.Value, "", "exactly one agent")
		r.Check("R-EDM-ERR-C023", n == 1, slot.Value, "", "exactly one agent")
	}
	if a := r.agent(s, "ErrorProvider", "R-EDM-ERR-S026", ""); a != nil {
		f.Provider = *a
	}
	r.Type("R-EDM-ERR-S021", s, "EvidenceRequester", regrep.AnyValue)
	if slot, ok := s.Get("EvidenceRequester"); ok {
		f.Requester = &edm.Agent{}
		if e := slot.Value.First(sdg, "Agent"); e != nil {
			*f.Requester = r.readAgent(e)
		} else {
			r.Check(edm.RuleContent, false, slot.Element, "", "an agent in the slot")
		}
	}
}
