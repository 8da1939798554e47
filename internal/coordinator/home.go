package coordinator

import (
	"net/http"
	"slices"
	"time"

	"oots/directory"
	"oots/internal/store"
	"oots/internal/web"
)

// homePage is what a country says, in numbers, and the state of its draft.
type homePage struct {
	web.Frame
	Base      string
	Country   web.Country
	Sections  []sectionLink
	Changes   int
	Account   string // that changed the draft last
	At        time.Time
	Stale     bool
	May       bool
	Keeper    bool
	Countries []option
	Catalogue string
}

type sectionLink struct {
	Kind       kind
	Name, Hint string
	Count      int
}

func (p *Page) home(v *visit, m me) error {
	d, err := p.look(v, m.Country)
	if err != nil {
		return err
	}
	f, err := p.frame(v, m, v.T("coordinator/home.title", "country", countryName(v, m.Country)))
	if err != nil {
		return err
	}
	page := homePage{
		Frame: f, Base: p.config.Base, Country: web.Country{Code: m.Country, Name: countryName(v, m.Country)}, Changes: len(d.changes()),
		Stale: len(d.stale()) > 0, May: m.Role.May(Editor), Keeper: m.Role == Keeper, Catalogue: p.config.Catalogue,
	}
	page.Account, page.At = d.last()
	for _, k := range kinds {
		page.Sections = append(page.Sections, sectionLink{k, kindsName(v, k), kindHint(v, k), d.count(k)})
	}
	if page.Keeper {
		page.Countries = append(page.Countries, option{Value: "EU", Label: countryName(v, "EU"), Chosen: m.Country == "EU"})
		for _, c := range v.Countries() {
			page.Countries = append(page.Countries, option{Value: c.Code, Label: c.Name, Chosen: c.Code == m.Country})
		}
	}
	return v.Show(http.StatusOK, "home", &page)
}

// postCountry lets a keeper work on another country.
func (p *Page) postCountry(v *visit, _ me) error {
	code := v.R.PostForm.Get("country")
	if !directory.IsCountryCode(code) {
		return &web.Problem{Status: http.StatusBadRequest, Kind: web.BadForm, Back: p.config.Base + "/"}
	}
	v.Session.Value.Country = code
	if err := v.Save(); err != nil {
		return err
	}
	return v.Redirect(p.config.Base + "/")
}

// postDiscard forgets the draft that was looked at.
func (p *Page) postDiscard(v *visit, m me) error {
	done := false
	err := p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		d, err := p.load(tx, m.Country)
		if err != nil || d.stamp() != v.R.PostForm.Get("stamp") {
			return err
		}
		done = true
		if err := p.config.Store.DropDraft(tx, m.Country); err != nil {
			return err
		}
		return p.config.Store.Record(tx, Entry{At: v.Now().UTC(), Account: m.Name, Country: m.Country, Action: ActDiscard, Object: d.stamp()})
	})
	switch {
	case err != nil:
		return err
	case !done:
		return p.tell(v, "/check", v.T("coordinator/home.changed"))
	}
	return p.tell(v, "/", v.T("coordinator/home.discarded"))
}

// count is how many records of a kind the draft has.
func (d *draft) count(k kind) int {
	switch k {
	case kindProcedure:
		return len(d.procedures())
	case kindList:
		n := 0
		for _, r := range d.at(directory.EvidenceBroker).Requirements {
			n += len(r.Lists)
		}
		return n
	case kindType:
		return len(d.types())
	case kindProvider:
		return len(d.publishers())
	case kindAccess:
		return len(d.accessPoints())
	case kindService:
		return len(d.at(directory.DataServiceDirectory).Services)
	}
	return len(d.at(directory.SemanticRepository).CodeLists)
}

// procedures are the frameworks of the draft, each once.
func (d *draft) procedures() []directory.ReferenceFramework {
	var out []directory.ReferenceFramework
	seen := map[string]bool{}
	for _, r := range d.at(directory.EvidenceBroker).Requirements {
		for _, f := range r.Frameworks {
			if id := frameworkID(&f); !seen[id] {
				seen[id] = true
				out = append(out, f)
			}
		}
	}
	slices.SortFunc(out, func(a, b directory.ReferenceFramework) int { return compareFold(titleOf(a.Titles), titleOf(b.Titles)) })
	return out
}
