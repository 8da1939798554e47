package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"oots/directory"
	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/lifecycle"
	"oots/internal/pki"
	"oots/internal/repository"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// srTools look into a Semantic Repository.
type srTools struct {
	List srList `cmd:"" help:"Find assets by type, country and text."`
	Show srShow `cmd:"" help:"Show one asset, its metadata or the asset itself."`
}

// srSource is where assets come from: always what the program brings along, and one of these.
type srSource struct {
	Data   string   `help:"Folder of an instance, as oots localserve --dir: what its directories hold, and its uploads." placeholder:"DIR"`
	Import []string `help:"Captured answers of directories." type:"existingfile" placeholder:"FILE"`
}

// local is the address of a repository that is served nowhere.
const local = "https://sr.local.invalid"

// standing is a catalogue in memory.
type standing struct{ c directory.Catalogue }

// Catalogue implements repository.Source.
func (s *standing) Catalogue() *directory.Catalogue { return &s.c }

// with runs f with the repository.
func (c srSource) with(ctx context.Context, s streams, f func(*repository.Service) error) error {
	d := repository.Deps{Base: local, Clock: clock.System(), Log: s.log(false)}
	if c.Data == "" {
		imported, err := demo.Import(c.Import)
		if err != nil {
			return err
		}
		d.Source = &standing{imported}
		r, err := repository.Open(ctx, d)
		if err != nil {
			return err
		}
		return f(r)
	}
	if len(c.Import) > 0 {
		return &hint{errors.New("--data and --import exclude each other"), "one of them"}
	}
	dir := filepath.Join(c.Data, "CS")
	if _, err := os.Stat(filepath.Join(dir, sqlstore.FileName)); err != nil {
		return &hint{fmt.Errorf("%s holds no directories", c.Data), "oots localserve --dir " + c.Data}
	}
	key, err := pki.SealingKey(filepath.Join(c.Data, "keys"))
	if err != nil {
		return err
	}
	db, err := sqlstore.Open(ctx, dir, key)
	if err != nil {
		return err
	}
	defer db.Close()
	l, err := lifecycle.Open(ctx, lifecycle.Deps{DB: db.DB, Store: db.Lifecycle(), Clock: d.Clock, Log: d.Log})
	if err != nil {
		return err
	}
	d.Source, d.DB, d.Store = l, db.DB, db.Repository()
	r, err := repository.Open(ctx, d)
	if err != nil {
		return err
	}
	return f(r)
}

// srList finds assets.
type srList struct {
	srSource
	Type    string `help:"Only of this type: ${enum}." enum:",requirement,evidence-type-classification,data-model,code-list,mapping,rule-set,schema,ui-text,conformance-profile" default:"" placeholder:"TYPE"`
	Country string `help:"Only what is of this country, or used there; EU is what belongs to all." placeholder:"CC"`
	Text    string `help:"Only what has all these words in titles, descriptions or identifier, whatever accents." placeholder:"WORDS"`
	Version string `name:"asset-version" help:"Versions called so, current or not." placeholder:"VERSION"`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (srList) Help() string {
	return `Without --data or --import it lists what the program brings along: code lists, data models, rules. It exits with
1 when nothing fits.

Examples:
  oots sr list --type code-list
  oots sr list --data oots-data --country EL --text "tertiary education"`
}

// assetForm is the JSON form of an asset.
type assetForm struct {
	ID            string         `json:"id"`
	Type          string         `json:"type"`
	Titles        []textForm     `json:"titles"`
	Descriptions  []textForm     `json:"descriptions,omitempty"`
	Version       string         `json:"version,omitempty"`
	Status        string         `json:"status"`
	Modified      *time.Time     `json:"modified,omitempty"`
	Publisher     string         `json:"publisher"`
	Jurisdictions []string       `json:"jurisdictions"`
	Relations     []relationForm `json:"relations,omitempty"`
	Versions      []string       `json:"versions,omitempty"`
	Formats       []string       `json:"formats"`
}

type relationForm struct {
	Type   string `json:"type"`
	Target string `json:"target"`
}

func newAssetForm(a *repository.Asset) assetForm {
	f := assetForm{ID: a.ID, Type: string(a.Type), Titles: []textForm{}, Version: a.Version, Status: string(a.Status), Publisher: a.Publisher.Name, Jurisdictions: a.Jurisdictions}
	for _, t := range a.Titles {
		f.Titles = append(f.Titles, textForm{t.Lang, t.Value})
	}
	for _, t := range a.Descriptions {
		f.Descriptions = append(f.Descriptions, textForm{t.Lang, t.Value})
	}
	if !a.Modified.IsZero() {
		f.Modified = &a.Modified
	}
	for _, d := range a.Distributions {
		if d.Form != "" {
			f.Formats = append(f.Formats, string(d.Form))
		}
	}
	f.Formats = append(f.Formats, string(repository.Metadata), string(repository.JSONLD), string(repository.Turtle))
	return f
}

// Run lists.
func (c srList) Run(ctx context.Context, s streams) error {
	return c.with(ctx, s, func(r *repository.Service) error {
		found, err := r.Search(ctx, repository.Query{Type: repository.Type(c.Type), Country: c.Country, Text: c.Text, Version: c.Version})
		if err != nil {
			return err
		}
		if c.JSON {
			forms := []assetForm{}
			for _, a := range found {
				forms = append(forms, newAssetForm(a))
			}
			err = printIndented(s.out, forms)
		} else {
			w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
			for _, a := range found {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.ID, cmp.Or(plain(a.Version), "-"), a.Status, plain(a.Title("EN").Value))
			}
			err = w.Flush()
		}
		if err == nil && len(found) == 0 {
			return errNo
		}
		return err
	})
}

