package requester_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/provider"
	"oots/internal/requester"
)

// olives is a company, and agency one that acts for others.
func olives() *edm.LegalPerson {
	return &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/DEMO50000", LegalName: "Aegean Olives", LegalNameOriginal: "Ελιές Αιγαίου"}
}

func agency() *edm.LegalPerson {
	return &edm.LegalPerson{LoA: edm.Substantial, EIDASIdentifier: "EL/AT/DEMO50001", LegalName: "Demo Agents"}
}

// subjects are all the ways in which somebody can ask. [architecture-and-journeys §6.8]
func subjects() map[string]login.Identity {
	her, child := eleni.Person, nikos.Person
	return map[string]login.Identity{
		"herself":                  eleni,
		"company":                  {Country: "EL", Legal: olives()},
		"person for person":        {Country: "EL", Person: child, Representative: &her, PowerScope: "ALL"},
		"person for company":       {Country: "EL", Legal: olives(), Representative: &her, PowerScope: "X1, T3", OriginalFamilyName: "Παπαδοπούλου"},
		"company for person":       {Country: "EL", Person: child, RepresentativeLegal: agency()},
		"company for a company":    {Country: "EL", Legal: olives(), RepresentativeLegal: agency(), PowerScope: "T3"},
		"somebody of a short name": {Country: "EL", Person: her, OriginalFamilyName: "Ό", OriginalGivenName: "Eleni"},
	}
}

// registry has a diploma of everybody.
type registry struct{ asked []provider.Subject }

func (r *registry) Find(_ context.Context, s provider.Subject, _ string, _ []string) ([]provider.Record, error) {
	r.asked = append(r.asked, s)
	return []provider.Record{{
		EvidenceID: "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a01", Title: "Diploma", MediaType: "application/pdf", Language: "EL",
		Issuer:      edm.Agent{ID: unregistered("EL", "DEMO-EL-ATH"), Names: en("Demo Registry of Athens")},
		IssuingDate: "2021-07-16", Content: []byte("%PDF-1.4 diploma"),
	}}, nil
}

