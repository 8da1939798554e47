package proof

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Trust says whose signatures count. The zero Trust judges nobody.
type Trust struct {
	// Parties are for one party each: its signer must be one of its certificates, or be issued below one.
	Parties map[string][]*x509.Certificate
	// Any are for all others. Below an authority there are certificates of many, so the subject of the signer must also
	// have the party as its common name.
	Any []*x509.Certificate
}

func (t Trust) empty() bool { return len(t.Any) == 0 && len(t.Parties) == 0 }

// all are the certificates of the whole trust.
func (t Trust) all() []*x509.Certificate {
	out := slices.Clone(t.Any)
	for _, c := range t.Parties {
		out = append(out, c...)
	}
	return out
}

// How a certificate was found to be that of a party.
const (
	Named   = "named"   // who judges has named it, or its authority, for this party
	Subject = "subject" // an authority that is trusted has given it the name of the party
	Maker   = "maker"   // trusted, and of no party: it has signed the export or the log, and no message
)

// A Signer is a certificate that signed something in the export.
type Signer struct {
	SHA256   string    `json:"sha256"`
	Subject  string    `json:"subject"`
	Issuer   string    `json:"issuer"`
	NotAfter time.Time `json:"notAfter"`
	Party    string    `json:"party"`           // party id that it signed for; "" for one that signed no message
	Own      bool      `json:"own"`             // of the access point that made the export
	Made     bool      `json:"made"`            // it signed the export, or the log in it
	First    time.Time `json:"first"`           // of what it signed, by its own word
	Last     time.Time `json:"last"`            //
	Bound    string    `json:"bound,omitempty"` // Named, Subject or Maker; "" when nobody said whom to trust
	Trusted  bool      `json:"trusted"`
}

// judgeTrust holds the signers against the trust, each at the times of what it signed: that a certificate has ended
// since takes nothing from what was signed before.
func (v *verifier) judgeTrust() (string, error) {
	if v.trust.empty() {
		return "not judged, nobody said whom to trust: anybody can make such an export with keys of his own", nil
	}
	for i := range v.report.Signers {
		s := &v.report.Signers[i]
		if err := v.judge(s); err != nil {
			return "", fault(certificateFile(v.certificates[s.SHA256]), "%v", err)
		}
		s.Trusted = true
	}
	v.report.Trusted = true
	return fmt.Sprintf("%d signers are trusted", len(v.report.Signers)), nil
}

func (v *verifier) judge(s *Signer) error {
	c := v.certificates[s.SHA256]
	named := v.trust.Parties[s.Party]
	switch {
	case s.Party == "":
		s.Bound = Maker
		if v.below(s, v.trust.all()) {
			return nil
		}
	case len(named) > 0:
		s.Bound = Named
		if v.below(s, named) {
			return nil
		}
		return fmt.Errorf("the signer %s is not one of the certificates that are trusted for %s, nor issued below one when it signed", c.Subject, s.Party)
	default:
		s.Bound = Subject
		if !v.below(s, v.trust.Any) {
			break
		}
		if c.Subject.CommonName == s.Party {
			return nil
		}
		return fmt.Errorf("the signer %s does not have the name of %s, for which it signed; its certificate must be trusted for that party", c.Subject, s.Party)
	}
	return fmt.Errorf("the signer %s is not one of the certificates to trust, nor issued below one when it signed", c.Subject)
}

// below reports whether a signer was one of trust, or issued below one, at the times of what it signed.
func (v *verifier) below(s *Signer, trust []*x509.Certificate) bool {
	c := v.certificates[s.SHA256]
	if slices.ContainsFunc(trust, c.Equal) {
		return true
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, t := range trust {
		roots.AddCert(t)
	}
	for _, t := range v.certificates {
		between.AddCert(t)
	}
	for _, at := range []time.Time{s.First, s.Last} {
		// Clocks differ: what is a little outside of the validity passed before.
		if at.Before(c.NotBefore) {
			at = c.NotBefore
		} else if at.After(c.NotAfter) {
			at = c.NotAfter
		}
		if _, err := c.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			return false
		}
	}
	return true
}

// signer is the entry of the certificate with that SHA-256, which has signed something at that time.
func (v *verifier) signer(sum string, at time.Time) *Signer {
	i := slices.IndexFunc(v.report.Signers, func(s Signer) bool { return s.SHA256 == sum })
	if i < 0 {
		c := v.certificates[sum]
		i = len(v.report.Signers)
		v.report.Signers = append(v.report.Signers, Signer{SHA256: sum, Subject: c.Subject.String(), Issuer: c.Issuer.String(), NotAfter: c.NotAfter, First: at, Last: at})
	}
	s := &v.report.Signers[i]
	if at.Before(s.First) {
		s.First = at
	}
	if at.After(s.Last) {
		s.Last = at
	}
	return s
}

// makes takes a certificate that has signed the export or the log at that time: any, but not one of the other side.
func (v *verifier) makes(file, sum string, at time.Time) error {
	c := v.certificates[sum]
	if at.Before(c.NotBefore) || at.After(c.NotAfter) {
		return fault(file, "it was signed when the certificate of its signer was not valid")
	}
	if party, ok := v.parties[sum]; ok && !v.own[sum] {
		return fault(file, "it is signed with a certificate of %s, which did not make the export", party)
	}
	s := v.signer(sum, at)
	s.Own, s.Made = true, true
	return nil
}

// speaks takes a certificate that has signed a message or a receipt for a party.
func (v *verifier) speaks(file string, s *signed, party string, own bool, at time.Time) error {
	sum := thumbprint(s.signer)
	if _, ok := v.certificates[sum]; !ok {
		return fault(file, "the certificate of its signer is not in the export")
	}
	if party == "" {
		return fault(file, "it names no party")
	}
	if known, ok := v.parties[sum]; ok && (known != party || v.own[sum] != own) {
		return fault(file, "its signer has also signed for another party")
	}
	v.parties[sum] = party
	if own {
		v.own[sum] = true
	}
	signer := v.signer(sum, at)
	signer.Party, signer.Own = party, own
	return nil
}

// during checks that a certificate was valid when it signed.
func during(c *x509.Certificate, at time.Time) error {
	if at.Before(c.NotBefore.Add(-Skew)) || at.After(c.NotAfter.Add(Skew)) {
		return errors.New("the certificate of its signer was not valid")
	}
	return nil
}
