package repository

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"oots/directory/genericode"
	"oots/directory/lcm"
	"oots/edm"
	"oots/internal/store"
	"oots/xml/xmltree"
)

// An Actor uploads.
type Actor struct {
	Name    string // account or party
	Country string // that it speaks for
	Keeper  bool   // may act for all
}

// A File is one form of an upload.
type File struct {
	Form    Form   `json:"form"`
	Content []byte `json:"content,omitempty"` // base64 in JSON
	Digest  string `json:"digest,omitempty"`  // filled in when it is stored
	Size    int64  `json:"size,omitempty"`
}

// An Upload is a version of an asset as somebody gives it. Of a code list there is one file, in Genericode, CSV or
// JSON; it is stored as Genericode and served in all three.
type Upload struct {
	ID            string     `json:"id"` // identifier: an address of this repository, or of the Semantic Repository
	Titles        edm.Texts  `json:"titles"`
	Descriptions  edm.Texts  `json:"descriptions,omitempty"`
	Version       string     `json:"version"`
	Jurisdictions []string   `json:"jurisdictions,omitempty"`
	Publisher     Agent      `json:"publisher"`
	Creators      []Agent    `json:"creators,omitempty"`
	ConformsTo    []string   `json:"conformsTo,omitempty"`
	Transactions  []string   `json:"transactions,omitempty"`
	Relations     []Relation `json:"relations,omitempty"`
	Files         []File     `json:"files"`

	Path string `json:"path"` // filled in when it is stored: where the asset lies, should this repository move
}

// A Refusal lists what is wrong with an upload or an action, in sentences.
type Refusal struct{ Problems []string }

// Error joins the problems.
func (r *Refusal) Error() string { return strings.Join(r.Problems, "; ") }

// MaxFile bounds one file of an upload in bytes.
const MaxFile = genericode.MaxList

