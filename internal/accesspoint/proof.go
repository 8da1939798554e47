package accesspoint

import (
	"context"
	"fmt"
	"io"
	"strings"

	"oots/internal/audit"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/proof"
)

// prover shows and exports exchanges for the console, with our keys and the certificates of partners as they are now.
type prover struct{ a *AccessPoint }

func (p prover) open() *proof.Prover {
	out := &proof.Prover{Source: p.a.Store.Proof(), Now: p.a.d.Clock.Now}
	var keys []audit.Signer
	for _, e := range p.a.keys.entries() {
		out.Certificates = append(append(out.Certificates, e.Certificate), e.Chain...)
		if e.Key != nil {
			keys = append(keys, audit.Signer{Key: e.Key, Certificate: e.Certificate})
		}
	}
	out.Signer = proof.Among(keys)
	return out
}

// Trace implements console.Proof.
func (p prover) Trace(ctx context.Context, id string) (console.Trace, error) {
	t, err := p.open().Trace(ctx, id)
	if err != nil {
		return console.Trace{}, err
	}
	var out console.Trace
	for _, l := range []struct {
		name string
		ids  []string
	}{{"conversation", t.Conversations}, {"exchange", t.Exchanges}, {"request", t.Requests}} {
		for _, id := range l.ids {
			out.IDs = append(out.IDs, console.Identifier{Name: l.name, Value: id})
		}
	}
	partners := map[string]string{}
	for _, m := range t.Messages {
		out.IDs = append(out.IDs, console.Identifier{Name: "message", Value: m.MessageID})
		partners[m.MessageID] = m.Partner
	}
	for _, s := range t.Timeline {
		out.Events = append(out.Events, console.TraceEvent{
			At: s.At, Source: source(s.Source), Box: gateway.Box(s.Box), MessageID: s.MessageID, Partner: partners[s.MessageID], What: s.What,
			Detail: strings.TrimSpace(s.Code + " " + s.Detail), Failed: s.Code != "",
		})
	}
	for _, f := range t.Findings {
		out.Remarks = append(out.Remarks, strings.TrimSpace(fmt.Sprintf("%s %s", f.Detail, f.MessageID)))
	}
	return out, nil
}

// source is where the console says that an event is from.
func source(s string) string {
	switch s {
	case "log":
		return "journal"
	case "attempt":
		return "message"
	}
	return s
}

// Export implements console.Proof; payloads, which hold persons, stay here.
func (p prover) Export(ctx context.Context, id string, w io.Writer) error {
	_, err := p.open().ExportTo(ctx, id, w, proof.Options{})
	return err
}
