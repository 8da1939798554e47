package portal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/login/demo"
	"oots/internal/requester"
	"oots/internal/store"
	"oots/internal/web"
)

const (
	tertiary  = "https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
	birth     = "https://sr.oots.tech.ec.europa.eu/requirements/df81cba1-1936-46fe-ad4b-53254b79bf55"
	domicile  = "https://sr.oots.tech.ec.europa.eu/requirements/ed63cd8b-b2ad-4508-bfbb-5c3353791b27"
	diploma   = "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
	birthCert = "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/c95f03e1-7a4d-4c68-a1b2-64d8e7f05b44"
	concept   = "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77"
	registers = "https://sr.oots.tech.ec.europa.eu/codelists/EL/DemoRegistries"
	there     = "https://localhost:8442/preview/0123456789abcdef"
)

var start = time.Date(2026, 3, 25, 9, 42, 0, 0, time.UTC)

// fake is a Requester and CodeLists in memory. The test moves its exchanges on.
type fake struct {
	mu       sync.Mutex
	apps     map[string]*requester.Application
	asks     []requester.Ask
	previews int
	down     bool // the directories do not answer
	several  bool // two providers for the birth certificate
	loa      edm.LoA
	blocked  error               // of Preflight
	exempt   bool                // the procedure needs no preview
	formats  map[string][]string // that the procedures process
	list     bool                // the question has a long list
	level    string              // of the territory that the question is for instead
	queries  []directory.DataServiceQuery
}

func texts(en, de, el string) edm.Texts {
	return edm.Texts{{Lang: "EN", Value: en}, {Lang: "DE", Value: de}, {Lang: "EL", Value: el}}
}

func requirements() []directory.Requirement {
	return []directory.Requirement{
		{ID: tertiary, Names: edm.Texts{{Lang: "EN", Value: "Proof of a tertiary education qualification"}}, Descriptions: edm.Texts{{Lang: "EN", Value: "A diploma or degree of a university or college."}}},
		{ID: birth, Names: texts("Proof of birth", "Nachweis der Geburt", "Απόδειξη γέννησης")},
		{ID: domicile, Names: texts("Proof of domicile", "Nachweis des Wohnsitzes", "Απόδειξη κατοικίας")},
	}
}

func (f *fake) Requirements(_ context.Context, procedure string) ([]directory.Requirement, error) {
	switch {
	case f.down:
		return nil, errors.New("secret cause")
	case procedure == "T1":
		return nil, &directory.Refusal{Code: "EB:ERR:0001"}
	}
	return requirements(), nil
}

func (f *fake) Open(_ context.Context, procedure string, user login.Identity) (requester.Application, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := &requester.Application{ID: fmt.Sprintf("11111111-0000-4000-8000-%012d", len(f.apps)), Procedure: procedure, User: user, CreatedAt: start}
	for _, r := range requirements() {
		a.Cards = append(a.Cards, requester.Card{Requirement: r, State: requester.ToDo})
	}
	f.apps[a.ID] = a
	return *a, nil
}

func (f *fake) Application(_ context.Context, id string) (requester.Application, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if a, ok := f.apps[id]; ok {
		return *a, nil
	}
	return requester.Application{}, store.ErrNotFound
}

func (f *fake) EvidenceTypes(_ context.Context, requirementID, country string) (directory.Requirement, error) {
	if f.down {
		return directory.Requirement{}, errors.New("secret cause")
	}
	r := directory.Requirement{ID: requirementID}
	d := directory.EvidenceType{Classification: diploma, Titles: texts("University diploma", "Hochschuldiplom", "Πτυχίο"), Descriptions: texts("Issued by the registry.", "Vom Register ausgestellt.", "Εκδίδεται από το μητρώο.")}
	b := directory.EvidenceType{Classification: birthCert, Titles: edm.Texts{{Lang: "EL", Value: "Ληξιαρχική πράξη γέννησης"}}}
	switch {
	case country == "BE":
		r.Lists = []directory.EvidenceTypeList{{MatchType: directory.NoMatch, MatchDescriptions: edm.Texts{{Lang: "FR", Value: "Aucun document ne correspond."}}}}
	case country != "EL":
		return r, &directory.Refusal{Code: "EB:ERR:0001"}
	case requirementID == domicile:
		r.Lists = []directory.EvidenceTypeList{{Names: texts("Both papers", "Beide Papiere", "Και τα δύο"), Types: []directory.EvidenceType{d, b}}, {Types: []directory.EvidenceType{b}}}
	case requirementID == birth:
		r.Lists = []directory.EvidenceTypeList{{Types: []directory.EvidenceType{b}}}
	default:
		r.Lists = []directory.EvidenceTypeList{{Types: []directory.EvidenceType{d}}}
	}
	return r, nil
}

