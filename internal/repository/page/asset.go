package page

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"oots/internal/repository"
	"oots/internal/web"
)

// assetPage shows one version of an asset.
type assetPage struct {
	web.Frame
	Asset       *repository.Asset
	Name        web.Foreign
	Description web.Foreign
	Type        string
	TypePath    string // path of all assets of the type
	Home        string
	Publisher   string
	State       string // status in words
	Mood        string
	Version     string // "" when it has none that means something
	Earlier     string // path of the current version, when this is another
	Places      []string
	Texts       []language
	Procedures  []procedureLine
	Groups      []group // relations, both directions
	Versions    []versionLine
	Files       []file
	Metadata    []file
	Codes       *codes
	Classes     []repository.Class
	Sources     []string
	Seen        []string // codes of a list kept elsewhere
	Origin      string   // address of an asset kept elsewhere
}

// language is title and description in one language.
type language struct {
	Name        string
	Title       web.Foreign
	Description web.Foreign
}

// procedureLine is a procedure that asks for a requirement, and the countries that have it.
type procedureLine struct {
	Code, Label, Countries string
}

// group is what an asset is related to in one way.
type group struct {
	Name  string
	Links []link
}

// link leads to another asset.
type link struct {
	Title web.Foreign
	Href  string
	Note  string
}

// versionLine is an entry of the history.
type versionLine struct {
	repository.Version
	State, Mood string
	Href        string // path; "" for one that cannot be shown
	Compare     string // path of the comparison with what is shown; "" for none
	Current     bool
}

// file is a form to be fetched.
type file struct {
	Title, MediaType, Href, Size, Digest string
}

func (p *Page) show(v *visit, a *repository.Asset, exact bool) error {
	if old := v.R.URL.Query().Get("compare"); old != "" {
		return p.compare(v, a, old)
	}
	ctx := v.R.Context()
	name := title(v, a)
	page := assetPage{Frame: v.Frame(name.Value), Asset: a, Name: name, Type: typeName(v, a.Type), TypePath: p.config.Path + "/assets?type=" + string(a.Type),
		Home: p.config.Path + "/", Publisher: a.Publisher.Name, State: statusName(v, a.Status), Mood: mood(a.Status), Version: shownVersion(a), Seen: a.Seen()}
	if web.KnownCountry(a.Publisher.Identifier) {
		page.Publisher = v.Country(a.Publisher.Identifier)
	}
	if t := a.Descriptions.In(v.Lang()); t.Value != "" {
		page.Description = v.As(t.Lang, t.Value)
	}
	if a.Status == repository.Elsewhere {
		page.Origin = a.ID
	}
	page.Places = places(v, a.Countries())
	page.Texts = texts(v, a)
	page.Procedures = procedures(v, a)
	if m := a.Model(); m != nil {
		page.Classes, page.Sources = m.Classes, m.Sources
	}
	var err error
	if page.Groups, err = p.groups(v, a); err != nil {
		return err
	}
	if page.Codes, err = p.codes(v, a, exact); err != nil {
		return err
	}
	if a.Status != repository.Elsewhere {
		if page.Versions, err = p.versions(v, a); err != nil {
			return err
		}
	}
	if exact {
		page.Earlier = p.earlier(ctx, a)
	}
	page.Files, page.Metadata = p.files(v, a, exact)
	return v.Show(http.StatusOK, "asset", &page)
}

// earlier is the path of the current version when a is another.
func (p *Page) earlier(ctx context.Context, a *repository.Asset) string {
	if now, err := p.config.Service.Resolve(ctx, a.ID); err == nil && now.Version != a.Version {
		return p.local(now, "")
	}
	return ""
}

// texts are title and description in every language.
func texts(v *visit, a *repository.Asset) []language {
	var out []language
	at := map[string]int{}
	line := func(lang string) *language {
		if _, known := at[lang]; !known {
			at[lang] = len(out)
			out = append(out, language{Name: v.Language(lang)})
		}
		return &out[at[lang]]
	}
	for _, t := range a.Titles {
		if t.Lang != "" {
			line(t.Lang).Title = v.As(t.Lang, t.Value)
		}
	}
	for _, t := range a.Descriptions {
		if t.Lang != "" {
			line(t.Lang).Description = v.As(t.Lang, t.Value)
		}
	}
	return out
}

