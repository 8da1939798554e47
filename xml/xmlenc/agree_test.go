package xmlenc

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"oots/xml/xmltree"
)

// TestHKDF runs vectors of RFC 5869 appendix A through the parameters of a document.
func TestHKDF(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, ikm, salt, info, okm string }{
		{"A.1", strings.Repeat("0b", 22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
			"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
		{"A.3", strings.Repeat("0b", 22), "", "",
			"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
	} {
		d := Derivation{Algorithm: HKDF, HKDF: &HKDFParams{PRF: HMACSHA256, Salt: unhex(t, tc.salt), Info: unhex(t, tc.info)}}
		got, err := d.Key(unhex(t, tc.ikm), len(tc.okm)/2)
		if err != nil || hex.EncodeToString(got) != tc.okm {
			t.Errorf("%s: %x, %v", tc.name, got, err)
		}
	}
}

// TestConcatKDF runs the example of RFC 7518 appendix C, whose derivation is the same.
func TestConcatKDF(t *testing.T) {
	t.Parallel()
	z := []byte{158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196}
	d := Derivation{Algorithm: ConcatKDF, Concat: &ConcatParams{
		Digest:      SHA256,
		AlgorithmID: append([]byte{0, 0, 0, 7}, "A128GCM"...),
		PartyUInfo:  append([]byte{0, 0, 0, 5}, "Alice"...),
		PartyVInfo:  append([]byte{0, 0, 0, 3}, "Bob"...),
		SuppPubInfo: []byte{0, 0, 0, 128},
	}}
	got, err := d.Key(z, 16)
	if want := []byte{86, 170, 141, 234, 248, 35, 109, 32, 92, 34, 40, 205, 113, 167, 16, 26}; err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	long, err := d.Key(z, 48)
	if err != nil || !bytes.Equal(long[:16], got) || bytes.Equal(long[32:], got) {
		t.Errorf("two rounds: %x, %v", long, err)
	}
}

// The known answers for a key agreement, a derivation and a wrap in one go. [AS4 2.0]
const (
	salt = "oKGio6SlpqeoqaqrrK2urw=="
	cek  = "101112131415161718191a1b1c1d1e1f"
)

func TestKnownAgreements(t *testing.T) {
	t.Parallel()
	x25519 := private(t, ecdh.X25519(), "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
	p256 := private(t, ecdh.P256(), "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60")
	spki := `<d:DEREncodedKeyValue xmlns:d="` + namespaceSignature11 + `">MCowBQYDK2VuAyEAT+G7IqgVLznUz+d8Jw3tXMfxjf7GZ2LAug6+f/chWAI=</d:DEREncodedKeyValue>`
	point := `<ds:KeyValue xmlns:ds="` + namespaceSignature + `"><d:ECKeyValue xmlns:d="` + namespaceSignature11 + `"><d:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>` +
		`<d:PublicKey>BFFcPW6545a5BNP+yn9U/c0MwemXvzddylFa0KbDtANfRTa+OlDzGPv5pUdZAqIhUCvvDVfgjFOyzApW8X2fk1Q=</d:PublicKey></d:ECKeyValue></ds:KeyValue>`
	for _, tc := range []struct {
		name, algorithm, originator, params string
		own                                 Agreer
		kek, wrapped                        string
	}{
		{"X25519", X25519, spki, "<m:Salt>" + salt + "</m:Salt>", x25519, "5532614003a47926b94dfef567e5ce3b", "5ffd840a93fb1fc46fa35a4a08f3d10ad51867f1a900340f"},
		{"X25519 with Info", X25519, spki, "<m:Salt>" + salt + "</m:Salt><m:Info>ZURlbGl2ZXJ5IEFTNCAyLjA=</m:Info><m:KeyLength>16</m:KeyLength>", x25519, "f6cd21e30c32d44a7994215d504c1ef2", ""},
		{"X25519 without Salt", X25519, spki, `<m:PRF Algorithm="` + HMACSHA256 + `"/>`, x25519, "441463fbb952b33567e1782f48ae4e53", ""},
		{"P-256", ECDHES, point, `<m:PRF Algorithm="` + HMACSHA256 + `"/><m:Salt>` + salt + "</m:Salt>", p256, "f4352cc9fffb056102097cdfaecbec8d", "6b94d8de3fa22c79398820724439fdd1ed7118041a555c12"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, err := ReadAgreement(parse(t, []byte(agreementXML(tc.algorithm, tc.originator, tc.params))))
			if err != nil {
				t.Fatal(err)
			}
			kek, err := a.Key(tc.own, 16)
			if err != nil || hex.EncodeToString(kek) != tc.kek {
				t.Fatalf("%x, %v", kek, err)
			}
			if tc.wrapped == "" {
				return
			}
			key, err := UnwrapAES(KWAES128, kek, unhex(t, tc.wrapped))
			if err != nil || hex.EncodeToString(key) != cek {
				t.Errorf("%x, %v", key, err)
			}
		})
	}
}

func agreementXML(algorithm, originator, params string) string {
	return `<x:AgreementMethod xmlns:x="` + Namespace + `" xmlns:x11="` + Namespace11 + `" xmlns:m="` + namespaceMore + `" Algorithm="` + algorithm + `">` +
		`<x11:KeyDerivationMethod Algorithm="` + HKDF + `"><m:HKDFParams>` + params + `</m:HKDFParams></x11:KeyDerivationMethod>` +
		`<x:OriginatorKeyInfo>` + originator + `</x:OriginatorKeyInfo></x:AgreementMethod>`
}

func private(t testing.TB, c ecdh.Curve, s string) *ecdh.PrivateKey {
	t.Helper()
	k, err := c.NewPrivateKey(unhex(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestAgree holds that both sides derive one key, through the text of a document, on every curve.
func TestAgree(t *testing.T) {
	t.Parallel()
	for name, curve := range map[string]ecdh.Curve{"X25519": ecdh.X25519(), "P-256": ecdh.P256(), "P-384": ecdh.P384(), "P-521": ecdh.P521()} {
		own, err := curve.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		other, err := curve.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []Derivation{
			{Algorithm: HKDF, HKDF: &HKDFParams{PRF: HMACSHA256, Salt: []byte("0123456789abcdef"), KeyLength: 16}},
			{Algorithm: HKDF, HKDF: &HKDFParams{Info: []byte("info")}},
			{Algorithm: HKDF, HKDF: &HKDFParams{PRF: HMACSHA512}},
			{Algorithm: ConcatKDF, Concat: &ConcatParams{Digest: SHA384, PartyUInfo: []byte{1, 2}, SuppPrivInfo: []byte{}}},
		} {
			a, want, err := Agree(own.PublicKey(), d, 16)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			ek := &EncryptedKey{ID: "k", Transport: Transport{Algorithm: string(KWAES128)}, Value: []byte("v")}
			text := AppendEncryptedKey(nil, ek, AppendAgreement(nil, a, []byte("<r/>")))
			back, err := ReadEncryptedKey(parse(t, text))
			if err != nil {
				t.Fatal(err)
			}
			got, err := back.Agreement()
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if !reflect.DeepEqual(got.Derivation, d) || got.Algorithm != a.Algorithm || !got.Originator.Equal(a.Originator) || got.Recipient.First("", "r") == nil {
				t.Errorf("%s: %+v\n%s", name, got, text)
			}
			key, err := got.Key(own, 16)
			if err != nil || !bytes.Equal(key, want) {
				t.Errorf("%s: %x, want %x, %v", name, key, want, err)
			}
			if key, err := got.Key(other, 16); err != nil || bytes.Equal(key, want) {
				t.Errorf("%s: another key derives the same: %v", name, err)
			}
			if again, _, _ := Agree(own.PublicKey(), d, 16); again.Originator.Equal(a.Originator) {
				t.Errorf("%s: the ephemeral key repeats", name)
			}
		}
	}
}

func TestAgreementKeyRefuses(t *testing.T) {
	t.Parallel()
	own, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	low, err := ecdh.X25519().NewPublicKey(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	hk := Derivation{Algorithm: HKDF, HKDF: &HKDFParams{}}
	for _, tc := range []struct {
		name string
		a    Agreement
		own  Agreer
		n    int
		want error
	}{
		{"unknown agreement", Agreement{Algorithm: "urn:x", Derivation: hk, Originator: own.PublicKey()}, own, 16, ErrAlgorithm},
		{"X25519 named ECDH-ES", Agreement{Algorithm: ECDHES, Derivation: hk, Originator: own.PublicKey()}, own, 16, ErrKey},
		{"another curve", Agreement{Algorithm: X25519, Derivation: hk, Originator: own.PublicKey()}, p256, 16, ErrKey},
		{"no originator", Agreement{Algorithm: X25519, Derivation: hk}, own, 16, ErrKey},
		{"point of low order", Agreement{Algorithm: X25519, Derivation: hk, Originator: low}, own, 16, ErrOpen},
		{"unknown derivation", Agreement{Algorithm: X25519, Derivation: Derivation{Algorithm: "urn:x"}, Originator: own.PublicKey()}, own, 16, ErrAlgorithm},
		{"parameters missing", Agreement{Algorithm: X25519, Derivation: Derivation{Algorithm: ConcatKDF}, Originator: own.PublicKey()}, own, 16, ErrAlgorithm},
		{"unknown PRF", Agreement{Algorithm: X25519, Derivation: Derivation{Algorithm: HKDF, HKDF: &HKDFParams{PRF: "urn:x"}}, Originator: own.PublicKey()}, own, 16, ErrAlgorithm},
		{"unknown digest", Agreement{Algorithm: X25519, Derivation: Derivation{Algorithm: ConcatKDF, Concat: &ConcatParams{Digest: SHA1}}, Originator: own.PublicKey()}, own, 16, ErrAlgorithm},
		{"another length", Agreement{Algorithm: X25519, Derivation: Derivation{Algorithm: HKDF, HKDF: &HKDFParams{KeyLength: 16}}, Originator: own.PublicKey()}, own, 32, ErrKey},
		{"too long", Agreement{Algorithm: X25519, Derivation: hk, Originator: own.PublicKey()}, own, maxDerived + 1, ErrKey},
	} {
		if key, err := tc.a.Key(tc.own, tc.n); !errors.Is(err, tc.want) || key != nil {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
}

func TestReadAgreementRefuses(t *testing.T) {
	t.Parallel()
	own := private(t, ecdh.X25519(), "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb").PublicKey()
	p256 := private(t, ecdh.P256(), "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60").PublicKey()
	hk := string(AppendAgreement(nil, &Agreement{Algorithm: X25519, Originator: own,
		Derivation: Derivation{Algorithm: HKDF, HKDF: &HKDFParams{PRF: HMACSHA256, Salt: []byte("salt"), Info: []byte("info"), KeyLength: 16}}}, nil))
	concat := string(AppendAgreement(nil, &Agreement{Algorithm: ECDHES, Originator: p256,
		Derivation: Derivation{Algorithm: ConcatKDF, Concat: &ConcatParams{Digest: SHA256, PartyUInfo: []byte{1}}}}, nil))
	for _, tc := range []struct{ name, good, old, new string }{
		{"another element", hk, "xenc:AgreementMethod", "xenc:Agreement"},
		{"nonce", hk, "<xenc:OriginatorKeyInfo>", "<xenc:KA-Nonce>AA==</xenc:KA-Nonce><xenc:OriginatorKeyInfo>"},
		{"no originator", hk, "OriginatorKeyInfo", "RecipientKeyInfo"},
		{"two originators", hk, "</xenc:OriginatorKeyInfo>", "</xenc:OriginatorKeyInfo><xenc:OriginatorKeyInfo/>"},
		{"empty originator", hk, "DEREncodedKeyValue", "Other"},
		{"two keys in one originator", hk, "</dsig11:DEREncodedKeyValue>", "</dsig11:DEREncodedKeyValue><x/>"},
		{"NULL parameters", hk, "MCowBQYDK2VuAyEA", "MCwwBwYDK2VuBQADIQ"},
		{"Ed25519 key", hk, "MCowBQYDK2VuAyEA", "MCowBQYDK2VwAyEA"},
		{"no params", hk, "HKDFParams", "Params"},
		{"PRF of the old namespace", hk, namespaceMore + `"`, `http://www.w3.org/2001/04/xmldsig-more#"`},
		{"PRF twice", hk, "<dsig-more:Salt>", `<dsig-more:PRF Algorithm="x"/><dsig-more:Salt>`},
		{"PRF without algorithm", hk, ` Algorithm="` + HMACSHA256 + `"`, ""},
		{"salt not base64", hk, "c2FsdA==", "?"},
		{"long salt", hk, "c2FsdA==", strings.Repeat("AAAA", 22)},
		{"long info", hk, "aW5mbw==", strings.Repeat("AAAA", 342)},
		{"length zero", hk, ">16<", ">0<"},
		{"length in bits", hk, ">16<", ">128<"},
		{"length no number", hk, ">16<", ">x<"},
		{"foreign parameter", hk, "<dsig-more:Salt>", "<x/><dsig-more:Salt>"},
		{"no digest", concat, "DigestMethod", "Method"},
		{"bits of padding", concat, `"0001"`, `"0101"`},
		{"odd digits", concat, `"0001"`, `"001"`},
		{"no octet of padding", concat, `"0001"`, `"x"`},
		{"unknown curve", concat, "urn:oid:1.2.840.10045.3.1.7", "urn:oid:1.3.36.3.3.2.8.1.1.7"},
		{"curve of another size", concat, "urn:oid:1.2.840.10045.3.1.7", "urn:oid:1.3.132.0.34"},
		{"point off the curve", concat, ">BCYe", ">BCYf"},
		{"two points", concat, "</dsig11:PublicKey>", "</dsig11:PublicKey><dsig11:PublicKey/>"},
		{"explicit parameters", concat, "NamedCurve", "ECParameters"},
	} {
		text := strings.ReplaceAll(tc.good, tc.old, tc.new)
		if text == tc.good {
			t.Fatalf("%s changes nothing in %s", tc.name, tc.good)
		}
		if a, err := ReadAgreement(parse(t, []byte(text))); err == nil || a != nil {
			t.Errorf("%s: accepted", tc.name)
		}
	}
}

// TestAgreementOf tells no agreement from a broken one.
func TestAgreementOf(t *testing.T) {
	t.Parallel()
	ek := &EncryptedKey{Value: []byte("v"), Transport: Transport{Algorithm: RSAOAEP}}
	for _, tc := range []struct {
		keyInfo string
		ok      bool
	}{
		{"", true}, {"<x/>", true},
		{`<xenc:AgreementMethod/>`, false},
		{`<x/><xenc:AgreementMethod/>`, false},
	} {
		k, err := ReadEncryptedKey(parse(t, AppendEncryptedKey(nil, ek, []byte(tc.keyInfo))))
		if err != nil {
			t.Fatal(err)
		}
		if a, err := k.Agreement(); (err == nil) != tc.ok || a != nil {
			t.Errorf("%q: %v, %v", tc.keyInfo, a, err)
		}
	}
}

func TestDerivedKey(t *testing.T) {
	t.Parallel()
	k := &DerivedKey{ID: "d", References: []string{"#a", "#b"}, Name: "n & n", MasterName: "m",
		Derivation: Derivation{Algorithm: ConcatKDF, Concat: &ConcatParams{Digest: SHA512, AlgorithmID: []byte{7}}}}
	good := string(AppendDerivedKey(nil, k))
	got, err := ReadDerivedKey(parse(t, []byte(good)))
	if err != nil {
		t.Fatal(err)
	}
	got.Element = nil
	if !reflect.DeepEqual(got, k) {
		t.Errorf("%+v", got)
	}
	for _, tc := range []struct{ name, old, new string }{
		{"another element", "xenc11:DerivedKey ", "xenc11:Derived "},
		{"no method", "KeyDerivationMethod", "Method"},
		{"name twice", "</xenc11:DerivedKeyName>", "</xenc11:DerivedKeyName><xenc11:DerivedKeyName/>"},
		{"foreign element", "</xenc11:DerivedKeyName>", "</xenc11:DerivedKeyName><x/>"},
	} {
		text := strings.ReplaceAll(good, tc.old, tc.new)
		if tc.name == "another element" {
			text = strings.Replace(text, "</xenc11:DerivedKey>", "</xenc11:Derived>", 1)
		}
		if text == good {
			t.Fatalf("%s changes nothing", tc.name)
		}
		if k, err := ReadDerivedKey(parse(t, []byte(text))); err == nil || k != nil {
			t.Errorf("%s: accepted", tc.name)
		}
	}
}

func FuzzReadAgreement(f *testing.F) {
	own := private(f, ecdh.X25519(), "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
	p256 := private(f, ecdh.P256(), "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60")
	hk := Derivation{Algorithm: HKDF, HKDF: &HKDFParams{PRF: HMACSHA256, Salt: []byte("salt"), Info: []byte("info"), KeyLength: 16}}
	concat := Derivation{Algorithm: ConcatKDF, Concat: &ConcatParams{Digest: SHA256, PartyUInfo: []byte{1}}}
	f.Add(AppendAgreement(nil, &Agreement{Algorithm: X25519, Originator: own.PublicKey(), Derivation: hk}, []byte("<r/>")))
	f.Add(AppendAgreement(nil, &Agreement{Algorithm: ECDHES, Originator: p256.PublicKey(), Derivation: concat}, nil))
	f.Add(AppendDerivedKey(nil, &DerivedKey{ID: "d", Derivation: concat, Name: "n", References: []string{"#a"}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := xmltree.Parse(b, xmltree.Limits{Bytes: 1 << 16})
		if err != nil {
			return
		}
		doc := d.Root
		if a, err := ReadAgreement(doc); (err == nil) != (a != nil) {
			t.Fatal("an agreement beside an error")
		} else if a != nil {
			again, err := ReadAgreement(parse(t, AppendAgreement(nil, a, nil)))
			if err != nil || !again.Originator.Equal(a.Originator) || again.Algorithm != a.Algorithm {
				t.Fatalf("does not survive a round trip: %v", err)
			}
			a.Key(own, 16)
			a.Key(p256, 16)
		}
		if k, err := ReadDerivedKey(doc); (err == nil) != (k != nil) {
			t.Fatal("a derived key beside an error")
		} else if k != nil {
			if again, err := ReadDerivedKey(parse(t, AppendDerivedKey(nil, k))); err != nil || again.Name != k.Name {
				t.Fatalf("does not survive a round trip: %v", err)
			}
		}
	})
}
