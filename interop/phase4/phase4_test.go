package phase4

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/clock"
)

// A scene is both access points with a relay in front of each.
type scene struct {
	keys    *keyring
	ours    *side
	phase4  *peer
	toUs    *relay // phase4 sends here
	toThem  *relay // we send here
	payload []byte // the largest; others are its beginning
	files   string // folder of payloads for phase4
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{keys: newKeyring(t, 2048), files: t.TempDir()}
	s.phase4 = start(t, s.keys.dir, "large")
	s.toThem = newRelay(t, s.phase4.URL, s.keys.client(), s.keys.server)
	s.ours = newSide(t, s.keys, "OURS", s.toThem.URL)
	s.toUs = newRelay(t, serve(t, s.ours, s.keys.server), s.keys.client(), s.keys.server)
	s.payload = compressible(largest(t))
	return s
}

// largest is the size of the largest payload: 100 MB, or 10 MB in a short run.
func largest(t *testing.T) int {
	if testing.Short() {
		return 10_000_000
	}
	return 100_000_000
}

// compressible returns bytes of which gzip saves about a third.
func compressible(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{4})
	r.Read(b)
	for i := range b {
		if i%3 == 0 {
			b[i] = '<'
		}
	}
	return b
}

// A part is one payload of a case, the same in both directions.
type part struct {
	size       int    // of the binary content; 0 when there is text
	text       string // content
	mime       string
	compress   bool
	properties map[string]string
}

// WSS4J digests an XML part in its canonical form and a text with CRLF line ends, and still carries it as
// it is. [SwA Profile 1.1.1 §5.4.4]
const (
	anXML  = "<?xml version='1.0' encoding='UTF-8'?>\n<!-- dropped -->\n<a z='1'  b=\"&#228;\" xmlns:y='urn:y' xmlns='urn:x'><y:b/><![CDATA[<Größe>]]>\n</a>\n"
	aText  = "first\r\nsecond\nthird\n\nÜbermaß"
	aTable = "a;b\n1;2\n"
)

func (p part) contentID(i int) string { return fmt.Sprintf("part-%d@interop.test", i+1) }

func (s *scene) bytes(p part) []byte {
	if p.text != "" {
		return []byte(p.text)
	}
	return s.payload[:p.size]
}

func (s *scene) sum(p part) string {
	sum := sha256.Sum256(s.bytes(p))
	return hex.EncodeToString(sum[:])
}

// A matter is what a message carries.
type matter struct {
	name       string
	properties []property // beside the two corners
	corners    [2]string
	parts      []part
}

// matters are exchanged in both directions.
func matters(largest int) []matter {
	ascii := [2]string{"C1", "C4"}
	rim := "application/x-ebrs+xml"
	return []matter{
		{name: "no payload", corners: ascii},
		{name: "1 kB", corners: ascii, parts: []part{{size: 1000, mime: rim, compress: true}}},
		{name: "1 kB, not compressed", corners: ascii, parts: []part{{size: 1000, mime: "application/pdf"}}},
		{name: "XML, not compressed", corners: ascii, parts: []part{{text: anXML, mime: rim}}},
		{name: "text, not compressed", corners: ascii, parts: []part{{text: aText, mime: "text/plain"}}},
		{name: "1 byte", corners: ascii, parts: []part{{size: 1, mime: rim, compress: true}}},
		{name: "5 MB", corners: ascii, parts: []part{{size: 5_000_000, mime: rim, compress: true}}},
		{name: "5 MB, not compressed", corners: ascii, parts: []part{{size: 5_000_000, mime: "application/pdf"}}},
		{name: fmt.Sprintf("%d MB", largest/1_000_000), corners: ascii, parts: []part{{size: largest, mime: "text/csv", compress: true}}},
		{name: "several parts", corners: ascii, parts: []part{
			{size: 3000, mime: rim, compress: true},
			{size: 70_000, mime: "application/pdf"},
			{size: 40_000, mime: "application/xml", compress: true},
			{text: anXML, mime: "application/xml"},
			{size: 2000, mime: "text/plain", compress: true, properties: map[string]string{"Beschreibung": "Größe ≥ Übermaß"}},
			{text: aTable, mime: "text/csv"},
		}},
		{name: "non-ASCII properties", corners: [2]string{"Υπουργείο Παιδείας", "Bundesministerium für Bildung & <Kunst> \"½\""},
			properties: []property{{Name: "ExchangeId", Value: "Ελένη – 𝔘 – Žofia"}, {Name: "trackingIdentifier", Value: "  leading and trailing  ", Type: "urn:test:ß"}},
			parts:      []part{{size: 1000, mime: rim, compress: true}}},
	}
}

