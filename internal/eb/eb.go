// Package eb is the Evidence Broker as a service: which requirements a procedure has, and which evidence
// types prove a requirement in a country. [TDD 3.2]
//
// It answers the two queries of TDD 3.2.4 from a catalogue that somebody else keeps; submissions (LCM) are
// not here.
package eb

import (
	"log/slog"
	"net/http"

	"oots/directory"
	"oots/directory/query"
	"oots/internal/clock"
)

// A Source holds the catalogue. What it returns is read by many queries at once and never changed.
type Source interface {
	Catalogue() *directory.Catalogue
}

// Deps are what the service stands on; all are needed.
type Deps struct {
	Source Source
	Signer query.Signer
	Clock  clock.Clock
	Log    *slog.Logger
}

// New returns the handler of GET …/rest/search.
func New(d Deps) http.Handler {
	return &query.Server{
		Service: query.EB,
		Records: d.Source.Catalogue,
		Answer:  answer,
		Signer:  d.Signer,
		Now:     d.Clock.Now,
		NewID:   d.Clock.NewUUID,
		Log:     d.Log,
	}
}

func answer(dst []byte, c *directory.Catalogue, r *query.Request) ([]byte, int, error) {
	if r.Query == query.EvidenceTypes {
		found, err := c.SelectEvidenceTypes(r.Requirement, r.Country)
		if err != nil {
			return nil, 0, err
		}
		b, err := query.AppendRequirements(dst, r.Version, []directory.Requirement{found})
		return b, 1, err
	}
	found, err := c.SelectRequirements(r.Procedure, r.Country)
	if err != nil {
		return nil, 0, err
	}
	b, err := query.AppendRequirements(dst, r.Version, found)
	return b, len(found), err
}
