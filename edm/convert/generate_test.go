package convert_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"oots/edm"
	"oots/rule"
)

// A generator makes valid messages of any line by chance.
type generator struct {
	*rand.Rand
	line edm.Version
	n    int // of the last identifier
}

func (g *generator) maybe() bool { return g.IntN(2) == 0 }

func (g *generator) uuid() string {
	g.n++
	return fmt.Sprintf("5f0c2f53-7d15-4c8d-9a1b-%012x", g.n)
}

func one[T any](g *generator, all ...T) T { return all[g.IntN(len(all))] }

func (g *generator) texts(value string) edm.Texts {
	t := edm.Texts{{Lang: "EN", Value: value}}
	if g.maybe() {
		t = append(t, edm.Text{Lang: one(g, "DE", "EL", "FR"), Value: value + " Ω"})
	}
	return t
}

func (g *generator) agent(class edm.AgentClass) edm.Agent {
	a := edm.Agent{ID: edm.Identifier{Scheme: edm.SchemeUnregistered + one(g, "AT", "EL", "PT"), Value: "DEMO"}, Names: g.texts("Demo agent"), Class: class}
	if class == edm.EvidenceRequester || class == edm.EvidenceProvider || class == edm.ErrorProvider {
		a.Address = &edm.Address{Country: one(g, "AT", "EL")}
	}
	return a
}

func named(a edm.Agent) edm.Agent { return edm.Agent{ID: a.ID, Names: a.Names} }

func (g *generator) person(representative bool) *edm.Person {
	p := &edm.Person{LoA: one(g, edm.Low, edm.Substantial, edm.High), FamilyName: "Demo", GivenName: "Person", DateOfBirth: "1998-03-25"}
	if g.maybe() {
		p.Identifier = one(g, "EL/AT/123456789", "EL/AT/1234567890")
		if g.line != edm.V10 && g.maybe() {
			p.Identifier = "EL/AT/DEMO1001"
		}
	}
	if g.maybe() {
		p.PlaceOfBirth, p.BirthName = "Athina", "Demos"
	}
	if g.maybe() {
		p.CurrentAddress = &edm.Address{FullAddress: "Odos Demo 2", Country: "EL"}
	}
	if g.maybe() || representative && p.Identifier != "" {
		p.Gender = one(g, "Male", "Female", "Unspecified")
		if g.line == edm.V20 && !representative {
			p.Gender = one(g, "0", "1", "2", "9", p.Gender)
		}
	}
	if g.line != edm.V10 {
		if g.maybe() {
			p.Nationalities, p.CountryOfBirth = []string{"EL", "CY"}, "EL"
			p.FamilyNameOriginal, p.UserAttributes = "Δέμο", []edm.UserAttribute{{Name: "Former name", Value: "Γεωργίου"}}
		}
		if g.maybe() {
			p.TownOfBirth, p.CountryOfResidence = "Athina", "AT"
		}
		if g.maybe() {
			p.PhoneNumber, p.EmailAddress = "+30 210 0000000", "demo@example.gr"
		}
	}
	return p
}

func (g *generator) company() *edm.LegalPerson {
	l := &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/5000000001", LegalName: "Demo company"}
	if g.maybe() {
		l.Identifiers = []edm.Identifier{{Scheme: "VAT", Value: "EL500000000"}}
	}
	if g.maybe() {
		l.Address = &edm.Address{PostCode: "10431", PostCityName: "Athina", Country: "EL"}
	}
	if g.maybe() && g.line != edm.V10 {
		l.PhoneNumber, l.EmailAddress = "+30 210 0000001", "company@example.gr"
	}
	return l
}

const repository = "https://sr.oots.tech.ec.europa.eu/"

func (g *generator) evidenceType() edm.EvidenceType {
	return edm.EvidenceType{
		Classification: repository + "evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422",
		Titles:         g.texts("Diploma"), Descriptions: g.descriptions(),
	}
}

func (g *generator) descriptions() edm.Texts {
	if g.line != edm.V10 && g.maybe() {
		return nil
	}
	return g.texts("Diploma of a university")
}

