package preview

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/login/demo"
	"oots/internal/provider"
	"oots/internal/web"
)

const (
	token = "0123456789abcdef0123456789abcdef0123456789abcdef"
	other = "fedcba9876543210fedcba9876543210fedcba9876543210"
	back  = "https://localhost:8441/return/fedcba9876543210"
)

var start = time.Date(2026, 3, 25, 9, 42, 0, 0, time.UTC)

func texts(en, de, el string) edm.Texts {
	return edm.Texts{{Lang: "EN", Value: en}, {Lang: "DE", Value: de}, {Lang: "EL", Value: el}}
}

// fake is a Provider with one link.
type fake struct {
	session  provider.PreviewSession
	err      error // of Session
	decided  [][]string
	attempts int
	supplied []map[string]string
	second   provider.PreviewSession // behind the link other
	data     string                  // of the structured document
}

// transcript is structured evidence as ELMO has it, with a hostile name.
const transcript = `<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><generatedDate>2026-03-25T09:00:00Z</generatedDate>
<learner><citizenship>GR</citizenship><givenNames>Eleni</givenNames><familyName>Papadopoulou</familyName><bday>1998-03-25</bday></learner>
<report><issuer><country>GR</country><title xml:lang="el">Επιδεικτικό Πολυτεχνείο Αττικής</title></issuer>
<learningOpportunitySpecification><title xml:lang="el">Αλγόριθμοι &lt;script>alert(1)&lt;/script></title><type>Course</type>
<specifies><learningOpportunityInstance><date>2020-06-30</date><resultLabel>9</resultLabel><credit><scheme>ects</scheme><value>6</value></credit></learningOpportunityInstance></specifies>
</learningOpportunitySpecification><issueDate>2021-07-16T00:00:00Z</issueDate></report></elmo>`

func newFake() *fake {
	f := &fake{data: transcript, session: provider.PreviewSession{
		ExchangeID: "33333333-0000-4000-8000-000000000001", State: exchange.SecondReceived, Procedure: "T3",
		Version: edm.V20, Announced: true, ReturnLocation: back,
		Requester:    edm.Agent{Names: texts("Demo University Danube", "Demo-Universität Donau", "Επιδεικτικό Πανεπιστήμιο Δουνάβεως")},
		Provider:     edm.Agent{Names: edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Μητρώο Αθήνας"}, {Lang: "EN", Value: "Demo Registry of Athens"}}},
		Requirements: []edm.Requirement{{Names: edm.Texts{{Lang: "EN", Value: "Proof of a tertiary education qualification"}}}},
		EvidenceType: edm.EvidenceType{Titles: texts("University diploma", "Hochschuldiplom", "Πτυχίο")},
		ExpiresAt:    start.Add(40 * time.Minute),
		Documents: []provider.PreviewDocument{
			{ID: "0", Title: "Πτυχίο Πληροφορικής", Issuer: texts("Demo Registry of Athens", "Demo-Register Athen", "Επιδεικτικό Μητρώο Αθήνας"), IssuingDate: "2021-07-09", MediaType: "application/pdf", Language: "EL", Size: 48213},
			{ID: "1", Title: "Αναλυτική βαθμολογία", MediaType: "application/xml", Size: 2100, Language: "EL", Kind: edm.MainEvidence, Companions: []provider.PreviewDocument{
				{ID: "1.1", Title: "Αναλυτική βαθμολογία", MediaType: "application/pdf", Size: 21000, Language: "EL", Kind: edm.HumanReadableVersion},
				{ID: "1.2", Title: "Transcript of records", MediaType: "application/pdf", Size: 20500, Language: "EN", Kind: edm.Translation},
			}},
		},
	}}
	f.second = f.session
	return f
}

func (f *fake) Session(_ context.Context, t string) (provider.PreviewSession, error) {
	if t == other {
		return f.second, nil
	}
	if t != token {
		return provider.PreviewSession{}, provider.ErrNoSession
	}
	return f.session, f.err
}

func (f *fake) ReturnTo(_ context.Context, t, location string) error {
	if t != token {
		return provider.ErrNoSession
	}
	f.session.ReturnLocation = location
	return nil
}

func (f *fake) Recognise(_ context.Context, t string, came login.Identity) (bool, error) {
	if came.Person.GivenName != "Eleni" {
		return false, nil
	}
	if t == other {
		f.second.Identified = true
		return true, nil
	}
	f.session.Identified = f.err == nil && t == token
	return f.session.Identified, f.err
}

func (f *fake) Identify(_ context.Context, t string, came login.Identity) error {
	if t != token {
		return provider.ErrNoSession
	}
	if f.err != nil {
		return f.err
	}
	if came.Person.GivenName != "Eleni" {
		f.attempts++
		return provider.ErrOtherPerson
	}
	f.session.Identified = true
	return nil
}

func (f *fake) Supply(_ context.Context, _ string, answers map[string]string) error {
	f.supplied = append(f.supplied, answers)
	if answers["u"] == "Georgiou" {
		f.session.Questions = nil
		return nil
	}
	if len(f.supplied) == 3 {
		f.session.Questions, f.err = nil, provider.ErrDecided
	}
	return provider.ErrNotSure
}

func (f *fake) Document(_ context.Context, _, id string) (provider.PreviewDocument, []byte, error) {
	for _, d := range f.session.Documents {
		for _, d := range append([]provider.PreviewDocument{d}, d.Companions...) {
			if d.ID == id && d.MediaType == "application/xml" {
				return d, []byte(f.data), nil
			}
			if d.ID == id {
				return d, []byte("%PDF-1.4 " + id), nil
			}
		}
	}
	return provider.PreviewDocument{}, nil, provider.ErrNoDocument
}

func (f *fake) Decide(_ context.Context, _ string, chosen []string) error {
	if f.err != nil {
		return f.err
	}
	documents := slices.Clone(f.session.Documents)
	for _, c := range chosen {
		i := slices.IndexFunc(documents, func(d provider.PreviewDocument) bool { return d.ID == c })
		if i < 0 {
			return provider.ErrNoDocument
		}
		documents[i].Chosen = true
	}
	f.session.Documents, f.err = documents, provider.ErrDecided
	f.decided = append(f.decided, chosen)
	return nil
}

// host is the preview space and the login on one mux.
func host(t testing.TB, p Provider) http.Handler {
	t.Helper()
	c := clock.Clock{Now: func() time.Time { return start }, NewUUID: clock.UUID}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	names := edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Μητρώο Αθήνας"}, {Lang: "EN", Value: "Demo Registry of Athens"}}
	eid, err := demo.New(demo.Config{Names: names, Country: "EL", Cookie: "oots_el", Clock: c, Log: log, Persons: []demo.Person{
		{Key: "eleni", Outcome: demo.Success, Identity: login.Identity{Country: "EL", Person: edm.Person{LoA: edm.High, GivenName: "Eleni", FamilyName: "Papadopoulou"}}},
		{Key: "nikos", Outcome: demo.Nobody, Identity: login.Identity{Country: "EL", Person: edm.Person{LoA: edm.High, GivenName: "Nikos", FamilyName: "Oikonomou"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{
		Names: names, Country: "EL", Support: texts("help@demo.example", "hilfe@demo.example", "voithia@demo.example"), Provider: p,
		Logins: []login.Method{eid}, Sessions: &web.Memory{Now: c.Now}, Demo: true, Zone: time.FixedZone("EET", 7200),
		Limit: &web.Limiter{Burst: 10000, Every: time.Second}, Clock: c, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/preview/", s)
	login.Mount(mux, []login.Method{eid}, s.Place())
	return mux
}