func (m matter) all() []property {
	return append([]property{
		{Name: "originalSender", Type: partyType, Value: m.corners[0]},
		{Name: "finalRecipient", Type: partyType, Value: m.corners[1]},
	}, m.properties...)
}

// plain is a message whose content is of no interest.
var plain = matter{name: "plain", corners: [2]string{"C1", "C4"}, parts: []part{{size: 1000, mime: "application/x-ebrs+xml", compress: true}}}

// give submits m to our gateway.
func (s *scene) give(t *testing.T, from *side, action string, m matter) (id string) {
	t.Helper()
	var properties []ebms.Property
	for _, p := range m.all() {
		properties = append(properties, ebms.Property(p))
	}
	payloads := make([]as4.Payload, len(m.parts))
	for i, p := range m.parts {
		payloads[i] = as4.Payload{ContentID: p.contentID(i), MimeType: p.mime, Compress: p.compress, Content: as4.Bytes(s.bytes(p))}
		for name, value := range p.properties {
			payloads[i].Properties = append(payloads[i].Properties, ebms.Property{Name: name, Value: value})
		}
	}
	return from.submit(t, action, properties, payloads)
}

// order has phase4 send m.
func (s *scene) order(t *testing.T, m matter) order {
	t.Helper()
	o := order{
		URL: s.toUs.URL, Key: "PHASE4", Service: service, ServiceType: serviceType, Action: request,
		MessageID: clock.UUID() + "@phase4.test", ConversationID: clock.UUID(), Properties: m.all(),
	}
	for i, p := range m.parts {
		name := filepath.Join(s.files, s.sum(p))
		if _, err := os.Stat(name); err != nil {
			if err := os.WriteFile(name, s.bytes(p), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		o.Payloads = append(o.Payloads, file{Name: name, ContentID: p.contentID(i), MimeType: p.mime, Compress: p.compress, Properties: p.properties})
	}
	return o
}

// A row is one line of the matrix.
type row struct {
	direction, name string
	took            time.Duration
	ok              bool
}

// A matrix collects what was tried.
type matrix struct {
	version string
	rows    []row
}

func (x *matrix) run(t *testing.T, direction, name string, f func(t *testing.T)) {
	start, ran := time.Now(), false
	ok := t.Run(strings.ReplaceAll(direction+"/"+name, " ", "_"), func(t *testing.T) {
		ran = true
		f(t)
	})
	if ran {
		x.rows = append(x.rows, row{direction, name, time.Since(start), ok})
	}
}

func (x *matrix) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| Direction | Case | Result | ms |\n|---|---|---|---:|\n")
	for _, r := range x.rows {
		word := "ok"
		if !r.ok {
			word = "FAILED"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d |\n", r.direction, r.name, word, r.took.Milliseconds())
	}
	return b.String()
}

// report logs the table, and writes it where OOTS_INTEROP_REPORT says.
func report(t *testing.T, title, table string) {
	t.Helper()
	t.Logf("%s\n\n%s", title, table)
	name := os.Getenv("OOTS_INTEROP_REPORT")
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "## %s\n\n%s\n", title, table); err != nil {
		t.Fatal(err)
	}
}

const (
	outward = "oots → phase4"
	inward  = "phase4 → oots"
)

func TestMatrix(t *testing.T) {
	s := newScene(t)
	x := &matrix{version: s.phase4.Version}
	for _, m := range matters(len(s.payload)) {
		x.run(t, outward, m.name, func(t *testing.T) { s.outward(t, m) })
		x.run(t, inward, m.name, func(t *testing.T) { s.inward(t, m) })
	}
	for _, c := range []struct {
		direction, name string
		run             func(*scene, *testing.T)
	}{
		{outward, "test service", (*scene).pingThem},
		{inward, "test service", (*scene).pingUs},
		{outward, "phase4 refuses: action not agreed", (*scene).theyRefuseAction},
		{outward, "phase4 refuses: certificate of somebody else", (*scene).theyRefuseSigner},
		{outward, "phase4 refuses: its back end", (*scene).theirBackEndRefuses},
		{inward, "oots refuses: action not agreed", (*scene).weRefuseAction},
		{inward, "oots refuses: certificate of somebody else", (*scene).weRefuseSigner},
		{inward, "oots refuses: property not agreed", (*scene).weRefuseProperty},
		{outward, "receipt lost, sent again", (*scene).weSendAgain},
		{inward, "receipt lost, sent again", (*scene).theySendAgain},
		{outward, "receipt of another message", (*scene).oldReceiptToUs},
		{outward, "receipt with another digest", (*scene).forgedReceiptToUs},
		{outward, "receipt without signature", (*scene).bareReceiptToUs},
		{inward, "receipt of another message", (*scene).oldReceiptToThem},
		{inward, "receipt with another digest", (*scene).forgedReceiptToThem},
	} {
		x.run(t, c.direction, c.name, func(t *testing.T) { c.run(s, t) })
	}
	report(t, "Exchanges with phase4 "+x.version, x.String())
}

// outward sends m from our gateway and compares what phase4's back end got.
func (s *scene) outward(t *testing.T, m matter) {
	id := s.give(t, s.ours, request, m)
	s.ours.pump(t)
	if got := s.ours.outbox(t, id); got != "acknowledged" {
		t.Fatalf("outbox: %s\nanswer: %s", got, s.toThem.last())
	}
	onWire(t, s.toThem.envelope(), m)
	all := s.phase4.received(t, id)
	if len(all) != 1 {
		t.Fatalf("phase4 delivered %d times", len(all))
	}
	a := all[0]
	if !a.Signed || a.Signer != s.keys.fingerprint("OURS") || a.Decrypted != (len(m.parts) > 0) {
		t.Errorf("signed %v by %s, decrypted %v", a.Signed, a.Signer, a.Decrypted)
	}
	if a.From != "AP_OURS" || a.FromType != partyType || a.Service != service || a.Action != request {
		t.Errorf("header %+v", a)
	}
	if !slices.Equal(a.Properties, m.all()) {
		t.Errorf("message properties\n got %q\nwant %q", a.Properties, m.all())
	}
	if len(a.Payloads) != len(m.parts) || len(a.Parts) != len(m.parts) {
		t.Fatalf("%d payloads and %d parts, want %d", len(a.Payloads), len(a.Parts), len(m.parts))
	}
	for i, p := range m.parts {
		got := a.Payloads[i]
		if got.Size != int64(len(s.bytes(p))) || got.SHA256 != s.sum(p) || got.Compressed != p.compress {
			t.Errorf("payload %d: %+v, want %d bytes %s", i+1, got, len(s.bytes(p)), s.sum(p))
		}
		if want := "cid:" + p.contentID(i); a.Parts[i].Href != want {
			t.Errorf("part %d: %s, want %s", i+1, a.Parts[i].Href, want)
		}
		if !slices.Contains(a.Parts[i].Properties, property{Name: "MimeType", Value: p.mime}) {
			t.Errorf("part %d: no MimeType %s in %q", i+1, p.mime, a.Parts[i].Properties)
		}
		for name, value := range p.properties {
			if !slices.Contains(a.Parts[i].Properties, property{Name: name, Value: value}) {
				t.Errorf("part %d: no %s in %q", i+1, name, a.Parts[i].Properties)
			}
		}
	}
}

// inward has phase4 send m and compares what our back end got, and what phase4 made of our receipt.
func (s *scene) inward(t *testing.T, m matter) {
	o := s.order(t, m)
	v := s.phase4.send(t, o)
	if v.Result != "success" || v.References != "equal" || v.RefTo != o.MessageID {
		t.Fatalf("phase4: %+v\nanswer: %s", v, s.toUs.last())
	}
	if !v.Signed || v.Signer != s.keys.fingerprint("OURS") || v.Status != 200 {
		t.Errorf("receipt signed %v by %s, status %d", v.Signed, v.Signer, v.Status)
	}
	onWire(t, s.toUs.envelope(), m)
	all := s.ours.got(t, o.MessageID)
	if len(all) != 1 {
		t.Fatalf("delivered %d times", len(all))
	}
	d := all[0]
	if d.message.From.ID != partyID("PHASE4") || d.message.Action != request || d.message.ConversationID != o.ConversationID {
		t.Errorf("header %+v", d.message)
	}
	var properties []property
	for _, p := range d.message.Properties {
		properties = append(properties, property(p))
	}
	if !slices.Equal(properties, m.all()) {
		t.Errorf("message properties\n got %q\nwant %q", properties, m.all())
	}
	if len(d.payloads) != len(m.parts) {
		t.Fatalf("%d payloads, want %d", len(d.payloads), len(m.parts))
	}
	for i, p := range m.parts {
		got := d.payloads[i]
		if got.Size != int64(len(s.bytes(p))) || got.SHA256 != s.sum(p) || got.MimeType != p.mime {
			t.Errorf("payload %d: %+v, want %d bytes %s of %s", i+1, got, len(s.bytes(p)), s.sum(p), p.mime)
		}
		for name, value := range p.properties {
			if got := d.message.Parts[i].Properties; !slices.Contains(got, ebms.Property{Name: name, Value: value}) {
				t.Errorf("part %d: no %s in %v", i+1, name, got)
			}
		}
	}
}

// onWire checks the envelope of m as it went over the wire: algorithms, and which parts are compressed.
func onWire(t *testing.T, envelope []byte, m matter) {
	t.Helper()
	count := func(text string, want int) {
		t.Helper()
		if n := bytes.Count(envelope, []byte(text)); n != want {
			t.Errorf("%d of %s on the wire, want %d", n, text, want)
		}
	}
	compressed := 0
	for _, p := range m.parts {
		if p.compress {
			compressed++
		}
	}
	count("\"CompressionType\"", compressed)
	count("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", 1)
	count("http://www.w3.org/2009/xmlenc11#aes128-gcm", len(m.parts))
	count("http://www.w3.org/2009/xmlenc11#rsa-oaep", min(1, len(m.parts)))
	count("http://www.w3.org/2009/xmlenc11#mgf1sha256", min(1, len(m.parts)))
	count("#Attachment-Content-Signature-Transform", len(m.parts))
}

// last is the end of the latest answer, for a failing test's log.
func (r *relay) last() []byte {
	all := r.seen()
	if len(all) == 0 {
		return nil
	}
	return bytes.TrimSpace(all[len(all)-1])
}

// digestOf finds the first digest in a receipt's non-repudiation information and returns it as text.
func digestOf(t *testing.T, receipt []byte) string {
	t.Helper()
	_, rest, ok := bytes.Cut(receipt, []byte("NonRepudiationInformation"))
	_, rest, ok2 := bytes.Cut(rest, []byte("DigestValue>"))
	value, _, ok3 := bytes.Cut(rest, []byte("<"))
	if _, err := base64.StdEncoding.DecodeString(string(value)); !ok || !ok2 || !ok3 || err != nil {
		t.Fatalf("no digest in %s", receipt)
	}
	return string(value)
}

// forge replaces that digest everywhere by another one.
func forge(t *testing.T) func([]byte) []byte {
	return func(receipt []byte) []byte {
		other := sha256.Sum256([]byte("another"))
		return bytes.ReplaceAll(receipt, []byte(digestOf(t, receipt)), []byte(base64.StdEncoding.EncodeToString(other[:])))
	}
}
