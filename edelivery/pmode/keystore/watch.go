package keystore

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"

	"oots/edelivery/pmode"
)

// A Status is how a certificate stands.
type Status string

// The statuses, from good to bad.
const (
	Good       Status = "good"
	In60       Status = "60 days"  // ends within 60 days
	In30       Status = "30 days"  // ends within 30 days
	In7        Status = "7 days"   // ends within 7 days
	NotYet     Status = "not yet"  // begins later
	Expired    Status = "expired"  // has ended
	Unsuitable Status = "unusable" // its key or its key usage is wrong
	Missing    Status = "missing"  // the party has none
)

// A Watch is one certificate of a party as an operator wants to see it.
type Watch struct {
	Party     string    `json:"party"`
	Alias     string    `json:"alias,omitempty"`
	Subject   string    `json:"subject,omitempty"`
	Issuer    string    `json:"issuer,omitempty"`
	Serial    string    `json:"serial,omitempty"` // hexadecimal
	NotBefore time.Time `json:"notBefore,omitzero"`
	NotAfter  time.Time `json:"notAfter,omitzero"`
	SHA256    string    `json:"sha256,omitempty"` // of the certificate
	Key       string    `json:"key,omitempty"`    // such as "RSA 3072"
	Private   bool      `json:"private"`          // the store has the key
	Signs     bool      `json:"signs"`
	Encrypts  bool      `json:"encrypts"`
	Replaced  bool      `json:"replaced"` // another of the party takes over when it ends
	Status    Status    `json:"status"`
	Message   string    `json:"message,omitempty"`
}

// Bad reports whether messages fail because of it now.
func (w Watch) Bad() bool {
	return w.Status == Expired && !w.Replaced || w.Status == Unsuitable || w.Status == Missing
}

// Watch looks at the certificates of parties, in their order. A certificate that ends soon or has ended is not Bad
// and says so when another of the same party takes over.
func (p Parties) Watch(names []string) []Watch {
	var out []Watch
	for _, name := range names {
		entries := p.of(name)
		if len(entries) == 0 {
			out = append(out, Watch{Party: name, Status: Missing, Message: "no alias and no common name of the stores is this party"})
		}
		for _, e := range entries {
			w := p.look(name, e)
			if w.Status == In60 || w.Status == In30 || w.Status == In7 || w.Status == Expired {
				if next := p.next(entries, e); next != nil {
					w.Replaced = true
					w.Message += fmt.Sprintf("; another takes over, valid from %s to %s", next.NotBefore.Format(time.DateOnly), next.NotAfter.Format(time.DateOnly))
					if w.Status == Expired {
						w.Message += "; remove this one"
					}
				}
			}
			out = append(out, w)
		}
	}
	return out
}

func (p Parties) look(name string, e Entry) Watch {
	c := e.Certificate
	sum := sha256.Sum256(c.Raw)
	use := e.use(name)
	signing, encryption := pmode.CheckSigning(c), pmode.CheckEncryption(c)
	w := Watch{
		Party: name, Alias: e.Alias, Subject: c.Subject.String(), Issuer: c.Issuer.String(), Serial: c.SerialNumber.Text(16),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(), SHA256: hex.EncodeToString(sum[:]), Key: keyText(c), Private: e.Key != nil,
		Signs: signing == nil && (use == "" || use == "_rsa_sign"), Encrypts: encryption == nil && use != "_rsa_sign", Status: Good,
	}
	days := int(c.NotAfter.Sub(p.Now) / (24 * time.Hour))
	switch {
	case !w.Signs && !w.Encrypts:
		w.Status, w.Message = Unsuitable, cmp.Or(text(signing), text(encryption))
	case p.Now.After(c.NotAfter):
		w.Status, w.Message = Expired, "ended on "+c.NotAfter.UTC().Format(time.DateOnly)
	case p.Now.Before(c.NotBefore):
		w.Status, w.Message = NotYet, "begins on "+c.NotBefore.UTC().Format(time.DateOnly)
	case days < 7:
		w.Status = In7
	case days < 30:
		w.Status = In30
	case days < 60:
		w.Status = In60
	}
	if w.Message == "" && w.Status != Good {
		w.Message = fmt.Sprintf("ends in %d days", days)
	}
	return w
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// next is another certificate of the same party that is valid when e ends.
func (p Parties) next(entries []Entry, e Entry) *x509.Certificate {
	for _, o := range entries {
		c := o.Certificate
		if c.NotAfter.After(e.Certificate.NotAfter) && !c.NotBefore.After(e.Certificate.NotAfter) && c.NotAfter.After(p.Now) && pmode.CheckSigning(c) == nil {
			return c
		}
	}
	return nil
}

func keyText(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + k.Curve.Params().Name
	default:
		return c.PublicKeyAlgorithm.String()
	}
}
