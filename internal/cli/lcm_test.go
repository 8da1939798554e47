package cli

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"oots/internal/clock"
	"oots/internal/lifecycle"
	"oots/internal/sqlstore"
)

// TestSubmitToInstance uploads to a running instance.
func TestSubmitToInstance(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := sqlstore.Open(t.Context(), dir, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l, err := lifecycle.Open(t.Context(), lifecycle.Deps{DB: db.DB, Store: db.Lifecycle(), Clock: clock.System(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(lifecycle.PathSubmissions, &lifecycle.Upload{Service: l, Who: func(token string) (lifecycle.Submitter, bool) {
		return lifecycle.Submitter{Country: "LU", Actor: "upload LU"}, token == "0123456789"
	}})
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	write := func(name, content string) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	ca := write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	token, wrong := write("token", "0123456789\n"), write("wrong", "9876543210\n")
	script, err := os.ReadFile("testdata/lcm.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, good, _ := bytes.Cut(script, []byte("-- eb.xml --\n"))
	eb := write("eb.xml", string(good))
	bad := write("bad.xml", string(bytes.Replace(good, []byte(">LU<"), []byte(">AT<"), 1)))

	for _, tc := range []struct {
		name      string
		args      []string
		code      int
		accepted  bool
		revisions int // in force afterwards
	}{
		{"a dry run", []string{"check", eb, "--token-file", token}, exitDone, true, 0},
		{"a wrong token", []string{"submit", eb, "--token-file", wrong}, exitFailure, false, 0},
		{"no token", []string{"submit", eb}, exitFailure, false, 0},
		{"refused", []string{"submit", bad, "--token-file", token}, exitNo, false, 0},
		{"accepted", []string{"submit", eb, "--token-file", token, "--version", "2.0", "--note", "by file"}, exitDone, true, 1},
	} {
		var out, errs bytes.Buffer
		args := append([]string{"lcm"}, tc.args...)
		code := Main(t.Context(), append(args, "--to", server.URL, "--ca", ca, "--json"), &out, &errs)
		if code != tc.code {
			t.Fatalf("%s: exit %d, want %d: %s", tc.name, code, tc.code, &errs)
		}
		if n := len(l.Partitions()); n != tc.revisions {
			t.Errorf("%s: %d partitions are in force", tc.name, n)
		}
		if tc.code == exitFailure {
			continue
		}
		var results []lcmResult
		if err := json.Unmarshal(out.Bytes(), &results); err != nil || len(results) != 1 || results[0].Accepted != tc.accepted {
			t.Errorf("%s: %v\n%s", tc.name, err, &out)
		}
	}
	var plain atomic.Bool
	open := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { plain.Store(true) }))
	defer open.Close()
	var out, errs bytes.Buffer
	if code := Main(t.Context(), []string{"lcm", "submit", eb, "--token-file", token, "--to", open.URL}, &out, &errs); code != exitFailure || plain.Load() || !strings.Contains(errs.String(), "TLS only") {
		t.Errorf("without TLS: exit %d, sent %v: %s", code, plain.Load(), &errs)
	}
	if r := l.Partitions()[0]; r.Note != "by file" || r.Actor != "upload LU" {
		t.Errorf("revision %+v", r)
	}
}