// TestEverySubjectOnEveryLine takes each kind of subject from the request to the delivered evidence.
func TestEverySubjectOnEveryLine(t *testing.T) {
	t.Parallel()
	for name, user := range subjects() {
		for _, line := range edm.Versions() {
			t.Run(name+"/"+string(line), func(t *testing.T) {
				t.Parallel()
				reg := &registry{}
				p := newPair(t, func(p *pair) {
					p.register, p.subjects = reg, provider.NaturalPersons|provider.LegalPersons|provider.Represented
				})
				app, err := p.requester.Open(t.Context(), "T3", user)
				if err != nil {
					t.Fatal(err)
				}
				ask := diplomaAsk(app.ID)
				ask.Service.ConformsTo, ask.Service.Descriptions = []edm.Version{line}, en("Diploma") // [R-EDM-REQ-S045]
				id, err := p.requester.Ask(t.Context(), ask)
				if line == edm.V10 && user.RepresentativeLegal != nil {
					if !errors.Is(err, requester.ErrVersion) {
						t.Fatalf("1.0 knows no company that acts: %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				p.deliver()
				p.wantState(id, exchange.PreviewRequired)
				token, _, _ := strings.Cut(p.preview(id), "?")
				if err := p.provider.Identify(t.Context(), token, maria); !errors.Is(err, provider.ErrOtherPerson) {
					t.Errorf("somebody else: %v", err)
				}
				p.identify(token, user)
				p.decide(token, "0")
				p.deliver()
				p.wantState(id, exchange.Answered)
				wantAsked(t, p, reg, user, line)
			})
		}
	}
}

// wantAsked checks what the register got, and what went over the line.
func wantAsked(t *testing.T, p *pair, reg *registry, user login.Identity, line edm.Version) {
	t.Helper()
	s := reg.asked[0]
	if (s.Legal != nil) != (user.Legal != nil) || (s.Representative != nil) != (user.Representative != nil) ||
		(s.RepresentativeLegal != nil) != (user.RepresentativeLegal != nil) || s.Procedure != "T3" {
		t.Fatalf("the register got %+v", s)
	}
	q, fs, err := edmxml.ParseRequest(p.sent[0].Body)
	if err != nil || len(fs) > 0 && line != edm.V10 {
		t.Fatalf("our request: %v %v", fs, err)
	}
	want := ""
	if user.Representative != nil || user.RepresentativeLegal != nil {
		want = "T3"
	}
	if q.RepresentativePowerScope != want {
		t.Errorf("scope %q, want %q [R-EDM-REQ-C081]", q.RepresentativePowerScope, want)
	}
	body := string(p.sent[0].Body)
	later := line != edm.V10
	for text, there := range map[string]bool{
		"Ελιές Αιγαίου": later && user.Legal != nil,
		"Παπαδοπούλου":  later && user.OriginalFamilyName == "Παπαδοπούλου",
		`nonLatin="Ό"`:  false,
	} {
		if strings.Contains(body, text) != there {
			t.Errorf("%s: in the request is %v", text, !there)
		}
	}
}

// TestPreflight says before the user is asked to confirm what keeps a request from being sent.
func TestPreflight(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	her := eleni.Person
	weak := her
	weak.LoA = edm.Low
	nameless := her
	nameless.GivenName = ""
	for _, tc := range []struct {
		name string
		user login.Identity
		line edm.Version
		want error
	}{
		{"ok", eleni, edm.V12, nil},
		{"mandate of another procedure", login.Identity{Person: nikos.Person, Representative: &her, PowerScope: "X1,X2"}, edm.V20, requester.ErrMandate},
		{"mandate for all", login.Identity{Person: nikos.Person, Representative: &her, PowerScope: "ALL"}, edm.V20, nil},
		{"mandate of unknown scope", login.Identity{Person: nikos.Person, Representative: &her}, edm.V20, nil},
		{"weak", login.Identity{Person: weak}, edm.V20, requester.ErrLoA},
		{"weak representative", login.Identity{Person: nikos.Person, Representative: &weak}, edm.V20, requester.ErrLoA},
		{"no given name", login.Identity{Person: nameless}, edm.V20, requester.ErrIncomplete},
		{"company without identifier", login.Identity{Legal: &edm.LegalPerson{LoA: edm.High, LegalName: "Aegean Olives"}}, edm.V20, requester.ErrIncomplete},
		{"unknown line", eleni, "oots-edm:v9.0", requester.ErrVersion},
	} {
		d := diplomaService()
		d.ConformsTo = []edm.Version{tc.line}
		if err := p.requester.Preflight(tc.user, "T3", d); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
}

// TestIdentifierWithheld keeps an identifier that means nothing elsewhere, but not that of a company: it is
// mandatory. [R-EDM-REQ-C049]
func TestIdentifierWithheld(t *testing.T) {
	t.Parallel()
	her := eleni.Person
	for _, withhold := range []string{"EL", "NL"} {
		p := newPair(t, func(p *pair) {
			p.withhold, p.subjects = []string{withhold}, provider.LegalPersons|provider.Represented
		})
		p.ask(login.Identity{Country: "EL", Legal: olives(), Representative: &her})
		q, _, err := edmxml.ParseRequest(p.last().Body)
		if err != nil {
			t.Fatal(err)
		}
		if (q.Representative.Identifier == "") != (withhold == "EL") || q.LegalPerson.EIDASIdentifier == "" {
			t.Errorf("withhold %s: person %q, company %q", withhold, q.Representative.Identifier, q.LegalPerson.EIDASIdentifier)
		}
		if withhold != "EL" && q.Representative.Gender != "Unspecified" {
			t.Errorf("gender %q [R-EDM-REQ-C126]", q.Representative.Gender)
		}
	}
}

// TestAnotherCompanyInTheAnswer does not deliver what is about another company than was asked for.
func TestAnotherCompanyInTheAnswer(t *testing.T) {
	t.Parallel()
	for _, swap := range []string{"EL/AT/DEMO50000", "EL/AT/DEMO59999"} {
		p := newPair(t, func(p *pair) { p.register, p.subjects = &registry{}, provider.LegalPersons })
		company := login.Identity{Country: "EL", Legal: olives()}
		_, id := p.ask(company)
		p.deliver()
		token := p.preview(id)
		p.deliver()
		p.identify(token, company)
		p.decide(token, "0")
		answer := p.last()
		p.lose()
		answer.Body = bytes.Replace(answer.Body, []byte("EL/AT/DEMO50000"), []byte(swap), 1)
		p.bring(answer)
		if swap == olives().EIDASIdentifier {
			p.wantState(id, exchange.Answered)
			continue
		}
		if x := p.wantState(id, exchange.Failed); x.Reason != "OOTS-EXC-SUBJECT" || len(x.Evidence) != 0 {
			t.Errorf("exchange %+v", x)
		}
		if strings.Contains(p.log.String(), "Aegean") || strings.Contains(p.log.String(), "DEMO5") {
			t.Error("the company is in the log")
		}
	}
}
