package portal

import (
	"errors"
	"net/http"

	"oots/directory"
	"oots/edm"
	"oots/internal/requester"
	"oots/internal/web"
)

// providerPage lets the user say which authority has the document. It is skipped when only one can.
// [ux-guidance P9]
type providerPage struct {
	web.Frame
	App      application
	Card     requester.Card
	Type     directory.EvidenceType
	Services []serviceLine
	Stronger string // where a stronger login begins
	Usable   bool   // at least one accepts the user's level of assurance
	Hidden   []field
}

type serviceLine struct {
	directory.DataService
	Key   string
	Weak  bool // demands a stronger login
	Level string
}

func (p *Portal) chooseProvider(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	ch := readChoice(v.R.URL.Query())
	t, services, err := p.lookUp(v, c, ch)
	if err != nil {
		return p.noService(v, a, c, ch, err)
	}
	page := providerPage{Frame: p.page(v, v.T("portal/provider.title")), App: a, Card: c, Type: t, Hidden: ch.fields(nil)}
	for _, s := range services {
		l := serviceLine{DataService: s, Key: serviceKey(s), Weak: errors.Is(p.requester.Preflight(a.User, a.Procedure, s), requester.ErrLoA)}
		if l.Weak {
			l.Level = level(v, s.LoA)
		}
		page.Usable = page.Usable || !l.Weak
		page.Services = append(page.Services, l)
	}
	page.Stronger = a.StrongerPath(v.R.URL.RequestURI(), lowest(services))
	if len(services) == 1 && page.Usable {
		ch.Service = page.Services[0].Key
		return v.Redirect(a.RequirementPath(c) + "/request?" + ch.Query())
	}
	return v.Show(http.StatusOK, "provider", &page)
}

// lowest is the level that the least demanding of some providers asks for.
func lowest(services []directory.DataService) edm.LoA {
	least := services[0].LoA
	for _, s := range services {
		if least.AtLeast(s.LoA) {
			least = s.LoA
		}
	}
	return least
}

// lookUp follows a choice through both directories.
func (p *Portal) lookUp(v *visit, c requester.Card, ch choice) (directory.EvidenceType, []directory.DataService, error) {
	if !web.KnownCountry(ch.Country) || ch.Country == p.country {
		return directory.EvidenceType{}, nil, errUnknownType
	}
	t, err := p.evidenceType(v, c, ch)
	if err != nil {
		return t, nil, err
	}
	services, err := p.services(v, t, ch)
	if err == nil && len(services) == 0 {
		err = &directory.Refusal{Code: "DSD:ERR:0001"}
	}
	return t, services, err
}

// noService leads on when lookUp has no provider: to a question of the directory, to the page that says
// there is none, back to the beginning for a choice that does not exist, or to the page of a failure.
func (p *Portal) noService(v *visit, a application, c requester.Card, ch choice, err error) error {
	var question *directory.Question
	switch {
	case errors.Is(err, errUnknownType):
		return v.Redirect(a.RequirementPath(c) + "/country")
	case errors.As(err, &question):
		return v.Redirect(a.RequirementPath(c) + "/question?" + ch.Query())
	case badAnswer(err):
		return v.Redirect(a.RequirementPath(c) + "/question?" + ch.Query() + "&wrong=1")
	case nothing(err):
		return p.showAbsent(v, a, c, ch, nobody(v, ch.Country), nil)
	}
	return unreachable(err, a.Path())
}

// nobody says that no authority of a country delivers a document.
func nobody(v *visit, country string) string {
	return v.T("portal/provider.nobody", "country", v.Country(country))
}

// badAnswer reports whether the directory refused the user's answer: DSD:ERR:0006. [TDD 3.1.4]
func badAnswer(err error) bool {
	var r *directory.Refusal
	return errors.As(err, &r) && r.Code == "DSD:ERR:0006"
}
