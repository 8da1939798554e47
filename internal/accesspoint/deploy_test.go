package accesspoint

import (
	"crypto/rsa"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"

	"oots/internal/accesspoint/settings"
)

// names are the figures that exist.
func (f *figures) names(t *testing.T) []string {
	t.Helper()
	descriptions := make(chan *prometheus.Desc, 1000)
	f.registry.Describe(descriptions)
	close(descriptions)
	var out []string
	for d := range descriptions {
		_, rest, _ := strings.Cut(d.String(), `fqName: "`)
		name, _, _ := strings.Cut(rest, `"`)
		out = append(out, name)
	}
	return out
}

var metricName = regexp.MustCompile(`\b(oots|go|process)_[a-z_]+\b`)

// used are the figures of an expression, without the endings of histograms.
func used(expression string) (out []string) {
	for _, n := range metricName.FindAllString(expression, -1) {
		for _, ending := range []string{"_bucket", "_sum", "_count"} {
			n = strings.TrimSuffix(n, ending)
		}
		out = append(out, n)
	}
	return out
}

// TestBoardAndRules use figures that exist, and the board leaves none of ours out.
func TestBoardAndRules(t *testing.T) {
	t.Parallel()
	exist := newFigures(&AccessPoint{}).names(t)
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	b, err := os.ReadFile("../../deploy/grafana/oots.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &board); err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, p := range board.Panels {
		if len(p.Targets) == 0 {
			t.Errorf("the panel %q shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			names := used(target.Expr)
			if len(names) == 0 {
				t.Errorf("the panel %q asks for %q", p.Title, target.Expr)
			}
			shown = append(shown, names...)
		}
	}
	for _, n := range shown {
		if !slices.Contains(exist, n) {
			t.Errorf("the board shows %s, which does not exist", n)
		}
	}
	for _, n := range exist {
		if strings.HasPrefix(n, "oots_") && !slices.Contains(shown, n) {
			t.Errorf("the board does not show %s", n)
		}
	}
	b, err = os.ReadFile("../../deploy/prometheus/oots.rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(b, &rules); err != nil {
		t.Fatal(err)
	}
	if len(rules.Groups) != 1 || len(rules.Groups[0].Rules) < 5 {
		t.Fatal("there are no rules")
	}
	for _, r := range rules.Groups[0].Rules {
		for _, n := range used(r.Expr) {
			if !slices.Contains(exist, n) {
				t.Errorf("the alert %s asks for %s, which does not exist", r.Alert, n)
			}
		}
	}
}

// TestFewLabels bounds what a partner or a code that nobody knows can add.
func TestFewLabels(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	for _, p := range []string{"AP_AT_01", "AP_XX_01", "AP_YY_01", ""} {
		n.ap.figures.Count("received", p, "refused")
	}
	n.ap.figures.code("refused", "EBMS:0003")
	n.ap.figures.code("refused", "anything\nelse")
	_, text := n.get("/metrics")
	for _, want := range []string{
		`oots_messages_total{event="received",outcome="refused",partner="AP_AT_01"} 1`, `oots_messages_total{event="received",outcome="refused",partner="other"} 2`,
		`oots_messages_total{event="received",outcome="refused",partner=""} 1`, `oots_refusals_total{code="EBMS:0003",event="refused"} 1`,
		`oots_refusals_total{code="other",event="refused"} 1`, `oots_pmodes_version 1`, `oots_ready{check="database"} 1`, `oots_certificate_days{name="as4.tls",use="tls"} 396.`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the figures lack %s", want)
		}
	}
	if strings.Contains(text, "AP_XX_01") {
		t.Error("a party that no P-Mode names has a label")
	}
}

// TestUnit reads the unit for systemd: hardened, started again for as long as it takes, reloaded by SIGHUP.
func TestUnit(t *testing.T) {
	t.Parallel()
	const file = "../../deploy/systemd/oots.service"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	unit, section := map[string]string{}, ""
	for i, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		key, value, ok := strings.Cut(line, "=")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		case !ok:
			t.Errorf("line %d is no assignment: %s", i+1, line)
		default:
			unit[section+"."+key] += value + "\n"
		}
	}
	for key, want := range map[string]string{
		"Service.ExecStart": "/usr/local/bin/oots serve --config /etc/oots/oots.yaml\n", "Service.ExecReload": "/bin/kill -HUP $MAINPID\n", "Service.User": "oots\n",
		"Service.NoNewPrivileges": "yes\n", "Service.ProtectSystem": "strict\n", "Service.CapabilityBoundingSet": "\n", "Service.MemoryDenyWriteExecute": "yes\n",
		"Service.Restart": "always\n", "Unit.StartLimitIntervalSec": "0\n", "Service.SystemCallErrorNumber": "EPERM\n", "Service.StateDirectory": "oots\n", "Service.ReadOnlyPaths": "/etc/oots\n", "Service.UMask": "0077\n", "Install.WantedBy": "multi-user.target\n",
	} {
		if unit[key] != want {
			t.Errorf("%s is %q, want %q", key, unit[key], want)
		}
	}
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Log("no systemd-analyze: the unit is not verified by it")
		return
	}
	// The program need not be installed for that.
	copied := filepath.Join(t.TempDir(), "oots.service")
	text := strings.ReplaceAll(string(b), "/usr/local/bin/oots", "/bin/true")
	if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", "--man=no", copied).CombinedOutput(); err != nil || strings.Contains(string(out), "Unknown") {
		t.Errorf("systemd-analyze: %v\n%s", err, out)
	}
}

