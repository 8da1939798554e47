package accesspoint

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"oots/internal/accesspoint/settings"
)

// A Beginning is what a new access point is made of.
type Beginning struct {
	Country string // ISO 3166-1 code of two letters, EL for Greece
	Host    string // name or address under which partners reach it
	Party   string // "" is AP_CC_01
	Port    int    // for partners; 0 is 8443
	Backend int    // port for back ends and operators; 0 is that of the configuration
	Monitor int    // port for machines; likewise
	Dir     string // folder, made when missing
	Data    string // folder that data and journal lie below; "" is Dir
	// Container makes listeners that other machines reach, as those inside of a container have to be; that of back ends
	// has TLS, with the certificate of the one for partners.
	Container bool
	Now       time.Time

	newRSA func() (*rsa.PrivateKey, error) // nil makes one of 3072 bits
}

// A Made is what Begin has made.
type Made struct {
	Config   string   `json:"config"`
	Party    string   `json:"party"`
	Endpoint string   `json:"endpoint"`
	SHA256   string   `json:"sha256"` // of the certificate that signs
	Handover []string `json:"handover"`
	Files    []string `json:"files"`
}

// The names of the files of a new access point.
const (
	configFile = "oots.yaml"
	pmodesFile = "pmodes.yaml"
)

var (
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	partyForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	hostForm    = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
)

// Complete fills what was left open and says what is wrong.
func (b *Beginning) Complete() error {
	b.Country = strings.ToUpper(strings.TrimSpace(b.Country))
	b.Host = strings.TrimSuffix(strings.TrimSpace(b.Host), ".")
	if b.Country == "GR" {
		b.Country = "EL"
	}
	if b.Party == "" {
		b.Party = "AP_" + b.Country + "_01"
	}
	if b.Port == 0 {
		b.Port = 8443
	}
	switch {
	case !countryForm.MatchString(b.Country):
		return errors.New("the country is a code of two letters, such as AT")
	case net.ParseIP(b.Host) == nil && (!hostForm.MatchString(b.Host) || len(b.Host) > 253):
		return errors.New("the host is a name such as ap.example.org, without https:// and without a port")
	case !partyForm.MatchString(b.Party):
		return errors.New("the party has letters, digits, and ._- between them, such as AP_AT_01")
	case b.Port < 1 || b.Port > 65535 || b.Backend < 0 || b.Backend > 65535 || b.Monitor < 0 || b.Monitor > 65535:
		return errors.New("a port is a number from 1 to 65535")
	}
	return nil
}

// Begin makes configuration, keys, certificate requests, certificates to start with, and P-Modes with our party alone:
// an access point that starts, and can send messages to itself. It never overwrites a file: when one is there already,
// or something fails, nothing is made. [AS4 1.15 §14: RSA of 3072 bits] [TDD 3.7 §3.5]
func Begin(b Beginning) (*Made, error) {
	if err := b.Complete(); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(b.Dir)
	if err != nil {
		return nil, err
	}
	if b.Data == "" {
		b.Data = dir
	}
	if b.Data, err = filepath.Abs(b.Data); err != nil {
		return nil, err
	}
	m := &maker{Beginning: b, dir: dir, made: &Made{Config: filepath.Join(dir, configFile), Party: b.Party}}
	m.made.Endpoint = "https://" + net.JoinHostPort(b.Host, fmt.Sprint(b.Port)) + "/as4"
	if err := m.vacant(configFile); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if m.work, err = os.MkdirTemp(dir, ".quickstart-"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(m.work)
	for _, step := range []func() error{m.sealing, m.message, m.server, m.pmodes, m.handover, m.config, m.place} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m.made, nil
}

type maker struct {
	Beginning
	dir         string // where it will be
	work        string // where it is made
	made        *Made
	certificate *x509.Certificate
}

func (m *maker) sealing() error {
	key := make([]byte, 32)
	rand.Read(key)
	return m.write("keys/sealing.key", 0o600, key)
}

// message makes the pair that signs and decrypts messages.
func (m *maker) message() error {
	newRSA := m.newRSA
	if newRSA == nil {
		newRSA = func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 3072) }
	}
	key, err := newRSA()
	if err != nil {
		return err
	}
	m.certificate, err = m.pair("keys/"+m.Party, key, &x509.Certificate{
		Subject:  pkix.Name{Country: []string{m.iso()}, CommonName: m.Party},
		NotAfter: m.Now.AddDate(2, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(m.certificate.Raw)
	m.made.SHA256 = hex.EncodeToString(sum[:])
	return nil
}

// iso is the country as certificates write it.
func (m *maker) iso() string {
	if m.Country == "EL" {
		return "GR"
	}
	return m.Country
}

// server makes the pair of the TLS server.
func (m *maker) server() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	c := &x509.Certificate{
		Subject:     pkix.Name{Country: []string{m.iso()}, CommonName: m.Host},
		NotAfter:    m.Now.AddDate(0, 0, 397),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(m.Host); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{m.Host}
	}
	_, err = m.pair("tls/server", key, c)
	return err
}

// pair writes a key, a request for its certificate, and a certificate that it has signed itself.
func (m *maker) pair(name string, key crypto.Signer, c *x509.Certificate) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	c.SerialNumber, c.NotBefore, c.BasicConstraintsValid = serial, m.Now.Add(-time.Hour), true
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		return nil, err
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	usage, err := requested(c)
	if err != nil {
		return nil, err
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: c.Subject, DNSNames: c.DNSNames, IPAddresses: c.IPAddresses, ExtraExtensions: usage,
	}, key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return made, errors.Join(
		m.write(name+".key.pem", 0o600, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
		m.write(name+".crt.pem", 0o644, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		m.write(name+".csr.pem", 0o644, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request})))
}

