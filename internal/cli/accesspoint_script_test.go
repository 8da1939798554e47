package cli

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// freePorts sets variables to ports that nobody listens on.
func freePorts(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		ts.Setenv(name, fmt.Sprint(l.Addr().(*net.TCPAddr).Port))
		ts.Check(l.Close())
	}
}

// fill expands the variables in files.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		b, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(os.Expand(string(b), ts.Getenv)), 0o600))
	}
}

// serving runs "oots serve" with a configuration until the script ends or says it again with a "!". It returns when
// the access point listens.
func serving(ts *testscript.TestScript, neg bool, args []string) {
	config := ts.MkAbs(args[0])
	if neg {
		end, ok := ts.Value(servedKey{}).(map[string]func())[config]
		if !ok {
			ts.Fatalf("%s is not served", config)
		}
		end()
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	var log bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- Main(ctx, []string{"serve", "--config", config}, w, &log)
		w.Close()
	}()
	ended := false
	end := func() {
		if ended {
			return
		}
		ended = true
		cancel()
		if code := <-done; code != exitDone {
			ts.Fatalf("oots serve ended with %d: %s", code, &log)
		}
	}
	ts.Value(servedKey{}).(map[string]func())[config] = end
	ts.Defer(end)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "Stop with") {
			go io.Copy(io.Discard, r)
			return
		}
	}
	ts.Fatalf("the access point does not listen: %s", &log)
}

type servedKey struct{}

// askOnce makes a request of an account, NAME:PASSWORD, and writes the answer into the file "answer" behind a line with
// the status. With a payload it is a submission: message and payload are files.
func askOnce(ts *testscript.TestScript, neg bool, args []string) {
	status, answer := question(ts, args)
	ts.Check(os.WriteFile(ts.MkAbs("answer"), []byte(fmt.Sprintf("%d\n%s", status, answer)), 0o600))
	if ok := status >= 200 && status <= 299; ok == neg {
		ts.Fatalf("%d %s", status, answer)
	}
}

// await asks again and again until the answer contains the last argument.
func await(ts *testscript.TestScript, neg bool, args []string) {
	want := args[len(args)-1]
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if _, answer := question(ts, args[:len(args)-1]); strings.Contains(answer, want) {
			return
		}
	}
	ts.Fatalf("never %q", want)
}

func question(ts *testscript.TestScript, args []string) (int, string) {
	method, url, who, files := args[0], args[1], args[2], args[3:]
	var body bytes.Buffer
	contentType := ""
	switch len(files) {
	case 2:
		form := multipart.NewWriter(&body)
		for i, f := range files {
			h := textproto.MIMEHeader{"Content-Type": {[]string{"application/json", "application/x-ebrs+xml"}[i]}}
			h.Set("Content-Disposition", `form-data; name="`+[]string{"message", "request@c1.example"}[i]+`"`)
			p, err := form.CreatePart(h)
			ts.Check(err)
			io.WriteString(p, ts.ReadFile(f))
		}
		form.Close()
		contentType = form.FormDataContentType()
	case 1:
		body.WriteString(ts.ReadFile(files[0]))
		contentType = "application/soap+xml"
	}
	r, err := http.NewRequest(method, url, &body)
	ts.Check(err)
	if name, password, ok := strings.Cut(who, ":"); ok {
		r.SetBasicAuth(name, password)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	ts.Check(err)
	return res.StatusCode, string(b)
}

// pick sets a variable to what stands between two texts in the file "answer".
func pick(ts *testscript.TestScript, neg bool, args []string) {
	_, rest, found := strings.Cut(ts.ReadFile("answer"), args[1])
	value, _, closed := strings.Cut(rest, args[2])
	if !found || !closed {
		ts.Fatalf("the answer has nothing between %q and %q", args[1], args[2])
	}
	ts.Setenv(args[0], value)
}
