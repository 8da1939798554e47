package node

import (
	"context"
	"net/http"

	"oots/internal/lifecycle"
	"oots/internal/repository"
	srpage "oots/internal/repository/page"
)

// PathRepository is where the Semantic Repository lies beside the start page.
const PathRepository = "/sr"

// mountRepository adds the Semantic Repository to mux: what the directories refer to, under their identifiers. It
// returns the address of what an identifier names here, "" for what lies elsewhere.
func (d *Demonstration) mountRepository(ctx context.Context, mux *http.ServeMux, who func(token string) (lifecycle.Submitter, bool)) (asset func(identifier string) string, err error) {
	o := &d.options
	log := o.Log.With("service", "sr")
	s, err := repository.Open(ctx, repository.Deps{
		Base: o.Bases.Front + PathRepository, Source: d.Common.Lifecycle, DB: d.Common.store.DB, Store: d.Common.store.Repository(), Clock: o.Clock, Log: log,
	})
	if err != nil {
		return nil, err
	}
	page, err := srpage.New(srpage.Config{
		Service: s, Path: PathRepository, Home: PathRepository + "/", Demo: true, Clock: o.Clock, Log: log,
		Who: func(token string) (repository.Actor, bool) {
			w, ok := who(token)
			return repository.Actor{Name: w.Actor, Country: w.Country, Keeper: w.Keeper}, ok
		},
	})
	if err != nil {
		return nil, err
	}
	mux.Handle(PathRepository+"/", page)
	return func(id string) string {
		if _, err := s.Resolve(context.Background(), id); err != nil {
			return ""
		}
		return PathRepository + "/" + s.Path(id)
	}, nil
}
