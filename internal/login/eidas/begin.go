package eidas

import (
	"net/http"
	"slices"

	"oots/edm"
	eid "oots/eid/eidas"
	"oots/eid/saml"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/web"
)

// sendPage carries a request by POST, for a peer that takes no other.
type sendPage struct {
	web.Frame
	Address, Request, RelayState string
	Country                      string // name
}

// begin asks the service of the chosen country.
func (m *Method) begin(v *visit) error {
	form := v.R.PostForm
	next, company := web.SafeNext(form.Get("next"), "/"), form.Get("who") == "company"
	level := login.Wanted(m.Level(next), form.Get("level"))
	service, ok := m.service(form.Get("country"))
	if !ok {
		return m.show(v, http.StatusUnprocessableEntity, next, level, "", company, v.T("login/eidas/begin.nothing"))
	}
	peer, err := service.Peer.Metadata(v.R.Context())
	if err != nil || peer.IDP == nil {
		m.Log.Error("eIDAS service unusable", "country", service.Country, "cause", err)
		return &web.Problem{Status: http.StatusServiceUnavailable, Kind: web.Unreachable, Cause: err, Back: m.Start(next, level)}
	}
	b := begun{Country: service.Country, Next: next, Level: level, Relay: clock.Token(16), Browser: m.binding().Bind(v.W, v.R), Request: m.request(service, peer, level, company)}
	binding := saml.BindingRedirect
	if b.Request.Destination = peer.IDP.Service(binding); b.Request.Destination == "" {
		binding = saml.BindingPOST
		b.Request.Destination = peer.IDP.Service(binding)
	}
	if err := put(v.R.Context(), m, "request", b.Request.ID, b, patience); err != nil {
		return err
	}
	m.Log.Info("eIDAS request", "message", b.Request.ID, "to", peer.EntityID) // [eIDAS Interoperability Architecture 1.4 §6]
	if binding == saml.BindingRedirect {
		address, err := b.Request.Redirect(m.Signing, m.Policy, b.Relay)
		if err != nil {
			return err
		}
		http.Redirect(v.W, v.R, address, http.StatusSeeOther)
		return nil
	}
	p := sendPage{Frame: v.Frame(v.T("login/eidas/begin.title")), Address: b.Request.Destination, RelayState: b.Relay, Country: v.Country(service.Country)}
	p.Leads = true
	if p.Request, err = b.Request.POST(m.Signing, m.Policy); err != nil {
		return err
	}
	return v.Show(http.StatusOK, "send", &p)
}

// request asks for a level, for the minimum data set of a person or a company, and for the optional attributes of that kind
// which the peer announces. A peer that announces none is asked for all.
func (m *Method) request(s Service, peer *saml.Metadata, level edm.LoA, company bool) saml.AuthnRequest {
	r := saml.AuthnRequest{
		ID: "_" + clock.Token(16), IssueInstant: m.Clock.Now(), Issuer: m.EntityID(), Service: s.Through, NameID: saml.NameIDUnspecified,
		ProviderName: m.providerName(), Levels: []eid.Level{eid.LevelOf(level)},
	}
	for _, name := range eid.Mandatory(company) {
		r.Asked = append(r.Asked, saml.Requested{Name: name, Required: true})
	}
	for _, name := range m.Optional {
		d, known := eid.Define(name)
		if known && d.Legal != company || len(peer.IDP.Attributes) > 0 && !slices.Contains(peer.IDP.Attributes, name) {
			continue
		}
		r.Asked = append(r.Asked, saml.Requested{Name: name})
	}
	return r
}

// providerName is the English name of the authority, or its first.
func (c *Config) providerName() string {
	for _, t := range c.Names {
		if t.Lang == "EN" {
			return t.Value
		}
	}
	if len(c.Names) > 0 {
		return c.Names[0].Value
	}
	return c.Base
}
