package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestServeValidator holds that the command serves where it says, with the operator's rules, and ends when it is told.
func TestServeValidator(t *testing.T) {
	t.Parallel()
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(rules, []byte("severity: {R-EDM-REQ-C003: CAUTION}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out, w := io.Pipe()
	var errs bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- Main(ctx, []string{"validator", "serve", "--listen", "127.0.0.1:0", "--rules", rules, "-v"}, w, &errs)
		w.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, out)
	_, base, _ := strings.Cut(strings.TrimSpace(line), "  ")

	request, err := os.ReadFile("../../edm/edmxml/testdata/request-first.xml")
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Replace(request, []byte("<rim:Value>T3<"), []byte("<rim:Value>T99<"), 1)
	for _, tc := range []struct{ path, want string }{{"", "Check a message"}, {"openapi.json", `"openapi":"3.1.0"`}, {"api/validate", `"verdict":"valid with cautions"`}} {
		var resp *http.Response
		if tc.path == "api/validate" {
			resp, err = http.Post(base+tc.path, "application/xml", bytes.NewReader(broken))
		} else {
			resp, err = http.Get(base + tc.path)
		}
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || !bytes.Contains(b, []byte(tc.want)) {
			t.Errorf("%s: %d %.300s", tc.path, resp.StatusCode, b)
		}
	}
	cancel()
	if got := <-code; got != exitDone {
		t.Errorf("exit %d: %s", got, &errs)
	}
	if strings.Count(errs.String(), "msg=request") != 3 || strings.Contains(errs.String(), "T99") {
		t.Errorf("log: %s", &errs)
	}
}

// TestServeValidatorRefused holds what is said when it cannot begin.
func TestServeValidatorRefused(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"port in use", []string{"--listen", taken.Addr().String()}, "is in use by another program\nTry: oots validator serve --listen"},
		{"no address", []string{"--listen", "somewhere"}, "missing port"},
		{"no code list", []string{"--codelists", t.TempDir()}, "no *.gc file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := Main(context.Background(), append([]string{"validator", "serve"}, tc.args...), &out, &errs); code != exitFailure || !strings.Contains(errs.String(), tc.want) {
				t.Errorf("exit %d: %s", code, &errs)
			}
		})
	}
}
