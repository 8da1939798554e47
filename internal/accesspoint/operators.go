package accesspoint

import (
	"context"
	"errors"
	"io"
	"time"

	"oots/internal/alert"
	"oots/internal/audit"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/proof"
	"oots/internal/store"
)

// Watch makes the watch over thresholds from the figures that the console shows. Its Run is for the caller.
func (a *AccessPoint) Watch(limits map[alert.Kind]alert.Threshold, tellers ...alert.Teller) (*alert.Watch, error) {
	return alert.New(alert.Config{
		DB: a.Store.DB, Store: a.Store.Alerts(), Thresholds: limits, Tellers: tellers, Clock: a.d.Clock, Log: a.d.Log,
		Gauges: console.Gauges(console.Config{
			DB: a.Store.DB, Store: a.Store.Console(), Gateway: a.Gateway, PModes: a.PModes, Certificates: a.Certificates,
			Storage: console.StorageOf(string(a.Config.Data.Folder)),
		}),
	})
}

// Proofs rebuilds exchanges for the console, and signs exports with the keys that are ours now.
func (a *AccessPoint) Proofs() console.Proof { return proofs{a} }

type proofs struct{ a *AccessPoint }

// prover is made anew each time: keys change while the access point runs.
func (p proofs) prover() *proof.Prover {
	out := &proof.Prover{Source: p.a.Store.Proof(), Now: p.a.d.Clock.Now}
	var keys []audit.Signer
	for _, x := range p.a.keys.identities() {
		keys = append(keys, audit.Signer{Key: x.Key, Certificate: x.Certificate})
		out.Certificates = append(out.Certificates, x.Certificate)
	}
	if source, err := p.a.PModes.Source(); err == nil {
		for _, peer := range source.PModes().Peers {
			out.Certificates = append(out.Certificates, peer.Signing...)
		}
	}
	out.Signer = proof.Among(keys)
	return out
}

// Trace implements console.Proof.
func (p proofs) Trace(ctx context.Context, id string) (console.Trace, error) {
	t, err := p.prover().Trace(ctx, id)
	if err != nil {
		return console.Trace{}, known(err)
	}
	var out console.Trace
	for _, l := range []struct {
		name string
		ids  []string
	}{{"conversation", t.Conversations}, {"exchange", t.Exchanges}, {"request", t.Requests}} {
		for _, x := range l.ids {
			out.IDs = append(out.IDs, console.Identifier{Name: l.name, Value: x})
		}
	}
	partners := map[string]string{}
	for _, m := range t.Messages {
		partners[m.MessageID] = m.Partner
	}
	for _, s := range t.Timeline {
		source := map[string]string{proof.FromLog: "journal"}[s.Source]
		if source == "" {
			source = s.Source
		}
		detail := s.Detail
		if s.Code != "" {
			detail = s.Code + " " + detail
		}
		out.Events = append(out.Events, console.TraceEvent{At: s.At.UTC().Truncate(time.Millisecond), Source: source, Box: gateway.Box(s.Box), MessageID: s.MessageID,
			Partner: partners[s.MessageID], What: s.What, Detail: detail, Failed: s.Code != ""})
	}
	for _, f := range t.Findings {
		out.Remarks = append(out.Remarks, string(f.Code)+": "+f.Detail)
	}
	return out, nil
}

// Export implements console.Proof: without the content of payloads.
func (p proofs) Export(ctx context.Context, id string, w io.Writer) error {
	_, err := p.prover().ExportTo(ctx, id, w, proof.Options{})
	return known(err)
}

func known(err error) error {
	if errors.Is(err, proof.ErrUnknown) {
		return store.ErrNotFound
	}
	return err
}
