package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"oots/internal/matching"
)

// matchingTools are the tools of an authority for its decision procedure.
type matchingTools struct {
	Evaluate matchingEvaluate `cmd:"" help:"Measure a policy on persons and pairs: precision, recall, false accepts."`
	Explain  matchingExplain  `cmd:"" help:"Say what a policy makes of one request and one entry, and why."`
	Policy   matchingPolicy   `cmd:"" help:"Print the default policy with its comments, or check another one."`
}

// matchingPolicyFlag names the policy of a command.
type matchingPolicyFlag struct {
	Policy  string `help:"File of a policy. Without one, the default decides." placeholder:"FILE"`
	Country string `help:"Member State of the register, whose national numbers its eIDs show." default:"DE" placeholder:"COUNTRY"`
}

// matcher reads the policy.
func (f matchingPolicyFlag) matcher() (*matching.Matcher, error) {
	p, err := readPolicy(f.Policy)
	if err != nil {
		return nil, err
	}
	return matching.New(p, f.Country, nil), nil
}

func readPolicy(name string) (*matching.Policy, error) {
	if name == "" {
		return matching.Default(), nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	p, err := matching.ReadPolicy(bytes.NewReader(b))
	if err != nil {
		return nil, &hint{fmt.Errorf("%s: %w", name, err), "oots matching policy > policy.yaml, and change that"}
	}
	return p, nil
}

// matchingJSON prints v indented.
func matchingJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// matchingPolicy prints or checks a policy.
type matchingPolicy struct {
	File string `arg:"" optional:"" help:"A policy to check. Without one, the default is printed."`
	JSON bool   `name:"json" help:"Print JSON: name, checksum, and rules."`
}

// Help is the text below the usage line.
func (matchingPolicy) Help() string {
	return `A policy is refused, and this exits with 2, when it has an unknown word, when its rules would accept somebody who was
born on another day, whose name contradicts, or who may be a twin, or when more agreement would make a candidate
less. Every combination of agreements is tried.

Examples:
  oots matching policy > policy.yaml
  oots matching policy policy.yaml`
}

// Run prints or checks it.
func (c matchingPolicy) Run(s streams) error {
	if c.File == "" && !c.JSON {
		_, err := s.out.Write(matching.DefaultText())
		return err
	}
	p, err := readPolicy(c.File)
	if err != nil {
		return err
	}
	if c.JSON {
		return matchingJSON(s.out, struct {
			Policy string          `json:"policy"`
			Rules  []matching.Line `json:"rules"`
		}{p.ID(), p.Lines()})
	}
	fmt.Fprintf(s.out, "%s: %s, %s\n", c.File, p.ID(), count(len(p.Rules)+len(p.LegalRules), "rule"))
	return nil
}
