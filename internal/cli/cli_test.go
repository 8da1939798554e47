package cli

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	notAS4 := filepath.Join(dir, "x.xml")
	if err := os.WriteFile(notAS4, []byte("<a/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	unsigned := filepath.Join(dir, "unsigned.xml")
	if err := os.WriteFile(unsigned, []byte(`<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Header>`+
		`<eb:Messaging xmlns:eb="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/" env:mustUnderstand="true"><eb:SignalMessage><eb:MessageInfo>`+
		`<eb:Timestamp>2026-11-24T12:00:00.000Z</eb:Timestamp><eb:MessageId>x@y</eb:MessageId></eb:MessageInfo>`+
		`<eb:Error errorCode="EBMS:0004" severity="failure"/></eb:SignalMessage></eb:Messaging></env:Header><env:Body/></env:Envelope>`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		args []string
		want int
	}{
		{"done", []string{"version"}, 0},
		{"help is done", []string{"demo", "--help"}, 0},
		{"nothing is help", nil, 0},
		{"the answer is no", []string{"as4", "unpack", unsigned}, 1},
		{"no AS4 at all", []string{"as4", "unpack", notAS4}, 2},
		{"no such file", []string{"as4", "unpack", filepath.Join(dir, "absent")}, 2},
		{"no such command", []string{"nonsense"}, 2},
		{"no such flag", []string{"demo", "--nonsense"}, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if got := Main(context.Background(), tc.args, &out, &errs); got != tc.want {
				t.Errorf("exit %d, want %d\n%s%s", got, tc.want, &out, &errs)
			}
			if tc.want == 2 && !strings.Contains(errs.String(), "oots: ") {
				t.Errorf("the error is not told: %q", &errs)
			}
		})
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	var out, errs bytes.Buffer
	code := Main(context.Background(), []string{"localserve", "--dir", t.TempDir(), "--port", strconv.Itoa(port)}, &out, &errs)
	if code != 2 {
		t.Errorf("exit %d", code)
	}
	for _, want := range []string{"port " + strconv.Itoa(port) + " is in use", "Try: oots localserve --port"} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("stderr %q does not say %q", &errs, want)
		}
	}
}
