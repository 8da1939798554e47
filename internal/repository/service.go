package repository

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"oots/directory"
	"oots/internal/clock"
	"oots/internal/store"
)

// A Source has the catalogue that the directories answer from.
type Source interface {
	Catalogue() *directory.Catalogue
}

// A Past is a Source that knows since when its records are in force, and what was in force before.
type Past interface {
	Partitions() []directory.Revision
	History(ctx context.Context, country string, service directory.Service) ([]directory.Revision, error)
	Revision(ctx context.Context, number int64) (directory.Partition, error)
}

// Deps are what a repository stands on.
type Deps struct {
	Base   string    // https address of the repository, without a slash at its end
	Source Source    // may be a Past; nil for a repository without directories
	DB     *store.DB // nil for a repository that takes no uploads
	Store  Store
	Clock  clock.Clock
	Log    *slog.Logger
}

// A Service is a repository. Its methods may be called by many at once.
type Service struct {
	d       Deps
	builtIn map[string][]*Asset
	making  sync.Mutex
	state   atomic.Pointer[state]
	lists   map[int64][]directory.CodeList // of earlier revisions; guarded by making
}

// Open makes the repository.
func Open(ctx context.Context, d Deps) (*Service, error) {
	if d.Clock.Now == nil || d.Log == nil || d.Base == "" || (d.DB == nil) != (d.Store == nil) {
		return nil, errors.New("repository: an address, a clock and a log are required, and a store with its database")
	}
	d.Base = strings.TrimRight(d.Base, "/")
	b, err := builtIn(d.Base)
	if err != nil {
		return nil, err
	}
	s := &Service{d: d, builtIn: b, lists: map[int64][]directory.CodeList{}}
	_, err = s.current(ctx)
	return s, err
}

// Base is the address of the repository.
func (s *Service) Base() string { return s.d.Base }

// Address is where this repository serves an asset, in a version; "" is the version that is current.
func (s *Service) Address(a *Asset, version string) string {
	if version == "" {
		return s.d.Base + "/" + escapePath(a.path)
	}
	return s.d.Base + "/" + escapePath(a.path+"/"+version)
}

// A state is everything that the repository holds at one moment. It is never changed.
type state struct {
	catalogue *directory.Catalogue
	newest    int64
	versions  map[string][]*Asset // by key, newest first
	history   map[string][]Version
	all       []*Asset // the current version of each, by type and title
	folded    []string // what text is searched in, one for each of all
	related   map[string][]Relation
	paths     map[string]string // by identifier, also of those under another host
}

// current is the state now: as the directories and the store have it.
func (s *Service) current(ctx context.Context) (*state, error) {
	var c *directory.Catalogue
	if s.d.Source != nil {
		c = s.d.Source.Catalogue()
	}
	newest, err := s.newest(ctx)
	if err != nil {
		return nil, err
	}
	if st := s.state.Load(); st != nil && st.catalogue == c && st.newest == newest {
		return st, nil
	}
	s.making.Lock()
	defer s.making.Unlock()
	if st := s.state.Load(); st != nil && st.catalogue == c && st.newest >= newest {
		return st, nil
	}
	st, err := s.make(ctx, c)
	if err != nil {
		return nil, err
	}
	s.state.Store(st)
	return st, nil
}

func (s *Service) newest(ctx context.Context) (n int64, err error) {
	if s.d.DB == nil {
		return 0, nil
	}
	err = s.d.DB.View(ctx, func(tx *store.Tx) error {
		n, err = s.d.Store.Newest(tx)
		return err
	})
	return n, err
}

// make builds the state: uploads before what the directories say, and that before what the program brings along.
func (s *Service) make(ctx context.Context, c *directory.Catalogue) (*state, error) {
	st := &state{catalogue: c, versions: map[string][]*Asset{}, history: map[string][]Version{}}
	if err := s.uploads(ctx, st); err != nil {
		return nil, err
	}
	if c != nil {
		if err := s.live(ctx, st, c); err != nil {
			return nil, err
		}
	}
	for key, versions := range s.builtIn {
		for _, a := range versions {
			st.add(key, a, Version{Version: a.Version, Status: a.Status})
		}
	}
	for _, versions := range st.versions {
		if a := current(versions); a != nil {
			st.all = append(st.all, a)
		}
	}
	st.paths = make(map[string]string, len(st.all))
	for _, versions := range st.versions {
		for _, a := range versions {
			st.paths[a.ID] = a.path
		}
	}
	order := Types()
	slices.SortFunc(st.all, func(a, b *Asset) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Type), slices.Index(order, b.Type)),
			cmp.Compare(fold(a.Title("EN").Value), fold(b.Title("EN").Value)), cmp.Compare(a.path, b.path))
	})
	for _, a := range st.all {
		st.folded = append(st.folded, searchText(a))
	}
	st.relate(s.d.Base)
	return st, nil
}

