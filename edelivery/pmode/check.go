package pmode

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"

	"oots/edelivery/ebms"
)

// MinRSA is the smallest RSA modulus accepted, in bits.
const MinRSA = 2048

// Check reports every problem of the set, not the first: each one names field, value and reason. nil means
// that messages can be exchanged by it.
func (s *Set) Check() error {
	var c checker
	c.party("self", &s.Self)
	if s.Self.Encryption == nil {
		c.add("self.encryption", "the certificate that peers encrypt for is missing")
	}
	if len(s.Peers) == 0 {
		c.add("peers", "there is none")
	}
	c.in, c.out = s.directions()
	for i := range s.Peers {
		c.peer(s, i)
	}
	c.collaboration("", s.Service, s.Actions)
	for i := range s.Also {
		field := fmt.Sprintf("also[%d].", i)
		c.collaboration(field, s.Also[i].Service, s.Also[i].Actions)
		if s.Also[i].Service == s.Service {
			c.add(field+"service", "%.80q is that of the set", s.Service.Value)
		}
	}
	if s.Agreement.Value != "" {
		c.typed("agreement", s.Agreement.Type, s.Agreement.Value)
	}
	names := make([]string, len(s.Properties))
	for i, p := range s.Properties {
		if names[i] = p.Name; p.Name == "" {
			c.add("properties", "one has no name")
		}
	}
	c.unique("properties", names)
	c.corners("properties", s.Properties)
	known := make(map[ebms.PartyID]bool, len(s.Peers))
	for i := range s.Peers {
		known[s.Peers[i].ID] = true
	}
	for i := range s.Legs {
		c.leg(known, &s.Legs[i], i)
	}
	return errors.Join(c.problems...)
}

// leg checks that a leg speaks of parties of the set.
func (c *checker) leg(known map[ebms.PartyID]bool, l *Leg, i int) {
	field := fmt.Sprintf("legs[%d] %.80q", i, l.Name)
	c.typed(field+".service", l.Service.Type, l.Service.Value)
	if l.Action == "" {
		c.add(field+".action", "is empty")
	}
	if l.InitiatorRole == "" || l.ResponderRole == "" {
		c.add(field+".roles", "one is empty")
	}
	if !l.NonRepudiation {
		c.add(field+".nonRepudiation", "receipts carry the digests of what was signed [AS4 1.15 §3.2]")
	}
	if l.Properties != nil {
		c.corners(field+".properties", l.Properties)
	}
	for _, list := range [...][]ebms.PartyID{l.Receive, l.Send} {
		for _, id := range list {
			if !known[id] {
				c.add(field, "%.80q is no peer of the set", id.Value)
			}
		}
	}
}

// directions are the peers that may send to us and that we may send to; nil means all.
func (s *Set) directions() (in, out map[ebms.PartyID]bool) {
	if s.Legs == nil {
		return nil, nil
	}
	in, out = map[ebms.PartyID]bool{}, map[ebms.PartyID]bool{}
	for i := range s.Legs {
		for _, id := range s.Legs[i].Receive {
			in[id] = true
		}
		for _, id := range s.Legs[i].Send {
			out[id] = true
		}
	}
	return in, out
}

type checker struct {
	problems []error
	in, out  map[ebms.PartyID]bool // nil means all
}

// corners checks that the outer corners are named. [AS4 1.15 §4.1]
func (c *checker) corners(field string, all []Property) {
	for _, required := range [...]string{ebms.OriginalSender, ebms.FinalRecipient} {
		if p, ok := property(all, required); !ok || !p.Required {
			c.add(field, "%s must be required [AS4 1.15 §4.1]", required)
		}
	}
}

func (c *checker) collaboration(field string, service ebms.Service, actions []string) {
	c.typed(field+"service", service.Type, service.Value)
	if len(actions) == 0 {
		c.add(field+"actions", "there is none")
	}
	c.unique(field+"actions", actions)
}

func (c *checker) add(field, format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf("pmode: %s: "+format, append([]any{field}, args...)...))
}

