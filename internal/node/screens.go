package node

import (
	"net/http"

	"oots/directory/lcm"
	"oots/internal/catalogue"
	"oots/internal/coordinator"
	"oots/internal/demo"
)

// Where the screens of the directories lie beside the start page.
const (
	PathCatalogue   = "/catalogue"
	PathCoordinator = "/coordinator"
)

// mountScreens adds the public catalogue and the editor of coordinators to mux.
func (d *Demonstration) mountScreens(mux *http.ServeMux, asset func(identifier string) string) error {
	o := &d.options
	public, err := catalogue.New(catalogue.Config{
		Base: PathCatalogue, Source: d.Common.Lifecycle, Asset: asset, Demo: true, Clock: o.Clock, Log: o.Log.With("service", "catalogue"),
	})
	if err != nil {
		return err
	}
	mux.Handle(PathCatalogue+"/", public)
	db := d.Common.store
	editor, err := coordinator.New(coordinator.Config{
		Base: PathCoordinator, Catalogue: PathCatalogue + "/", DB: db.DB, Store: db.Coordinator(), Sessions: db.Sessions(o.Clock.Now),
		Lifecycle: d.Common.Lifecycle, Demo: demoCoordinators(), Clock: o.Clock, Log: o.Log.With("service", "coordinator"),
	})
	if err != nil {
		return err
	}
	mux.Handle(PathCoordinator+"/", editor)
	return nil
}

// demoCoordinators are the accounts that anybody may be in the demonstration: an editor and a reader of each Member
// State, and the operator.
func demoCoordinators() []coordinator.Account {
	var out []coordinator.Account
	for _, s := range demo.States() {
		out = append(out,
			coordinator.Account{Name: lower(s.Country) + "-editor", Country: s.Country, Role: coordinator.Editor},
			coordinator.Account{Name: lower(s.Country) + "-reader", Country: s.Country, Role: coordinator.Reader})
	}
	return append(out, coordinator.Account{Name: "operator", Country: lcm.Commission, Role: coordinator.Keeper})
}
