package node

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/demo"
	"oots/internal/provider"
	"oots/internal/requester"
	"oots/rule"
)

// A Step is one thing that happened in a journey, in the order in which it did.
type Step struct {
	At   time.Time `json:"at"`
	Name string    `json:"step"` // stable: "requirements", "explicit_request", …
	Text string    `json:"text"` // in English, for a person who watches
}

// A Journey is a user's run through one procedure without a browser: the same calls that the portal and
// the preview space make for a person, made by a test person.
type Journey struct {
	Demonstration *Demonstration
	Subject       demo.Subject
	Procedure     string
	Decline       bool                            // choose nothing in the preview
	Application   string                          // continue this one, left by an earlier run; "" begins a new one
	Opened        func(applicationID string)      // told once the application is stored; may be nil
	Tell          func(Step)                      // sees every step as it happens
	Wait          func(ctx context.Context) error // lets time pass until something may have changed
	Steps         []Step
}

// Errors of a journey whose answer is no.
var (
	ErrNothingToAsk = errors.New("no requirement of this procedure can be proved by the demonstration")
	ErrNoPath       = errors.New("the directories name no provider")
)

// A Result is what a journey came to.
type Result struct {
	Subject     string              `json:"subject"`
	Procedure   string              `json:"procedure"`
	Requirement string              `json:"requirement"`
	From        string              `json:"requesterCountry"`
	To          string              `json:"providerCountry"`
	Application string              `json:"conversationId"`
	Exchanges   []ExchangeResult    `json:"exchanges"`
	Steps       []Step              `json:"steps"`
	Duration    float64             `json:"seconds"`
	Evidence    []DeliveredEvidence `json:"-"`
}

// An ExchangeResult is the end of one exchange.
type ExchangeResult struct {
	ID           string                  `json:"exchangeId"`
	EvidenceType string                  `json:"evidenceType"`
	Provider     string                  `json:"provider"`
	State        exchange.RequesterState `json:"state"`
	Error        edm.Code                `json:"error,omitempty"`
	SentAt       time.Time               `json:"sentAt"`
	SettledAt    time.Time               `json:"settledAt"`
	Seconds      float64                 `json:"seconds"`
	States       []StateChange           `json:"states"`
	RequesterLog []LogLine               `json:"requesterLog"` // article 17, in order
	ProviderLog  []LogLine               `json:"providerLog"`
}

// A StateChange is a state of the requester's exchange and when the journey saw it.
type StateChange struct {
	State exchange.RequesterState `json:"state"`
	At    time.Time               `json:"at"`
}

// A LogLine is an entry of the log of article 17 without its document.
type LogLine struct {
	At        time.Time          `json:"at"`
	Event     exchange.EventName `json:"event"`
	MessageID string             `json:"messageId,omitempty"`
	RequestID string             `json:"requestId,omitempty"`
	Code      edm.Code           `json:"code,omitempty"`
	Rule      rule.ID            `json:"rule,omitempty"`
}

// DeliveredEvidence is one document with its bytes.
type DeliveredEvidence struct {
	requester.EvidenceDoc
	Content []byte
}

func (j *Journey) tell(name, format string, args ...any) {
	s := Step{At: j.Demonstration.Clock().Now(), Name: name, Text: fmt.Sprintf(format, args...)}
	j.Steps = append(j.Steps, s)
	if j.Tell != nil {
		j.Tell(s)
	}
}

// Run goes through the procedure until every exchange is settled.
func (j *Journey) Run(ctx context.Context) (*Result, error) {
	began := j.Demonstration.Clock().Now()
	asking, answering := j.Demonstration.Sides(j.Subject)
	app, err := j.open(ctx, asking, answering)
	if err != nil {
		return nil, err
	}
	card := &app.Cards[0]
	for i := range app.Cards {
		if len(app.Cards[i].Exchanges) > 0 {
			card = &app.Cards[i]
		}
	}
	result := &Result{
		Subject: j.Subject.Key, Procedure: app.Procedure, Requirement: card.Requirement.ID,
		From: asking.Country, To: answering.Country, Application: app.ID,
	}
	for _, x := range card.Exchanges {
		settled, states, err := j.follow(ctx, asking, answering, x.ID)
		if err != nil {
			return nil, err
		}
		if err := j.collect(ctx, asking, answering, settled, states, result); err != nil {
			return nil, err
		}
	}
	result.Steps = j.Steps
	result.Duration = j.Demonstration.Clock().Now().Sub(began).Seconds()
	return result, nil
}

// open continues an application, or begins one and asks for everything its first provable requirement needs.
func (j *Journey) open(ctx context.Context, asking, answering *MemberState) (requester.Application, error) {
	id := j.Application
	if id == "" {
		app, err := j.begin(ctx, asking, answering)
		if err != nil {
			return app, err
		}
		id = app.ID
	} else {
		j.tell("resume", "continuing the journey that was interrupted: conversation %s", id)
	}
	return asking.Requester.Application(ctx, id)
}