// groups are the relations of an asset in both directions, by kind.
func (p *Page) groups(v *visit, a *repository.Asset) ([]group, error) {
	ctx := v.R.Context()
	related, err := p.config.Service.Related(ctx, a)
	if err != nil {
		return nil, err
	}
	byType := map[repository.RelationType][]link{}
	seen := map[repository.Relation]bool{}
	for _, r := range slices.Concat(a.Relations, related) {
		if seen[r] {
			continue
		}
		seen[r] = true
		l := link{Title: web.Foreign{Value: r.Target}, Href: r.Target}
		if there, err := p.config.Service.Resolve(ctx, r.Target); err == nil {
			l = link{Title: title(v, there), Href: p.local(there, ""), Note: placesOf(v, there)}
		}
		byType[r.Type] = append(byType[r.Type], l)
	}
	var out []group
	order := append(repository.RelationTypes(), repository.UsedBy, repository.HasPart, repository.ReplacedBy, repository.HasVersion, repository.HasExample)
	for _, t := range order {
		links := byType[t]
		if len(links) == 0 {
			continue
		}
		slices.SortFunc(links, func(x, y link) int {
			return cmp.Or(cmp.Compare(x.Note, y.Note), cmp.Compare(repository.Fold(x.Title.Value), repository.Fold(y.Title.Value)), cmp.Compare(x.Href, y.Href))
		})
		out = append(out, group{relationName(v, a, t), links})
	}
	return out, nil
}

// placesOf names the countries of an asset that is not of all.
func placesOf(v *visit, a *repository.Asset) string {
	var names []string
	for _, c := range a.Jurisdictions {
		if c != "EU" {
			names = append(names, v.Country(c))
		}
	}
	return strings.Join(names, ", ")
}

func (p *Page) versions(v *visit, a *repository.Asset) ([]versionLine, error) {
	all, err := p.config.Service.Versions(v.R.Context(), a)
	if err != nil {
		return nil, err
	}
	var out []versionLine
	for _, x := range all {
		l := versionLine{Version: x, State: statusName(v, x.Status), Mood: mood(x.Status), Current: x.Version == a.Version}
		if a.Live && a.Type != repository.CodeList {
			l.Version.Version = ""
		} else if _, _, err := p.config.Service.Find(v.R.Context(), a.Path()+"/"+x.Version); err == nil && x.Version != "" {
			l.Href = p.local(a, x.Version)
			if !l.Current && a.Type == repository.CodeList {
				l.Compare = p.local(a, a.Version) + "?compare=" + query(x.Version)
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// files are the forms of an asset itself and of its metadata.
func (p *Page) files(v *visit, a *repository.Asset, exact bool) (own, metadata []file) {
	at := p.local(a, "")
	if exact {
		at = p.local(a, a.Version)
	}
	for _, d := range a.Distributions {
		if a.Status == repository.Elsewhere {
			break // the page leads there
		}
		f := file{Title: d.Format, MediaType: d.MediaType, Href: d.AccessURL, Digest: d.Digest}
		if f.Href == "" {
			f.Href = at + "?format=" + string(d.Form)
		}
		if d.Size > 0 {
			f.Size = v.Size(d.Size)
		}
		own = append(own, f)
	}
	for _, f := range []repository.Form{repository.Metadata, repository.JSONLD, repository.Turtle} {
		metadata = append(metadata, file{Title: f.Title(), MediaType: f.MediaType(), Href: at + "?format=" + string(f)})
	}
	return own, metadata
}

// gonePage says that an asset was here.
type gonePage struct {
	web.Frame
	Asset *repository.Asset
	Home  string
}

func (p *Page) gone(v *visit, a *repository.Asset) error {
	return v.Show(http.StatusGone, "gone", &gonePage{Frame: v.Frame(v.T("repository/page/asset.gone")), Asset: a, Home: p.config.Path + "/"})
}

// IsClass reports whether the name is that of a class of the model that the page shows.
func (p *assetPage) IsClass(name string) bool {
	return slices.ContainsFunc(p.Classes, func(c repository.Class) bool { return c.Name == name })
}
