package saml

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"strings"

	"oots/eid/eidas"
	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmltree"
)

// A forgery says at which step an answer is made wrong. All steps after it are done right, so that only what is
// wrong can be the reason.
type forgery struct {
	world     func(*world)                 // what both sides are
	response  func(*Response)              // the values
	assertion func(string) string          // its text before it is encrypted
	encrypted func(string) string          // saml:EncryptedAssertion
	unsigned  func(string) string          // the text before it is signed
	info      func(*xmldsig.SignedInfo)    // what the signature says, before it is made
	signed    func(string) string          // the text as it is sent
	context   func(*ResponseContext)       // what the receiver knows
	peer      func(*world) (by Signer)     // who signs
	policy    func(*world) (writes Policy) // what the sender thinks good enough
}

// make makes the answer.
func (f *forgery) make(w *world) []byte {
	if f.world != nil {
		f.world(w)
	}
	r := w.response()
	if f.response != nil {
		f.response(r)
	}
	apply := func(edit func(string) string, b []byte) []byte {
		if edit == nil {
			return b
		}
		out := edit(string(b))
		if out == string(b) {
			w.t.Fatal("the forgery changes nothing")
		}
		return []byte(out)
	}
	writes := w.policy
	if f.policy != nil {
		writes = f.policy(w)
	}
	var inner []byte
	if r.Status == "" {
		inner = must(encrypt(nil, apply(f.assertion, must(r.assertion())), w.sp.SP.Encryption[0], &writes))
	}
	doc := apply(f.unsigned, must(r.around(apply(f.encrypted, inner))))
	by := w.idpSign
	if f.peer != nil {
		by = f.peer(w)
	}
	return apply(f.signed, sealed(w, doc, by, f.info))
}

// sealed signs as Signer.sign does, but lets the test lie in what it signs. A document that cannot be signed is sent
// as it is.
func sealed(w *world, doc []byte, by Signer, edit func(*xmldsig.SignedInfo)) []byte {
	tree, err := xmltree.Parse(doc, xmltree.Limits{})
	if err != nil {
		return doc
	}
	id, _ := tree.Root.Attr("", "ID")
	method := by.Method
	if method == "" {
		p := Lenient()
		method = must(p.methodOf(by.Key.Public()))
	}
	hash := crypto.SHA256.New()
	c14n.Write(hash, tree.Root, c14n.Exclusive, nil)
	info := &xmldsig.SignedInfo{
		Canonicalization: xmldsig.Transform{Algorithm: string(c14n.Exclusive)}, Method: method,
		References: []xmldsig.Reference{{URI: "#" + id, HasURI: true, Digest: xmldsig.SHA256, Value: hash.Sum(nil),
			Transforms: []xmldsig.Transform{{Algorithm: transformEnveloped}, {Algorithm: string(c14n.Exclusive)}}}},
	}
	if edit != nil {
		edit(info)
	}
	value := must(xmldsig.Sign(by.Key, method, xmldsig.AppendSignedInfo(nil, info, true)))
	sig := []byte(`<ds:Signature xmlns:ds="` + nsSignature + `">`)
	sig = xmldsig.AppendSignedInfo(sig, info, false)
	sig = append(sig, "<ds:SignatureValue>"+base64.StdEncoding.EncodeToString(value)+"</ds:SignatureValue>"...)
	sig = append(appendKeyInfo(sig, by.Certificate), "</ds:Signature>"...)
	at := bytes.Index(doc, []byte("</saml:Issuer>"))
	if at < 0 {
		return doc
	}
	at += len("</saml:Issuer>")
	return append(append(append([]byte{}, doc[:at]...), sig...), doc[at:]...)
}

// swap replaces the first occurrence.
func swap(old, with string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, with, 1) }
}

// cut takes out the first occurrence of what lies from one mark to the end of another.
func cut(from, to string) func(string) string {
	return func(s string) string {
		i := strings.Index(s, from)
		if i < 0 {
			return s
		}
		j := strings.Index(s[i:], to)
		if j < 0 {
			return s
		}
		return s[:i] + s[i+j+len(to):]
	}
}

// part is what lies from one mark to the end of another.
func part(s, from, to string) string {
	i := strings.Index(s, from)
	j := strings.LastIndex(s, to)
	if i < 0 || j < i {
		return ""
	}
	return s[i : j+len(to)]
}

func signature(s string) string { return part(s, "<ds:Signature ", "</ds:Signature>") }

// setAttribute gives an attribute one value.
func setAttribute(r *Response, name, text string) {
	for i := range r.Attributes {
		if strings.HasSuffix(r.Attributes[i].Name, "/"+name) {
			r.Attributes[i].Values = []eidas.Value{{Text: text}}
		}
	}
}

const cbc = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
