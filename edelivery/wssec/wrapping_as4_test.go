package wssec_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
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