// srShow shows one asset.
type srShow struct {
	srSource
	URI    string `arg:"" help:"Persistent identifier, or its path; behind a slash a version."`
	Format string `help:"Print it in this form instead: xml, jsonld, ttl, gc, csv, json, schema …" placeholder:"FORM"`
	Out    string `help:"Write it to a file." placeholder:"FILE"`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (srShow) Help() string {
	return `Identifiers are found by their path, under whatever host of the Semantic Repository. It exits with 1 when there is no
such asset, or it was withdrawn.

Examples:
  oots sr show https://sr.oots.tech.ec.europa.eu/codelists/Procedures
  oots sr show codelists/EAS/2023-04 --format csv
  oots sr show --data oots-data requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39 --format ttl`
}

// Run shows.
func (c srShow) Run(ctx context.Context, s streams) error {
	return c.with(ctx, s, func(r *repository.Service) error {
		a, _, err := r.Find(ctx, r.Path(c.URI))
		switch {
		case errors.Is(err, repository.ErrGone):
			fmt.Fprintf(s.out, "%s was withdrawn.\n", plain(a.ID))
			return errNo
		case errors.Is(err, store.ErrNotFound):
			fmt.Fprintf(s.out, "No asset is called %s.\n", plain(c.URI))
			return errNo
		case err != nil:
			return err
		}
		if c.Format != "" {
			return c.form(ctx, s, r, a)
		}
		related, err := r.Related(ctx, a)
		if err != nil {
			return err
		}
		versions, err := r.Versions(ctx, a)
		if err != nil {
			return err
		}
		f := newAssetForm(a)
		for _, x := range append(a.Relations[:len(a.Relations):len(a.Relations)], related...) {
			f.Relations = append(f.Relations, relationForm{string(x.Type), x.Target})
		}
		for _, x := range versions {
			f.Versions = append(f.Versions, x.Version)
		}
		if c.JSON {
			return printIndented(s.out, f)
		}
		f.print(s)
		return nil
	})
}

// form prints the asset in a form.
func (c srShow) form(ctx context.Context, s streams, r *repository.Service, a *repository.Asset) error {
	b, err := r.Bytes(ctx, a, repository.Form(c.Format))
	if errors.Is(err, store.ErrNotFound) {
		return &hint{fmt.Errorf("%s has no form %q", a.ID, c.Format), "--format with one of " + strings.Join(newAssetForm(a).Formats, ", ")}
	}
	if err != nil {
		return err
	}
	if c.Out != "" {
		return os.WriteFile(c.Out, b, 0o644)
	}
	_, err = s.out.Write(b)
	return err
}

func (f assetForm) print(s streams) {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, plain(value))
		}
	}
	line("identifier", f.ID)
	line("type", f.Type)
	for _, t := range f.Titles {
		line("title "+t.Lang, t.Value)
	}
	for _, t := range f.Descriptions {
		line("description "+t.Lang, t.Value)
	}
	line("version", f.Version)
	line("status", f.Status)
	if f.Modified != nil {
		line("modified", f.Modified.UTC().Format(time.RFC3339))
	}
	line("publisher", f.Publisher)
	line("jurisdiction", strings.Join(f.Jurisdictions, " "))
	for _, x := range f.Relations {
		line(x.Type, x.Target)
	}
	line("versions", strings.Join(f.Versions, " "))
	line("formats", strings.Join(f.Formats, " "))
	w.Flush()
}
