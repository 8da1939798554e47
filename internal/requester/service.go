package requester

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"oots/codelist"
	"oots/directory"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/store"
)

// Journal is the log of article 17. Record appends within tx. [IR 2022/1463 art. 17]
type Journal interface {
	Record(tx *store.Tx, e exchange.Event) error
}

// Deps is what a Service works with; every field is needed.
type Deps struct {
	DB        *store.DB
	Store     Store
	Outbox    Outbox
	Directory Directory
	Journal   Journal
	Clock     clock.Clock
	Log       *slog.Logger
	Settings  Settings
}

// Settings say who asks and how.
type Settings struct {
	Country      string         // of the portal: its procedures are looked up there
	Requester    edm.Agent      // class ER, with address [R-EDM-REQ-C073]
	Intermediary *edm.Agent     // class IP, when a platform stands between portal and access point
	AccessPoint  edm.Identifier // own corner 2
	Timeouts     exchange.Timeouts
	ReturnBase   string // https address that the return token is appended to
	// Versions are the release lines that requests are written in; none means all. Each request is in the
	// newest one that the provider has too.
	Versions []edm.Version
	// Rules are how the operator wants the published rules applied, to what is sent and to what is received; nil
	// as published, in our readings.
	Rules *edm.Rules
	// PreviewAllowed judges the host of a preview link; nil allows every host. Links are https in any case.
	PreviewAllowed func(host string) bool
	// WithholdIdentifier lists countries that give a person another identifier for each destination: such
	// an identifier means nothing to a third country and is not sent. [TDD 2]
	WithholdIdentifier []string
	// Exempt are the procedures whose evidence the law of Country, or of the Union, lets be exchanged automatically,
	// without a preview; AllProcedures is every one. The right to a preview is the user's otherwise: nobody can waive it
	// for her. [Regulation (EU) 2018/1724 art. 14(5)]
	Exempt []string
	// Formats are the media types that the procedures can process, best first, by requirement or for
	// EveryRequirement: structured evidence before PDF where nobody has to read it. See Distribution.
	Formats   map[string][]string
	Retention Retention
}

// AllProcedures stands for every code of Procedures.
const AllProcedures = "ALL"

// Errors of Service, beside store.ErrNotFound and the errors of the directories.
var (
	ErrLoA        = errors.New("the evidence provider demands a stronger login")
	ErrVersion    = errors.New("the evidence provider speaks no version of ours")
	ErrSubmitted  = errors.New("the application is already submitted")
	ErrOpen       = errors.New("an evidence request is still open")
	ErrNoPreview  = errors.New("no preview is waiting")
	ErrNoReturn   = errors.New("the way back is not known or not valid any more")
	ErrBadLink    = errors.New("the preview link is not acceptable")
	ErrOtherUser  = errors.New("the application is of another user")
	ErrNoEvidence = errors.New("no such evidence")
)

// A Service asks for evidence on behalf of the users of one portal. It is safe for concurrent use; all of
// its state is in the store, so a new Service over the same store goes on where another one ended.
type Service struct {
	Deps
}

// New makes a Service, or says everything that is wrong with d.
func New(d Deps) (*Service, error) {
	var errs []error
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, fmt.Errorf("requester: %s", what))
		}
	}
	need(d.DB != nil && d.Store != nil && d.Outbox != nil && d.Directory != nil && d.Journal != nil && d.Log != nil, "a dependency is missing")
	need(d.Clock.Now != nil && d.Clock.NewUUID != nil, "the clock is missing")
	s := d.Settings
	need(s.Requester.Class == edm.EvidenceRequester && s.Requester.ID.Value != "" && s.Requester.Address != nil,
		"settings.requester must be an agent of class ER with an address [R-EDM-REQ-C073]")
	need(s.Intermediary == nil || s.Intermediary.Class == edm.IntermediaryPlatform, "settings.intermediary must be of class IP")
	need(s.AccessPoint.Value != "" && s.AccessPoint.Scheme != "", "settings.access point must have a scheme and a value")
	need(strings.HasPrefix(s.ReturnBase, "https://"), "settings.return base must start with https:// [R-EDM-REQ-C120]")
	need(s.Timeouts.T1 > 0 && s.Timeouts.T2 > 0 && s.Timeouts.T3 > 0, "settings.timeouts must be positive [TDD 4.4.3]")
	need(s.Retention.Submitted >= 0 && s.Retention.Abandoned >= 0, "settings.retention must not be negative")
	for _, p := range s.Exempt {
		need(p == AllProcedures || codelist.Procedures.Has(p), fmt.Sprintf("settings.exempt has the unknown procedure %q", p))
	}
	for _, v := range s.Versions {
		need(v.Line() != "", fmt.Sprintf("settings.versions has the unknown version %q", string(v)))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &Service{d}, nil
}

// Requirements asks the Evidence Broker what procedure demands in the portal's own country. [TDD 3.2]
func (s *Service) Requirements(ctx context.Context, procedure string) ([]directory.Requirement, error) {
	return s.Directory.Requirements(ctx, procedure, s.Settings.Country)
}

// EvidenceTypes asks the Evidence Broker what proves a requirement in another country. [TDD 3.2]
func (s *Service) EvidenceTypes(ctx context.Context, requirementID, country string) (directory.Requirement, error) {
	return s.Directory.EvidenceTypes(ctx, requirementID, country)
}

// DataServices asks the Data Service Directory who delivers an evidence type. When q wants no release line of
// the exchange, those come back that speak one of ours, and DSD:ERR:0001 when none does. [TDD 3.1]
func (s *Service) DataServices(ctx context.Context, q directory.DataServiceQuery) ([]directory.DataService, error) {
	services, err := s.Directory.DataServices(ctx, q)
	if err != nil || q.Specification != "" {
		return services, err
	}
	usable := slices.DeleteFunc(slices.Clone(services), func(d directory.DataService) bool {
		_, ok := s.Speaks(d)
		return !ok
	})
	if len(usable) == 0 {
		return nil, &directory.Refusal{Code: "DSD:ERR:0001", Detail: ErrVersion.Error()}
	}
	return usable, nil
}

// now is the time that goes into messages and rows: UTC, whole milliseconds.
func (s *Service) now() time.Time { return s.Clock.Now().UTC().Truncate(time.Millisecond) }

// log gives a logger whose lines carry the two identifiers that lead to everything else.
func (s *Service) log(conversation, exchangeID string) *slog.Logger {
	return s.Log.With("conversation", conversation, "exchange", exchangeID)
}
