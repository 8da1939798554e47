package lifecycle

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/store"
)

// A key names a partition.
type key struct {
	country string
	service directory.Service
}

// A loaded is a partition in force with the revision that it is.
type loaded struct {
	revision  directory.Revision
	partition directory.Partition
}

// A state is everything in force at one moment. It is never changed.
type state struct {
	newest    int64
	active    map[key]*loaded
	catalogue func() *directory.Catalogue // made when it is first asked for, as is
	known     func() map[string]string    // the URLs of requirements by their lower-case UUIDs
}

func newState(newest int64, active map[key]*loaded) *state {
	st := &state{newest: newest, active: active}
	st.catalogue = sync.OnceValue(func() *directory.Catalogue { return merge(active) })
	st.known = sync.OnceValue(func() map[string]string {
		c := st.catalogue()
		out := make(map[string]string, len(c.Requirements))
		for i := range c.Requirements {
			uuid := lcm.RequirementUUID(c.Requirements[i].ID)
			if _, twice := out[uuid]; !twice {
				out[uuid] = c.Requirements[i].ID
			}
		}
		return out
	})
	return st
}

// revisions are those in force, by country and service.
func (st *state) revisions() []directory.Revision {
	out := make([]directory.Revision, 0, len(st.active))
	for _, l := range st.active {
		out = append(out, l.revision)
	}
	slices.SortFunc(out, func(a, b directory.Revision) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Service, b.Service))
	})
	return out
}

// keeper is the country whose wording of requirements stands. [TDD 3.2.5 §4.3]
const keeper = "EU"

// merge puts the partitions together. Where several word one requirement, the keeper's words stand, else those of
// the first country.
func merge(active map[key]*loaded) *directory.Catalogue {
	keys := slices.SortedFunc(maps.Keys(active), func(a, b key) int {
		switch { // the last one's words stand
		case a.country == b.country:
			return cmp.Compare(a.service, b.service)
		case a.country == keeper:
			return 1
		case b.country == keeper:
			return -1
		}
		return cmp.Compare(b.country, a.country)
	})
	var all directory.Catalogue
	for _, k := range keys {
		p := &active[k].partition
		all.Requirements = append(all.Requirements, p.Requirements...)
		all.Services = append(all.Services, p.Services...)
		all.CodeLists = append(all.CodeLists, p.CodeLists...)
	}
	merged := directory.Catalogue{}.Merge(all)
	return &merged
}

// fresh is the state of the database as tx sees it; what this process has loaded already is not read again.
func (s *Service) fresh(tx *store.Tx) (*state, error) {
	newest, err := s.d.Store.Newest(tx)
	if err != nil {
		return nil, err
	}
	now := s.state.Load()
	if newest == now.newest {
		return now, nil
	}
	s.loading.Lock()
	defer s.loading.Unlock()
	if now = s.state.Load(); newest == now.newest {
		return now, nil
	}
	revisions, err := s.d.Store.Active(tx)
	if err != nil {
		return nil, err
	}
	active := make(map[key]*loaded, len(revisions))
	for _, r := range revisions {
		k := key{r.Country, r.Service}
		if there := now.active[k]; there != nil && there.revision.Number == r.Number {
			active[k] = there
			continue
		}
		p, err := s.load(tx, r)
		if err != nil {
			return nil, err
		}
		active[k] = &loaded{revision: r, partition: p}
	}
	return newState(newest, active), nil
}

// load reads the content of a revision.
func (s *Service) load(tx *store.Tx, r directory.Revision) (directory.Partition, error) {
	b, err := s.d.Store.Content(tx, r.Number)
	if err != nil {
		return directory.Partition{}, err
	}
	return decode(b, r)
}

// publish lets queries see st, unless they see a later one already.
func (s *Service) publish(st *state) bool {
	for {
		now := s.state.Load()
		if st.newest <= now.newest {
			return false
		}
		st.catalogue() // before a query has to wait for it
		if s.state.CompareAndSwap(now, st) {
			return true
		}
	}
}

// requirement finds the URL of a requirement that is in force by its lower-case UUID, "" when there is none.
// [TDD 3.2.5 §4.2]
func (st *state) requirement(uuid string) string { return st.known()[uuid] }
