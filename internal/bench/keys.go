package bench

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"sync"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

// Keys makes keys when they are first asked for, and keeps them in memory: RSA keys take a while.
type Keys struct {
	mu     sync.Mutex
	serial int64
	made   map[string]wssec.Identity
}

// identity returns the self-signed identity called name.
func (k *Keys) identity(kind Key, name string) (wssec.Identity, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if id, ok := k.made[string(kind)+name]; ok {
		return id, nil
	}
	key, err := generate(kind)
	if err != nil {
		return wssec.Identity{}, err
	}
	k.serial++
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(k.serial), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return wssec.Identity{}, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return wssec.Identity{}, err
	}
	id := wssec.Identity{Key: key, Certificate: cert}
	id.Decrypter, _ = key.(crypto.Decrypter)
	if k.made == nil {
		k.made = map[string]wssec.Identity{}
	}
	k.made[string(kind)+name] = id
	return id, nil
}

func generate(kind Key) (crypto.Signer, error) {
	switch kind {
	case RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case RSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	case P256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case Ed25519:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	return nil, fmt.Errorf("bench: no kind of key is called %q", kind)
}

// server returns the TLS configuration of the receiving end, and the roots that the sending end trusts.
func (k *Keys) server() (*tls.Config, *x509.CertPool, error) {
	id, err := k.identity(P256, "localhost")
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(id.Certificate)
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{id.Certificate.Raw}, PrivateKey: id.Key, Leaf: id.Certificate}}}
	return config, roots, nil
}

// The parties of every measurement.
var (
	sendingID   = ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: "AP_AA_01"}
	receivingID = ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: "AP_BB_01"}
	service     = ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"}
)

const (
	role   = "http://sdg.europa.eu/edelivery/gateway"
	action = "ExecuteQueryRequest"
	suffix = "bench.oots.example"
)

func party(id ebms.PartyID, url string, identity wssec.Identity) pmode.Party {
	return pmode.Party{ID: id, Role: role, URL: url, Signing: []*x509.Certificate{identity.Certificate}, Encryption: identity.Certificate}
}

// modes are the P-Modes of self for its one peer.
func modes(self, peer pmode.Party) *pmode.Set {
	return &pmode.Set{Self: self, Peers: []pmode.Party{peer}, Service: service, Actions: []string{action}, Properties: pmode.FourCorner()}
}

var properties = []ebms.Property{
	{Name: ebms.OriginalSender, Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered", Value: "C1"},
	{Name: ebms.FinalRecipient, Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered", Value: "C4"},
}

// content is a payload of n bytes that is like evidence in XML: the same elements again and again around values
// that differ. A megabyte of it compresses to an eighth.
func content(n int) []byte {
	out := make([]byte, 0, n+256)
	state := uint32(2463534242)
	next := func(below uint32) uint32 {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		return state % below
	}
	words := [...]string{"Universität", "Αθήνα", "diploma", "registered", "Wien", "certificate", "birth", "residence"}
	for len(out) < n {
		out = fmt.Appendf(out, "<edm:Entry id=\"e%07d\"><edm:Title>%s %s</edm:Title><edm:Issued>%04d-%02d-%02d</edm:Issued><edm:Number>%08x</edm:Number></edm:Entry>\n",
			next(10_000_000), words[next(8)], words[next(8)], 1950+next(77), 1+next(12), 1+next(28), next(1<<31))
	}
	return out[:n]
}
