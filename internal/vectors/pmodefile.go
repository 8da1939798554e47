package vectors

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/pmode/configuration"
)

// PModeChoice is what a P-Mode file leaves open.
type PModeChoice struct {
	Self    string // name of the party that we are; "" means the one that the file says
	Service string // eb:Service that is meant when none is named; "" means the first besides the test service
	Sending bool   // our party has the role of the initiator, not that of the responder
	Legacy  bool   // accept the older forms of RSA-OAEP from every party
}

// PModes is what was read of a P-Mode file.
type PModes struct {
	Set      *pmode.Set
	Self     string                  // name of our party in the file, and of its key
	Compress map[string]bool         // by eb:Action: whether its leg compresses when sending
	Names    map[ebms.PartyID]string // in the file and of the keys, by party id
	Without  []string                // names of parties that the key folder has no certificate of: left out
}

// tolerated are the codes of what may be left out of a file in a test with a partner. Everything else has to be
// one-way push with signature and encryption, as the Common Profile is. [AS4 1.15 §3]
var tolerated = map[string]bool{
	configuration.CodeUnknown: true, configuration.CodeCertificate: true, configuration.CodeDynamic: true,
	configuration.CodeSplitting: true, configuration.CodeEndpoint: true, // the endpoints of partners are checked here
}

// ReadPModes reads a P-Mode file in either form, and the certificates of its parties from keys, by party name. Our
// party is no peer of itself. Names compare exactly.
func ReadPModes(b []byte, keys *Keys, choice PModeChoice) (*PModes, error) {
	c, found := configuration.Parse(b)
	if err := refusal(found); err != nil {
		return nil, err
	}
	selection, found := c.Set(configuration.Choice{Self: choice.Self, Service: choice.Service, Certificates: partyCertificates{keys}})
	if err := refusal(found); err != nil {
		return nil, err
	}
	out := &PModes{Set: selection.Set, Self: selection.Self, Compress: map[string]bool{}, Names: selection.Names, Without: selection.Without}
	out.Set.FoldCase = false
	out.withoutSelf()
	if err := out.roles(choice.Sending); err != nil {
		return nil, err
	}
	for i := range out.Set.Peers {
		p := &out.Set.Peers[i]
		p.LegacyTransport = choice.Legacy
		if !strings.HasPrefix(p.URL, "https://") {
			return nil, fmt.Errorf("P-Mode file: party %.80q: endpoint %.80q is without TLS", out.Names[p.ID], p.URL)
		}
	}
	out.Set.Self.LegacyTransport = choice.Legacy
	for _, l := range out.Set.Legs {
		if l.Service.Value != ebms.TestService {
			out.Compress[l.Action] = l.Compress
		}
	}
	if err := out.Set.Check(); err != nil {
		return nil, fmt.Errorf("P-Mode file: %w", err)
	}
	return out, nil
}

// refusal is the first finding that ends the reading.
func refusal(found configuration.Findings) error {
	for _, f := range found {
		if f.Severity == configuration.Error || f.Severity == configuration.Unsupported && !tolerated[f.Code] {
			return fmt.Errorf("P-Mode file: %s", f)
		}
	}
	return nil
}

// withoutSelf removes our party from the peers.
func (p *PModes) withoutSelf() {
	s := p.Set
	own := func(id ebms.PartyID) bool { return id == s.Self.ID }
	s.Peers = slices.DeleteFunc(s.Peers, func(peer pmode.Party) bool { return own(peer.ID) })
	for i := range s.Legs {
		l := &s.Legs[i]
		l.Receive, l.Send = slices.DeleteFunc(slices.Clone(l.Receive), own), slices.DeleteFunc(slices.Clone(l.Send), own)
	}
}

// roles gives our party and its peers those of the first leg in the direction that is tested.
func (p *PModes) roles(sending bool) error {
	s := p.Set
	for _, l := range s.Legs {
		if sending && len(l.Send) == 0 || !sending && len(l.Receive) == 0 {
			continue
		}
		ours, theirs := l.ResponderRole, l.InitiatorRole
		if sending {
			ours, theirs = theirs, ours
		}
		s.Self.Role, s.Agreement = ours, l.Agreement
		for i := range s.Peers {
			s.Peers[i].Role = theirs
		}
		return nil
	}
	if sending {
		return fmt.Errorf("P-Mode file: no process lets %.80q send to a party that has a certificate", p.Self)
	}
	return fmt.Errorf("P-Mode file: no process lets a party that has a certificate send to %.80q", p.Self)
}

// partyCertificates are the keys of a folder as parties have them: one certificate for everything.
type partyCertificates struct{ keys *Keys }

func (p partyCertificates) Party(name string) ([]*x509.Certificate, *x509.Certificate, error) {
	c, err := p.keys.Certificate(name)
	if err != nil {
		return nil, nil, err
	}
	return []*x509.Certificate{c}, c, nil
}
