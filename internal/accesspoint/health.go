package accesspoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"oots/internal/accesspoint/settings"
	"oots/internal/alert"
	"oots/internal/audit"
	"oots/internal/store"
)

// A Status is how a check stands.
type Status string

// The statuses. A warning needs a hand and does not keep messages from coming.
const (
	OK      Status = "ok"
	Warning Status = "warning"
	Failed  Status = "failed"
)

// A Check is one thing that must be well.
type Check struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	Detail string `json:"detail,omitempty"` // for an operator; names no message and no person
}

// A Readiness is whether the access point can do its work.
type Readiness struct {
	Status string    `json:"status"` // "ready", "not ready" or "ending"
	At     time.Time `json:"at"`
	Checks []Check   `json:"checks"`
}

// freshness is how long the answer of the checks is given again: who asks often must not cost much.
const freshness = 5 * time.Second

// checkTime bounds what the database may take to take a row.
const checkTime = 5 * time.Second

// health looks after the checks.
type health struct {
	a *AccessPoint

	mu     sync.Mutex
	ending bool
	last   Readiness
}

func newHealth(a *AccessPoint) *health { return &health{a: a} }

// end makes every later answer say that the process ends.
func (h *health) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ending = true
}

// alive answers /healthz: the process answers.
func (h *health) alive(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, struct {
		Status  string `json:"status"`
		Version string `json:"version"`
	}{"alive", h.a.d.Version})
}

// ready answers /readyz: 200 when every check passes, 503 otherwise.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	out := h.look(r.Context())
	status := http.StatusOK
	if out.Status != "ready" {
		status = http.StatusServiceUnavailable
	}
	answer(w, status, out)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.Encode(v)
}

// look runs the checks, unless they were run a moment ago.
func (h *health) look(ctx context.Context) Readiness {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.a.d.Clock.Now()
	if since := now.Sub(h.last.At); h.last.Checks == nil || since >= freshness || since < 0 {
		h.last = Readiness{Status: "ready", At: now, Checks: h.a.checks(ctx, now)}
		if slices.ContainsFunc(h.last.Checks, func(c Check) bool { return c.Status == Failed }) {
			h.last.Status = "not ready"
		}
	}
	out := h.last
	if h.ending {
		out.Status = "ending"
	}
	return out
}

// checks runs all of them.
func (a *AccessPoint) checks(ctx context.Context, now time.Time) []Check {
	return []Check{a.checkDatabase(ctx, now), a.checkDisk(), a.checkPModes(), a.checkKeys(now), a.checkCertificates(now), a.checkOutbox(ctx, now), a.checkJournal(now), a.checkFiles()}
}

func passed(name, format string, args ...any) Check {
	return Check{name, OK, fmt.Sprintf(format, args...)}
}

// checkDatabase writes a row.
func (a *AccessPoint) checkDatabase(ctx context.Context, now time.Time) Check {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTime)
	defer cancel()
	err := a.Store.DB.Update(ctx, func(tx *store.Tx) error {
		return a.Store.AccessPoint().Beat(tx, a.Config.Node, a.d.Version, now)
	})
	if err != nil {
		a.d.Log.Error("the database takes nothing", "err", err)
		return Check{"database", Failed, "it does not take what is written; the log says why"}
	}
	return passed("database", "it takes what is written")
}

func (a *AccessPoint) checkDisk() Check {
	n, err := free(string(a.Config.Data.Folder))
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return Check{"disk", Warning, "free space cannot be told on this system"}
	case err != nil:
		return Check{"disk", Failed, "free space cannot be told: " + err.Error()}
	case n < uint64(a.Config.Data.Least):
		return Check{"disk", Failed, fmt.Sprintf("%d MiB are free, fewer than %s", n>>20, a.Config.Data.Least)}
	}
	return passed("disk", "%d MiB are free", n>>20)
}

func (a *AccessPoint) checkPModes() Check {
	m := a.modes.PModes()
	if err := m.Check(); err != nil {
		return Check{"pmodes", Failed, "those in force have faults: " + err.Error()}
	}
	return passed("pmodes", "version %d with %d partners", a.PModes.Number(), len(m.Peers))
}

// checkKeys looks at the key that signs now.
func (a *AccessPoint) checkKeys(now time.Time) Check {
	c := a.keys.identities()[0].Certificate
	return a.dated("keys", now, []Dated{{"message", a.modes.PModes().Self.ID.Value, c.NotBefore, c.NotAfter}})
}

