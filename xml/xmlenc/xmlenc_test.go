package xmlenc

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"

	"oots/xml/xmltree"
)

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func TestSealOpen(t *testing.T) {
	t.Parallel()
	for _, c := range []Content{AES128GCM, AES192GCM, AES256GCM} {
		key, err := NewKey(c)
		if err != nil || len(key) != c.KeySize() {
			t.Fatal(err)
		}
		for _, plain := range [][]byte{nil, []byte("x"), bytes.Repeat([]byte("0123456789"), 1000)} {
			sealed, err := Seal(c, key, plain)
			if err != nil || len(sealed) != len(plain)+Overhead {
				t.Fatalf("%d octets, %v", len(sealed), err)
			}
			got, err := Open(c, key, sealed)
			if err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("%q, %v", got, err)
			}
			if again, _ := Seal(c, key, plain); bytes.Equal(again[:12], sealed[:12]) {
				t.Error("the nonce repeats")
			}
			for _, at := range []int{0, 11, 12, len(sealed) - 1} {
				bad := bytes.Clone(sealed)
				bad[at] ^= 1
				if got, err := Open(c, key, bad); !errors.Is(err, ErrOpen) || got != nil {
					t.Errorf("octet %d changed: %v", at, err)
				}
			}
			if _, err := Open(c, key, sealed[:27]); !errors.Is(err, ErrOpen) {
				t.Errorf("27 octets: %v", err)
			}
		}
		if _, err := Seal(c, key[1:], nil); !errors.Is(err, ErrKey) {
			t.Errorf("short key: %v", err)
		}
	}
	for _, c := range []Content{"", "http://www.w3.org/2001/04/xmlenc#aes128-cbc"} {
		if _, err := Open(c, make([]byte, 16), make([]byte, 64)); !errors.Is(err, ErrAlgorithm) {
			t.Errorf("%q: %v", c, err)
		}
	}
}

// TestWrapKey holds that digest and mask are independent: a key wrapped with one pair opens with that pair only.
func TestWrapKey(t *testing.T) {
	t.Parallel()
	transports := []Transport{
		{Algorithm: RSAOAEP, Digest: SHA256, MGF: MGF1SHA256},
		{Algorithm: RSAOAEP, Digest: SHA256},
		{Algorithm: RSAOAEP, Digest: SHA256, MGF: MGF1SHA512},
		{Algorithm: RSAOAEP, Digest: SHA512, MGF: MGF1SHA256},
		{Algorithm: RSAOAEP, Digest: SHA384, MGF: MGF1SHA384},
		{Algorithm: RSAOAEP},
		{Algorithm: RSAOAEP, Digest: SHA256, MGF: MGF1SHA256, Label: []byte("label")},
	}
	secret := []byte("0123456789abcdef")
	for i, a := range transports {
		wrapped, err := WrapKey(&rsaKey().PublicKey, a, secret)
		if err != nil {
			t.Fatal(err)
		}
		for j, b := range transports {
			got, err := UnwrapKey(rsaKey(), b, wrapped)
			if i == j && (err != nil || !bytes.Equal(got, secret)) || i != j && !errors.Is(err, ErrOpen) {
				t.Errorf("wrapped as %d, opened as %d: %v", i, j, err)
			}
		}
	}
	same, err := WrapKey(&rsaKey().PublicKey, Transport{Algorithm: RSAOAEPMGF1P, Digest: SHA256}, secret)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := UnwrapKey(rsaKey(), Transport{Algorithm: RSAOAEP, Digest: SHA256, MGF: MGF1SHA1}, same); err != nil {
		t.Errorf("rsa-oaep-mgf1p is not MGF1 with SHA-1: %v", err)
	}
	for _, bad := range []Transport{{}, {Algorithm: "http://www.w3.org/2001/04/xmlenc#rsa-1_5"}, {Algorithm: RSAOAEP, Digest: "x"}, {Algorithm: RSAOAEP, MGF: "x"}, {Algorithm: RSAOAEPMGF1P, MGF: MGF1SHA256}} {
		if _, err := WrapKey(&rsaKey().PublicKey, bad, secret); !errors.Is(err, ErrAlgorithm) {
			t.Errorf("%+v wraps: %v", bad, err)
		}
		if _, err := UnwrapKey(rsaKey(), bad, same); !errors.Is(err, ErrAlgorithm) {
			t.Errorf("%+v unwraps: %v", bad, err)
		}
	}
}

