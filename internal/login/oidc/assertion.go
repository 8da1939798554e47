package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"oots/internal/clock"
	"oots/xml/xmldsig"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assertion is a JWT by which the client authenticates: for one use within a minute. [RFC 7523 §3]
func (m *Method) assertion(audience string) (string, error) {
	now := m.Clock.Now()
	return sign(m.Key, m.KeyID, struct {
		Iss string `json:"iss"`
		Sub string `json:"sub"`
		Aud string `json:"aud"`
		Jti string `json:"jti"`
		Iat int64  `json:"iat"`
		Exp int64  `json:"exp"`
	}{m.ClientID, m.ClientID, audience, clock.Token(16), now.Unix(), now.Add(time.Minute).Unix()})
}

// sign writes a JWT. The two signatures of JWS have the octets of their twins in XML. [RFC 7518 §3]
func sign(key crypto.Signer, id string, claims any) (string, error) {
	var algorithm string
	var method xmldsig.Method
	switch k := key.Public().(type) {
	case *ecdsa.PublicKey:
		if k.Curve.Params().BitSize != 256 {
			return "", errors.New("login/oidc: a curve other than P-256")
		}
		algorithm, method = "ES256", xmldsig.ECDSASHA256
	case *rsa.PublicKey:
		if k.N.BitLen() < 2048 {
			return "", errors.New("login/oidc: a short RSA key")
		}
		algorithm, method = "PS256", xmldsig.PSSSHA256
	default:
		return "", errors.New("login/oidc: a key of another kind")
	}
	header, err := json.Marshal(struct {
		Alg string `json:"alg"`
		Kid string `json:"kid,omitempty"`
	}{algorithm, id})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(body)
	value, err := xmldsig.Sign(key, method, []byte(signed))
	if err != nil {
		return "", err
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(value), nil
}