// uploads folds the changes of the store into assets: newest version first.
func (s *Service) uploads(ctx context.Context, st *state) error {
	if s.d.DB == nil {
		return nil
	}
	var changes []Change
	err := s.d.DB.View(ctx, func(tx *store.Tx) (err error) {
		if st.newest, err = s.d.Store.Newest(tx); err == nil {
			changes, err = s.d.Store.Changes(tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.replay(st, changes)
}

func (s *Service) replay(st *state, changes []Change) error {
	type place struct{ key, version string }
	at, paths := map[place]*Asset{}, map[string]string{}
	for _, c := range changes {
		var fresh *Asset
		if len(c.Data) > 0 {
			var u Upload
			if err := json.Unmarshal(c.Data, &u); err != nil {
				return fmt.Errorf("change %d of the repository: %w", c.Number, err)
			}
			paths[c.Asset] = u.Path
			fresh = u.asset(c)
		}
		p := place{keyOf(paths[c.Asset]), c.Version}
		a := at[p]
		if fresh != nil {
			if a == nil {
				a = &Asset{}
				at[p] = a
				st.versions[p.key] = append([]*Asset{a}, st.versions[p.key]...)
			}
			*a = *fresh
		}
		if a == nil {
			return fmt.Errorf("change %d of the repository is of a version that nobody saved", c.Number)
		}
		a.Status, a.Modified = c.Action.status(), c.At
		if c.Action == Publish {
			a.Issued = c.At
		}
		st.history[p.key] = append([]Version{{c.Version, a.Status, c.At, c.Actor, c.Note}}, st.history[p.key]...)
	}
	for _, versions := range st.versions { // a correction of an older version does not become the current one
		slices.SortStableFunc(versions, func(a, b *Asset) int { return lcm.CompareVersions(b.Version, a.Version) })
	}
	return nil
}

// asset is the upload as an asset.
func (u *Upload) asset(c Change) *Asset {
	a := &Asset{ID: u.ID, Type: typeOf(u.Path), Titles: u.Titles, Descriptions: u.Descriptions, Version: c.Version, Publisher: u.Publisher,
		Creators: u.Creators, Jurisdictions: u.Jurisdictions, ConformsTo: u.ConformsTo, Transactions: u.Transactions, Relations: u.Relations, path: u.Path}
	a.content.stored = map[Form]string{}
	for _, f := range u.Files {
		a.content.stored[f.Form] = f.Digest
		d := offered(f.Form)
		d.Digest, d.Size = f.Digest, f.Size
		a.Distributions = append(a.Distributions, d)
	}
	if a.Type == CodeList {
		a.Distributions = append(a.Distributions, offered(CSV), offered(JSON))
	}
	return a
}

// Act saves or publishes a version. The error is a *Refusal, ErrExists, or a fault of ours.
func (s *Service) Act(ctx context.Context, who Actor, u Upload, act Action, note string) error {
	if s.d.DB == nil {
		return &Refusal{[]string{"this repository takes no uploads"}}
	}
	problems := s.check(ctx, who, &u)
	if len(problems) == 0 {
		problems = s.checkEdition(ctx, &u)
	}
	if len(problems) > 0 {
		return &Refusal{problems}
	}
	return s.d.DB.Update(ctx, func(tx *store.Tx) error {
		if act != Save && act != Publish {
			return &Refusal{[]string{"an upload is saved or published"}}
		}
		if published, err := s.published(tx, u.ID, u.Version); err != nil || published {
			return orExists(err)
		}
		for i := range u.Files {
			f := &u.Files[i]
			sum := sha256.Sum256(f.Content)
			f.Digest, f.Size = hex.EncodeToString(sum[:]), int64(len(f.Content))
			if err := s.d.Store.Put(tx, f.Digest, f.Content); err != nil {
				return err
			}
			f.Content = nil
		}
		u.Path = pathOf(u.ID, s.d.Base)
		data, err := json.Marshal(u)
		if err != nil {
			return err
		}
		_, err = s.d.Store.Append(tx, Change{At: s.d.Clock.Now(), Actor: who.Name, Asset: u.ID, Version: u.Version, Action: act, Note: note, Data: data})
		return err
	})
}

func orExists(err error) error {
	if err != nil {
		return err
	}
	return ErrExists
}

// published reports whether a version was ever published.
func (s *Service) published(tx *store.Tx, id, version string) (bool, error) {
	changes, err := s.d.Store.Changes(tx)
	return slices.ContainsFunc(changes, func(c Change) bool {
		return c.Asset == id && c.Version == version && c.Action != Save
	}), err
}

// Retire deprecates or withdraws a published version. The error is a *Refusal, store.ErrNotFound, or a fault of ours.
func (s *Service) Retire(ctx context.Context, who Actor, id, version string, act Action, note string) error {
	if s.d.DB == nil || act != Deprecate && act != Withdraw {
		return &Refusal{[]string{"a version is deprecated or withdrawn"}}
	}
	if p := mayWrite(who, s.Path(id)); p != "" {
		return &Refusal{[]string{p}}
	}
	return s.d.DB.Update(ctx, func(tx *store.Tx) error {
		published, err := s.published(tx, id, version)
		if err != nil {
			return err
		}
		if !published {
			return store.ErrNotFound
		}
		_, err = s.d.Store.Append(tx, Change{At: s.d.Clock.Now(), Actor: who.Name, Asset: id, Version: version, Action: act, Note: note})
		return err
	})
}

var (
	versionName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
	pathName    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._~-]{0,99}){1,3}$`)
)

// mayWrite says why an actor may not write an asset, "" when it may.
func mayWrite(who Actor, path string) string {
	country := countryOf(path)
	switch t := typeOf(path); {
	case path == "" || !pathName.MatchString(path) || t == "":
		return "the identifier is no address of the repository, or of no family that it has"
	case t == Requirement || t == EvidenceType:
		return "requirements and evidence types follow the directories: submit them there"
	case t == CodeList && country != "":
		return "code lists of Member States are submitted to the life cycle of the directories, which use them"
	case !who.Keeper && who.Country == "":
		return "whoever writes speaks for a Member State"
	case !who.Keeper && t == CodeList:
		return "code lists of all are kept by the operator"
	}
	return ""
}

// check lists what is wrong with an upload, and brings code lists into their stored form.
func (s *Service) check(ctx context.Context, who Actor, u *Upload) []string {
	var out []string
	want := func(ok bool, problem string) {
		if !ok {
			out = append(out, problem)
		}
	}
	path := pathOf(u.ID, s.d.Base)
	if p := mayWrite(who, path); p != "" {
		return []string{p}
	}
	want(slices.ContainsFunc(u.Titles, func(t edm.Text) bool { return strings.EqualFold(t.Lang, "EN") && t.Value != "" }), "an English title is needed")
	want(versionName.MatchString(u.Version), "a version is needed: letters, digits, dots and hyphens")
	want(u.Publisher.Name != "", "the name of the publisher is needed")
	want(len(u.Files) > 0 && len(u.Files) < 20, "one to nineteen files are needed")
	if !who.Keeper {
		want(slices.Equal(u.Jurisdictions, []string{who.Country}), "the jurisdiction is "+who.Country)
	}
	for _, r := range u.Relations {
		want(slices.Contains(RelationTypes(), r.Type) && pathOf(r.Target, s.d.Base) != "", "a relation names its type and an address of the repository")
	}
	for _, t := range u.Transactions {
		want(slices.Contains(Transactions(), t), "no transaction is called "+clip(t))
	}
	want(u.plain(), "a text has characters that XML cannot have")
	var seen []Form
	for i := range u.Files {
		f := &u.Files[i]
		want(f.Form.MediaType() != "" && f.Form != HTML && f.Form != Metadata && f.Form != JSONLD && f.Form != Turtle && !slices.Contains(seen, f.Form),
			"no file can be in the form "+clip(string(f.Form))+", or two are")
		want(len(f.Content) > 0 && len(f.Content) <= MaxFile, "a file is empty or too large")
		seen = append(seen, f.Form)
		if f.Form.MediaType() == "application/xml" && typeOf(path) != CodeList {
			_, err := xmltree.Parse(f.Content, xmltree.Limits{Bytes: MaxFile, Elements: 2_000_000})
			want(err == nil, "a file in XML cannot be read")
		}
	}
	if typeOf(path) == CodeList && len(out) == 0 {
		out = u.normalise()
	}
	return out
}

// plain reports whether XML can carry the texts of an upload.
func (u *Upload) plain() bool {
	all := []string{u.Publisher.Name, u.Publisher.Identifier}
	for _, t := range slices.Concat(u.Titles, u.Descriptions) {
		all = append(all, t.Lang, t.Value)
	}
	for _, c := range u.Creators {
		all = append(all, c.Name, c.Identifier)
	}
	all = append(all, u.ConformsTo...)
	all = append(all, u.Jurisdictions...)
	return !slices.ContainsFunc(all, func(s string) bool {
		return !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' || c == 0xFFFE || c == 0xFFFF })
	})
}

// normalise reads the one file of a code list and stores it as Genericode.
func (u *Upload) normalise() []string {
	if len(u.Files) != 1 {
		return []string{"a code list is one file"}
	}
	l, err := ParseList(u.Files[0].Form, u.Files[0].Content)
	if err != nil {
		return []string{err.Error()}
	}
	if l.ShortName == "" {
		l.ShortName = u.ID[strings.LastIndexByte(u.ID, '/')+1:]
	}
	if l.LongName == "" {
		l.LongName = u.Titles.In("EN").Value
	}
	l.Version, l.CanonicalURI, l.CanonicalVersionURI, l.LocationURI = u.Version, u.ID, u.ID+"/"+u.Version, u.ID
	var out []string
	for _, p := range l.Check() {
		if !p.Warning {
			out = append(out, p.String())
		}
	}
	u.Files[0] = File{Form: Genericode, Content: genericode.Append(nil, l)}
	return out
}

// ParseList reads a code list in one of its forms.
func ParseList(f Form, b []byte) (*genericode.List, error) {
	switch f {
	case CSV:
		return genericode.ParseCSV(b)
	case JSON:
		return genericode.ParseJSON(b)
	case Genericode:
		return genericode.Parse(b)
	}
	return nil, fmt.Errorf("a code list is in gc, csv or json, not in %s", clip(string(f)))
}

// checkEdition holds a code list against the edition that is current: other content needs a higher version.
func (s *Service) checkEdition(ctx context.Context, u *Upload) []string {
	path := pathOf(u.ID, s.d.Base)
	if typeOf(path) != CodeList {
		return nil
	}
	a, err := s.Resolve(ctx, u.ID)
	if err != nil {
		return nil // the first
	}
	old, err := s.List(ctx, a)
	if err != nil || old == nil || a.content.list != "" { // versions of ours are names of release lines
		return nil
	}
	l, err := genericode.Parse(u.Files[0].Content)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, p := range genericode.CheckEdition(old, l, lcm.CompareVersions) {
		out = append(out, p.Text)
	}
	return out
}
