// Package eb is the Evidence Broker as a service: which requirements a procedure has, and which evidence
// types prove a requirement in a country. [TDD 3.2]
//
// It answers the two queries of TDD 3.2.4, in every release line, from a catalogue that somebody else keeps;
// submissions (LCM) are not here.
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

// Deps are what the service stands on. Source, Signer, Clock and Log are needed.
type Deps struct {
	Source Source
	Signer query.Signer
	Clock  clock.Clock
	Log    *slog.Logger

	PlainHost  bool // directory.Line.PlainHost
	CacheBytes int  // query.Server.CacheBytes
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

		PlainHost:  d.PlainHost,
		CacheBytes: d.CacheBytes,
	}
}

func answer(dst []byte, x *directory.Index, l directory.Line, r *query.Request) ([]byte, int, error) {
	if r.Query == query.EvidenceTypes {
		found, err := x.EvidenceTypes(l, directory.EvidenceTypeQuery{
			Requirement: r.Requirement, Country: r.Country, Region: r.Region, Municipality: r.Municipality,
		})
		if err != nil {
			return nil, 0, err
		}
		return query.AppendRequirements(dst, l, []directory.Requirement{found}), 1, nil
	}
	found, err := x.Requirements(directory.RequirementQuery{
		Procedure: r.Procedure, Country: r.Country, Region: r.Region, Municipality: r.Municipality,
	})
	if err != nil {
		return nil, 0, err
	}
	return query.AppendRequirements(dst, l, found), len(found), nil
}
