package console

import (
	"context"
	"fmt"
	"time"

	"oots/edelivery/pmode/keystore"
	"oots/internal/alert"
	"oots/internal/gateway"
	"oots/internal/store"
)

// Gauges measure for alerts what the pages show, from the same configuration; Sessions and Alerts are not needed.
func Gauges(c Config) []alert.Gauge {
	out := []alert.Gauge{
		{Name: "queues", Kinds: []alert.Kind{alert.QueueAge, alert.Stuck}, Measure: c.measureQueues},
		{Name: "undelivered", Kinds: []alert.Kind{alert.Undelivered}, Measure: c.measureUndelivered},
		{Name: "partners", Kinds: []alert.Kind{alert.PartnerDown}, Measure: c.measurePartners},
		{Name: "logins", Kinds: []alert.Kind{alert.Logins}, Measure: c.measureLogins},
	}
	if c.Certificates != nil {
		out = append(out, alert.Gauge{Name: "certificates", Kinds: []alert.Kind{alert.Certificate}, Measure: c.measureCertificates})
	}
	if c.Storage != nil {
		out = append(out, alert.Gauge{Name: "disk", Kinds: []alert.Kind{alert.Disk}, Measure: c.measureDisk})
	}
	if c.PModes != nil {
		out = append(out, alert.Gauge{Name: "P-Modes", Kinds: []alert.Kind{alert.PModes}, Measure: c.measurePModes})
	}
	return out
}

func (c Config) measureQueues(ctx context.Context, now time.Time) (out []alert.Measurement, err error) {
	queues, err := c.Gateway.Queues(ctx)
	for _, q := range queues {
		age := 0.0
		if !q.Oldest.IsZero() {
			age = float64(int(now.Sub(q.Oldest).Minutes()))
		}
		out = append(out,
			alert.Measurement{Kind: alert.QueueAge, Subject: q.Partner, Value: max(age, 0)},
			alert.Measurement{Kind: alert.Stuck, Subject: q.Partner, Value: float64(q.Stuck)})
	}
	return out, err
}

// measureUndelivered counts what was given up within a day: nobody else clears the state of such a message.
func (c Config) measureUndelivered(ctx context.Context, now time.Time) (out []alert.Measurement, err error) {
	found, err := c.Gateway.Search(ctx, gateway.Filter{Box: gateway.Out, States: []gateway.State{gateway.Undelivered}, Since: now.Add(-2 * seen), Limit: counted})
	if err != nil {
		return nil, err
	}
	n := map[string]int{}
	for _, s := range found {
		if now.Sub(s.Settled) < seen {
			n[s.Partner]++
		}
	}
	for party, k := range n {
		out = append(out, alert.Measurement{Kind: alert.Undelivered, Subject: party, Value: float64(k)})
	}
	return out, nil
}

// measurePartners counts the attempts that failed in a row, by the message that waits longest for each partner.
func (c Config) measurePartners(ctx context.Context, _ time.Time) (out []alert.Measurement, err error) {
	queues, err := c.Gateway.Queues(ctx)
	if err != nil {
		return nil, err
	}
	for _, q := range queues {
		if q.Waiting+q.Sending == 0 {
			continue
		}
		waiting, err := c.Gateway.Search(ctx, gateway.Filter{Box: gateway.Out, Partner: q.Partner, States: []gateway.State{gateway.Waiting, gateway.Sending}, Limit: counted})
		if err != nil {
			return nil, err
		}
		most := gateway.Summary{}
		for _, s := range waiting {
			if s.Attempts > most.Attempts {
				most = s
			}
		}
		m := alert.Measurement{Kind: alert.PartnerDown, Subject: q.Partner, Value: float64(most.Attempts)}
		if most.ErrorCode != "" {
			m.Detail = "last error " + most.ErrorCode
		}
		out = append(out, m)
	}
	return out, nil
}

func (c Config) measureLogins(ctx context.Context, now time.Time) (out []alert.Measurement, err error) {
	n := 0
	err = c.DB.View(ctx, func(tx *store.Tx) error {
		n, err = c.Store.CountActs(tx, ActFailed, now.Add(-time.Hour))
		return err
	})
	return []alert.Measurement{{Kind: alert.Logins, Subject: "console", Value: float64(n + c.Strangers.Hour(now))}}, err
}

func (c Config) measureCertificates(ctx context.Context, now time.Time) (out []alert.Measurement, err error) {
	all, err := c.Certificates(ctx, now)
	for _, w := range all {
		if w.Replaced || w.Status == keystore.Missing || w.NotAfter.IsZero() {
			continue
		}
		days := float64(int(w.NotAfter.Sub(now).Hours() / 24))
		out = append(out, alert.Measurement{Kind: alert.Certificate, Subject: w.Party + " " + w.SHA256[:min(len(w.SHA256), 8)], Value: days,
			Detail: fmt.Sprintf("%s, until %s", w.Subject, w.NotAfter.UTC().Format(time.DateOnly))})
	}
	return out, err
}

func (c Config) measureDisk(ctx context.Context, _ time.Time) ([]alert.Measurement, error) {
	s, err := c.Storage(ctx)
	if err != nil || s.Total == 0 {
		return nil, err
	}
	return []alert.Measurement{{Kind: alert.Disk, Subject: s.Path, Value: float64(s.Free * 100 / s.Total)}}, nil
}

func (c Config) measurePModes(ctx context.Context, now time.Time) ([]alert.Measurement, error) {
	all, err := c.PModes.History(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	v := all[0]
	return []alert.Measurement{{Kind: alert.PModes, Subject: fmt.Sprintf("version %d", v.Number), Value: float64(int(now.Sub(v.At).Hours())), Detail: "by " + v.Actor}}, nil
}
