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
	var documents []register.Document
	var err error
	switch {
	case s.Legal != nil:
		documents, err = o.Office.FindCompany(ctx, *s.Legal, evidenceType, languages)
	case s.Natural != nil:
		documents, err = o.Office.Find(ctx, *s.Natural, evidenceType, languages)
	default:
		return nil, provider.ErrNoPerson
	}
	if err != nil {
		return nil, registerError(err)
	}
	var out []provider.Record
	for _, d := range documents {
		out = append(out, records(d)...)
	}
	return out, nil
}

// records are the forms of one certificate: on paper, and as data with what belongs to them.
func records(d register.Document) []provider.Record {
	paper := provider.Record{
		EvidenceID: d.ID, Title: d.Title, Issuer: d.Issuer, IssuingDate: d.Issued,
		MediaType: d.MediaType, Language: d.Language, Content: d.Content, FileName: d.FileName,
	}
	if d.Data == nil {
		return []provider.Record{paper}
	}
	data := paper
	data.MediaType, data.ConformsTo, data.Content, data.FileName = d.Data.MediaType, d.Data.Model, d.Data.Content, d.ID+".xml"
	for _, w := range d.Data.With {
		data.Companions = append(data.Companions, provider.Companion{
			Kind: w.Kind, EvidenceID: w.ID, Title: w.Title, MediaType: w.MediaType, Language: w.Language, Content: w.Content,
		})
	}
	return []provider.Record{paper, data}
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
	reg.Wait = c.wait
	if reg.Wait == nil {
		reg.Wait = matching.Sleep
	}
	reg.Explained = func(_ context.Context, x matching.Explanation) {
		m.log.Info("record matching decided", "policy", x.Policy, "outcome", x.Outcome, "considered", x.Considered)
	}
	var services []provider.DataService
	for _, a := range c.Providers {
		o, err := reg.Office(a.ID)
		if err != nil {
			return nil, err
		}
		services = append(services, provider.DataService{
			Agent: a, Register: office{o}, EvidenceTypes: o.EvidenceTypes(), Formats: []string{"application/pdf", "application/xml"},
			Subjects: provider.NaturalPersons | provider.LegalPersons | provider.Represented,
		})
	}
	return provider.New(provider.Deps{
		DB: m.store.DB, Store: m.store.Provider(), Outbox: out, Journal: m.Journal, Clock: c.clock, Log: m.log,
		Settings: c.variant.provider(c.Country, provider.Settings{
			AccessPoint: c.AccessPoint, Services: services, PreviewBase: c.base + "/preview/",
			Timeouts: c.providerTimeouts(), Policy: provider.DefaultPolicy, Rules: c.rules,
		}),
	})
}
