// Package dsd is the Data Service Directory as a service: who delivers an evidence type in a country, and
// what the user must be asked before one provider can be chosen. [TDD 3.1]
//
// It answers the query of TDD 3.1.4, in every release line, from a catalogue that somebody else keeps;
// submissions (LCM) are not here. The dialogue of DSD:ERR:0005 keeps no state: each query is answered from its
// parameters.
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
		Service: query.DSD,
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
	found, err := x.DataServices(l, r.DataServiceQuery())
	if err != nil {
		return nil, 0, err
	}
	return query.AppendDataServices(dst, l, found, edm.Version(r.Specification)), len(found), nil
}