func (st *state) add(key string, a *Asset, v Version) {
	if slices.ContainsFunc(st.versions[key], func(b *Asset) bool { return b.Version == a.Version && b.Status != Elsewhere }) {
		return
	}
	st.versions[key] = append(st.versions[key], a)
	st.history[key] = append(st.history[key], v)
}

// live adds what the directories say, and the earlier editions of their code lists.
func (s *Service) live(ctx context.Context, st *state, c *directory.Catalogue) error {
	var in []directory.Revision
	past, hasPast := s.d.Source.(Past)
	if hasPast {
		in = past.Partitions()
	}
	derived := derive(c, in, s.d.Base)
	for key, a := range derived {
		if a.Status == Elsewhere && (len(st.versions[key]) > 0 || len(s.builtIn[key]) > 0) {
			continue // kept here after all
		}
		st.add(key, a, Version{Version: a.Version, Status: a.Status, Date: a.Modified, Actor: a.Publisher.Name})
	}
	if !hasPast {
		return nil
	}
	revisions, err := past.History(ctx, "", directory.SemanticRepository)
	if err != nil {
		return err
	}
	for _, r := range revisions {
		lists, known := s.lists[r.Number]
		if !known {
			p, err := past.Revision(ctx, r.Number)
			if err != nil {
				return err
			}
			lists = p.CodeLists
			s.lists[r.Number] = lists
		}
		old := derive(&directory.Catalogue{CodeLists: lists}, []directory.Revision{r}, s.d.Base)
		for key, a := range old {
			if derived[key] == nil || derived[key].Status == Elsewhere { // the country has taken it back
				a.Status = Withdrawn
			}
			st.add(key, a, Version{Version: a.Version, Status: a.Status, Date: r.At, Actor: r.Actor, Note: r.Note})
		}
	}
	return nil
}

// current is the version that the plain address yields, nil when there is none any more.
func current(versions []*Asset) *Asset {
	for _, a := range versions {
		if a.Status != Draft && a.Status != Withdrawn {
			return a
		}
	}
	return nil
}

// relate finds the other direction of all relations.
func (st *state) relate(base string) {
	st.related = map[string][]Relation{}
	for _, a := range st.all {
		for _, r := range a.Relations {
			if path := st.pathOf(r.Target, base); path != "" {
				key := keyOf(path)
				st.related[key] = append(st.related[key], Relation{r.Type.inverse(), a.ID})
			}
		}
	}
}

// pathOf is where an identifier lies, "" when it is none.
func (st *state) pathOf(id, base string) string {
	if path, known := st.paths[id]; known {
		return path
	}
	return pathOf(id, base)
}

// ErrGone says that an asset was here and was withdrawn.
var ErrGone = errors.New("withdrawn")

// Find returns the version of an asset that a path below the repository means: the current one, or that which the
// last segment names. exact reports whether the path names a version. The error is store.ErrNotFound, or ErrGone
// beside the withdrawn asset.
func (s *Service) Find(ctx context.Context, path string) (a *Asset, exact bool, err error) {
	st, err := s.current(ctx)
	if err != nil {
		return nil, false, err
	}
	if versions, ok := st.versions[keyOf(path)]; ok {
		if a := current(versions); a != nil {
			return a, false, nil
		}
		for _, a := range versions {
			if a.Status == Withdrawn {
				return a, false, ErrGone
			}
		}
		return nil, false, store.ErrNotFound // drafts only
	}
	at := strings.LastIndexByte(path, '/')
	if at < 0 {
		return nil, false, store.ErrNotFound
	}
	for _, a := range st.versions[keyOf(path[:at])] {
		switch {
		case a.Version != path[at+1:] || a.Version == "" || a.Status == Draft:
		case a.Status == Withdrawn:
			return a, true, ErrGone
		default:
			return a, true, nil
		}
	}
	return nil, false, store.ErrNotFound
}

// Path is where an identifier lies below the repository; what is no identifier is taken for a path.
func (s *Service) Path(id string) string {
	if path := s.state.Load().pathOf(id, s.d.Base); path != "" {
		return path
	}
	return strings.TrimPrefix(id, "/")
}

// Resolve finds the current version of an asset by its identifier, under whatever host.
func (s *Service) Resolve(ctx context.Context, id string) (*Asset, error) {
	st, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	path := st.pathOf(id, s.d.Base)
	if path == "" {
		return nil, store.ErrNotFound
	}
	a, _, err := s.Find(ctx, path)
	return a, err
}

// Versions is the history of an asset, newest first, without drafts.
func (s *Service) Versions(ctx context.Context, a *Asset) ([]Version, error) {
	st, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(st.history[keyOf(a.path)]), func(v Version) bool { return v.Status == Draft }), nil
}

// Related are the relations that other assets have to a, as a has them: is-used-by and so on.
func (s *Service) Related(ctx context.Context, a *Asset) ([]Relation, error) {
	st, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	return st.related[keyOf(a.path)], nil
}
