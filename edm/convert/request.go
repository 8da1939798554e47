package convert

import (
	"oots/codelist"
	"oots/edm"
)

// Request returns r in release line to, and what that costs. Where nothing changes, the result shares memory
// with r, which is left as it is.
func Request(r *edm.Request, to edm.Version, given Given) (*edm.Request, []Loss) {
	c := &conversion{from: r.Version, to: to}
	out := *r
	if r.Version == to {
		return &out, nil
	}
	out.Version = to
	c.procedure(&out, given)
	c.wayBack(&out, given)
	c.requirements(&out)
	c.requesters(&out)
	c.asked(&out)
	c.concepts(&out)
	c.evidenceType(&out)
	c.subject(&out)
	c.representatives(&out)
	c.missing(edm.CheckRequest(r), edm.CheckRequest(&out))
	return &out, c.losses
}

// procedure drops a code that the older line does not list, where the line lets it be missing. [R-EDM-REQ-S007]
func (c *conversion) procedure(r *edm.Request, given Given) {
	if r.Procedure != "" && c.to == edm.V10 && !codelist.Procedures.HasIn(c.to.Line(), r.Procedure) {
		lose(c, &r.Procedure, "Procedure", "the procedure", "1.0 lists fewer procedures, and lets the slot be missing [R-EDM-REQ-C003]")
	}
	if r.Procedure == "" && c.to != edm.V10 && given.Procedure != "" {
		r.Procedure = given.Procedure
		c.add(Invented, "Procedure", "the procedure", "mandatory since 1.1; taken as given [R-EDM-REQ-S007]")
	}
}

// wayBack moves between the slot of 2.0 and the parameters that a portal of 1.x appends to the preview link.
// [TDD 4.9 §5] [R-EDM-REQ-S062]
func (c *conversion) wayBack(r *edm.Request, given Given) {
	if c.under(edm.V20) {
		lose(c, &r.ReturnLocation, "ReturnLocation", "the way back of the user",
			"up to 1.2 the portal appends returnurl and returnmethod to the preview link [TDD 4.9 §5]")
	}
	if c.over(edm.V20) && r.Second() && r.ReturnLocation == "" && given.ReturnLocation != "" {
		r.ReturnLocation = given.ReturnLocation
		c.add(Invented, "ReturnLocation", "the way back of the user", "goes with PreviewLocation since 2.0; taken as given [R-EDM-REQ-S062]")
	}
}

func (c *conversion) requirements(r *edm.Request) {
	all := append([]edm.Requirement(nil), r.Requirements...)
	for i := range all {
		path := item("Requirements/Requirement", i)
		c.url(&all[i].ID, path+"/Identifier")
		if c.to == edm.V10 && len(all[i].Descriptions) > 0 {
			all[i].Descriptions = nil
			c.add(Lost, path+"/Description", "the description of a requirement", "1.0 has only names [R-EDM-REQ-S038]")
		}
	}
	r.Requirements = all
}

func (c *conversion) requesters(r *edm.Request) {
	r.Requesters = append([]edm.Agent(nil), r.Requesters...)
	for i := range r.Requesters {
		a := &r.Requesters[i]
		path := item("EvidenceRequester/Agent", i)
		c.classOf(a, path, edm.EvidenceRequester, edm.IntermediaryPlatform)
		a.Address = c.address(a.Address, path+"/Address")
		if a.Class == edm.EvidenceRequester {
			c.country(a, path)
		}
	}
}

// asked reduces the provider of a request to what later lines let stand there. [R-EDM-REQ-S043]
func (c *conversion) asked(r *edm.Request) {
	if c.to.Before(edm.V11) {
		return
	}
	const path, why = "EvidenceProvider/Agent", "since 1.1 a provider that is asked has identifier and names only [R-EDM-REQ-S043]"
	lose(c, &r.Provider.Address, path+"/Address", "the address of the provider", why)
	lose(c, &r.Provider.Class, path+"/Classification", "the classification of the provider", why)
}

// concepts writes the types of answers in the spelling that later lines list. [R-EDM-REQ-C095]
func (c *conversion) concepts(r *edm.Request) {
	all := append([]edm.ProviderClassification(nil), r.ProviderClassifications...)
	for i := range all {
		if t := lower(all[i].Type); c.from == edm.V10 && t != all[i].Type && codelist.ConceptTypes.Has(t) {
			all[i].Type = t
			c.add(Changed, item("EvidenceProviderClassification/EvidenceProviderClassification", i)+"/Type", "the type of an answer",
				"later lines list it in lower case [R-EDM-REQ-C095]")
		}
	}
	r.ProviderClassifications = all
}
