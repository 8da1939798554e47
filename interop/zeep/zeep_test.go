package zeep

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// python is the interpreter with zeep: OOTS_ZEEP, or that of the virtual environment beside this file.
func python(t *testing.T) string {
	t.Helper()
	name := os.Getenv("OOTS_ZEEP")
	if name == "" {
		name = filepath.Join(".venv", "bin", "python")
	}
	if err := exec.Command(name, "-c", "import zeep").Run(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no interpreter with zeep at %s, and CI must have it", name)
		}
		t.Skip("no interpreter with zeep; see the package comment")
	}
	return name
}

type fault struct{ Message, Code, Detail string }

// TestJourney lets the client that zeep made of our WSDL send a message with a payload of 12 MB through one access
// point and fetch it from the other: the handler by itself, and access points as oots quickstart and oots serve make them.
func TestJourney(t *testing.T) {
	interpreter := python(t)
	t.Run("handler", func(t *testing.T) {
		w := newWorld(t)
		journey(t, interpreter, w.fr.server.URL+plugin, w.de.server.URL+plugin, w.root)
	})
	t.Run("access point", func(t *testing.T) {
		fr, de, root := newAccessPoints(t)
		journey(t, interpreter, fr+plugin, de+plugin, root)
	})
}

func journey(t *testing.T, interpreter, from, to, root string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), interpreter, "client.py", from, to, password, root, "12000000")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	var got struct {
		Submitted, Again, Pending, Elsewhere, Hrefs, Left, Errors []string
		Entity                                                    []int64
		From, Received, Unknown                                   string
		Properties                                                map[string]string
		Payloads                                                  [][]any
		Sent                                                      bool
		Marked                                                    any
		Faults                                                    []*fault
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	id := []string{"message-1@c1.test"}
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"submitted", got.Submitted, id}, {"submitted again", got.Again, id}, {"entity ids", len(got.Entity), 1},
		{"pending", got.Pending, id}, {"pending of another conversation", got.Elsewhere, []string{}}, {"left", got.Left, []string{}},
		{"from", got.From, "AP_FR_01"}, {"properties", got.Properties, map[string]string{"originalSender": "C1", "finalRecipient": "C4"}},
		{"hrefs", got.Hrefs, []string{"cid:doc@c1.test", "cid:evidence@c1.test"}},
		{"payloads", got.Payloads, [][]any{{"cid:doc@c1.test", "application/x-ebrs+xml", true}, {"cid:evidence@c1.test", "application/pdf", true}}},
		{"acknowledged", got.Sent, true}, {"state at the receiver", got.Received, "DOWNLOADED"}, {"state of no message", got.Unknown, "NOT_FOUND"},
		{"errors", got.Errors, []string{}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	for i, want := range []string{"EBMS:0003PartyInfo/To/PartyId", "WS_PLUGIN:0009No message", "WS_PLUGIN:0009No message"} {
		if f := got.Faults[i]; f == nil || !strings.HasPrefix(f.Detail, want) {
			t.Errorf("fault %d: %+v, want %s", i, f, want)
		}
	}
}
