package jades

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

const (
	// maxChain bounds x5c.
	maxChain = 10
	// tolerance is how far a claimed signing time may lie in the future.
	tolerance = 5 * time.Minute
)

// Step 6.
func readChain(members map[string]json.RawMessage) ([]*x509.Certificate, error) {
	entries, ok := texts(members["x5c"])
	if !ok || len(entries) == 0 || len(entries) > maxChain {
		return nil, fail(StepChainRead, "x5c is no list of certificates", nil)
	}
	certs := make([]*x509.Certificate, 0, len(entries))
	for _, e := range entries {
		der, err := decodeBase64(e)
		if err != nil {
			return nil, fail(StepChainRead, "x5c is not base64", nil)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fail(StepChainRead, "", err)
		}
		certs = append(certs, c)
	}
	return certs, nil
}

// Step 7. A root in x5c is one more intermediate: only local roots anchor. The leaves of the Commission
// have no extended key usage.
func checkChain(members map[string]json.RawMessage, certs []*x509.Certificate, p Policy, now time.Time) (time.Time, []*x509.Certificate, error) {
	if p.Roots == nil {
		return time.Time{}, nil, fail(StepChain, "no root is configured", nil)
	}
	leaf := certs[0]
	between := x509.NewCertPool()
	for _, c := range certs[1:] {
		between.AddCert(c)
	}
	chains, err := leaf.Verify(x509.VerifyOptions{
		Roots:         p.Roots,
		Intermediates: between,
		CurrentTime:   now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return time.Time{}, nil, fail(StepChain, "", err)
	}
	if leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return time.Time{}, nil, fail(StepChain, "the certificate is not for signing", nil)
	}
	raw, ok := members["iat"]
	if !ok {
		return time.Time{}, chains[0], nil
	}
	var seconds int64
	if err := json.Unmarshal(raw, &seconds); err != nil {
		return time.Time{}, nil, fail(StepChain, "iat is no time", nil)
	}
	issued := time.Unix(seconds, 0).UTC()
	if issued.After(now.Add(tolerance)) || issued.Before(leaf.NotBefore) || issued.After(leaf.NotAfter) {
		return time.Time{}, nil, fail(StepChain, "claimed signing time in the future or outside the validity of the certificate", nil)
	}
	return issued, chains[0], nil
}

// Step 8.
func (s Subject) check(leaf *x509.Certificate) error {
	n := leaf.Subject
	if s.Organization != "" && !slices.Contains(n.Organization, s.Organization) {
		return fail(StepSubject, "O", nil)
	}
	if s.OrganizationalUnit != "" && !slices.Contains(n.OrganizationalUnit, s.OrganizationalUnit) {
		return fail(StepSubject, "OU", nil)
	}
	if !strings.HasPrefix(n.CommonName, s.CommonNamePrefix) {
		return fail(StepSubject, "CN", nil)
	}
	return nil
}

// Step 9. The reference may be absent.
func checkReference(members map[string]json.RawMessage, leaf *x509.Certificate) error {
	raw, ok := members["x5t#o"]
	if !ok {
		return nil
	}
	ref, err := readObject(raw)
	if err != nil {
		return fail(StepReference, "x5t#o", err)
	}
	alg, _ := text(ref["digAlg"])
	var want []byte
	switch alg {
	case "S256":
		sum := sha256.Sum256(leaf.Raw)
		want = sum[:]
	case "S384":
		sum := sha512.Sum384(leaf.Raw)
		want = sum[:]
	case "S512":
		sum := sha512.Sum512(leaf.Raw)
		want = sum[:]
	default:
		return fail(StepReference, "unknown digAlg", nil)
	}
	value, _ := text(ref["digVal"])
	if got, err := decodeBase64URL(value); err != nil || !bytes.Equal(got, want) {
		return fail(StepReference, "", nil)
	}
	return nil
}
