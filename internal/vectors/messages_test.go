package vectors

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
)

func corpusRun(t testing.TB) *Run {
	t.Helper()
	keys, err := OpenKeys(corpus.Path(t, "as4/generated/keys"))
	if err != nil {
		t.Fatal(err)
	}
	return &Run{PModes: corpus.Read(t, "as4/generated/pmode-AP_YY_01.xml"), Keys: keys}
}

// TestCorpusMessages runs every golden message as its partner would send it, and every golden answer as its
// sender would get it.
func TestCorpusMessages(t *testing.T) {
	t.Parallel()
	var tally Tally
	err := corpusRun(t).Messages(context.Background(), corpus.Path(t, "as4/generated/messages"), func(r Result) {
		tally.Add(r)
		switch r.Verdict {
		case Differs:
			t.Errorf("%s: want %s, got %s: %s", r.ID, r.Expect, r.Got, r.Reason)
		case NotInRelease:
			if !strings.HasPrefix(r.ID, "e") {
				t.Errorf("%s is not counted: %s", r.ID, r.Note)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if tally.Cases < 80 || tally.Passed < 70 {
		t.Errorf("%+v", tally)
	}
}

// TestLegacySwitch runs all messages with the switch for older key transport: two more are accepted, and nothing
// else changes.
func TestLegacySwitch(t *testing.T) {
	t.Parallel()
	run := corpusRun(t)
	run.Choice.Legacy = true
	accepted := map[string]bool{}
	if err := run.Messages(context.Background(), corpusMessagesDir(t), func(r Result) {
		if r.Verdict == Differs {
			t.Errorf("%s: want %s, got %s: %s", r.ID, r.Expect, r.Got, r.Reason)
		}
		if strings.Contains(r.Expect, "legacy") {
			accepted[r.ID] = r.Got == "ok"
		}
	}); err != nil {
		t.Fatal(err)
	}
	if len(accepted) != 2 || !accepted["s01-rsa-oaep-mgf1p"] || !accepted["s02-oaep-without-mgf"] {
		t.Errorf("accepted: %v", accepted)
	}
}

// TestWrongOutcomesDiffer turns the expectation of each kind of case around: a run that cannot fail says nothing.
func TestWrongOutcomesDiffer(t *testing.T) {
	t.Parallel()
	from := corpus.Path(t, "as4/generated/messages")
	edits := map[string]func(*Case){
		"v01-no-payload":                 func(c *Case) { c.Expect = "EBMS:0103" },
		"v03-one-payload":                func(c *Case) { c.Parts[0].SHA256 = strings.Repeat("0", 64) },
		"v04-two-payloads":               func(c *Case) { c.Parts[0], c.Parts[1] = c.Parts[1], c.Parts[0] },
		"v05-uncompressed":               func(c *Case) { c.Parts = c.Parts[:1] },
		"v23-ping":                       func(c *Case) { c.Expect = "ok" },
		"x04-messaging-tampered":         func(c *Case) { c.Expect = "EBMS:0103" },
		"x46-unknown-mustunderstand":     func(c *Case) { c.Expect = "VersionMismatch fault" },
		"x56-exact-duplicate-of-v03":     func(c *Case) { c.Expect = "ok" },
		"r04-receipt-v04-changed-digest": func(c *Case) { c.Expect = "accepted" },
		"r09-receipt-v04-extra-child":    func(c *Case) { c.Expect = "EBMS:0302, retry" },
		"r10-signed-error-0010":          func(c *Case) { c.Expect = "retry" },
		"s04-signature-by-issuer-serial": func(c *Case) { c.Expect = "as you like it" },
		"v02-no-payload-multipart":       func(c *Case) { c.Role = "spectator" },
		"e05-ecdsa-ecdhes":               func(c *Case) { c.Role = RoleReceiver },
	}
	cases, err := readManifest(from)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var kept []Case
	for _, c := range cases {
		edit, ok := edits[c.ID]
		if !ok {
			continue
		}
		edit(&c)
		kept = append(kept, c)
		for _, suffix := range []string{".body", ".headers"} {
			b, err := os.ReadFile(filepath.Join(from, c.ID+suffix))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, c.ID+suffix), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	manifest, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), manifest, 0o600); err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := corpusRun(t).Messages(context.Background(), dir, func(r Result) {
		n++
		if r.Verdict != Differs || r.Reason == "" {
			t.Errorf("%s: %s (%s), got %s", r.ID, r.Verdict, r.Reason, r.Got)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if n != len(edits) {
		t.Errorf("%d cases run, %d edited", n, len(edits))
	}
}

// TestReceiptJudge changes one digest in a receipt that is right.
func TestReceiptJudge(t *testing.T) {
	t.Parallel()
	dir := corpus.Path(t, "as4/generated/messages")
	read := func(id string) entity {
		t.Helper()
		e, err := (&Case{ID: id}).read(dir)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	message, good, bad := read("v04-two-payloads"), read("r09-receipt-v04-extra-child"), read("r04-receipt-v04-changed-digest")
	if err := checkReferences(message, good.body); err != nil {
		t.Error(err)
	}
	if err := checkReferences(message, bad.body); err == nil {
		t.Error("a changed digest is not noticed")
	}
	if err := checkReferences(message, bytes.ReplaceAll(good.body, []byte("NonRepudiationInformation"), []byte("NonRepudiation"))); err == nil {
		t.Error("a receipt without references is not noticed")
	}
	if err := checkReferences(entity{contentType: "multipart/related", body: message.body}, good.body); err == nil {
		t.Error("a message without boundary is not noticed")
	}
}

func corpusMessagesDir(t testing.TB) string { return corpus.Path(t, "as4/generated/messages") }
