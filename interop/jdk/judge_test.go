package jdk

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A judgement is one line for Judge.java and what is right for its answer.
type judgement struct {
	name, line string
	want       string // the whole answer, or
	refuse     string // how it begins
}

// TestJudge puts all cases before one JVM.
func TestJudge(t *testing.T) {
	java, err := exec.LookPath("java")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("java is not on PATH, and CI must have it")
		}
		t.Skip("java is not on PATH")
	}
	dir := t.TempDir()
	var all []judgement
	for _, of := range []func(*testing.T, string) []judgement{goldenForms, corpusForms, generatedForms, signatures, methods} {
		some := of(t, dir)
		t.Logf("%d judgements, the first on %s", len(some), some[0].name)
		all = append(all, some...)
	}
	var in bytes.Buffer
	for _, j := range all {
		in.WriteString(j.line + "\n")
	}
	start := time.Now()
	cmd := exec.CommandContext(t.Context(), java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "Judge.java")
	cmd.Stdin = &in
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.Bytes())
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(answers) != len(all) {
		t.Fatalf("%d answers to %d cases\n%s", len(answers), len(all), complaints.Bytes())
	}
	for i, j := range all {
		switch {
		case j.want != "" && answers[i] != j.want:
			t.Errorf("%s: %s, want %s", j.name, answers[i], j.want)
		case j.refuse != "" && !strings.HasPrefix(answers[i], j.refuse):
			t.Errorf("%s: %s, want %s", j.name, answers[i], j.refuse)
		}
	}
	t.Logf("%d judgements in %v", len(all), time.Since(start).Round(time.Millisecond))
}
