package provider

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

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
	DB       *store.DB
	Store    Store
	Outbox   Outbox
	Journal  Journal
	Clock    clock.Clock
	Log      *slog.Logger
	Settings Settings
}

// Settings say who answers, and by which policy.
type Settings struct {
	AccessPoint edm.Identifier // own corner 3
	Services    []DataService  // at least one; the first signs errors that belong to none
	PreviewBase string         // https address that the token of a preview is appended to
	Timeouts    exchange.Timeouts
	Policy      Policy
	// Rules are how the operator wants the published rules applied, to what is sent and to what is received; nil
	// as published, in our readings.
	Rules *edm.Rules
	// Lookup is how long a register may take; 0 means one minute. It never takes longer than T1.
	Lookup time.Duration
	// Retention is how long a preview is remembered after its end; 0 means a day. Its documents and its person
	// go with the end.
	Retention time.Duration
	// Owner names this Service among those that share a store, the same after a restart; "" means the value
	// of AccessPoint.
	Owner string
}

// A DataService is one evidence provider and what it serves.
type DataService struct {
	Agent         edm.Agent // class EP, with address
	Register      Register
	EvidenceTypes []string // UUIDs: the last step of their Semantic Repository URL
	Formats       []string // codes of OOTSMediaTypes
	Subjects      Subjects // whom it knows; 0 means people who act for themselves
}

// A Policy holds what Member States decide differently. The zero value is not useful; see DefaultPolicy.
type Policy struct {
	// NoMatch is the code for a person that is not found or not surely found; "" answers with an empty
	// success, as some Member States do. [open-questions D1]
	NoMatch edm.Code
	// RequirePreview hands over nothing without a preview when the request allows one.
	RequirePreview bool
	// LoA is the lowest level of assurance that is served, at the portal and in the preview space; "" for any.
	LoA edm.LoA
	// Allowed judges who may ask for what; nil allows every requester. The access point is authenticated; that
	// requester stands behind it is only what the request says.
	Allowed func(accessPoint, requester edm.Identifier, procedure string) bool
	// Misses is how often a requester may look for one subject in vain within MissesWithin; from then on nobody is
	// found for it, whoever it is. 0 sets no limit. [record-matching §4.4]
	Misses       int
	MissesWithin time.Duration
	// Attempts is how often the user may fail to identify herself, at least 1.
	Attempts int
	// Questions may tell persons apart when several match: the user answers them in the preview space, and the
	// register compares the answers as attributes that she typed in. None, the default, lets several look like none.
	// [IR 2022/1463 art. 16]
	Questions []Question
	// PreviewDescriptions tell the user of the portal what waits for her.
	PreviewDescriptions edm.Texts
}

// A Question asks the user for something that a register can compare.
type Question struct {
	URI    string // of the sdg:UserIdentityAttribute that carries the answer
	Name   string // its name
	Labels edm.Texts
}

// DefaultPolicy is the policy of TDD 4.9 and the readings of the open questions.
var DefaultPolicy = Policy{NoMatch: edm.ObjectNotFound, RequirePreview: true, LoA: edm.Substantial, Attempts: 3, Misses: 10, MissesWithin: time.Hour}

// A Service answers the requests that reach one access point. It is safe for concurrent use; all of its
// state is in the store, so a new Service over the same store goes on where another one ended.
type Service struct {
	Deps
	contentDomain string        // behind the @ of a Content-ID
	woken         chan struct{} // a request waits for its evidence
}

// New makes a Service, or says everything that is wrong with d.
func New(d Deps) (*Service, error) {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("provider: "+format, args...))
		}
	}
	need(d.DB != nil && d.Store != nil && d.Outbox != nil && d.Journal != nil && d.Log != nil, "a dependency is missing")
	need(d.Clock.Now != nil && d.Clock.NewUUID != nil, "the clock is missing")
	s := d.Settings
	need(s.AccessPoint.Value != "" && s.AccessPoint.Scheme != "", "settings.access point must have a scheme and a value")
	need(len(s.Services) > 0, "settings.services must name an evidence provider")
	for i, ds := range s.Services {
		need(ds.Agent.Class == edm.EvidenceProvider && ds.Agent.ID.Value != "" && ds.Agent.Address != nil,
			"settings.services[%d].agent must be of class EP with an address", i)
		need(ds.Register != nil && len(ds.EvidenceTypes) > 0 && len(ds.Formats) > 0,
			"settings.services[%d] must have a register, evidence types and formats", i)
	}
	base, err := url.Parse(s.PreviewBase)
	need(err == nil && base.Scheme == "https" && base.Hostname() != "", "settings.preview base must be an https address [R-EDM-ERR-C019]")
	need(s.Timeouts.T1 > 0 && s.Timeouts.T2 > 0 && s.Timeouts.T3 > 0, "settings.timeouts must be positive [TDD 4.4.3]")
	need(s.Policy.Attempts > 0, "settings.policy.attempts must be at least 1")
	need(s.Lookup >= 0 && s.Retention >= 0, "settings.lookup and settings.retention must not be negative")
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &Service{Deps: d, contentDomain: base.Hostname(), woken: make(chan struct{}, 1)}, nil
}

// service returns the evidence provider with that identifier, or nil.
func (s *Service) service(id edm.Identifier) *DataService {
	i := slices.IndexFunc(s.Settings.Services, func(d DataService) bool { return d.Agent.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Settings.Services[i]
}

// serves reports whether the service holds evidence of a type given by its Semantic Repository URL.
func (d *DataService) serves(classification string) bool {
	return slices.Contains(d.EvidenceTypes, classification[strings.LastIndexByte(classification, '/')+1:])
}

// wanted is the first form of the evidence that was asked for and is served, or nil. [open-questions B19]
func (d *DataService) wanted(q *edm.Request) *edm.Distribution {
	for i := range q.Evidence.Distributions {
		if slices.Contains(d.Formats, q.Evidence.Distributions[i].Format) {
			return &q.Evidence.Distributions[i]
		}
	}
	return nil
}

func (s *Service) lookupTime() time.Duration {
	if s.Settings.Lookup > 0 {
		return s.Settings.Lookup
	}
	return time.Minute
}

// now is the time that goes into messages and rows: UTC, whole milliseconds.
func (s *Service) now() time.Time { return s.Clock.Now().UTC().Truncate(time.Millisecond) }

// log gives a logger whose lines carry the identifiers that lead to everything else.
func (s *Service) log(h *exchange.Header) *slog.Logger {
	return s.Log.With("conversation", h.ConversationID, "exchange", h.ExchangeID, "message", h.MessageID)
}