// requested are the usages of a certificate as a request asks for them. [RFC 5280 §4.2.1.3, §4.2.1.12]
func requested(c *x509.Certificate) ([]pkix.Extension, error) {
	bits := asn1.BitString{Bytes: []byte{0}, BitLength: 1}
	if c.KeyUsage&x509.KeyUsageDigitalSignature != 0 {
		bits.Bytes[0] |= 0x80
	}
	if c.KeyUsage&x509.KeyUsageKeyEncipherment != 0 {
		bits.Bytes[0] |= 0x20
		bits.BitLength = 3
	}
	usage, err := asn1.Marshal(bits)
	if err != nil {
		return nil, err
	}
	out := []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 15}, Critical: true, Value: usage}}
	if len(c.ExtKeyUsage) > 0 {
		extended, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 1}}) // serverAuth
		if err != nil {
			return nil, err
		}
		out = append(out, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Value: extended})
	}
	return out, nil
}

func (m *maker) config() error {
	at := func(name string) settings.Path { return settings.Path(filepath.Join(m.dir, name)) }
	c := settings.Defaults()
	c.Party, c.Domain = m.Party, m.Host
	c.Keys.Sealing = settings.Secret("file:" + string(at("keys/sealing.key")))
	c.Keys.Own = []settings.Own{{File: at("keys/" + m.Party + ".crt.pem"), Key: at("keys/" + m.Party + ".key.pem")}}
	c.AS4.Listen = settings.Address(net.JoinHostPort("0.0.0.0", fmt.Sprint(m.Port)))
	if m.Backend > 0 {
		c.Backend.Listen = settings.Address(fmt.Sprintf("127.0.0.1:%d", m.Backend))
	}
	if m.Monitor > 0 {
		c.Monitor.Listen = settings.Address(fmt.Sprintf("127.0.0.1:%d", m.Monitor))
	}
	c.AS4.TLS.Certificate, c.AS4.TLS.Key = at("tls/server.crt.pem"), at("tls/server.key.pem")
	c.AS4.Trust = []settings.Path{at("partners/tls"), at("tls/server.crt.pem")}
	c.AS4.TrustMachine = true
	if m.Data != m.dir {
		c.Data.Folder, c.Data.Journal = settings.Path(filepath.Join(m.Data, "data")), settings.Path(filepath.Join(m.Data, "journal"))
	}
	if m.Container {
		everywhere := func(a settings.Address) settings.Address {
			_, port, _ := net.SplitHostPort(string(a))
			return settings.Address(net.JoinHostPort("0.0.0.0", port))
		}
		c.Backend.Listen, c.Monitor.Listen = everywhere(c.Backend.Listen), everywhere(c.Monitor.Listen)
		c.Backend.TLS.Certificate, c.Backend.TLS.Key = c.AS4.TLS.Certificate, c.AS4.TLS.Key
		_, port, _ := net.SplitHostPort(string(c.Backend.Listen))
		c.Backend.Console.URL = "https://" + net.JoinHostPort(m.Host, port)
	}
	head := "# The access point " + m.Party + ". oots config test judges this file, oots config describe FIELD explains it.\n\n"
	return m.write(configFile, 0o600, settings.Append([]byte(head), &c, m.dir))
}

// handover gathers what the network needs to know.
func (m *maker) handover() error {
	for _, name := range []string{"keys/" + m.Party + ".crt.pem", "keys/" + m.Party + ".csr.pem", "tls/server.crt.pem", "tls/server.csr.pem"} {
		b, err := os.ReadFile(filepath.Join(m.work, name))
		if err != nil {
			return err
		}
		to := "handover/" + filepath.Base(name)
		if err := m.write(to, 0o644, b); err != nil {
			return err
		}
		m.made.Handover = append(m.made.Handover, filepath.Join(m.dir, to))
	}
	text := fmt.Sprintf(`What the operators of the network need to know of this access point

Party id                %s
Type of the party id    %s
Country                 %s
Endpoint                %s
Signs and decrypts      %s.crt.pem, SHA-256 %s
TLS server              server.crt.pem

The two .csr.pem files are requests for certificates of an authority that the network accepts. Put what it issues in
the place of keys/%s.crt.pem and tls/server.crt.pem; a running access point takes them up.
`, m.Party, partyIDType, m.Country, m.made.Endpoint, m.Party, m.made.SHA256, m.Party)
	m.made.Handover = append(m.made.Handover, filepath.Join(m.dir, "handover/access-point.txt"))
	return m.write("handover/access-point.txt", 0o644, []byte(text))
}
