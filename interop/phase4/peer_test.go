package phase4

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const jar = "target/phase4-peer.jar"

// absent skips the test where something is missing on a developer's machine; where everything is
// supposed to be there, it fails.
func absent(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// build makes the jar unless it is newer than what it is made of. What Maven has downloaded before is
// enough for it.
func build(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("java"); err != nil {
		absent(t, "no java: install a JDK 17 or newer")
	}
	if fresh(t) {
		return
	}
	if _, err := exec.LookPath("mvn"); err != nil {
		absent(t, "no mvn to build %s with", jar)
	}
	for _, offline := range []bool{true, false} {
		args := []string{"-q", "-B", "package"}
		if offline {
			args = append(args, "-o")
		}
		out, err := exec.Command("mvn", args...).CombinedOutput()
		if err == nil {
			return
		}
		if bytes.Contains(out, []byte("COMPILATION ERROR")) {
			t.Fatalf("mvn package: %v\n%s", err, out)
		}
		if !offline {
			absent(t, "mvn package: %v\n%s", err, out)
		}
	}
}

func fresh(t *testing.T) bool {
	t.Helper()
	made, err := os.Stat(jar)
	if err != nil {
		return false
	}
	newer := false
	for _, root := range []string{"pom.xml", "src"} {
		err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && !d.IsDir() && info.ModTime().After(made.ModTime()) {
				newer = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return !newer
}

// A peer is phase4 in a JVM of its own.
type peer struct {
	Version  string
	URL      string // its access point
	BenchURL string // its twin for measuring: phase4 talking to itself

	in       io.Writer
	mu       sync.Mutex
	next     int
	answers  map[int]chan json.RawMessage
	arrivals map[string][]arrival // by message id
	dead     chan struct{}
	kill     func() // with SIGKILL; returns when it is dead
}

// A property is one of a message or of a part.
type property struct {
	Name  string `json:"name"`
	Type  string `json:"type,omitempty"`
	Value string `json:"value"`
}

// An arrival is a message that phase4 has delivered to its back end.
type arrival struct {
	MessageID      string     `json:"messageId"`
	ConversationID string     `json:"conversationId"`
	From           string     `json:"from"`
	FromType       string     `json:"fromType"`
	Service        string     `json:"service"`
	Action         string     `json:"action"`
	Properties     []property `json:"properties"`
	Parts          []struct {
		Href       string     `json:"href"`
		Properties []property `json:"properties"`
	} `json:"parts"`
	Payloads []struct {
		ContentID  string `json:"contentId"`
		MimeType   string `json:"mimeType"`
		Compressed bool   `json:"compressed"`
		Size       int64  `json:"size"`
		SHA256     string `json:"sha256"`
	} `json:"payloads"`
	Signed    bool   `json:"signed"`
	Decrypted bool   `json:"decrypted"`
	Signer    string `json:"signer"` // SHA-256 of the certificate
}

// An order has phase4 send a message.
type order struct {
	URL            string     `json:"url"`
	Key            string     `json:"key"` // whose key it signs with
	Service        string     `json:"service"`
	ServiceType    string     `json:"serviceType,omitempty"`
	Action         string     `json:"action"`
	MessageID      string     `json:"messageId"`
	ConversationID string     `json:"conversationId"`
	Properties     []property `json:"properties"`
	Payloads       []file     `json:"payloads"`
	Retries        int        `json:"retries"` // after a broken connection; the same entity again
}

// A file is a payload that phase4 reads.
type file struct {
	Name       string            `json:"file"`
	ContentID  string            `json:"contentId"`
	MimeType   string            `json:"mimeType"`
	Compress   bool              `json:"compress"`
	Charset    string            `json:"charset,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
}

// A verdict is what phase4 made of the answer to its message.
type verdict struct {
	Result     string `json:"result"`     // phase4's word; "success" for a receipt
	References string `json:"references"` // of the receipt: equal, differ, or not compared
	Receipt    bool   `json:"receipt"`
	RefTo      string `json:"refTo"`
	Signed     bool   `json:"signed"`
	Signer     string `json:"signer"`
	Status     int    `json:"httpStatus"`
	Errors     []struct {
		Code     string `json:"code"`
		Severity string `json:"severity"`
		RefTo    string `json:"refTo"`
		Detail   string `json:"detail"`
	} `json:"errors"`
	Exception string `json:"exception"`
}

// codes lists the error codes of v.
func (v verdict) codes() string {
	var c []string
	for _, e := range v.Errors {
		c = append(c, e.Code)
	}
	return strings.Join(c, " ")
}

// start runs the jar with the keys in folder, and further arguments of its main, until the test ends.
func start(t *testing.T, folder string, args ...string) *peer {
	t.Helper()
	build(t)
	jvm := []string{"-Xmx3g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-Djava.io.tmpdir=" + t.TempDir(), "-jar", jar, folder}
	cmd := exec.Command("java", append(jvm, args...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "phase4.log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &peer{in: in, answers: map[int]chan json.RawMessage{}, arrivals: map[string][]arrival{}, dead: make(chan struct{})}
	hello := make(chan []byte, 1)
	go p.read(out, hello)
	p.kill = func() {
		cmd.Process.Kill()
		<-p.dead
	}
	t.Cleanup(func() {
		in.Close() // the peer ends with its input
		<-p.dead
		cmd.Wait()
		log.Close()
		if t.Failed() {
			b, _ := os.ReadFile(log.Name())
			t.Logf("end of phase4's log:\n%s", b[max(0, len(b)-8000):])
		}
	})
	select {
	case line := <-hello:
		if err := json.Unmarshal(line, p); err != nil {
			t.Fatal(err)
		}
	case <-p.dead:
		t.Fatal("phase4 did not start")
	case <-time.After(3 * time.Minute):
		cmd.Process.Kill()
		t.Fatal("phase4 did not start within three minutes")
	}
	return p
}

// read sorts the lines of the peer until it ends.
func (p *peer) read(out io.Reader, hello chan<- []byte) {
	defer close(p.dead)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for first := true; lines.Scan(); first = false {
		line := bytes.Clone(lines.Bytes())
		if first {
			hello <- line
			continue
		}
		var l struct {
			ID       int      `json:"id"`
			Received *arrival `json:"received"`
		}
		if json.Unmarshal(line, &l) != nil {
			continue
		}
		p.mu.Lock()
		if l.Received != nil {
			p.arrivals[l.Received.MessageID] = append(p.arrivals[l.Received.MessageID], *l.Received)
		} else if c := p.answers[l.ID]; c != nil {
			delete(p.answers, l.ID)
			c <- line
		}
		p.mu.Unlock()
	}
}

var errDead = errors.New("phase4 has ended")

// do gives an order and waits for its answer. Order is nil or a value that encodes as a JSON object.
func (p *peer) do(what string, order, answer any) error {
	fields := map[string]any{}
	if order != nil {
		b, err := json.Marshal(order)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &fields); err != nil {
			return err
		}
	}
	c := make(chan json.RawMessage, 1)
	p.mu.Lock()
	p.next++
	fields["id"], fields["do"] = p.next, what
	p.answers[p.next] = c
	line, err := json.Marshal(fields)
	if err == nil {
		_, err = p.in.Write(append(line, '\n'))
	}
	p.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case b := <-c:
		return json.Unmarshal(b, answer)
	case <-p.dead:
		return errDead
	}
}

func (p *peer) send(t *testing.T, o order) verdict {
	t.Helper()
	var v verdict
	if err := p.do("send", o, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// refuseNext has phase4's back end refuse the next message with EBMS:0004.
func (p *peer) refuseNext(t *testing.T) {
	t.Helper()
	if err := p.do("refuse", nil, &struct{}{}); err != nil {
		t.Fatal(err)
	}
}

// received returns how often phase4 delivered a message, in order. It has written so before it answers with
// the receipt, and it answers an order after that: the order here is of no other use.
func (p *peer) received(t *testing.T, id string) []arrival {
	t.Helper()
	if err := p.do("sync", nil, &struct{}{}); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.arrivals[id]
}
