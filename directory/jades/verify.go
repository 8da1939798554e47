package jades

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxHeader bounds the signature header; a chain of three takes about 8 kB.
const maxHeader = 64 << 10

// A Policy says whose signatures are accepted. One policy belongs to one environment: the acceptance root
// must never vouch for production.
type Policy struct {
	Roots      *x509.CertPool // of this environment; nil accepts nobody
	Algorithms []string       // nil is ES256 and EdDSA
	Subject    Subject
}

// A Subject narrows the accepted leaf certificates. Empty fields accept anything; without any, each
// certificate below the roots may sign answers.
type Subject struct {
	Organization       string // O, exact
	OrganizationalUnit string // OU, exact
	CommonNamePrefix   string // CN
}

// Commission is the subject of the instances that the European Commission runs.
func Commission() Subject {
	return Subject{Organization: "European Commission", OrganizationalUnit: "OOTS", CommonNamePrefix: "EC-OOTS-CS-"}
}

// A Signature is a verified one.
type Signature struct {
	Algorithm   string
	KeyID       string // kid as sent; informative
	Certificate *x509.Certificate
	Chain       []*x509.Certificate // from the leaf to the local root
	IssuedAt    time.Time           // claimed; behaves like the start of the signer, not the time of the answer
	Digest      string              // value of the digest header
}

// Verify checks the signature of an answer in ten steps and fails closed at the first that does not hold;
// the error is an *Error. body is the representation as received, before any parsing. h must keep repeated
// headers apart. now judges the certificates.
func Verify(h http.Header, body []byte, p Policy, now time.Time) (*Signature, error) {
	digest, err := checkDigest(h, body)
	if err != nil {
		return nil, err
	}
	protected, sig, err := split(h)
	if err != nil {
		return nil, err
	}
	members, err := readHeader(protected)
	if err != nil {
		return nil, err
	}
	alg, err := checkAlgorithm(members, p)
	if err != nil {
		return nil, err
	}
	if err := checkMechanism(members); err != nil {
		return nil, err
	}
	certs, err := readChain(members)
	if err != nil {
		return nil, err
	}
	issued, chain, err := checkChain(members, certs, p, now)
	if err != nil {
		return nil, err
	}
	if err := p.Subject.check(certs[0]); err != nil {
		return nil, err
	}
	if err := checkReference(members, certs[0]); err != nil {
		return nil, err
	}
	if err := checkSignature(alg, certs[0], signingInput(protected, digest), sig); err != nil {
		return nil, err
	}
	kid, _ := text(members["kid"])
	return &Signature{Algorithm: alg, KeyID: kid, Certificate: certs[0], Chain: chain, IssuedAt: issued, Digest: digest}, nil
}

// single returns the one value of a header without blanks around it; lower-case keys, as HTTP/2 dumps have
// them, count too.
func single(h http.Header, name string) (string, bool) {
	var all []string
	for k, v := range h {
		if strings.EqualFold(k, name) {
			all = append(all, v...)
		}
	}
	if len(all) != 1 {
		return "", false
	}
	return strings.Trim(all[0], " \t"), true
}

// Step 1.
func checkDigest(h http.Header, body []byte) (string, error) {
	value, ok := single(h, HeaderDigest)
	if !ok {
		return "", fail(StepDigest, "the header must be there once", nil)
	}
	encoded, ok := strings.CutPrefix(value, digestPrefix)
	if !ok {
		return "", fail(StepDigest, "the algorithm is not SHA-256", nil)
	}
	want, err := decodeBase64(encoded)
	if err != nil || len(want) != sha256.Size {
		return "", fail(StepDigest, "not 32 bytes of base64", nil)
	}
	got := sha256.Sum256(body)
	if subtle.ConstantTimeCompare(got[:], want) != 1 {
		return "", fail(StepDigest, "the body has another digest", nil)
	}
	return value, nil
}

