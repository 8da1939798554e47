package accesspoint

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"oots/internal/gateway"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// state gives figures of how things stand, read when they are asked for.
type state struct{ a *AccessPoint }

// The figures of state.
var (
	descQueue         = prometheus.NewDesc("oots_queue_messages", "Messages under way or waiting for an operator.", []string{"partner", "state"}, nil)
	descOldest        = prometheus.NewDesc("oots_queue_oldest_seconds", "Age of the oldest message under way.", []string{"partner"}, nil)
	descSlowed        = prometheus.NewDesc("oots_partner_slowed", "1 while attempts to a partner are held back.", []string{"partner"}, nil)
	descThrottled     = prometheus.NewDesc("oots_partner_throttled_total", "Messages of a partner that were answered with 503 because they were too many.", []string{"partner"}, nil)
	descPending       = prometheus.NewDesc("oots_backend_pending_messages", "Received messages that no back end has marked as downloaded.", nil, nil)
	descPendingOldest = prometheus.NewDesc("oots_backend_pending_oldest_seconds", "Age of the oldest of them.", nil, nil)
	descNotices       = prometheus.NewDesc("oots_backend_notices", "Notices to back ends that wait, or have failed.", []string{"state"}, nil)
	descStorage       = prometheus.NewDesc("oots_storage_bytes", "Bytes of the database, of the parts on disk, of payloads kept, and free.", []string{"what"}, nil)
	descCertificate   = prometheus.NewDesc("oots_certificate_days", "Days until a certificate ends; of several, the last.", []string{"use", "name"}, nil)
	descReload        = prometheus.NewDesc("oots_reload_failed", "1 while the files of a resource are broken and those before stay in use.", []string{"what"}, nil)
	descPModes        = prometheus.NewDesc("oots_pmodes_version", "Version of the P-Modes in force.", nil, nil)
	descJournal       = prometheus.NewDesc("oots_journal_behind_rows", "Rows of the log of exchanges that its second copy lacks.", nil, nil)
	descJournalFails  = prometheus.NewDesc("oots_journal_failing_seconds", "For how long the second copy of the log is not kept; 0 while it is.", nil, nil)
	descReady         = prometheus.NewDesc("oots_ready", "1 when the check passes.", []string{"check"}, nil)
)

// Describe implements prometheus.Collector.
func (s *state) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descQueue, descOldest, descSlowed, descThrottled, descPending, descPendingOldest, descNotices, descStorage, descCertificate, descReload, descPModes, descJournal, descJournalFails, descReady} {
		out <- d
	}
}

// readTime bounds what the database may take for one scrape.
const readTime = 10 * time.Second

// Collect implements prometheus.Collector. What cannot be read is left out; the checks say why.
func (s *state) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	a, now := s.a, s.a.d.Clock.Now()
	s.queues(ctx, now, out)
	var load sqlstore.Load
	err := a.Store.DB.View(ctx, func(tx *store.Tx) (err error) {
		load, err = a.Store.AccessPoint().Load(tx)
		return err
	})
	if err == nil {
		gauge(descPending, float64(load.Pending))
		gauge(descPendingOldest, age(now, load.OldestPending))
		gauge(descNotices, float64(load.Notices), "waiting")
		gauge(descNotices, float64(load.NoticesFailed), "failed")
		gauge(descStorage, float64(load.PartBytes), "payloads")
	}
	database, parts := a.storage()
	gauge(descStorage, float64(database), "database")
	gauge(descStorage, float64(parts), "parts")
	if free, err := free(string(a.Config.Data.Folder)); err == nil {
		gauge(descStorage, float64(free), "free")
	}
	for _, c := range a.certificates() {
		gauge(descCertificate, c.NotAfter.Sub(now).Hours()/24, c.Use, c.Name)
	}
	for what, why := range a.reloader.failures() {
		gauge(descReload, truth(why != ""), what)
	}
	kept := a.keeper.State()
	gauge(descJournal, float64(kept.Behind()))
	gauge(descJournalFails, a.unkept(now, kept).Seconds())
	gauge(descPModes, float64(a.PModes.Number()))
	for _, c := range a.health.look(ctx).Checks {
		gauge(descReady, truth(c.Status != Failed), c.Name)
	}
}