func service(id string, names edm.Texts, loa edm.LoA) directory.DataService {
	return directory.DataService{
		ID: "22222222-0000-4000-8000-000000000001", Publisher: directory.Publisher{ID: edm.Identifier{Scheme: "urn:x", Value: id}, Names: names, Address: edm.Address{PostCityName: "Αθήνα"}},
		LoA: loa, Distributions: []edm.Distribution{{Format: "application/xml"}, {Format: "application/pdf"}},
	}
}

func (f *fake) athens() directory.DataService {
	return service("DEMO-EL-ATH", texts("Demo Registry of Athens", "Demo-Register Athen", "Επιδεικτικό Μητρώο Αθήνας"), f.loa)
}

func (f *fake) DataServices(_ context.Context, q directory.DataServiceQuery) ([]directory.DataService, error) {
	f.mu.Lock()
	f.queries = append(f.queries, q)
	f.mu.Unlock()
	athens := f.athens()
	thessaloniki := service("DEMO-EL-THE", edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Μητρώο Θεσσαλονίκης"}}, "")
	if q.Classification != diploma {
		if f.several {
			return []directory.DataService{athens, thessaloniki}, nil
		}
		return []directory.DataService{athens}, nil
	}
	if f.level != "" {
		if q.ContextID == "" {
			return nil, &directory.Question{ID: "55555555-0000-4000-8000-000000000001", Determination: &directory.Determination{
				ContextID: "66666666-0000-4000-8000-000000000001", Level: f.level, Contexts: texts("Where did you study?", "Wo haben Sie studiert?", "Πού σπουδάσατε;"),
			}}
		}
		if q.Region == "EL303" || q.Municipality == "45019803" || q.Region == "EL" {
			return []directory.DataService{athens}, nil
		}
		return nil, &directory.Refusal{Code: "DSD:ERR:0006"}
	}
	switch q.Answers[concept] {
	case "ATH":
		return []directory.DataService{athens}, nil
	case "THE":
		return []directory.DataService{thessaloniki}, nil
	case "NOWHERE":
		return nil, &directory.Refusal{Code: "DSD:ERR:0001"}
	case "":
		return nil, f.question()
	}
	return nil, &directory.Refusal{Code: "DSD:ERR:0006", Detail: "unknown value"}
}

func (f *fake) question() *directory.Question {
	q := &directory.Question{Concepts: []directory.Concept{
		{ID: concept, Type: "codelist", CodeList: registers, ValueExpression: registers, Descriptions: texts("Which registry keeps your diploma?", "Welches Register führt Ihr Diplom?", "Ποιο μητρώο τηρεί το πτυχίο σας;")},
	}}
	if f.list {
		q.Concepts = append(q.Concepts,
			directory.Concept{ID: "d", Type: "string", Dates: true, Descriptions: texts("When was it issued?", "Wann wurde es ausgestellt?", "Πότε εκδόθηκε;")},
			directory.Concept{ID: "b", Type: "boolean", Descriptions: texts("Was it issued after 1990?", "Wurde es nach 1990 ausgestellt?", "Εκδόθηκε μετά το 1990;")},
			directory.Concept{ID: "s", Type: "string", Descriptions: texts("Name of the school", "Name der Schule", "Όνομα της σχολής")})
	}
	return q
}

func (f *fake) CodeList(_ context.Context, url string) ([]Code, error) {
	if url != registers {
		return nil, errors.New("no such list")
	}
	codes := []Code{{"ATH", texts("Athens", "Athen", "Αθήνα")}, {"THE", texts("Thessaloniki", "Thessaloniki", "Θεσσαλονίκη")}, {"NOWHERE", titled("–")}, {"BAD", titled("?")}}
	if f.list {
		for i := range 10 {
			codes = append(codes, Code{fmt.Sprint(i), titled(fmt.Sprint(i))})
		}
	}
	return codes, nil
}

func (f *fake) Preflight(u login.Identity, _ string, d directory.DataService) error {
	switch {
	case f.blocked != nil:
		return f.blocked
	case d.LoA != "" && !u.LoA().AtLeast(d.LoA):
		return requester.ErrLoA
	}
	return nil
}

func (f *fake) Forwarded(u login.Identity, _ string, _ directory.DataService) *edm.Request {
	return &edm.Request{NaturalPerson: &u.Person, PossibilityForPreview: !f.exempt}
}

func (f *fake) Distribution(requirementID string, d directory.DataService, wished string) int {
	s := requester.Service{Deps: requester.Deps{Settings: requester.Settings{Formats: f.formats}}}
	return s.Distribution(requirementID, d, wished)
}

func (f *fake) Collect(_ context.Context, id string, wishes ...requester.Wish) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.apps[id]
	for _, w := range wishes {
		a.Basket = slices.DeleteFunc(slices.Clone(a.Basket), func(old requester.Wish) bool { return old.Key() == w.Key() })
		a.Basket = append(a.Basket, w)
	}
	return nil
}

