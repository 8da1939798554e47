package wssec_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/corpus"
)

// TestWrappingReceived attacks messages as they lie on the wire: what a handler takes in after an attack is,
// value for value, what it took in before.
func TestWrappingReceived(t *testing.T) {
	t.Parallel()
	r := receiver(t)
	for _, id := range []string{"v01-no-payload", "v03-one-payload", "v04-two-payloads", "v06-encref-ski", "v13-text-attachment-crlf", "v19-encryptedkey-last"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			contentType, body := wire(t, id)
			good, err := r.Receive(contentType, bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Count(body, good.Envelope) != 1 {
				t.Fatal("the envelope is not in the body as it is")
			}
			want := taken(t, good)
			attacks := wssec.ChosenAttacks(wssec.WrappingAttacks(t, good.Envelope), false)
			accepted, refused := 0, map[string]int{}
			for _, a := range attacks {
				in, err := r.Receive(contentType, bytes.NewReader(bytes.Replace(body, good.Envelope, a.Envelope, 1)))
				if err != nil {
					var refusal *as4.Refusal
					switch {
					case in != nil || !errors.As(err, &refusal):
						t.Errorf("%s: %v beside %v", a.Name, in, err)
					case len(refusal.Errors) > 0:
						refused[refusal.Errors[0].Code]++
					default:
						refused["fault "+refusal.Fault]++
					}
					continue
				}
				accepted++
				if got := taken(t, in); got != want {
					t.Errorf("%s: accepted with other content\n%s\nwant\n%s", a.Name, got, want)
				}
			}
			t.Logf("%d attacks: %d accepted with exactly what was signed, refused: %v", len(attacks), accepted, refused)
			if len(attacks) < 200 || len(refused) < 3 {
				t.Errorf("%d attacks, refused: %v", len(attacks), refused)
			}
		})
	}
}

// TestPartsExchanged attacks the parts beside the envelope: their order and headers are signed by nobody.
func TestPartsExchanged(t *testing.T) {
	t.Parallel()
	r := receiver(t)
	contentType, body := wire(t, "v04-two-payloads")
	good, err := r.Receive(contentType, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	want := taken(t, good)
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	delimiter := "--" + params["boundary"]
	parts := strings.Split(string(body), delimiter)
	if len(parts) != 5 {
		t.Fatalf("%d pieces", len(parts))
	}
	root, one, two := parts[1], parts[2], parts[3]
	id := regexp.MustCompile(`(?im)^Content-ID:.*$`)
	head := func(part string) string { return part[:strings.Index(part, "\r\n\r\n")] }
	content := func(part string) string { return strings.TrimPrefix(part, head(part)) }
	renamed := func(part, as string) string {
		return strings.Replace(part, id.FindString(head(part)), id.FindString(head(as)), 1)
	}
	harmless := map[string]bool{"other order": true, "another type": true} // what is encrypted has its type inside
	for name, attack := range map[string][]string{
		"other order":                 {root, two, one},
		"names exchanged":             {root, renamed(one, two), renamed(two, one)},
		"contents exchanged":          {root, head(one) + content(two), head(two) + content(one)},
		"one twice":                   {root, one, one},
		"one twice under both names":  {root, one, renamed(one, two)},
		"one more, twice":             {root, one, two, two},
		"one more, under a new name":  {root, one, two, strings.Replace(two, id.FindString(head(two)), "Content-ID: <evil@x>", 1)},
		"one missing":                 {root, one},
		"both missing":                {root},
		"root last":                   {one, two, root},
		"root twice":                  {root, root, one, two},
		"root as attachment":          {root, renamed(root, one), two},
		"attachment as root":          {one, root, two},
		"another type":                {root, regexp.MustCompile(`(?im)^Content-Type:.*$`).ReplaceAllString(head(one), "Content-Type: text/xml") + content(one), two},
		"another transfer encoding":   {root, regexp.MustCompile(`(?im)^Content-Transfer-Encoding:.*$`).ReplaceAllString(head(one), "Content-Transfer-Encoding: base64") + content(one), two},
		"names differ in a percent":   {root, strings.Replace(one, "@", "%40", 1), two},
		"names differ in case":        {root, strings.ToUpper(head(one)) + content(one), two},
		"empty content":               {root, head(one) + "\r\n\r\n\r\n", two},
		"content longer by an octet":  {root, strings.TrimSuffix(one, "\r\n") + "x\r\n", two},
		"content shorter by an octet": {root, strings.TrimSuffix(one, "\r\n")[:len(one)-3] + "\r\n", two},
		"content of nobody":           {root, head(one) + "\r\n\r\n" + strings.Repeat("x", 200) + "\r\n", two},
	} {
		text := parts[0] + delimiter + strings.Join(attack, delimiter) + delimiter + parts[4]
		in, err := r.Receive(contentType, strings.NewReader(text))
		if err != nil {
			var refusal *as4.Refusal
			if in != nil || !errors.As(err, &refusal) {
				t.Errorf("%s: %v beside %v", name, in, err)
			}
			if harmless[name] {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !harmless[name] {
			t.Errorf("%s: accepted", name)
		}
		if got := taken(t, in); got != want {
			t.Errorf("%s: accepted with other content\n%s\nwant\n%s", name, got, want)
		}
	}
}

// taken is what the layers above use of a message.
func taken(t *testing.T, in *as4.Received) string {
	t.Helper()
	var b strings.Builder
	message, err := json.Marshal(in.Message)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "%s\n%s test %v\n%x\n%s\n%v\n", message, in.Peer.ID.Value, in.Test, in.Signer.SerialNumber, in.Fingerprint, in.References)
	for _, p := range in.Payloads {
		content, err := as4.ReadAll(p.Content)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s %v %x\n", p.ContentID, p.MimeType, p.Properties, content)
	}
	if err := in.Discard(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func wire(t *testing.T, id string) (contentType string, body []byte) {
	t.Helper()
	head := strings.TrimSpace(string(corpus.Read(t, "as4/generated/messages/"+id+".headers")))
	_, contentType, _ = strings.Cut(head, ":")
	return strings.TrimSpace(contentType), corpus.Read(t, "as4/generated/messages/"+id+".body")
}

func receiver(t *testing.T) *as4.Receiver {
	t.Helper()
	set := &pmode.Set{
		Self: party(t, "AP_YY_01"), Peers: []pmode.Party{party(t, "AP_XX_01"), party(t, "AP_ZZ_01")},
		Service:    ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"},
		Actions:    []string{"ExecuteQueryRequest", "ExecuteQueryResponse", "ExceptionResponse"},
		Properties: pmode.FourCorner(),
	}
	block, _ := pem.Decode(corpus.Read(t, "as4/generated/keys/AP_YY_01.key.pem"))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	self := wssec.Identity{Key: key.(crypto.Signer), Decrypter: key.(crypto.Decrypter), Certificate: set.Self.Encryption}
	now := time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)
	return &as4.Receiver{Self: []wssec.Identity{self}, PModes: set, Now: func() time.Time { return now }}
}

func party(t *testing.T, name string) pmode.Party {
	t.Helper()
	block, _ := pem.Decode(corpus.Read(t, "as4/generated/keys/"+name+".crt.pem"))
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return pmode.Party{
		ID:   ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: name},
		Role: "http://sdg.europa.eu/edelivery/gateway", URL: "https://localhost:9443/as4", Signing: []*x509.Certificate{c}, Encryption: c,
	}
}
