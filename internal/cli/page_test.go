package cli

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strings"
	"testing"
)

//go:generate go test -run TestCommandsPage -update .

var update = flag.Bool("update", false, "write the page of the commands anew")

// TestCommandsPage keeps docs/commands.md what the program itself says.
func TestCommandsPage(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	page.WriteString("# Commands\n\nGenerated from the help of the program by `go generate ./internal/cli`.\n")
	for _, words := range []string{"", "localserve", "demo", "quickstart", "serve", "config test", "config describe", "account add", "account list", "account disable", "account password", "as4 unpack", "as4 ping", "as4 send", "as4 receive", "as4 vectors", "as4 keys", "gateway messages", "gateway message", "gateway resend", "gateway redeliver", "gateway cancel", "gateway resolve", "gateway queues", "gateway ping", "gateway partner", "gateway storage", "gateway certificates", "gateway alerts", "gateway operators invite", "gateway operators list", "gateway operators close", "gateway operators open", "gateway operators log", "trace", "prove", "edm new request", "edm new response", "edm new error", "edm convert", "validate", "validator serve", "lcm check", "lcm submit", "lcm import", "lcm diff", "lcm export", "lcm history", "lcm restore", "coordinator add", "coordinator list", "eb requirements", "eb evidence-types", "dsd data-services", "cs verify", "cs mirror", "cs serve-mirror", "sr list", "sr show", "codelist convert", "codelist diff", "codelist check", "matching evaluate", "matching explain", "matching policy", "explain", "bench as4", "bench directories", "version"} {
		var out, errs bytes.Buffer
		if code := Main(context.Background(), append(strings.Fields(words), "--help"), &out, &errs); code != exitDone {
			t.Fatalf("help of %q: exit %d, %s", words, code, &errs)
		}
		page.WriteString("\n## oots " + words + "\n\n```text\n" + strings.TrimSpace(out.String()) + "\n```\n")
	}
	got := strings.ReplaceAll(page.String(), "## oots \n", "## oots\n")
	const file = "../../docs/commands.md"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("docs/commands.md is stale: go generate ./internal/cli")
	}
}
