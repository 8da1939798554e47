package eidas

import (
	"crypto/x509"
	"net/http"
	"time"

	"oots/eid/saml"
	"oots/internal/clock"
)

// How long metadata is valid, and how long the same document is served.
const (
	metadataValid = 7 * 24 * time.Hour
	metadataServe = time.Hour
)

// serveMetadata publishes the site as a public service provider. It is no node, so it names no NodeCountry.
func (m *Method) serveMetadata(w http.ResponseWriter, r *http.Request) {
	doc, err := m.currentMetadata()
	if err != nil {
		m.Log.Error("metadata not written", "cause", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/samlmetadata+xml")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Write(doc)
}

func (m *Method) currentMetadata() ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.Clock.Now()
	if m.metadata != nil && now.Sub(m.written) < metadataServe {
		return m.metadata, nil
	}
	doc, err := m.describe(now).Write(m.Signing, m.Policy)
	if err != nil {
		return nil, err
	}
	m.metadata, m.written = doc, now
	return doc, nil
}

func (m *Method) describe(now time.Time) *saml.Metadata {
	role := saml.Role{Signing: []*x509.Certificate{m.Signing.Certificate}, NameIDs: []string{saml.NameIDUnspecified, saml.NameIDPersistent, saml.NameIDTransient}}
	var methods []string
	for _, c := range m.Policy.Contents {
		methods = append(methods, string(c))
	}
	methods = append(methods, m.Policy.Transports...)
	for _, c := range m.Encryption {
		role.Encryption = append(role.Encryption, saml.EncryptionKey{Certificate: c, Methods: methods})
	}
	d := &saml.Metadata{
		EntityID: m.EntityID(), ID: "_" + clock.Token(16), ValidUntil: now.Add(metadataValid).UTC().Truncate(time.Second),
		SPType: saml.SPPublic, ProtocolVersions: []string{"1.4", "1.2"}, ApplicationIdentifier: "oots:portal:1",
		SP:           &saml.SPRole{Role: role, Consumers: []saml.Consumer{{Location: m.consumer(), Index: 0, Default: true}}},
		Organization: saml.Organization{Name: m.providerName(), DisplayName: m.providerName(), URL: m.Base + "/"},
		Contacts:     m.Contacts,
	}
	for _, x := range m.Policy.Digests {
		d.Digests = append(d.Digests, string(x))
	}
	for _, x := range m.Policy.Signatures {
		d.Signatures = append(d.Signatures, string(x))
	}
	return d
}
