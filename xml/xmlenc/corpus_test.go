package xmlenc

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/xml/xmltree"
)

// TestCorpusAgreements opens the attachments of the golden messages whose key is agreed, not transported.
func TestCorpusAgreements(t *testing.T) {
	t.Parallel()
	var vectors []struct {
		ID, Role string
		Parts    []struct {
			CID  string `json:"cid"`
			Wire string `json:"sha256_wire"`
		}
	}
	if err := json.Unmarshal(corpus.Read(t, "as4/generated/messages/manifest.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	opened := 0
	for _, v := range vectors {
		if v.Role != "receiver-2.0" {
			continue
		}
		t.Run(v.ID, func(t *testing.T) {
			envelope, parts := split(t, v.ID)
			keys := find(envelope, "EncryptedKey")
			if len(keys) != 1 {
				t.Fatalf("%d keys", len(keys))
			}
			content := agreedKey(t, keys[0])
			for _, e := range find(envelope, "EncryptedData") {
				d, err := ReadEncryptedData(e)
				if err != nil {
					t.Fatal(err)
				}
				id := strings.TrimPrefix(d.Reference.URI, "cid:")
				plain, err := Open(d.Content, content, parts[id])
				if err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256(plain)
				for _, p := range v.Parts {
					if p.CID == id && p.Wire == hex.EncodeToString(sum[:]) {
						opened++
						delete(parts, id)
					}
				}
			}
			if len(parts) != 0 {
				t.Errorf("%d parts are not opened to the octets that were signed", len(parts))
			}
		})
	}
	if opened == 0 {
		t.Error("nothing opened")
	}
	t.Logf("%d attachments opened", opened)
}

// agreedKey unwraps the content key with whichever of the party's keys has the curve.
func agreedKey(t *testing.T, e *xmltree.Element) []byte {
	t.Helper()
	k, err := ReadEncryptedKey(e)
	if err != nil {
		t.Fatal(err)
	}
	a, err := k.Agreement()
	if err != nil || a == nil {
		t.Fatalf("%v, %v", a, err)
	}
	party := "AP_YY_01_p256"
	if a.Algorithm == X25519 {
		party = "AP_YY_01_x25519"
	}
	w := KeyWrap(k.Transport.Algorithm)
	kek, err := a.Key(corpusKey(t, party), w.KeySize())
	if err != nil {
		t.Fatal(err)
	}
	key, err := UnwrapAES(w, kek, k.Value)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func corpusKey(t *testing.T, party string) *ecdh.PrivateKey {
	t.Helper()
	block, _ := pem.Decode(corpus.Read(t, "as4/generated/keys/"+party+".key.pem"))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	switch key := key.(type) {
	case *ecdh.PrivateKey:
		return key
	case *ecdsa.PrivateKey:
		k, err := key.ECDH()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	t.Fatalf("%T", key)
	return nil
}

func split(t *testing.T, id string) (*xmltree.Element, map[string][]byte) {
	t.Helper()
	_, value, _ := strings.Cut(string(corpus.Read(t, "as4/generated/messages/"+id+".headers")), ":")
	_, params, err := mime.ParseMediaType(strings.TrimSpace(value))
	if err != nil {
		t.Fatal(err)
	}
	var envelope *xmltree.Element
	parts := map[string][]byte{}
	for r := multipart.NewReader(bytes.NewReader(corpus.Read(t, "as4/generated/messages/"+id+".body")), params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return envelope, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		if envelope == nil {
			envelope = parse(t, content)
			continue
		}
		parts[strings.Trim(p.Header.Get("Content-ID"), "<>")] = content
	}
}

// find returns the elements of the encryption namespace with a name, in document order.
func find(e *xmltree.Element, local string) []*xmltree.Element {
	var out []*xmltree.Element
	if e.Is(Namespace, local) {
		out = append(out, e)
	}
	for c := range e.Elements() {
		out = append(out, find(c, local)...)
	}
	return out
}
