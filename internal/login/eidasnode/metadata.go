package eidasnode

import (
	"context"
	"crypto/x509"
	"net/http"
	"slices"
	"time"

	eid "oots/eid/eidas"
	"oots/eid/saml"
	"oots/internal/clock"
	"oots/internal/web"
)

const metadataValid = 24 * time.Hour

// connectorMetadata describes the connector in both of its roles: it answers the sites of its country and asks
// the services of all.
func (n *Node) connectorMetadata() *saml.Metadata {
	m := n.describe(n.connectorID(), n.Country, n.connector)
	m.SPType = "" // its requests say for which kind of site they are
	m.SP = &saml.SPRole{
		Role:      n.role(n.Country, n.connector),
		Consumers: []saml.Consumer{{Location: n.Base + "/eidas/connector/answer", Index: 0, Default: true}},
	}
	m.IDP = n.answers(n.Country, n.connector, n.Base+"/eidas/connector/request")
	return m
}

func (n *Node) proxyMetadata(country string) *saml.Metadata {
	m := n.describe(n.ProxyID(country), country, n.proxies[country])
	m.IDP = n.answers(country, n.proxies[country], n.Base+"/eidas/"+country+"/request")
	return m
}

func (n *Node) describe(entity, country string, k keys) *saml.Metadata {
	return &saml.Metadata{
		EntityID: entity, ID: "_" + clock.Token(16), ValidUntil: n.Clock.Now().Add(metadataValid).UTC().Truncate(time.Second),
		ProtocolVersions: []string{"1.4", "1.2"}, ApplicationIdentifier: "oots:demonstration:1",
		Levels:       []string{string(eid.Low), string(eid.Substantial), string(eid.High)},
		Organization: saml.Organization{Name: "Demonstration node " + country, DisplayName: "Demonstration node " + country, URL: n.Base + "/eidas/"},
	}
}

func (n *Node) role(country string, k keys) saml.Role {
	return saml.Role{
		NodeCountry: country, Signing: []*x509.Certificate{k.signer.Certificate}, Encryption: []saml.EncryptionKey{{Certificate: k.cert}},
		NameIDs: []string{saml.NameIDPersistent, saml.NameIDTransient, saml.NameIDUnspecified},
	}
}

func (n *Node) answers(country string, k keys, address string) *saml.IDPRole {
	r := &saml.IDPRole{Role: n.role(country, k), Services: []saml.Endpoint{{Binding: saml.BindingRedirect, Location: address}, {Binding: saml.BindingPOST, Location: address}}}
	for _, d := range append(eid.Natural(), eid.Legal()...) {
		r.Attributes = append(r.Attributes, d.Name)
	}
	return r
}

func (n *Node) serveConnector(w http.ResponseWriter, _ *http.Request) {
	n.serve(w, n.connectorMetadata(), n.connector.signer)
}

func (n *Node) serveProxy(w http.ResponseWriter, r *http.Request) {
	country := r.PathValue("country")
	k, ok := n.proxies[country]
	if !ok {
		http.NotFound(w, r)
		return
	}
	n.serve(w, n.proxyMetadata(country), k.signer)
}

func (n *Node) serve(w http.ResponseWriter, m *saml.Metadata, s saml.Signer) {
	doc, err := m.Write(s, n.policy)
	if err != nil {
		n.Log.Error("metadata not written", "cause", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/samlmetadata+xml")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Write(doc)
}

// asking returns the metadata of a site that may ask.
func (n *Node) asking(ctx context.Context, entity string) (*saml.Metadata, bool) {
	n.mu.Lock()
	sites := slices.Clone(n.Sites)
	n.mu.Unlock()
	for _, p := range sites {
		m, err := p.Metadata(ctx)
		if err != nil {
			n.Log.Warn("site unusable", "cause", err)
			continue
		}
		if m.EntityID == entity {
			return m, true
		}
	}
	return nil, false
}

// refused logs why a message is not accepted and shows that something was wrong with it.
func (n *Node) refused(err error) error {
	n.Log.Warn("message refused", "cause", err)
	return &web.Problem{Status: http.StatusBadRequest, Kind: web.BadForm, Cause: err}
}
