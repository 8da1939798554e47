package coordinator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/store"
)

// ErrStale says that somebody else has changed the draft since it was read.
var ErrStale = errors.New("the draft was changed by somebody else")

// services are the parts of a draft, in the order of pages.
var services = []directory.Service{directory.EvidenceBroker, directory.DataServiceDirectory, directory.SemanticRepository}

// A draft is what a country says, as it would be: what is in force, but for the parts that were edited. Records are
// never changed in place, since readers of what is in force share them.
type draft struct {
	country string
	parts   map[directory.Service]*Part
	active  func(directory.Service) directory.Partition
	numbers map[directory.Service]int64 // of the revisions in force
	all     *directory.Catalogue        // what is in force in all countries
	changed map[directory.Service]bool  // by this request
}

// load reads the draft of a country.
func (p *Page) load(tx *store.Tx, country string) (*draft, error) {
	l := p.config.Lifecycle
	d := &draft{
		country: country, parts: map[directory.Service]*Part{}, numbers: map[directory.Service]int64{}, changed: map[directory.Service]bool{},
		all: l.Catalogue(), active: func(s directory.Service) directory.Partition { return l.Active(country, s) },
	}
	for _, r := range l.Partitions() {
		if r.Country == country {
			d.numbers[r.Service] = r.Number
		}
	}
	parts, err := p.config.Store.Draft(tx, country)
	for i := range parts {
		d.parts[parts[i].Service] = &parts[i]
	}
	return d, err
}

// look reads the draft of a country in a transaction of its own.
func (p *Page) look(v *visit, country string) (d *draft, err error) {
	err = p.config.DB.View(v.R.Context(), func(tx *store.Tx) error {
		d, err = p.load(tx, country)
		return err
	})
	return d, err
}

// at is what the country would say to a service.
func (d *draft) at(s directory.Service) *directory.Partition {
	if part := d.parts[s]; part != nil {
		return &part.Partition
	}
	p := d.active(s)
	p.Country, p.Service = d.country, s
	return &p
}

// edit is the part of a service, to be changed and saved: its lists of records are its own, down to the types of a
// list, the records are not.
func (d *draft) edit(s directory.Service) *directory.Partition {
	part := d.parts[s]
	if part == nil {
		part = &Part{Partition: *d.at(s), Base: d.numbers[s]}
		d.parts[s] = part
	}
	if !d.changed[s] {
		d.changed[s] = true
		own(&part.Partition)
	}
	return &part.Partition
}

// own gives a partition lists of its own.
func own(p *directory.Partition) {
	p.Requirements = slices.Clone(p.Requirements)
	for i := range p.Requirements {
		r := &p.Requirements[i]
		r.Frameworks, r.Lists = slices.Clone(r.Frameworks), slices.Clone(r.Lists)
		for j := range r.Lists {
			r.Lists[j].Types = slices.Clone(r.Lists[j].Types)
		}
	}
	p.Services = slices.Clone(p.Services)
	p.CodeLists = slices.Clone(p.CodeLists)
}

// save stores the parts that this request has changed.
func (p *Page) save(tx *store.Tx, d *draft, account string, at time.Time) error {
	for _, s := range services {
		if !d.changed[s] {
			continue
		}
		part := d.parts[s]
		part.Edition++
		part.At, part.Account = at, account
		if err := p.config.Store.PutPart(tx, *part); err != nil {
			return err
		}
	}
	return nil
}

// edited are the parts of the draft, in the order of pages.
func (d *draft) edited() []*Part {
	var out []*Part
	for _, s := range services {
		if part := d.parts[s]; part != nil {
			out = append(out, part)
		}
	}
	return out
}

// partitions are the edited parts as they are submitted.
func (d *draft) partitions() []directory.Partition {
	var out []directory.Partition
	for _, part := range d.edited() {
		out = append(out, part.Partition)
	}
	return out
}

// changes are the records in which the draft differs from what is in force.
func (d *draft) changes() []lcm.Change {
	var out []lcm.Change
	for _, part := range d.edited() {
		out = append(out, lcm.Diff(d.active(part.Service), part.Partition)...)
	}
	return out
}

// stale are the services of which another revision is in force than when the draft was begun.
func (d *draft) stale() []directory.Service {
	var out []directory.Service
	for _, part := range d.edited() {
		if part.Base != d.numbers[part.Service] {
			out = append(out, part.Service)
		}
	}
	return out
}

// stamp names a state of the draft: what was looked at is what is submitted.
func (d *draft) stamp() string {
	var b strings.Builder
	for _, part := range d.edited() {
		fmt.Fprintf(&b, "%s.%d.%d ", part.Service, part.Base, part.Edition)
	}
	return strings.TrimSpace(b.String())
}

// last says who changed the draft last, and when.
func (d *draft) last() (account string, at time.Time) {
	for _, part := range d.edited() {
		if part.At.After(at) {
			account, at = part.Account, part.At
		}
	}
	return account, at
}