// form is a distribution as it is asked for or delivered.
func (g *generator) form(asked bool) edm.Distribution {
	d := edm.Distribution{Format: one(g, "application/pdf", "image/png", "application/xml", "application/json")}
	structured := d.Format == "application/xml" || d.Format == "application/json"
	if structured {
		d.ConformsTo = repository + "datamodels/demo-1.0.0"
		if g.line != edm.V20 && g.maybe() {
			d.Transformation = d.ConformsTo + "/short"
		}
	}
	if g.line == edm.V20 && asked {
		if g.maybe() {
			d.Associated = []edm.DocumentKind{one(g, edm.Annex, edm.Translation, edm.HumanReadableVersion)}
		}
		d.Languages = one(g, nil, []string{"EL"}, []string{"EL", "EN"})
	} else if !asked {
		d.Languages = one(g, nil, []string{"EL"}, []string{"EL", "EN"})
	}
	return d
}

func (g *generator) request() *edm.Request {
	r := &edm.Request{
		ID: "urn:uuid:" + g.uuid(), Version: g.line, IssuedAt: time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC), Procedure: one(g, "T3", "X1"),
		PossibilityForPreview: g.maybe(), ExplicitRequestGiven: g.maybe(),
		Requesters: []edm.Agent{g.agent(edm.EvidenceRequester)}, Provider: named(g.agent("")), Evidence: g.evidenceType(),
		Requirements: []edm.Requirement{{ID: repository + "requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39", Names: g.texts("Requirement")}},
	}
	if g.maybe() && g.line != edm.V10 {
		r.Requirements[0].Descriptions = g.texts("What is to be proved")
	}
	if g.maybe() {
		r.Requesters = append(r.Requesters, g.agent(edm.IntermediaryPlatform))
	}
	if g.maybe() {
		r.PreviewLocation = "https://localhost:8442/preview/9sXh2mQ0b7dP4rTt1LkWcA"
		if g.line == edm.V20 {
			r.ReturnLocation = given.ReturnLocation
		}
	}
	g.forms(r)
	g.answers(r)
	if g.maybe() {
		r.NaturalPerson = g.person(false)
	} else {
		r.LegalPerson = g.company()
	}
	if g.maybe() {
		r.Representative, r.RepresentativePowerScope = g.person(true), "X1"
	} else if g.maybe() && g.line != edm.V10 {
		r.RepresentativeLegal, r.RepresentativePowerScope = g.company(), "X1"
	}
	return r
}

func (g *generator) forms(r *edm.Request) {
	r.Evidence.ID = g.uuid()
	n := 1
	switch {
	case g.line == edm.V20:
		n += g.IntN(3)
	case g.line != edm.V10:
		n -= g.IntN(2)
	}
	if g.line != edm.V20 && g.maybe() {
		r.Lang = "EL"
	}
	for range n {
		r.Evidence.Distributions = append(r.Evidence.Distributions, g.form(true))
	}
}

func (g *generator) answers(r *edm.Request) {
	for range g.IntN(3) {
		q := edm.ProviderClassification{ID: g.uuid(), Type: one(g, "string", "boolean", "codelist"), Descriptions: g.texts("Which one?"), Values: []string{"true"}}
		if q.Type == "codelist" {
			q.CodeList = repository + "codelists/EL/DemoRegistries"
			q.ValueExpression = q.CodeList
		}
		r.ProviderClassifications = append(r.ProviderClassifications, q)
	}
}

func (g *generator) response() *edm.Response {
	r := &edm.Response{
		RequestID: "urn:uuid:" + g.uuid(), Version: g.line, ID: g.uuid(), IssuedAt: time.Date(2026, 9, 14, 8, 31, 0, 0, time.UTC), Status: edm.Success,
		Providers: []edm.Agent{g.agent(edm.EvidenceProvider)}, Requester: named(g.agent("")),
	}
	if g.maybe() {
		r.Providers = append(r.Providers, g.agent(edm.IntermediaryPlatform))
	}
	if g.maybe() {
		r.Status, r.AvailableAt = edm.Unavailable, r.IssuedAt.AddDate(0, 0, 2)
	}
	for range g.IntN(3) {
		r.Packages = append(r.Packages, g.pack())
	}
	return r
}