// Step 2.
func split(h http.Header) (protected string, sig []byte, err error) {
	value, ok := single(h, HeaderSignature)
	if !ok {
		return "", nil, fail(StepForm, "the header must be there once", nil)
	}
	if len(value) > maxHeader {
		return "", nil, fail(StepForm, "header too long", nil)
	}
	parts := strings.Split(value, ".")
	if len(parts) != 3 || parts[1] != "" {
		return "", nil, fail(StepForm, "not three parts with an empty one in the middle", nil)
	}
	sig, err = decodeBase64URL(parts[2])
	if err != nil || len(sig) == 0 {
		return "", nil, fail(StepForm, "the signature is not base64url", nil)
	}
	if b, err := decodeBase64URL(parts[0]); err != nil || len(b) == 0 {
		return "", nil, fail(StepForm, "the protected header is not base64url", nil)
	}
	return parts[0], sig, nil
}

// Step 3.
func readHeader(protected string) (map[string]json.RawMessage, error) {
	b, err := decodeBase64URL(protected)
	if err != nil {
		return nil, fail(StepHeader, "", err)
	}
	members, err := readObject(b)
	if err != nil {
		return nil, fail(StepHeader, "", err)
	}
	return members, nil
}

// Step 4. The algorithm is settled before any key is touched.
func checkAlgorithm(members map[string]json.RawMessage, p Policy) (string, error) {
	alg, ok := text(members["alg"])
	if !ok {
		return "", fail(StepAlgorithm, "alg missing", nil)
	}
	known := alg == ES256 || alg == EdDSA
	if !known || p.Algorithms != nil && !slices.Contains(p.Algorithms, alg) {
		return "", fail(StepAlgorithm, "", nil)
	}
	return alg, nil
}

// Step 5.
func checkMechanism(members map[string]json.RawMessage) error {
	if string(members["b64"]) != "false" { // [RFC 7797 §3]
		return fail(StepMechanism, "b64 is not false", nil)
	}
	descriptor, err := readObject(members["sigD"])
	if err != nil {
		return fail(StepMechanism, "sigD", err)
	}
	if id, _ := text(descriptor["mId"]); id != mechanism {
		return fail(StepMechanism, "sigD is not HttpHeaders", nil)
	}
	if pars, ok := texts(descriptor["pars"]); !ok || !slices.Equal(pars, []string{HeaderDigest}) {
		return fail(StepMechanism, "other headers than digest are signed", nil)
	}
	crit, ok := texts(members["crit"])
	if !ok || !slices.Contains(crit, "b64") {
		return fail(StepMechanism, "crit does not hold b64", nil)
	}
	for i, name := range crit {
		if name != "b64" && name != "sigD" || slices.Contains(crit[:i], name) {
			return fail(StepMechanism, "crit holds what this profile does not know", nil)
		}
	}
	return nil
}

// Step 10. S above half of the group order is accepted: the Commission's signer emits it.
func checkSignature(alg string, leaf *x509.Certificate, input, sig []byte) error {
	if len(sig) != 64 {
		return fail(StepSignature, "not 64 bytes", nil)
	}
	if fits, err := algorithmOf(leaf.PublicKey); err != nil || fits != alg {
		return fail(StepSignature, "the key does not fit the algorithm", nil)
	}
	ok := false
	switch k := leaf.PublicKey.(type) {
	case ed25519.PublicKey:
		ok = ed25519.Verify(k, input, sig)
	case *ecdsa.PublicKey:
		sum := sha256.Sum256(input)
		ok = ecdsa.Verify(k, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
	}
	if !ok {
		return fail(StepSignature, "", nil)
	}
	return nil
}

// decodeBase64 reads standard base64 with padding and without line breaks.
func decodeBase64(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, base64.CorruptInputError(0)
	}
	return base64.StdEncoding.Strict().DecodeString(s)
}

// decodeBase64URL reads base64url without padding and without line breaks.
func decodeBase64URL(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, base64.CorruptInputError(0)
	}
	return base64.RawURLEncoding.Strict().DecodeString(s)
}