// checkCertificates looks at those of our listeners. Those of partners make a warning: only their messages fail.
func (a *AccessPoint) checkCertificates(now time.Time) Check {
	var tls, partners []Dated
	for _, d := range a.certificates() {
		switch d.Use {
		case "tls":
			tls = append(tls, d)
		case "partner":
			partners = append(partners, d)
		}
	}
	own, theirs := a.dated("certificates", now, tls), a.dated("certificates", now, partners)
	if theirs.Status != OK && own.Status == OK {
		theirs.Status = Warning
		return theirs
	}
	return own
}

// dated judges certificates by their time.
func (a *AccessPoint) dated(name string, now time.Time, all []Dated) Check {
	out := passed(name, "valid")
	var said []string
	for _, d := range all {
		what := strings.TrimSpace(d.Use + " " + d.Name)
		switch left := d.NotAfter.Sub(now); {
		case left <= 0:
			out.Status = Failed
			said = append(said, fmt.Sprintf("%s ended on %s", what, d.NotAfter.Format(time.DateOnly)))
		case now.Before(d.NotBefore):
			out.Status = Failed
			said = append(said, fmt.Sprintf("%s begins on %s", what, d.NotBefore.Format(time.DateOnly)))
		case left < time.Duration(a.Config.Monitor.Certificate):
			if out.Status == OK {
				out.Status = Warning
			}
			said = append(said, fmt.Sprintf("%s ends in %s", what, settings.Duration(left.Truncate(time.Hour))))
		}
	}
	if len(said) > 0 {
		out.Detail = strings.Join(said, "; ")
	}
	return out
}

// checkOutbox never fails: a partner that cannot be reached must not take the access point away from those that can.
func (a *AccessPoint) checkOutbox(ctx context.Context, now time.Time) Check {
	var oldest time.Time
	err := a.Store.DB.View(ctx, func(tx *store.Tx) (err error) {
		oldest, err = a.Store.AccessPoint().OldestOutbound(tx)
		return err
	})
	waits := now.Sub(oldest)
	switch {
	case err != nil:
		a.d.Log.Error("the outbox cannot be read", "err", err)
		return Check{"outbox", Failed, "it cannot be read; the log says why"}
	case oldest.IsZero():
		return passed("outbox", "nothing waits")
	case waits > time.Duration(a.Config.Monitor.OutboxAge):
		return Check{"outbox", Warning, fmt.Sprintf("the oldest message waits for %s", settings.Duration(waits.Truncate(time.Second)))}
	}
	return passed("outbox", "the oldest message waits for %s", settings.Duration(max(waits, 0).Truncate(time.Second)))
}

// checkJournal never fails: the log in the database is written with each message, and its second copy is brought up to
// date when it can be.
func (a *AccessPoint) checkJournal(now time.Time) Check {
	s := a.keeper.State()
	late := a.unkept(now, s)
	switch {
	case late > time.Duration(a.Config.Monitor.JournalAge):
		return Check{"journal", Warning, fmt.Sprintf("the second copy of the log is not kept for %s and lacks %d rows; the log of the program says why", settings.Duration(late.Truncate(time.Second)), s.Behind())}
	case !s.Restored.IsZero() && now.Sub(s.Restored) < 24*time.Hour:
		return Check{"journal", Warning, "the database is another one than that of the second copy: it was restored, or exchanged"}
	}
	return passed("journal", "the second copy lacks %d rows", s.Behind())
}

// unkept is for how long the second copy is not kept.
func (a *AccessPoint) unkept(now time.Time, s audit.State) time.Duration {
	if s.Failing.IsZero() {
		return 0
	}
	return max(now.Sub(s.Failing), 0)
}

// journalGauge measures it for alerts.
func (a *AccessPoint) journalGauge() alert.Gauge {
	return alert.Gauge{Name: "journal", Kinds: []alert.Kind{alert.Journal}, Measure: func(_ context.Context, now time.Time) ([]alert.Measurement, error) {
		s := a.keeper.State()
		m := alert.Measurement{Kind: alert.Journal, Subject: a.Config.Node, Value: math.Floor(a.unkept(now, s).Minutes())}
		if s.Behind() > 0 {
			m.Detail = fmt.Sprintf("it lacks %d rows", s.Behind())
		}
		return []alert.Measurement{m}, nil
	}}
}

// checkFiles says which files are broken; what was there before is in use.
func (a *AccessPoint) checkFiles() Check {
	var broken []string
	for what, why := range a.reloader.failures() {
		if why != "" {
			broken = append(broken, what+": "+why)
		}
	}
	if len(broken) == 0 {
		return passed("files", "what they say is in use")
	}
	slices.Sort(broken)
	return Check{"files", Warning, strings.Join(broken, "; ")}
}