func (c *checker) peer(s *Set, i int) {
	p := &s.Peers[i]
	field := fmt.Sprintf("peers[%d] %.80q", i, p.ID.Value)
	c.party(field, p)
	receives, sends := c.in == nil || c.in[p.ID], c.out == nil || c.out[p.ID]
	switch u, err := url.Parse(p.URL); {
	case !sends:
	case err != nil || u.Host == "":
		c.add(field+".url", "%.80q is no URL", p.URL)
	case u.Scheme != "https":
		c.add(field+".url", "scheme %q, message exchange uses TLS [AS4 1.15 §3.2]", u.Scheme)
	case u.User != nil || u.Fragment != "":
		c.add(field+".url", "no user and no fragment in it")
	}
	if receives && len(p.Signing) == 0 && p.CommonName == "" {
		c.add(field+".signing", "no certificate, so no message of this party could be accepted")
	}
	if sends && p.Encryption == nil {
		c.add(field+".encryption", "no certificate, so no message to this party could be sent")
	}
	if l := p.Limits; l.Message < 0 || l.Part < 0 || l.Parts < 0 || l.Plain < 0 || l.AtOnce < 0 {
		c.add(field+".limits", "one is negative")
	}
	if !p.Sending.EncryptTo.Known() {
		c.add(field+".sending", "no such way to name a certificate")
	}
	for _, a := range p.Actions {
		if !s.hasAction(a) {
			c.add(field+".actions", "%.80q is no action of the set", a)
		}
	}
	for j := range s.Peers[:i] {
		if s.sameID(s.Peers[j].ID, p.ID) {
			c.add(field, "the same party as peers[%d]", j)
		} else if shared(p.Signing, s.Peers[j].Signing) {
			c.add(field+".signing", "a certificate is also that of peers[%d]: it must tell who sends", j)
		}
	}
}

func (c *checker) party(field string, p *Party) {
	c.typed(field+".id", p.ID.Type, p.ID.Value)
	if p.Role == "" {
		c.add(field+".role", "is empty")
	}
	for i, cert := range p.Signing {
		if err := CheckSigning(cert); err != nil {
			c.add(fmt.Sprintf("%s.signing[%d]", field, i), "%v", err)
		}
	}
	if p.Encryption != nil {
		if err := CheckEncryption(p.Encryption); err != nil {
			c.add(field+".encryption", "%v", err)
		}
	}
}

func (c *checker) typed(field, kind, value string) {
	if value == "" {
		c.add(field, "is empty")
		return
	}
	if u, err := url.Parse(value); kind == "" && (err != nil || u.Scheme == "") {
		c.add(field, "%.80q without type must be a URI [ebMS3 §5.2.2.4]", value)
	}
}

func (c *checker) unique(field string, values []string) {
	seen := make(map[string]bool, len(values))
	for _, v := range values {
		if seen[v] {
			c.add(field, "%.80q occurs twice", v)
		}
		seen[v] = true
	}
}

func shared(a, b []*x509.Certificate) bool {
	for _, x := range a {
		for _, y := range b {
			if bytes.Equal(x.Raw, y.Raw) {
				return true
			}
		}
	}
	return false
}

// CheckSigning reports why a certificate cannot sign messages: no RSA key of MinRSA bits, or a key usage
// that says otherwise. A certificate without key usage is accepted, as pinned ones often have none.
func CheckSigning(c *x509.Certificate) error {
	return checkKey(c, x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment, "sign")
}

// CheckEncryption reports why a certificate cannot be encrypted for.
func CheckEncryption(c *x509.Certificate) error {
	return checkKey(c, x509.KeyUsageKeyEncipherment|x509.KeyUsageDataEncipherment, "transport keys")
}

func checkKey(c *x509.Certificate, usage x509.KeyUsage, purpose string) error {
	if c == nil {
		return errors.New("is missing")
	}
	key, ok := c.PublicKey.(*rsa.PublicKey)
	if !ok {
		return errors.New("its key is not RSA")
	}
	if key.N.BitLen() < MinRSA {
		return fmt.Errorf("its RSA key has %d bits, fewer than %d", key.N.BitLen(), MinRSA)
	}
	if c.KeyUsage != 0 && c.KeyUsage&usage == 0 {
		return fmt.Errorf("its key usage does not allow to %s", purpose)
	}
	return nil
}

// hasAction reports whether one of the services has the action.
func (s *Set) hasAction(action string) bool {
	for i := range s.Also {
		if s.in(s.Also[i].Actions, action) {
			return true
		}
	}
	return s.in(s.Actions, action)
}
