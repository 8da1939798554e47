package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"oots/internal/corpus"
)

// runDemo runs the program's demo command and returns the folder of its bytes and what it printed.
func runDemo(t *testing.T, args ...string) (string, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir, out := t.TempDir(), t.TempDir()
	shareKeys(t, dir)
	text, err := exec.Command(file, append([]string{"demo", "--dir", dir, "--out", out}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("demo: %v\n%s", err, text)
	}
	return out, string(text)
}

func files(t *testing.T, pattern string, want int) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != want {
		t.Fatalf("%s: %d files, want %d", filepath.Base(pattern), len(found), want)
	}
	return found
}

func TestJudgesAcceptWhatWeLeave(t *testing.T) {
	t.Parallel()
	out, _ := runDemo(t)

	t.Run("pdftotext reads the evidence", func(t *testing.T) {
		text, err := exec.Command(corpus.Tool(t, "pdftotext"), filepath.Join(out, "evidence.pdf"), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Ελένη", "Παπαδοπούλου", "Papadopoulou", "Επιδεικτικό Μητρώο Αθήνας"} {
			if !bytes.Contains(text, []byte(want)) {
				t.Errorf("the evidence does not say %s", want)
			}
		}
	})
	t.Run("xmllint validates every EDM message", func(t *testing.T) {
		xmllint := corpus.Tool(t, "xmllint")
		schema := corpus.Path(t, "edm/tdd-1.0/xsd/regrep4/query.xsd")
		for _, f := range files(t, filepath.Join(out, "edm", "*.xml"), 4) {
			if text, err := exec.Command(xmllint, "--noout", "--nonet", "--schema", schema, f).CombinedOutput(); err != nil {
				t.Errorf("%s: %s", filepath.Base(f), text)
			}
		}
	})
	t.Run("the request has the slots of the reference message", func(t *testing.T) {
		want := slots(corpus.Read(t, "edm/oots-france/reference-messages/requete.xml"))
		first, err := os.ReadFile(filepath.Join(out, "edm", "01-AT-ExecuteQueryRequest.xml"))
		if err != nil {
			t.Fatal(err)
		}
		got := slots(first)
		// The directory asked a question, so the answer travels too.
		got = slices.DeleteFunc(got, func(s string) bool { return s == "EvidenceProviderClassification" })
		if !slices.Equal(got, want) {
			t.Errorf("slots\n got %v\nwant %v", got, want)
		}
	})
	t.Run("xmlsec1 verifies every stored signal", func(t *testing.T) {
		xmlsec1 := corpus.Tool(t, "xmlsec1")
		for _, f := range files(t, filepath.Join(out, "as4", "*.receipt.xml"), 4) {
			key := publicKey(t, f)
			if text, err := verifySignal(xmlsec1, key, f); err != nil {
				t.Errorf("%s: %v\n%s", filepath.Base(f), err, text)
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			changed := filepath.Join(t.TempDir(), "changed.xml")
			if err := os.WriteFile(changed, bytes.Replace(b, []byte("RefToMessageId>"), []byte("RefToMessageId>x"), 1), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := verifySignal(xmlsec1, key, changed); err == nil {
				t.Errorf("%s: a changed signal verifies, so the judge proves nothing", filepath.Base(f))
			}
		}
	})
	t.Run("nothing personal travels in clear", func(t *testing.T) {
		for _, f := range append(files(t, filepath.Join(out, "as4", "*.body"), 4), files(t, filepath.Join(out, "as4", "*.receipt.xml"), 4)...) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"Papadopoulou", "%PDF", "QueryRequest xmlns"} {
				if bytes.Contains(b, []byte(secret)) {
					t.Errorf("%s holds %q in clear", filepath.Base(f), secret)
				}
			}
		}
	})
}

// slots lists the names of the slots of a message in their order.
func slots(b []byte) []string {
	var out []string
	for _, m := range regexp.MustCompile(`<rim:Slot name="([A-Za-z]+)"`).FindAllSubmatch(b, -1) {
		out = append(out, string(m[1]))
	}
	return out
}

// publicKey writes the key of the certificate in a signal as PEM.
func publicKey(t *testing.T, file string) string {
	t.Helper()
	openssl := corpus.Tool(t, "openssl")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?s)<wsse:BinarySecurityToken[^>]*>([^<]+)<`).FindSubmatch(b)
	if m == nil {
		t.Fatalf("%s carries no certificate", filepath.Base(file))
	}
	pem := "-----BEGIN CERTIFICATE-----\n" + string(m[1]) + "\n-----END CERTIFICATE-----\n"
	cmd := exec.Command(openssl, "x509", "-pubkey", "-noout")
	cmd.Stdin = strings.NewReader(wrap(pem))
	key, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(name, key, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// wrap breaks the long line of a PEM body as readers of PEM expect.
func wrap(pem string) string {
	var out []string
	for _, line := range strings.Split(pem, "\n") {
		for len(line) > 64 {
			out, line = append(out, line[:64]), line[64:]
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func verifySignal(xmlsec1, key, file string) ([]byte, error) {
	return exec.Command(xmlsec1, "--verify",
		"--id-attr:Id", "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/:Messaging",
		"--id-attr:Id", "http://www.w3.org/2003/05/soap-envelope:Body",
		"--pubkey-pem", key, file).CombinedOutput()
}

// TestRealCatalogue runs the journey for a requirement of the catalogue that the Commission publishes.
func TestRealCatalogue(t *testing.T) {
	t.Parallel()
	catalogue := corpus.Path(t, "common-services/oots-france/responses/eb_requirements_catalogue.xml")
	out, text := runDemo(t, "--catalogue", catalogue, "--procedure", "T3")
	for _, want := range []string{"53 requirements, 687 frameworks, 27 countries", `"Proof of tertiary education qualification"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the screen does not say %s:\n%s", want, text)
		}
	}
	request, err := os.ReadFile(filepath.Join(out, "edm", "01-AT-ExecuteQueryRequest.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(request, []byte("https://sr.acc.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39")) {
		t.Error("the request does not name the requirement of the real catalogue")
	}
}
