package eidasnode

import (
	"crypto/x509"
	"net/http"

	"oots/eid/saml"
	"oots/internal/login/eidas"
)

// Login makes the eIDAS login of a site of the demonstration, which asks this node, and lets the site ask. It fills
// in services and keys, which are made for the moment; site and node fetch each other's metadata by client.
func (n *Node) Login(c eidas.Config, client *http.Client) (*eidas.Method, error) {
	k, err := newKeys(c.EntityID(), c.Clock.Now())
	if err != nil {
		return nil, err
	}
	agreer, err := k.own.ECDH()
	if err != nil {
		return nil, err
	}
	remote := func(url string, anchor *x509.Certificate) *eidas.Remote {
		return &eidas.Remote{URL: url, Client: client, Trust: saml.Trust{Anchors: []*x509.Certificate{anchor}}, Policy: saml.Strict(), Clock: c.Clock}
	}
	connector := remote(n.ConnectorMetadata(), n.Anchor())
	for _, country := range n.Countries() {
		c.Services = append(c.Services, eidas.Service{Country: country, Peer: connector, Through: n.ProxyID(country)})
	}
	c.Signing, c.Encryption, c.Keys = k.signer, []*x509.Certificate{k.cert}, []saml.Decrypter{{Agreer: agreer}}
	c.Policy, c.Demo = saml.Strict(), true
	n.mu.Lock()
	n.Sites = append(n.Sites, remote(c.EntityID(), k.signer.Certificate))
	n.mu.Unlock()
	return eidas.New(c)
}
