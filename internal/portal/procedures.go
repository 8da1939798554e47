package portal

import (
	"net/http"

	"oots/internal/web"
)

// proceduresPage lists what the portal offers by life event, before any login. [SDGR Annex II] [ux-guidance P0, §10]
type proceduresPage struct {
	web.Frame
	Events []lifeEvent
}

// lifeEvent is a group of procedures.
type lifeEvent struct {
	ID         string
	Name       string
	Procedures []Procedure
	Named      []Procedure // not offered here
}

func (p *Portal) procedureList(v *visit) error {
	page := proceduresPage{Frame: p.page(v, v.T("portal/procedures.title"))}
	for _, e := range []LifeEvent{Birth, Residence, Studying, Working, Moving, Retiring, Business, ""} {
		group := lifeEvent{ID: "event-" + string(e), Name: eventName(v, e)}
		for _, x := range p.procedures {
			switch {
			case x.LifeEvent != e:
			case x.Named:
				group.Named = append(group.Named, x)
			default:
				group.Procedures = append(group.Procedures, x)
			}
		}
		if len(group.Procedures)+len(group.Named) > 0 {
			page.Events = append(page.Events, group)
		}
	}
	return v.Show(http.StatusOK, "procedures", &page)
}

func eventName(v *visit, e LifeEvent) string {
	switch e {
	case Birth:
		return v.T("portal/procedures.birth")
	case Residence:
		return v.T("portal/procedures.residence")
	case Studying:
		return v.T("portal/procedures.studying")
	case Working:
		return v.T("portal/procedures.working")
	case Moving:
		return v.T("portal/procedures.moving")
	case Retiring:
		return v.T("portal/procedures.retiring")
	case Business:
		return v.T("portal/procedures.business")
	}
	return v.T("portal/procedures.other")
}

// procedure finds the procedure with the code.
func (p *Portal) procedure(code string) (Procedure, error) {
	for _, x := range p.procedures {
		if x.Code == code && !x.Named {
			return x, nil
		}
	}
	return Procedure{}, web.NotFound
}