func (f *fake) Drop(_ context.Context, id string, keys ...string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.apps[id]
	a.Basket = slices.DeleteFunc(slices.Clone(a.Basket), func(w requester.Wish) bool { return slices.Contains(keys, w.Key()) })
	return nil
}

func (f *fake) Raise(_ context.Context, id string, user login.Identity) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if requester.UserText(f.apps[id].User) != requester.UserText(user) {
		return requester.ErrOtherUser
	}
	f.apps[id].User = user
	return nil
}

func (f *fake) Applications(_ context.Context, user login.Identity) ([]requester.Application, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []requester.Application
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(f.apps))) {
		if requester.UserText(f.apps[id].User) == requester.UserText(user) {
			out = append(out, *f.apps[id])
		}
	}
	return out, nil
}

func (f *fake) Conversations(ctx context.Context, user login.Identity) ([]string, error) {
	apps, err := f.Applications(ctx, user)
	var out []string
	for _, a := range apps {
		out = append(out, a.ID)
	}
	return out, err
}

func (f *fake) Ask(_ context.Context, a requester.Ask) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asks = append(f.asks, a)
	x := requester.Exchange{
		ID: fmt.Sprintf("33333333-0000-4000-8000-%012d", len(f.asks)), ApplicationID: a.ApplicationID, RequirementID: a.RequirementID, State: exchange.Sent,
		EvidenceType: edm.EvidenceType{Classification: diploma, Titles: texts("University diploma", "Hochschuldiplom", "Πτυχίο")},
		Provider:     edm.Agent{Names: a.Service.Publisher.Names}, Country: a.Country, SentAt: start, UpdatedAt: start, Deadline: start.Add(6 * time.Minute),
	}
	c := f.card(a.ApplicationID, a.RequirementID)
	c.State = requester.Asking
	c.Exchanges = append(c.Exchanges, x)
	app := f.apps[a.ApplicationID]
	app.Basket = slices.DeleteFunc(slices.Clone(app.Basket), func(w requester.Wish) bool { return w.RequirementID == a.RequirementID && w.Country == a.Country })
	return x.ID, nil
}

func (f *fake) card(app, requirement string) *requester.Card {
	a := f.apps[app]
	for i := range a.Cards {
		if a.Cards[i].Requirement.ID == requirement {
			return &a.Cards[i]
		}
	}
	return nil
}

// move changes the newest exchange of a requirement and the state of its card.
func (f *fake) move(app, requirement string, s requester.CardState, edit func(*requester.Exchange)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.card(app, requirement)
	c.State = s
	x := append([]requester.Exchange(nil), c.Exchanges...)
	edit(&x[len(x)-1])
	c.Exchanges = x
}

