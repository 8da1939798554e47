package page

import (
	"net/http"

	"oots/internal/repository"
	"oots/internal/web"
)

// frontPage is the way in: by type, or by words.
type frontPage struct {
	web.Frame
	Action string // where the search leads to
	Doors  []door
	About  string
	API    string
}

// A door leads to the assets of a type.
type door struct {
	Name, Meaning string
	Count         int
	Href          string
}

func (p *Page) front(v *visit) error {
	all, err := p.config.Service.Search(v.R.Context(), repository.Query{})
	if err != nil {
		return err
	}
	page := frontPage{Frame: v.Frame(v.T("repository/page/front.title")), Action: p.config.Path + "/assets", About: p.config.Path + "/about", API: p.config.Path + "/openapi.json"}
	counts := map[repository.Type]int{}
	for _, a := range all {
		counts[a.Type]++
	}
	for _, t := range repository.Types() {
		if counts[t] > 0 {
			page.Doors = append(page.Doors, door{typeName(v, t), typeMeaning(v, t), counts[t], page.Action + "?type=" + string(t)})
		}
	}
	return v.Show(http.StatusOK, "front", &page)
}

// aboutPage says what the repository is, and how its addresses work.
type aboutPage struct {
	web.Frame
	Start, API, Base string
}

func (p *Page) about(v *visit) error {
	return v.Show(http.StatusOK, "about", &aboutPage{Frame: v.Frame(v.T("repository/page/front.about")), Start: p.config.Path + "/", API: p.config.Path + "/openapi.json", Base: p.config.Service.Base()})
}