// queues are those of each partner; what is of no partner of the P-Modes is summed up.
func (s *state) queues(ctx context.Context, now time.Time, out chan<- prometheus.Metric) {
	all, err := s.a.Gateway.Queues(ctx)
	if err != nil {
		return
	}
	sum := map[string]*gateway.Queue{}
	for _, q := range all {
		name := s.a.partner(q.Partner)
		t := sum[name]
		if t == nil {
			t = &gateway.Queue{}
			sum[name] = t
		}
		t.Waiting, t.Sending, t.Unclear, t.Received, t.Stuck = t.Waiting+q.Waiting, t.Sending+q.Sending, t.Unclear+q.Unclear, t.Received+q.Received, t.Stuck+q.Stuck
		t.Throttled += q.Throttled
		if !q.Oldest.IsZero() && (t.Oldest.IsZero() || q.Oldest.Before(t.Oldest)) {
			t.Oldest = q.Oldest
		}
		if q.Slowed.After(t.Slowed) {
			t.Slowed = q.Slowed
		}
	}
	for name, q := range sum {
		for _, x := range []struct {
			state gateway.State
			n     int
		}{{gateway.Waiting, q.Waiting}, {gateway.Sending, q.Sending}, {gateway.Unclear, q.Unclear}, {gateway.Received, q.Received}, {gateway.Stuck, q.Stuck}} {
			out <- prometheus.MustNewConstMetric(descQueue, prometheus.GaugeValue, float64(x.n), name, string(x.state))
		}
		out <- prometheus.MustNewConstMetric(descOldest, prometheus.GaugeValue, age(now, q.Oldest), name)
		out <- prometheus.MustNewConstMetric(descSlowed, prometheus.GaugeValue, truth(q.Slowed.After(now)), name)
		out <- prometheus.MustNewConstMetric(descThrottled, prometheus.CounterValue, float64(q.Throttled), name)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// age is in seconds; 0 of nothing.
func age(now, t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return max(now.Sub(t).Seconds(), 0)
}

// storage is how many bytes the database and the parts of messages take on disk.
func (a *AccessPoint) storage() (database, parts int64) {
	dir := string(a.Config.Data.Folder)
	filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // gone meanwhile
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		switch {
		case strings.HasPrefix(d.Name(), sqlstore.FileName):
			database += info.Size()
		case filepath.Dir(name) == filepath.Join(dir, "spool"):
			parts += info.Size()
		}
		return nil
	})
	return database, parts
}

// A Dated is a certificate in use, or the last to end of those that a party has.
type Dated struct {
	Use, Name string // "message", "partner" or "tls", and the party or the listener
	NotBefore time.Time
	NotAfter  time.Time
}

// certificates are those whose end must not be missed.
func (a *AccessPoint) certificates() (out []Dated) {
	m := a.modes.PModes()
	if ids := a.keys.identities(); len(ids) > 0 {
		out = append(out, Dated{"message", m.Self.ID.Value, ids[0].Certificate.NotBefore, ids[0].Certificate.NotAfter})
	}
	for i := range m.Peers {
		if p := &m.Peers[i]; len(p.Signing) > 0 {
			d := Dated{Use: "partner", Name: p.ID.Value}
			for _, c := range p.Signing {
				if c.NotAfter.After(d.NotAfter) {
					d.NotBefore, d.NotAfter = c.NotBefore, c.NotAfter
				}
			}
			out = append(out, d)
		}
	}
	for _, s := range []*serving{a.public, a.internal} {
		if s != nil && s.leaf() != nil {
			out = append(out, Dated{"tls", s.field, s.leaf().NotBefore, s.leaf().NotAfter})
		}
	}
	return out
}
