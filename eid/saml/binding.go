package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"net/url"
	"strings"

	"oots/xml/xmldsig"
	"oots/xml/xmltree"
)

// A Message is what came by a binding, not yet looked into.
type Message struct {
	Binding    string
	RelayState string

	xml    []byte
	signed []byte // by Redirect: the octets of the query that the signature covers
	method xmldsig.Method
	value  []byte
}

// maxRelayState is the length that the bindings allow in octets. [SAML Bindings 2.0 §3.4.3]
const maxRelayState = 80

// maxInflated bounds what a deflated message may become.
const maxInflated = 64 << 10

// FromForm reads a posted message: field is SAMLRequest or SAMLResponse, which must be there once.
func FromForm(form url.Values, field string) (*Message, error) {
	m := &Message{Binding: BindingPOST, RelayState: form.Get("RelayState")}
	if len(form[field]) != 1 || len(form["RelayState"]) > 1 || len(m.RelayState) > maxRelayState {
		return nil, refuse(badEncoding, "not one %s with one short RelayState", field)
	}
	text := form.Get(field)
	if len(text) > 2*messageLimits.Bytes {
		return nil, refuse(badEncoding, "too large")
	}
	var err error
	if m.xml, err = xmltree.DecodeBase64(text); err != nil {
		return nil, refuse(badEncoding, "not base64")
	}
	return m, nil
}

// FromQuery reads a request that came by redirect, from the query as it stood in the address. Its signature is
// over the very octets. [SAML Bindings 2.0 §3.4.4.1]
func FromQuery(raw string) (*Message, error) {
	if len(raw) > messageLimits.Bytes {
		return nil, refuse(badEncoding, "too large")
	}
	m := &Message{Binding: BindingRedirect}
	parts := map[string]string{}
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		switch name {
		case "SAMLRequest", "RelayState", "SigAlg", "Signature", "SAMLEncoding":
			if _, twice := parts[name]; twice {
				return nil, refuse(badEncoding, "%s twice", name)
			}
			parts[name] = pair
		}
	}
	if _, other := parts["SAMLEncoding"]; other {
		return nil, refuse(badEncoding, "an encoding other than DEFLATE")
	}
	if parts["Signature"] == "" || parts["SigAlg"] == "" {
		return nil, refuse(unsigned, "a query without Signature")
	}
	m.signed = []byte(parts["SAMLRequest"])
	if parts["RelayState"] != "" {
		m.signed = append(append(m.signed, '&'), parts["RelayState"]...)
	}
	m.signed = append(append(m.signed, '&'), parts["SigAlg"]...)
	values := map[string]string{}
	for name, pair := range parts {
		v, err := url.QueryUnescape(pair[strings.IndexByte(pair+"=", '=')+1:])
		if err != nil {
			return nil, refuse(badEncoding, "%s is not escaped", name)
		}
		values[name] = v
	}
	m.RelayState, m.method = values["RelayState"], xmldsig.Method(values["SigAlg"])
	if len(m.RelayState) > maxRelayState {
		return nil, refuse(badEncoding, "RelayState is too long")
	}
	var err error
	if m.value, err = xmltree.DecodeBase64(values["Signature"]); err != nil {
		return nil, refuse(badEncoding, "Signature is not base64")
	}
	deflated, err := xmltree.DecodeBase64(values["SAMLRequest"])
	if err != nil {
		return nil, refuse(badEncoding, "SAMLRequest is not base64")
	}
	m.xml, err = inflate(deflated)
	return m, err
}

// inflate stops at the bound instead of filling the memory.
func inflate(b []byte) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), maxInflated+1))
	switch {
	case len(out) > maxInflated:
		return nil, refuse(badEncoding, "inflates to more than %d octets", maxInflated)
	case err != nil:
		return nil, refuse(badEncoding, "not deflated")
	}
	return out, nil
}

// encode is the form field of a message.
func encode(doc []byte) string { return base64.StdEncoding.EncodeToString(doc) }