func parse(t testing.TB, text []byte) *xmltree.Element {
	t.Helper()
	doc, err := xmltree.Parse(text, xmltree.Limits{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return doc.Root
}

func TestWriteRead(t *testing.T) {
	t.Parallel()
	key := &EncryptedKey{ID: "EK", Value: []byte("wrapped"), References: []string{"#a", "#b"},
		Transport: Transport{Algorithm: RSAOAEP, Digest: SHA256, MGF: MGF1SHA256, Label: []byte("l")}}
	got, err := ReadEncryptedKey(parse(t, AppendEncryptedKey(nil, key, []byte("<x/>"))))
	if err != nil {
		t.Fatal(err)
	}
	if got.KeyInfo.First("", "x") == nil {
		t.Error("the key info is lost")
	}
	got.KeyInfo, got.Element = nil, nil
	if !reflect.DeepEqual(got, key) {
		t.Errorf("%+v", got)
	}
	for _, d := range []*EncryptedData{
		{ID: "ED", Type: "urn:t", MimeType: "text/plain", Content: AES128GCM, Reference: &CipherReference{URI: "cid:a&b", Transforms: []string{"urn:x"}}},
		{Content: AES256GCM, Value: []byte("inline")},
	} {
		got, err := ReadEncryptedData(parse(t, AppendEncryptedData(nil, d, nil)))
		if err != nil {
			t.Fatal(err)
		}
		got.Element = nil
		if !reflect.DeepEqual(got, d) {
			t.Errorf("%+v", got)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	key := &EncryptedKey{ID: "EK", Value: []byte("wrapped"), Transport: Transport{Algorithm: RSAOAEP, Digest: SHA256, MGF: MGF1SHA256}}
	good := string(AppendEncryptedKey(nil, key, nil))
	for _, tc := range []struct{ name, old, new string }{
		{"another element", "xenc:EncryptedKey", "xenc:EncryptedData"},
		{"no method", "EncryptionMethod", "Method"},
		{"no cipher data", "CipherData", "Data"},
		{"value not base64", "<xenc:CipherValue>", "<xenc:CipherValue>?"},
		{"reference in place of the value", "CipherValue", "CipherReference"},
		{"two values", "</xenc:CipherData>", "<xenc:CipherValue/></xenc:CipherData>"},
		{"cipher data twice", "</xenc:EncryptedKey>", "<xenc:CipherData/></xenc:EncryptedKey>"},
		{"digest twice", "<xenc11:MGF", `<ds:DigestMethod Algorithm="x"/><xenc11:MGF`},
		{"digest without algorithm", `Algorithm="` + SHA256 + `"`, ""},
		{"foreign parameter", "<xenc11:MGF", "<x/><xenc11:MGF"},
		{"label not base64", "<xenc11:MGF", "<xenc:OAEPparams>?</xenc:OAEPparams><xenc11:MGF"},
	} {
		text := strings.ReplaceAll(good, tc.old, tc.new)
		if text == good {
			t.Fatalf("%s changes nothing", tc.name)
		}
		if k, err := ReadEncryptedKey(parse(t, []byte(text))); err == nil || k != nil {
			t.Errorf("%s: accepted", tc.name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(AppendEncryptedKey(nil, &EncryptedKey{ID: "k", Value: []byte("v"), References: []string{"#a"}, Transport: Transport{Algorithm: RSAOAEP, Digest: SHA256, MGF: MGF1SHA256, Label: []byte("l")}}, []byte("<x/>")))
	f.Add(AppendEncryptedData(nil, &EncryptedData{ID: "d", Content: AES128GCM, Value: []byte("v")}, nil))
	f.Add(AppendEncryptedData(nil, &EncryptedData{ID: "d", Content: AES128GCM, Reference: &CipherReference{URI: "cid:a", Transforms: []string{"t"}}}, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 1 << 16})
		if err != nil {
			return
		}
		if k, err := ReadEncryptedKey(doc.Root); (err == nil) != (k != nil) {
			t.Fatal("a key beside an error")
		} else if k != nil {
			if again, err := ReadEncryptedKey(parse(t, AppendEncryptedKey(nil, k, nil))); err != nil || !reflect.DeepEqual(again.Value, k.Value) {
				t.Fatal(err)
			}
		}
		if d, err := ReadEncryptedData(doc.Root); (err == nil) != (d != nil) {
			t.Fatal("data beside an error")
		} else if d != nil {
			if again, err := ReadEncryptedData(parse(t, AppendEncryptedData(nil, d, nil))); err != nil || again.Content != d.Content {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkSeal1MiB(b *testing.B) {
	plain := make([]byte, 1<<20)
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		if _, err := Seal(AES128GCM, plain[:16], plain); err != nil {
			b.Fatal(err)
		}
	}
}
