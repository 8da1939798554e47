package keystore

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pavlo-v-chernykh/keystore-go/v4"
	"software.sslmate.com/src/go-pkcs12"

	"oots/internal/corpus"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const password = "a password of stores"

var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// issue makes a certificate of the one key of the tests.
func issue(t testing.TB, cn string, from, to time.Time, usage x509.KeyUsage) *x509.Certificate {
	t.Helper()
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	tmpl := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: cn}, NotBefore: from, NotAfter: to, KeyUsage: usage}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key().Public(), key())
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func year(t testing.TB, cn string) *x509.Certificate {
	return issue(t, cn, start, start.AddDate(1, 0, 0), 0)
}

func certPEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func keyPEM(t testing.TB, k crypto.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// jks makes a store of a key and a trusted certificate.
func jks(t testing.TB, ours, theirs *x509.Certificate) []byte {
	t.Helper()
	ks := keystore.New()
	der, err := x509.MarshalPKCS8PrivateKey(key())
	if err != nil {
		t.Fatal(err)
	}
	entry := keystore.PrivateKeyEntry{CreationTime: start, PrivateKey: der, CertificateChain: []keystore.Certificate{{Type: "X.509", Content: ours.Raw}}}
	if err := ks.SetPrivateKeyEntry("ap_aa_01", entry, []byte(password)); err != nil {
		t.Fatal(err)
	}
	trusted := keystore.TrustedCertificateEntry{CreationTime: start, Certificate: keystore.Certificate{Type: "X.509", Content: theirs.Raw}}
	if err := ks.SetTrustedCertificateEntry("AP_BB_01_rsa_encrypt", trusted); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := ks.Store(&b, []byte(password)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestForms(t *testing.T) {
	t.Parallel()
	ours, theirs := year(t, "AP_AA_01"), year(t, "AP_BB_01")
	p12, err := pkcs12.Modern.Encode(key(), ours, []*x509.Certificate{theirs}, password)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := pkcs12.Modern.EncodeTrustStore([]*x509.Certificate{ours, theirs}, password)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		b    []byte
		key  bool
	}{
		{"PEM", bytes.Join([][]byte{keyPEM(t, key()), []byte("friendlyName: ap_bb_01\n"), certPEM(theirs), certPEM(ours)}, nil), true},
		{"PKCS12", p12, true},
		{"PKCS12 trust store", trust, false},
		{"JKS", jks(t, ours, theirs), true},
	} {
		s, err := Parse(tc.b, password)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		p := Parties{Store: s, Now: start.AddDate(0, 1, 0)}
		for _, name := range []string{"AP_AA_01", "ap_bb_01"} {
			signing, encryption, err := p.Party(name)
			if err != nil || len(signing) != 1 || encryption == nil || !strings.EqualFold(encryption.Subject.CommonName, name) {
				if tc.name != "JKS" || name != "ap_bb_01" { // which has it for encryption only by its alias
					t.Errorf("%s: %s: %v %v", tc.name, name, signing, err)
				}
			}
		}
		if ids := s.Identities("AP_AA_01"); (len(ids) == 1) != tc.key || tc.key && (ids[0].Key == nil || ids[0].Decrypter == nil) {
			t.Errorf("%s: identities %v", tc.name, ids)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	ours, theirs := year(t, "AP_AA_01"), year(t, "AP_BB_01")
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	store := jks(t, ours, theirs)
	changed := bytes.Clone(store)
	changed[len(changed)/2] ^= 1
	p12, err := pkcs12.Modern.Encode(key(), ours, nil, "another password")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		b    []byte
		want string
	}{
		{"empty", nil, "neither PEM"},
		{"text", []byte("hello"), "neither PEM"},
		{"no certificate", []byte("-----BEGIN X-----\n-----END X-----\n"), "no certificate"},
		{"damaged PEM", bytes.Replace(certPEM(ours), []byte("M"), []byte("!"), 1), "damaged"},
		{"key of nobody", append(certPEM(ours), keyPEM(t, other)...), "belongs to none"},
		{"PKCS#12, another password", p12, "password"},
		{"JKS changed", changed, "password is wrong"},
		{"JKS truncated", store[:len(store)-30], "damaged"},
		{"JKS that has billions of certificates", bytes.Replace(store, []byte("\x00\x00\x00\x01\x00\x05X.509"), []byte("\xff\xff\xff\xff\x00\x05X.509"), 1), "damaged"},
		{"JCEKS", []byte{0xce, 0xce, 0xce, 0xce, 0}, "keytool"},
		{"too large", make([]byte, MaxBytes+1), "at most"},
	} {
		s, err := Parse(tc.b, password)
		if err == nil || s != nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
	if _, err := Parse(store, "x"); !errors.Is(err, ErrPassword) {
		t.Error(err)
	}
}

// TestRollover has two certificates of one party: both may sign, and what is encrypted for changes on its day.
func TestRollover(t *testing.T) {
	t.Parallel()
	old := issue(t, "AP_BB_01", start, start.AddDate(0, 3, 0), 0)
	next := issue(t, "AP_BB_01", start.AddDate(0, 2, 0), start.AddDate(1, 0, 0), 0)
	s, err := Parse(append(certPEM(old), certPEM(next)...), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		months  int
		signing int
		want    *x509.Certificate
	}{{1, 2, old}, {2, 2, next}, {4, 1, next}} {
		p := Parties{Store: s, Now: start.AddDate(0, tc.months, 1)}
		signing, encryption, err := p.Party("AP_BB_01")
		if err != nil || len(signing) != tc.signing || !encryption.Equal(tc.want) {
			t.Errorf("after %d months: %d sign, %v, %v", tc.months, len(signing), encryption.NotBefore, err)
		}
	}
	if _, _, err := (Parties{Store: s, Now: start.AddDate(2, 0, 0)}).Party("AP_BB_01"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "expired") {
		t.Error(err)
	}
	for _, tc := range []struct {
		rest string
		want bool
	}{{".2", true}, {"#2027", true}, {"_next", true}, {"_rsa_sign.2", true}, {"2", false}, {".", false}, {"_other", false}, {".x", false}} {
		if successor(tc.rest) != tc.want {
			t.Errorf("%q", tc.rest)
		}
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	s := &Store{}
	add := func(alias string, from, days int, usage x509.KeyUsage) {
		c := issue(t, "CN of "+alias, start.AddDate(0, 0, from), start.AddDate(0, 0, days), usage)
		s.Entries = append(s.Entries, Entry{Alias: alias, Certificate: c})
	}
	add("good", 0, 90, 0)
	add("soon", 0, 59, 0)
	add("sooner", 0, 29, 0)
	add("now", 0, 6, 0)
	add("later", 5, 90, 0)
	add("ended", -9, -1, 0)
	add("wrong", 0, 90, x509.KeyUsageCertSign)
	add("two", 0, 6, 0)
	add("two.2", 0, 365, 0)
	add("split_rsa_sign", 0, 90, x509.KeyUsageDigitalSignature)
	add("split_rsa_encrypt", 0, 90, x509.KeyUsageKeyEncipherment)
	want := []Status{Good, In60, In30, In7, NotYet, Expired, Unsuitable, In7, Good, Good, Good, Missing}
	p := Parties{Store: s, Now: start}
	got := p.Watch([]string{"good", "soon", "sooner", "now", "later", "ended", "wrong", "two", "split", "nobody"})
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, w := range got {
		bad := w.Status == Expired || w.Status == Unsuitable || w.Status == Missing
		if w.Status != want[i] || w.Bad() != bad || w.Status != Good && w.Message == "" {
			t.Errorf("%d: %+v, want %s", i, w, want[i])
		}
	}
	if !got[7].Replaced || !strings.Contains(got[7].Message, "another takes over") || !got[9].Signs || got[9].Encrypts || got[10].Signs || !got[10].Encrypts {
		t.Errorf("%+v", got[7:])
	}
	if _, e, err := p.Party("split"); err != nil || e.KeyUsage != x509.KeyUsageKeyEncipherment {
		t.Error(err)
	}
	p.Subjects = map[string]string{"nobody": "CN of good"}
	if _, _, err := p.Party("nobody"); err != nil {
		t.Error(err)
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	c := year(t, "AP_AA_01")
	a, _ := Parse(certPEM(c), "")
	b, _ := Parse(append(certPEM(c), keyPEM(t, key())...), "")
	a.Join(b, b)
	if len(a.Entries) != 1 || a.Entries[0].Key == nil {
		t.Errorf("%+v", a.Entries)
	}
}

// TestKeytool reads what the tool of Java itself has written.
func TestKeytool(t *testing.T) {
	t.Parallel()
	keytool := corpus.Tool(t, "keytool")
	dir := t.TempDir()
	for _, kind := range []string{"JKS", "PKCS12"} {
		file := filepath.Join(dir, kind)
		run := func(args ...string) {
			t.Helper()
			args = append(args, "-keystore", file, "-storetype", kind, "-storepass", password, "-noprompt")
			if out, err := exec.Command(keytool, args...).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", kind, err, out)
			}
		}
		run("-genkeypair", "-alias", "AP_AA_01", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=something else", "-keypass", password)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(b, password)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if ids := s.Identities("AP_AA_01"); len(ids) != 1 {
			t.Errorf("%s: %+v", kind, s.Entries)
		}
		cert := filepath.Join(dir, kind+".pem")
		if err := os.WriteFile(cert, certPEM(year(t, "AP_BB_01")), 0o600); err != nil {
			t.Fatal(err)
		}
		file = filepath.Join(dir, kind+".trust")
		run("-importcert", "-alias", "AP_BB_01", "-file", cert)
		if b, err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
		if s, err = Parse(b, password); err != nil {
			t.Errorf("%s trust store: %v", kind, err)
			continue
		}
		if _, _, err := (Parties{Store: s, Now: start}).Party("AP_BB_01"); err != nil {
			t.Errorf("%s trust store: %v", kind, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	c := year(f, "A")
	f.Add(certPEM(c))
	f.Add(jks(f, c, c))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 0 && b[0] == 0x30 {
			t.Skip("PKCS#12: an operator's file") // the library counts iterations of the password as the file says
		}
		if s, err := Parse(b, password); (s == nil) == (err == nil) {
			t.Fatal("a result beside an error, or neither")
		}
	})
}