func (g *generator) pack() edm.Package {
	authority, conformance := named(g.agent("")), g.evidenceType()
	main := g.document(edm.MainEvidence)
	e := &main.Evidence
	e.IssuingAuthority, e.Conformance, e.IssuingDate, e.Distribution = &authority, &conformance, "2021-07-04", g.form(false)
	if g.maybe() {
		e.ValidFrom, e.ValidUntil = "2021-07-04", "2031-07-03"
	}
	if g.maybe() {
		e.LegalPerson = &edm.LegalPerson{EIDASIdentifier: "EL/AT/5000000001", LegalName: "Demo company"}
	} else {
		p := g.person(false)
		e.NaturalPerson = &edm.Person{Identifier: p.Identifier, FamilyName: p.FamilyName, GivenName: p.GivenName, DateOfBirth: p.DateOfBirth, PlaceOfBirth: p.PlaceOfBirth}
	}
	p := edm.Package{Documents: []edm.Document{main}}
	if g.line != edm.V20 {
		return p
	}
	p.ID = "urn:uuid:" + g.uuid()
	p.Documents[0].ClassificationID = "urn:uuid:" + g.uuid()
	for range g.IntN(3) {
		d := g.document(one(g, edm.Annex, edm.Translation, edm.HumanReadableVersion))
		d.ClassificationID, d.AssociationID = "urn:uuid:"+g.uuid(), "urn:uuid:"+g.uuid()
		d.Evidence.Distribution = g.form(false)
		d.Evidence.Distribution.ConformsTo = ""
		p.Documents = append(p.Documents, d)
	}
	return p
}

func (g *generator) document(kind edm.DocumentKind) edm.Document {
	id := g.uuid()
	return edm.Document{ObjectID: "urn:uuid:" + id, Kind: kind, ContentID: id + "@localhost", Title: "Document", Evidence: edm.Evidence{ID: g.uuid()}}
}

func (g *generator) failure() *edm.ErrorResponse {
	requester := named(g.agent(""))
	e := &edm.ErrorResponse{RequestID: "urn:uuid:" + g.uuid(), Version: g.line, ID: g.uuid(), Provider: g.agent(edm.ErrorProvider), Requester: &requester}
	n := 1
	if g.line != edm.V10 {
		n += g.IntN(3)
	}
	at := time.Date(2026, 9, 14, 8, 30, 4, 0, time.UTC)
	for range n {
		e.Exceptions = append(e.Exceptions, edm.Exception{Code: one(g, edm.Table[:]...).Code, Severity: edm.SeverityError, At: at, Detail: "R-EDM-REQ-C003"})
	}
	if g.maybe() {
		x := &e.Exceptions[g.IntN(n)]
		x.Code, x.Severity = edm.MissingAuthorization, edm.SeverityPreviewRequired
		x.Preview = &edm.Preview{Location: "https://localhost:8442/preview/9sXh2mQ0b7dP4rTt1LkWcA", Descriptions: g.texts("View your diploma")}
		if g.line != edm.V20 {
			x.Preview.Method = one(g, "GET", "POST")
			if g.line != edm.V10 {
				x.Preview.Method = one(g, "GET", "POST", "PUT")
			}
		}
	}
	return e
}

func (g *generator) message() message {
	switch g.IntN(3) {
	case 0:
		return message{request: g.request()}
	case 1:
		return message{response: g.response()}
	}
	return message{failure: g.failure()}
}

// TestGenerated holds of messages made by chance what holds of the specimens, from every line to every line.
func TestGenerated(t *testing.T) {
	t.Parallel()
	for seed := range uint64(120) {
		for _, from := range edm.Versions() {
			g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), line: from}
			m := g.message()
			if f := m.check(); rule.Refuses(f) {
				t.Fatalf("seed %d, %s: the generator makes what is not valid: %s", seed, from, rule.First(f))
			}
			for _, to := range edm.Versions() {
				if !t.Run(fmt.Sprintf("%d from %s to %s", seed, from.Line(), to.Line()), func(t *testing.T) { hold(t, m, to) }) {
					return
				}
			}
		}
	}
}
