package eidasnode

import (
	"net/http"
	"net/url"
	"slices"

	"oots/eid/saml"
	"oots/internal/clock"
	"oots/internal/web"
)

// aboutPage says what this is.
type aboutPage struct{ web.Frame }

func (n *Node) about(v *visit) error {
	return v.Show(http.StatusOK, "about", &aboutPage{v.Frame(v.T("login/eidasnode/connector.about"))})
}

// countryPage asks for the country when the request does not name it.
type countryPage struct {
	web.Frame
	Countries []web.Country
	Passage   string
	Site      string
}

// ask takes a request of a site and sends it on, as a request of the connector, to the service of the country.
func (n *Node) ask(v *visit) error {
	var m *saml.Message
	var err error
	if v.R.Method == http.MethodPost {
		m, err = saml.FromForm(v.R.PostForm, "SAMLRequest")
	} else {
		m, err = saml.FromQuery(v.R.URL.RawQuery)
	}
	if err != nil {
		return n.refused(err)
	}
	request, site, err := saml.ReadRequest(m, saml.RequestContext{
		Destination: n.Base + "/eidas/connector/request", Policy: n.policy, Replay: &n.replay, Now: n.Clock.Now(),
		Peer: func(entity string) (*saml.Metadata, bool) { return n.asking(v.R.Context(), entity) },
	})
	if err != nil {
		return n.refused(err)
	}
	p := &passage{began: n.Clock.Now(), site: request, siteMeta: site, siteRelay: m.RelayState}
	name := n.keep(p)
	for _, country := range n.Countries() {
		if n.ProxyID(country) == request.Service {
			return n.sendOn(v, name, *p, country)
		}
	}
	return v.Redirect("/eidas/connector/country?" + url.Values{"login": {name}}.Encode())
}

// country lets the user choose among the services.
func (n *Node) country(v *visit) error {
	name := v.R.URL.Query().Get("login")
	p, ok := n.find(name)
	if !ok || p.own != nil {
		return web.NotFound
	}
	if chosen := v.R.URL.Query().Get("country"); slices.Contains(n.Countries(), chosen) {
		return n.sendOn(v, name, p, chosen)
	}
	page := countryPage{Frame: v.Frame(v.T("login/eidasnode/connector.country")), Passage: name, Site: p.site.ProviderName}
	for _, c := range v.Countries() {
		if slices.Contains(n.Countries(), c.Code) {
			page.Countries = append(page.Countries, c)
		}
	}
	return v.Show(http.StatusOK, "country", &page)
}

// sendOn writes the connector's own request: the same attributes and level, for a site that it names.
func (n *Node) sendOn(v *visit, name string, p passage, country string) error {
	p.country = country
	own := &saml.AuthnRequest{
		ID: "_" + clock.Token(16), IssueInstant: n.Clock.Now(), Destination: n.Base + "/eidas/" + country + "/request", Issuer: n.connectorID(),
		ProviderName: p.site.ProviderName, RequesterID: p.site.Issuer, NameID: saml.NameIDPersistent,
		Levels: p.site.Levels, SPType: saml.SPPublic, Asked: p.site.Asked,
	}
	p.own = own
	n.update(name, p)
	address, err := own.Redirect(n.connector.signer, n.policy, name)
	if err != nil {
		return err
	}
	http.Redirect(v.W, v.R, address, http.StatusSeeOther)
	return nil
}

// answer takes the proxy service's answer as the connector does and returns the connector's own for the site.
func (n *Node) answer(form url.Values, p passage) (string, error) {
	m, err := saml.FromForm(form, "SAMLResponse")
	if err != nil {
		return "", err
	}
	agreer, err := n.connector.own.ECDH()
	if err != nil {
		return "", err
	}
	out := &saml.Response{
		ID: "_" + clock.Token(16), AssertionID: "_" + clock.Token(16), IssueInstant: n.Clock.Now(), Issuer: n.connectorID(),
		Destination: p.site.ConsumerURL, InResponseTo: p.site.ID, Audience: p.site.Issuer,
	}
	a, err := saml.ReadResponse(m, saml.ResponseContext{
		EntityID: n.connectorID(), Consumer: n.Base + "/eidas/connector/answer", Keys: []saml.Decrypter{{Agreer: agreer}},
		Policy: n.policy, Replay: &n.replay, Now: n.Clock.Now(),
		Open: func(id string) (*saml.AuthnRequest, *saml.Metadata, bool) {
			return p.own, n.proxyMetadata(p.country), id == p.own.ID
		},
	})
	status, isStatus := err.(*saml.StatusError)
	switch {
	case isStatus:
		out.Status, out.SubStatus = status.Code, status.SubCode
	case err != nil:
		return "", err
	default:
		out.NameID, out.NameIDFormat = a.NameID, a.NameIDFormat
		out.AuthnInstant, out.NotOnOrAfter, out.Level, out.Attributes = a.AuthnInstant, out.IssueInstant.Add(saml.Strict().Lifetime), a.Level, a.Attributes
	}
	return out.Write(n.connector.signer, p.siteMeta.SP.Encryption[0], n.policy)
}
