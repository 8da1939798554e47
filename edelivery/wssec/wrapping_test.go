package wssec

import (
	"bytes"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"oots/xml/c14n"
	"oots/xml/xmltree"
)

// minAttacks is how many attacks each message must give.
const minAttacks = 200

// someAttacks is about how many attacks on each message are run without the flag; one message gets all of them.
const someAttacks = 220

var everyAttack = flag.Bool("every-attack", false, "run all wrapping attacks on all messages, some hundred thousand")

// TestWrapping attacks every valid golden message and messages of our own: each attack is refused, or accepted
// with exactly what was signed.
func TestWrapping(t *testing.T) {
	t.Parallel()
	t.Run("ours", func(t *testing.T) {
		t.Parallel()
		envelope, atts, _ := secure(t, Options{}, attachments()...)
		wrap(t, envelope, false, func(e []byte) (*Verified, map[string]string, error) {
			v, opened, err := receive(e, atts, Policy{}, theirs())
			return v, contents(opened), err
		})
	})
	t.Run("ours by key identifier", func(t *testing.T) {
		t.Parallel()
		envelope, atts, _ := secure(t, Options{EncryptTo: BySubjectKeyID}, attachments()...)
		wrap(t, envelope, false, func(e []byte) (*Verified, map[string]string, error) {
			v, opened, err := receive(e, atts, Policy{}, theirs())
			return v, contents(opened), err
		})
	})
	for _, m := range vectors(t) {
		user := m.Role == "receiver" && m.Expect == "ok" && strings.HasPrefix(m.ID, "v")
		signal := m.Role == "sender-response" && m.ID != "r05-receipt-v04-unsigned"
		if !user && !signal {
			continue
		}
		t.Run(m.ID, func(t *testing.T) {
			t.Parallel()
			envelope, atts, _ := message(t, m.ID)
			self := corpusIdentity(t, "AP_YY_01")
			wrap(t, envelope, m.ID == "v01-no-payload", func(e []byte) (*Verified, map[string]string, error) {
				v, opened, err := receive(e, atts, Policy{}, self)
				return v, contents(opened), err
			})
		})
	}
}

// contents maps attachments by name. The media type is not signed, and the layer above does not use it.
func contents(opened []attachment) map[string]string {
	out := map[string]string{}
	for _, a := range opened {
		out[a.ContentID] = string(a.Content)
	}
	return out
}

// ChosenAttacks returns every attack, or an even choice of them.
func ChosenAttacks(attacks []Attack, all bool) []Attack {
	if all || *everyAttack || len(attacks) <= someAttacks {
		return attacks
	}
	var out []Attack
	for i := range someAttacks {
		out = append(out, attacks[i*len(attacks)/someAttacks])
	}
	return out
}

// wrap runs attacks on one envelope.
func wrap(t *testing.T, envelope []byte, all bool, receive func([]byte) (*Verified, map[string]string, error)) {
	t.Helper()
	good, parts, err := receive(envelope)
	if err != nil {
		t.Fatal(err)
	}
	want := statement(t, good, parts)
	attacks := ChosenAttacks(WrappingAttacks(t, envelope), all)
	refused, harmless := map[string]int{}, 0
	for _, a := range attacks {
		v, parts, err := receive(a.Envelope)
		if err != nil {
			kind := code(err)
			if !strings.HasPrefix(kind, "EBMS:") {
				kind = "not well-formed"
			}
			refused[kind]++
			continue
		}
		harmless++
		if got := statement(t, v, parts); got != want {
			t.Errorf("%s: accepted with other content\n%s\nwant\n%s", a.Name, got, want)
		}
	}
	t.Logf("%d attacks: %d accepted with exactly what was signed, refused: %v", len(attacks), harmless, refused)
	if len(attacks) < minAttacks {
		t.Errorf("only %d attacks", len(attacks))
	}
	if refused[PolicyNoncompliance] < minAttacks/2 || refused[FailedAuthentication] == 0 {
		t.Errorf("the attacks do not reach the verification: %v", refused)
	}
}

// statement is all that a verified message says: the signer, the two elements in canonical form and as texts, and
// the attachments.
func statement(t *testing.T, v *Verified, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "signed by %x\n", v.Signer.SerialNumber)
	for _, e := range []*xmltree.Element{v.Messaging, v.Body} {
		if err := c14n.Write(&b, e, c14n.Exclusive, nil); err != nil {
			t.Fatal(err)
		}
		b.WriteByte('\n')
		said(&b, e)
	}
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "%s: %x\n", name, parts[name])
	}
	return b.String()
}

// said writes the texts as the readers of the header take them.
func said(b *bytes.Buffer, e *xmltree.Element) {
	fmt.Fprintf(b, "%s=%q ", e.Name.Local, e.Value())
	for c := range e.Elements() {
		said(b, c)
	}
}