func (j *Journey) begin(ctx context.Context, asking, answering *MemberState) (requester.Application, error) {
	reqs, err := asking.Requester.Requirements(ctx, j.Procedure)
	if err != nil {
		var refusal *directory.Refusal
		if errors.As(err, &refusal) {
			return requester.Application{}, fmt.Errorf("%w: the Evidence Broker says %v for %s in %s", ErrNothingToAsk, refusal, j.Procedure, asking.Country)
		}
		return requester.Application{}, err
	}
	j.tell("requirements", "Evidence Broker: procedure %s in %s has %d requirement(s)", j.Procedure, asking.Country, len(reqs))
	req, list, err := j.provable(ctx, asking, answering, reqs)
	if err != nil {
		return requester.Application{}, err
	}
	j.tell("evidence_types", "Evidence Broker: %q is proved in %s by %s", req.Names.In("EN").Value, answering.Country, titles(list))
	j.tell("login", "%s logs in with a demonstration eID of %s, level %s",
		j.Subject.Identity.Name(), j.Subject.Identity.Country, j.Subject.Identity.LoA())
	app, err := asking.Requester.Open(ctx, j.Procedure, j.Subject.Identity)
	if err != nil {
		return requester.Application{}, err
	}
	if j.Opened != nil {
		j.Opened(app.ID)
	}
	for _, et := range list.Types {
		if err := j.ask(ctx, asking, answering, app.ID, req, et); err != nil {
			return requester.Application{}, err
		}
	}
	return app, nil
}

// provable finds the first requirement that the answering country can prove.
func (j *Journey) provable(ctx context.Context, asking, answering *MemberState, reqs []directory.Requirement) (directory.Requirement, directory.EvidenceTypeList, error) {
	for _, r := range reqs {
		full, err := asking.Requester.EvidenceTypes(ctx, r.ID, answering.Country)
		var refusal *directory.Refusal
		if errors.As(err, &refusal) {
			continue
		}
		if err != nil {
			return directory.Requirement{}, directory.EvidenceTypeList{}, err
		}
		for _, l := range full.Lists {
			if len(l.Types) > 0 {
				return r, l, nil
			}
		}
	}
	return directory.Requirement{}, directory.EvidenceTypeList{}, ErrNothingToAsk
}

// ask finds who delivers et, answers the directory's questions, and gives the explicit request.
func (j *Journey) ask(ctx context.Context, asking, answering *MemberState, applicationID string, req directory.Requirement, et directory.EvidenceType) error {
	q := directory.DataServiceQuery{Classification: et.Classification, Country: answering.Country, Answers: map[string]string{}}
	var answers []edm.ProviderClassification
	services, err := asking.Requester.DataServices(ctx, q)
	var question *directory.Question
	if errors.As(err, &question) {
		if answers, err = j.answer(ctx, asking, question); err != nil {
			return err
		}
		for _, a := range answers {
			q.Answers[a.ID] = a.Values[0]
		}
		services, err = asking.Requester.DataServices(ctx, q)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoPath, err)
	}
	if len(services) == 0 {
		return ErrNoPath
	}
	service := services[0]
	j.tell("data_service", "Data Service Directory: %s delivers it through access point %s", name(service.Publisher.Names), service.AccessPoint.Value)
	id, err := asking.Requester.Ask(ctx, requester.Ask{
		ApplicationID: applicationID, RequirementID: req.ID, Service: service, Country: answering.Country, Answers: answers,
		Distribution: asking.Requester.Distribution(req.ID, service, ""),
		Text:         fmt.Sprintf("I ask %s to send %q.", name(service.Publisher.Names), et.Titles.In("EN").Value), Lang: "EN",
	})
	if err != nil {
		return err
	}
	j.tell("explicit_request", "the user asks explicitly; exchange %s", id)
	return nil
}

// answer picks the first code of every list that the directory asks for.
func (j *Journey) answer(ctx context.Context, asking *MemberState, q *directory.Question) ([]edm.ProviderClassification, error) {
	var out []edm.ProviderClassification
	for _, c := range q.Concepts {
		a := edm.ProviderClassification{
			ID: c.ID, CodeList: c.CodeList, Type: c.Type, ValueExpression: c.ValueExpression, Descriptions: c.Descriptions, Values: []string{"true"},
		}
		label := "yes"
		if c.Type == "codelist" {
			codes, err := asking.CodeLists.CodeList(ctx, c.ValueExpression)
			if err != nil {
				return nil, err
			}
			if len(codes) == 0 {
				return nil, fmt.Errorf("code list %s is empty", c.ValueExpression)
			}
			a.Values[0], label = codes[0].Code, codes[0].Names.In("EN").Value
		}
		j.tell("question", "Data Service Directory asks: %s The user answers: %s", c.Descriptions.In("EN").Value, label)
		out = append(out, a)
	}
	return out, nil
}

