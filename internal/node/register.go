package node

import (
	"context"
	"errors"

	"oots/internal/matching"
	"oots/internal/provider"
	"oots/internal/register"
)

// office is one authority of the demonstration's register as the provider wants a register to be.
type office struct{ *register.Office }

// Find implements provider.Register.
func (o office) Find(ctx context.Context, s provider.Subject, evidenceType string, languages []string) ([]provider.Record, error) {
	if s.Natural == nil || s.Representative != nil || s.RepresentativeLegal != nil {
		return nil, provider.ErrNoPerson // the demonstration's register knows people, and nobody who acts for them
	}
	documents, err := o.Office.Find(ctx, *s.Natural, evidenceType, languages)
	if err != nil {
		return nil, registerError(err)
	}
	out := make([]provider.Record, len(documents))
	for i, d := range documents {
		out[i] = provider.Record{
			EvidenceID: d.ID, Title: d.Title, Issuer: d.Issuer, IssuingDate: d.Issued,
			MediaType: d.MediaType, Language: d.Language, Content: d.Content, FileName: d.FileName,
		}
	}
	return out, nil
}

// registerError says what a register found in the words of the provider.
func registerError(err error) error {
	var later register.NotYet
	switch {
	case errors.Is(err, matching.ErrNoPerson):
		return provider.ErrNoPerson
	case errors.Is(err, matching.ErrSeveralPersons):
		return provider.ErrSeveralPersons
	case errors.Is(err, register.ErrSilent):
		return provider.ErrSilent
	case errors.As(err, &later):
		return provider.NotYet{At: later.At}
	}
	return err
}

// newProvider makes the provider over the demonstration's register.
func (m *MemberState) newProvider(c stateConfig, out *outbox) (*provider.Service, error) {
	reg, err := register.Open(c.Country, c.clock.Now)
	if err != nil {
		return nil, err
	}
	var services []provider.DataService
	for _, a := range c.Providers {
		o, err := reg.Office(a.ID)
		if err != nil {
			return nil, err
		}
		services = append(services, provider.DataService{
			Agent: a, Register: office{o}, EvidenceTypes: o.EvidenceTypes(), Formats: []string{"application/pdf"},
		})
	}
	return provider.New(provider.Deps{
		DB: m.store.DB, Store: m.store.Provider(), Outbox: out, Journal: m.Journal, Clock: c.clock, Log: m.log,
		Settings: provider.Settings{
			AccessPoint: c.AccessPoint, Services: services, PreviewBase: c.base + "/preview/",
			Timeouts: c.providerTimeouts(), Policy: provider.DefaultPolicy,
		},
	})
}