func (f *fake) Exchange(_ context.Context, id string) (requester.Exchange, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.apps {
		for _, c := range a.Cards {
			for _, x := range c.Exchanges {
				if x.ID == id {
					return x, nil
				}
			}
		}
	}
	return requester.Exchange{}, store.ErrNotFound
}

func (f *fake) GoToPreview(ctx context.Context, id string) (string, error) {
	x, err := f.Exchange(ctx, id)
	if err != nil {
		return "", err
	}
	f.previews++
	f.move(x.ApplicationID, x.RequirementID, requester.Asking, func(x *requester.Exchange) { x.State = exchange.SecondSent })
	return x.Preview.Location, nil
}

// Return knows the token "good" for the first exchange.
func (f *fake) Return(_ context.Context, token string) (string, string, error) {
	if token != "good" {
		return "", "", requester.ErrNoReturn
	}
	return f.asks[0].ApplicationID, "33333333-0000-4000-8000-000000000001", nil
}

func (f *fake) Evidence(_ context.Context, _, doc string) (requester.EvidenceDoc, []byte, error) {
	switch doc {
	case "0":
		return document(), pdf(), nil
	case "1":
		d := document()
		d.Format = "text/html"
		return d, []byte("<script>alert(1)</script>"), nil
	case "2":
		return requester.EvidenceDoc{ID: "2", Title: "data", Format: "application/xml"}, []byte("<Extract><Name>Aegean Olives</Name><Seat>&lt;b>Athens</Seat></Extract>"), nil
	case "3":
		return requester.EvidenceDoc{ID: "3", Title: "broken", Format: "application/xml"}, []byte("<Extract"), nil
	}
	return requester.EvidenceDoc{}, nil, requester.ErrNoEvidence
}

