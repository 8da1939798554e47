package cli

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/vectors"
)

// partner is who sends and who receives: out of a P-Mode file and a key folder, or said one by one.
type partner struct {
	To        string `help:"URL of the receiving access point; the default is the one of the P-Mode file." placeholder:"URL"`
	PMode     string `name:"pmode" help:"P-Mode file (format of Domibus)." type:"existingfile" placeholder:"FILE" group:"From a P-Mode file"`
	Keys      string `help:"Folder with PARTY.crt.pem of every party and PARTY.key.pem of the sending one." type:"existingdir" placeholder:"DIR" group:"From a P-Mode file"`
	FromParty string `help:"Sending party: its name in the P-Mode file (default: the file's own), or its eb:PartyId." placeholder:"PARTY"`
	ToParty   string `help:"Receiving party: its name in the P-Mode file (default: the only other one), or its eb:PartyId." placeholder:"PARTY"`

	Key         string `help:"Private key of the sending party, PKCS#8 PEM." type:"existingfile" placeholder:"FILE" group:"Without a P-Mode file"`
	Cert        string `help:"Certificate of the sending party." type:"existingfile" placeholder:"FILE" group:"Without a P-Mode file"`
	PeerCert    string `help:"Certificate of the receiving party: it is encrypted for, and it signs the receipt." type:"existingfile" placeholder:"FILE" group:"Without a P-Mode file"`
	PartyType   string `help:"Type of both party ids." default:"urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots" placeholder:"URI" group:"Without a P-Mode file"`
	Role        string `help:"eb:Role of both parties." default:"http://sdg.europa.eu/edelivery/gateway" placeholder:"URI" group:"Without a P-Mode file"`
	Service     string `help:"eb:Service." default:"QueryManager" placeholder:"SERVICE"`
	ServiceType string `help:"Type of eb:Service." default:"urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0" placeholder:"URI" group:"Without a P-Mode file"`
	Agreement   string `help:"eb:AgreementRef." placeholder:"URI" group:"Without a P-Mode file"`

	CA      string        `name:"ca" help:"Roots that the TLS certificate of the receiver is judged by, PEM; the default is those of this machine." type:"existingfile" placeholder:"FILE"`
	Timeout time.Duration `help:"Longest time for the whole exchange." default:"2m"`
	Dump    string        `help:"Folder for the exact bytes of message and answer, for: oots as4 unpack." type:"path" placeholder:"DIR"`
	JSON    bool          `name:"json" help:"Print JSON."`
}

// connection is what a message to the partner needs.
type connection struct {
	self      wssec.Identity
	from      ebms.Party
	peer      pmode.Party
	service   ebms.Service
	agreement ebms.Service
	agreed    *pmode.Set // nil without a P-Mode file
	url       string
	client    *http.Client
}

// connect reads everything and checks that it is complete.
func (p *partner) connect() (*connection, error) {
	c, err := p.parties()
	if err != nil {
		return nil, err
	}
	if c.url = p.To; c.url == "" {
		c.url = c.peer.URL
	}
	if u, err := url.Parse(c.url); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, &hint{fmt.Errorf("--to %.80q is no URL of an access point", c.url), "--to https://ap.example/as4"}
	}
	transport := &http.Transport{TLSClientConfig: as4.TLS(), DisableCompression: true}
	if p.CA != "" {
		if transport.TLSClientConfig.RootCAs, err = vectors.ReadRoots(p.CA); err != nil {
			return nil, err
		}
	}
	c.client = &http.Client{Transport: transport}
	return c, nil
}

func (p *partner) parties() (*connection, error) {
	if p.PMode != "" || p.Keys != "" {
		return p.fromFile()
	}
	for _, v := range []string{p.To, p.FromParty, p.ToParty, p.Key, p.Cert, p.PeerCert} {
		if v == "" {
			return nil, &hint{errors.New("it is not said who sends, or to whom"), "--pmode FILE --keys DIR, or all of --to --from-party --to-party --key --cert --peer-cert"}
		}
	}
	self, err := vectors.ReadIdentity(p.Cert, p.Key)
	if err != nil {
		return nil, err
	}
	cert, err := vectors.ReadCertificate(p.PeerCert)
	if err != nil {
		return nil, err
	}
	return &connection{
		self:      self,
		from:      ebms.Party{ID: ebms.PartyID{Type: p.PartyType, Value: p.FromParty}, Role: p.Role},
		peer:      pmode.Party{ID: ebms.PartyID{Type: p.PartyType, Value: p.ToParty}, Role: p.Role, Signing: []*x509.Certificate{cert}, Encryption: cert},
		service:   ebms.Service{Type: p.ServiceType, Value: p.Service},
		agreement: ebms.Service{Value: p.Agreement},
	}, nil
}

func (p *partner) fromFile() (*connection, error) {
	if p.PMode == "" || p.Keys == "" {
		return nil, &hint{errors.New("--pmode and --keys go together"), "--pmode FILE --keys DIR"}
	}
	b, err := os.ReadFile(p.PMode)
	if err != nil {
		return nil, err
	}
	keys, err := vectors.OpenKeys(p.Keys)
	if err != nil {
		return nil, err
	}
	modes, err := vectors.ReadPModes(b, keys, vectors.PModeChoice{Self: p.FromParty, Service: p.chosenService(), Sending: true})
	if err != nil {
		return nil, err
	}
	self, err := keys.Identity(modes.Self)
	if err != nil {
		return nil, err
	}
	peer, err := p.peerOf(modes)
	if err != nil {
		return nil, err
	}
	set := modes.Set
	return &connection{
		self: self, from: ebms.Party{ID: set.Self.ID, Role: set.Self.Role}, peer: peer,
		service: set.Service, agreement: set.Agreement, agreed: set,
	}, nil
}

// chosenService is the flag unless it is the default, which a file need not have.
func (p *partner) chosenService() string {
	if p.Service == "QueryManager" {
		return ""
	}
	return p.Service
}

// peerOf finds the receiving party by its name in the file.
func (p *partner) peerOf(modes *vectors.PModes) (pmode.Party, error) {
	var names []string
	for _, peer := range modes.Set.Peers {
		name := modes.Names[peer.ID]
		names = append(names, name)
		if strings.EqualFold(name, p.ToParty) || peer.ID.Value == p.ToParty {
			return peer, nil
		}
	}
	if p.ToParty == "" && len(names) == 1 {
		return modes.Set.Peers[0], nil
	}
	return pmode.Party{}, &hint{fmt.Errorf("--to-party %.80q: the P-Mode file and the key folder have %s", p.ToParty, strings.Join(names, ", ")), "--to-party " + names[0]}
}