// TestContainer reads the container file: a static program in an image without shell, and not as root.
func TestContainer(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../deploy/container/Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	type instruction struct{ name, rest string }
	var stages [][]instruction
	for line := range strings.Lines(strings.ReplaceAll(string(b), "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		if !slices.Contains([]string{"FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}, name) {
			t.Errorf("unknown instruction %s", name)
		}
		if name == "FROM" {
			stages = append(stages, nil)
		}
		stages[len(stages)-1] = append(stages[len(stages)-1], instruction{name, rest})
	}
	if len(stages) != 2 || stages[1][0].rest != "scratch" {
		t.Fatalf("the image is not built of nothing: %v", stages)
	}
	if !slices.ContainsFunc(stages[0], func(i instruction) bool {
		return i.name == "RUN" && strings.Contains(i.rest, "CGO_ENABLED=0 go build")
	}) {
		t.Error("the program is not static")
	}
	last := map[string]string{}
	for _, i := range stages[1] {
		last[i.name] = i.rest
	}
	var entry, command []string
	if json.Unmarshal([]byte(last["ENTRYPOINT"]), &entry) != nil || json.Unmarshal([]byte(last["CMD"]), &command) != nil {
		t.Error("entry point and command need a shell")
	}
	if got := strings.Join(append(entry, command...), " "); got != "/oots serve --config /etc/oots/oots.yaml" {
		t.Errorf("it runs %q", got)
	}
	if check := last["HEALTHCHECK"]; !strings.HasSuffix(check, `CMD ["/oots", "gateway", "ready", "--alive", "--config", "/etc/oots/oots.yaml"]`) {
		t.Errorf("health is asked by %q", check)
	}
	if last["VOLUME"] != `["/etc/oots", "/var/lib/oots"]` {
		t.Errorf("volumes %s", last["VOLUME"])
	}
	if last["USER"] != "65532:65532" || last["RUN"] != "" {
		t.Errorf("user %q, run %q", last["USER"], last["RUN"])
	}
	c := settings.Defaults()
	var ports []string
	for _, a := range []settings.Address{c.AS4.Listen, c.Backend.Listen, c.Monitor.Listen} {
		_, port, _ := strings.Cut(string(a), ":")
		ports = append(ports, port)
	}
	if got := strings.Join(ports, " "); got != last["EXPOSE"] {
		t.Errorf("ports %s, the configuration has %s", last["EXPOSE"], got)
	}
}

// TestLayouts: what quickstart writes for a system and for a container keeps nothing below the configuration, which is
// read-only there, and the listeners of a container can be reached.
func TestLayouts(t *testing.T) {
	t.Parallel()
	for _, container := range []bool{false, true} {
		made, err := Begin(Beginning{Country: "AT", Host: "ap.example.org", Dir: t.TempDir(), Data: "/var/lib/oots", Container: container, Now: testClock().Now(),
			newRSA: func() (*rsa.PrivateKey, error) { return key("AT") }})
		if err != nil {
			t.Fatal(err)
		}
		f, found, err := settings.ReadFile(made.Config)
		if f == nil {
			t.Fatal(found, err)
		}
		c := &f.Config
		if c.Data.Folder != "/var/lib/oots/data" || c.Data.Journal != "/var/lib/oots/journal" {
			t.Errorf("data in %s, journal in %s", c.Data.Folder, c.Data.Journal)
		}
		if reached := !c.Backend.Listen.Local() && !c.Monitor.Listen.Local(); reached != container || container != (c.Backend.TLS.Certificate != "") {
			t.Errorf("container %v: back ends at %s with TLS by %q, machines at %s", container, c.Backend.Listen, c.Backend.TLS.Certificate, c.Monitor.Listen)
		}
	}
}