// follow waits for one exchange to settle and is the user in the preview space meanwhile.
func (j *Journey) follow(ctx context.Context, asking, answering *MemberState, exchangeID string) (requester.Exchange, []StateChange, error) {
	var seen []StateChange
	for {
		x, err := asking.Requester.Exchange(ctx, exchangeID)
		if err != nil {
			return x, nil, err
		}
		if len(seen) == 0 || x.State != seen[len(seen)-1].State {
			seen = append(seen, StateChange{x.State, x.UpdatedAt})
			if x.State == exchange.Sent {
				j.tell("request_sent", "evidence request %s goes to %s over AS4", x.RequestID, name(x.Provider.Names))
			}
		}
		switch {
		case x.State.Settled():
			return x, seen, nil
		case x.State == exchange.PreviewRequired, x.State == exchange.SecondSent:
			if err := j.preview(ctx, asking, answering, x); err != nil {
				return x, nil, err
			}
		}
		if err := j.Wait(ctx); err != nil {
			return x, nil, err
		}
	}
}

// preview is the visit to the preview space. It may be called again: what is decided stays decided.
func (j *Journey) preview(ctx context.Context, asking, answering *MemberState, x requester.Exchange) error {
	location := x.Preview.Location
	if x.State == exchange.PreviewRequired {
		j.tell("preview_required", "%s has the evidence and asks for a preview", name(x.Provider.Names))
		var err error
		if location, err = asking.Requester.GoToPreview(ctx, x.ID); err != nil {
			return err
		}
		j.tell("second_request", "the user follows the link to %s, the second request follows her", host(location))
	}
	u, err := url.Parse(location)
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	token := path.Base(u.Path)
	if back := exchange.ReturnOf(u.Query()); back != "" { // the link of a portal up to 1.2
		if err := answering.Provider.ReturnTo(ctx, token, back); err != nil {
			return fmt.Errorf("preview: %w", err)
		}
	}
	s, err := answering.Provider.Session(ctx, token)
	if errors.Is(err, provider.ErrDecided) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	if !s.Identified {
		if err := answering.Provider.Identify(ctx, token, j.Subject.Identity); err != nil {
			return fmt.Errorf("preview: %w", err)
		}
		j.tell("identified", "she logs in again at the preview space: the same person as in the request")
	}
	var chosen []string
	for _, d := range s.Documents {
		doc, content, err := answering.Provider.Document(ctx, token, d.ID)
		if err != nil {
			return fmt.Errorf("preview: %w", err)
		}
		j.tell("preview", "preview: %q, %s, %d bytes", doc.Title, doc.MediaType, len(content))
		chosen = append(chosen, d.ID)
	}
	decision := "the user releases the evidence"
	if j.Decline {
		chosen, decision = nil, "the user declines: nothing is sent"
	}
	if err := answering.Provider.Decide(ctx, token, chosen); err != nil && !errors.Is(err, provider.ErrDecided) {
		return fmt.Errorf("preview: %w", err)
	}
	j.tell("decision", "%s", decision)
	return nil
}

// collect adds the end of x, and the evidence it brought, to r.
func (j *Journey) collect(ctx context.Context, asking, answering *MemberState, x requester.Exchange, states []StateChange, r *Result) error {
	asked, err := asking.Log(ctx, x.ID)
	if err != nil {
		return err
	}
	answered, err := answering.Log(ctx, x.ID)
	if err != nil {
		return err
	}
	r.Exchanges = append(r.Exchanges, ExchangeResult{
		ID: x.ID, EvidenceType: x.EvidenceType.Classification, Provider: name(x.Provider.Names), State: x.State, Error: x.Error,
		SentAt: x.SentAt, SettledAt: x.UpdatedAt, Seconds: x.UpdatedAt.Sub(x.SentAt).Seconds(),
		States: states, RequesterLog: asked, ProviderLog: answered,
	})
	switch x.State {
	case exchange.Answered:
		j.tell("answered", "%d document(s) arrived, signed and encrypted", len(x.Evidence))
	case exchange.Deferred:
		j.tell("deferred", "the evidence will be available on %s", x.AvailableAt.Format(time.DateTime))
	case exchange.Empty:
		j.tell("empty", "no document was sent: none was found or none was released")
	default:
		j.tell(string(x.State), "no evidence: %s", x.Error)
	}
	for _, d := range x.Evidence {
		doc, content, err := asking.Requester.Evidence(ctx, x.ID, d.ID)
		if err != nil {
			return err
		}
		r.Evidence = append(r.Evidence, DeliveredEvidence{doc, content})
	}
	return nil
}

func name(t edm.Texts) string { return t.In("EN").Value }

func titles(l directory.EvidenceTypeList) string {
	var s []string
	for _, t := range l.Types {
		s = append(s, t.Titles.In("EN").Value)
	}
	return strings.Join(s, " and ")
}

func host(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return location
	}
	return u.Host
}
