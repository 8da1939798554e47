// Package dsd is the Data Service Directory as a service: who delivers an evidence type in a country, and
// what the user must be asked before one provider can be chosen. [TDD 3.1]
//
// It answers the query of TDD 3.1.4 from a catalogue that somebody else keeps; submissions (LCM) are not
// here. The dialogue of DSD:ERR:0005 keeps no state: each query is answered from its parameters.
package dsd

import (
	"log/slog"
	"net/http"

	"oots/directory"
	"oots/directory/query"
	"oots/edm"
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
		Service: query.DSD,
		Records: d.Source.Catalogue,
		Answer:  answer,
		Signer:  d.Signer,
		Now:     d.Clock.Now,
		NewID:   d.Clock.NewUUID,
		Log:     d.Log,
	}
}

func answer(dst []byte, c *directory.Catalogue, r *query.Request) ([]byte, int, error) {
	found, err := c.SelectDataServices(directory.DataServiceQuery{
		Classification: r.Classification,
		Country:        r.Country,
		Specification:  edm.Version(r.Specification),
		Answers:        r.Answers,
	})
	if err != nil {
		return nil, 0, err
	}
	b, err := query.AppendDataServices(dst, r.Version, found)
	return b, len(found), err
}
