package node

import (
	"io/fs"
	"net/http"
	"os"

	"oots/directory/query"
	"oots/internal/demo"
	"oots/internal/portal/front"
	validator "oots/internal/validator/page"
)

// PathValidator is where the validator lies beside the start page.
const PathValidator = "/validator"

// mountFront adds the start page to mux.
func (d *Demonstration) mountFront(mux *http.ServeMux) error {
	var recorded fs.FS
	if d.options.Record {
		if err := os.MkdirAll(d.WireDir(), 0o700); err != nil {
			return err
		}
		recorded = os.DirFS(d.WireDir())
	}
	bases := d.options.Bases
	c := front.Config{
		Directories: []front.Directory{
			{Name: "Evidence Broker", URL: bases.Front + "/eb/" + query.Path},
			{Name: "Data Service Directory", URL: bases.Front + "/dsd/" + query.Path},
			{Name: "Semantic Repository", URL: bases.Front + PathRepository + "/", Page: true},
		},
		Catalogue: bases.Front + PathCatalogue + "/", Coordinator: bases.Front + PathCoordinator + "/", Validator: bases.Front + PathValidator + "/",
		Persons: demo.Persons(), RootFile: d.RootFile(), Wire: recorded, Clock: d.options.Clock, Log: d.options.Log,
	}
	for i, s := range demo.States() {
		base := bases.States[i]
		c.States = append(c.States, front.State{Country: s.Country, Portal: base + "/", AccessPoint: base + "/as4", PartyID: s.AccessPoint.Value})
	}
	page, err := front.New(c)
	if err != nil {
		return err
	}
	mux.Handle("/", page)
	judge, err := validator.New(validator.Config{Base: PathValidator, Home: "/", Clock: d.options.Clock, Log: d.options.Log})
	if err != nil {
		return err
	}
	mux.Handle(PathValidator+"/", judge)
	return nil
}