func document() requester.EvidenceDoc {
	return requester.EvidenceDoc{ID: "0", Kind: edm.MainEvidence, Title: "Πτυχίο", Issuer: texts("Demo Registry of Athens", "Demo-Register Athen", "Επιδεικτικό Μητρώο Αθήνας"),
		IssuingDate: "2021-07-09", Format: "application/pdf", Language: "EL", Size: 48213, SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
}

func (f *fake) Upload(_ context.Context, app, requirement, name, mediaType string, content []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.card(app, requirement)
	c.State, c.Upload = requester.Uploaded, &requester.Upload{Name: name, MediaType: mediaType, Size: int64(len(content)), At: start}
	return nil
}

func (f *fake) Reset(_ context.Context, app, requirement string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.card(app, requirement)
	c.State, c.Upload, c.Exchanges = requester.ToDo, nil, nil
	return nil
}

func (f *fake) Submit(_ context.Context, app string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.apps[app].Cards {
		if c.State == requester.Asking || c.State == requester.Ready {
			return requester.ErrOpen
		}
	}
	f.apps[app].Submitted = start.Add(time.Hour)
	return nil
}

// Conversation is the log of a request that was answered with a preview.
func (f *fake) Conversation(_ context.Context, id string) ([]audit.Entry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.apps[id]
	q := &edm.Request{
		ID: "urn:uuid:77777777-0000-4000-8000-000000000001", Version: edm.V20, IssuedAt: start, Procedure: a.Procedure, NaturalPerson: &a.User.Person,
		Evidence: edm.EvidenceType{Titles: texts("University diploma", "Hochschuldiplom", "Πτυχίο")}, Provider: f.agent(),
	}
	asked, err := edmxml.AppendRequest(nil, q)
	if err != nil {
		return nil, err
	}
	answer, err := edmxml.AppendError(nil, &edm.ErrorResponse{
		RequestID: q.ID, Version: edm.V20, ID: "77777777-0000-4000-8000-000000000002", Provider: f.agent(),
		Exceptions: []edm.Exception{{Code: edm.MissingAuthorization, Severity: edm.SeverityPreviewRequired, At: start, Preview: &edm.Preview{Location: there}}},
	})
	var out []audit.Entry
	for i, e := range []exchange.Event{
		{Name: exchange.ExplicitRequestGiven, Document: []byte("I ask for <my> diploma.")},
		{Name: exchange.RequestSent, Document: asked, DocumentType: exchange.MediaTypeRegRep, MessageID: "m1@at"},
		{Name: exchange.ErrorReceived, Document: answer, Code: edm.MissingAuthorization},
		{Name: exchange.UserReturned}, {Name: exchange.RequestRefused}, {Name: exchange.ResponseReceived}, {Name: exchange.ResponseRefused},
		{Name: exchange.EvidenceDelivered, Parts: []exchange.Part{{MimeType: "application/pdf", SHA256: "9f86d081"}}},
		{Name: exchange.EvidenceHandedOver}, {Name: exchange.Undelivered}, {Name: exchange.TimeoutConcluded}, {Name: "a_later_event"},
	} {
		e.At, e.ConversationID, e.ExchangeID = start.Add(time.Duration(i)*time.Minute), id, "33333333-0000-4000-8000-000000000001"
		out = append(out, audit.Entry{ID: fmt.Sprint(i), Event: e})
	}
	return out, err
}

func (f *fake) agent() edm.Agent {
	return edm.Agent{ID: edm.Identifier{Scheme: "urn:x", Value: "DEMO-EL-ATH"}, Names: f.athens().Publisher.Names, Class: edm.EvidenceProvider}
}

// eleni and hans can log in.
func persons() []demo.Person {
	return []demo.Person{
		{Key: "eleni", Outcome: demo.Success, Identity: login.Identity{Country: "EL", OriginalGivenName: "Ελένη", OriginalFamilyName: "Παπαδοπούλου",
			Person: edm.Person{LoA: edm.High, GivenName: "Eleni", FamilyName: "Papadopoulou", DateOfBirth: "1998-03-25", Identifier: "EL/AT/DEMO1001"}}},
		{Key: "hans", Outcome: demo.Nobody, Identity: login.Identity{Country: "AT", Person: edm.Person{LoA: edm.High, GivenName: "Hans", FamilyName: "Meier", DateOfBirth: "1995-04-18"}}},
	}
}

// host is a whole Member State's host: portal and login on one mux.
func host(t testing.TB, f *fake) http.Handler {
	t.Helper()
	f.apps = map[string]*requester.Application{}
	now := start.Add(30 * time.Second)
	c := clock.Clock{Now: func() time.Time { return now }, NewUUID: clock.UUID}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	names := texts("Demo University Danube", "Demo-Universität Donau", "Επιδεικτικό Πανεπιστήμιο Δουνάβεως")
	eid, err := demo.New(demo.Config{Names: names, Country: "AT", Cookie: CookieName("AT"), Persons: persons(), Clock: c, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{
		Names: names, Country: "AT", Support: texts("help@demo.example", "hilfe@demo.example", "voithia@demo.example"),
		Procedures: []Procedure{
			{"T3", Studying, false, texts("Recognition of a diploma", "Anerkennung eines Diploms", "Αναγνώριση πτυχίου"), texts("For holders of a foreign degree. You receive a decision.", "Für Personen mit ausländischem Abschluss. Sie erhalten einen Bescheid.", "Για κατόχους τίτλου της αλλοδαπής. Λαμβάνετε απόφαση.")},
			{Code: "U3", LifeEvent: Working, Named: true, Titles: texts("European Health Insurance Card", "Europäische Krankenversicherungskarte", "Ευρωπαϊκή κάρτα υγείας")},
			{"T1", "", false, texts("Study grant", "Studienbeihilfe", "Υποτροφία σπουδών"), texts("For students.", "Für Studierende.", "Για φοιτητές.")},
		},
		Requester: f, CodeLists: f, Journal: f, Logins: []login.Method{eid}, Sessions: &web.Memory{Now: c.Now}, Demo: true, Zone: time.FixedZone("CET", 3600),
		Limit: &web.Limiter{Burst: 10000, Every: time.Second}, Clock: c, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	login.Mount(mux, []login.Method{eid}, p.Place())
	mux.Handle("/", p)
	return mux
}

// pdf is a document of one empty page.
func pdf() []byte {
	return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n")
}
