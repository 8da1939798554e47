package cli

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"oots/directory/jades"
	"oots/directory/query"
	"oots/directory/rules"
)

// csTools work with signed answers of the Common Services.
type csTools struct {
	Verify      csVerify `cmd:"" help:"Verify a captured answer of a directory."`
	Mirror      csMirror `cmd:"" help:"Copy a directory, every answer with its signature."`
	ServeMirror csServe  `cmd:"" help:"Serve a copy of a directory under the original signatures."`
}

// csVerify verifies one captured answer.
type csVerify struct {
	signers
	Body    string    `arg:"" help:"File with the body, byte for byte as it came." type:"existingfile"`
	Headers string    `arg:"" help:"File with the header lines digest and oots-response-sig; others may stand beside them." type:"existingfile"`
	At      time.Time `help:"Judge certificates at this time instead of now, such as 2026-08-01T00:00:00Z." placeholder:"TIME"`
	JSON    bool      `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (csVerify) Help() string {
	return `The ten steps of the verification are made in order; the first that fails is told. What the answer says is printed
only when all hold. It exits with 0 when they do, 1 when the answer is not to be trusted, 2 when a file cannot be read.

Examples:
  oots cs verify --root acceptance-root.pem answer.xml answer.headers
  curl -s -D answer.headers -o answer.xml -H 'Accept-Version: oots-cs:v2.0' 'https://query.example/eb/rest/search?queryId=…'`
}

// verifyForm is the JSON form of a verification.
type verifyForm struct {
	Valid     bool            `json:"valid"`
	Step      int             `json:"step,omitempty"` // that failed, 1 to 10
	Reason    string          `json:"reason,omitempty"`
	Digest    string          `json:"digest,omitempty"`
	Algorithm string          `json:"algorithm,omitempty"`
	KeyID     string          `json:"keyId,omitempty"`
	IssuedAt  *time.Time      `json:"issuedAt,omitempty"`
	Chain     []certificateOf `json:"chain,omitempty"`
	Answer    *answerForm     `json:"answer,omitempty"`
}

type certificateOf struct {
	Subject   string    `json:"subject"`
	Serial    string    `json:"serial"`
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
}

type answerForm struct {
	Version  string   `json:"version"`
	Outcome  string   `json:"outcome"`
	Records  int      `json:"records"`
	Findings []string `json:"findings"` // published rules that the answer breaks
}

// Run verifies and prints.
func (c csVerify) Run(s streams) error {
	policy, err := c.policy()
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(c.Headers)
	if err != nil {
		return err
	}
	h, err := jades.ReadHeaders(raw)
	if err != nil {
		return &hint{fmt.Errorf("%s: %w", c.Headers, err), "lines of NAME: VALUE, as curl -D writes them"}
	}
	body, err := os.ReadFile(c.Body)
	if err != nil {
		return err
	}
	at := c.At
	if at.IsZero() {
		at = time.Now()
	}
	sig, err := jades.Verify(h, body, policy, at)
	if err != nil {
		return c.refused(s, err)
	}
	f := verifyForm{Valid: true, Digest: sig.Digest, Algorithm: sig.Algorithm, KeyID: sig.KeyID, Answer: describe(body)}
	if !sig.IssuedAt.IsZero() {
		f.IssuedAt = &sig.IssuedAt
	}
	for _, x := range sig.Chain {
		f.Chain = append(f.Chain, describeCertificate(x))
	}
	if c.JSON {
		return printIndented(s.out, f)
	}
	c.print(s, f)
	return nil
}

// refused tells the step that failed.
func (c csVerify) refused(s streams, err error) error {
	var e *jades.Error
	if !errors.As(err, &e) {
		return err
	}
	if c.JSON {
		if err := printIndented(s.out, verifyForm{Step: int(e.Step), Reason: e.Error()}); err != nil {
			return err
		}
		return errNo
	}
	fmt.Fprintf(s.out, "%s is not to be trusted: %s\n", c.Body, plain(e.Error()))
	return errNo
}

func (c csVerify) print(s streams, f verifyForm) {
	fmt.Fprintf(s.out, "%s is what the signer sent.\n\ndigest     %s\nsignature  %s, key %s\n", c.Body, f.Digest, f.Algorithm, f.KeyID)
	if f.IssuedAt != nil {
		fmt.Fprintf(s.out, "claimed    %s\n", f.IssuedAt.Format(time.RFC3339))
	}
	for i, x := range f.Chain {
		name := "signer"
		if i > 0 {
			name = "below"
		}
		fmt.Fprintf(s.out, "%-10s %s, serial %s, until %s\n", name, plain(x.Subject), x.Serial, x.NotAfter.Format(time.DateOnly))
	}
	if f.Answer == nil {
		fmt.Fprintln(s.out, "answer     not understood: the body is no answer of a directory")
		return
	}
	fmt.Fprintf(s.out, "answer     %s, %s, %d records\n", f.Answer.Version, f.Answer.Outcome, f.Answer.Records)
	if n := len(f.Answer.Findings); n > 0 {
		fmt.Fprintf(s.out, "rules      breaks %s; oots validate %s says more\n", strings.Join(f.Answer.Findings, " "), c.Body)
	}
}

func describeCertificate(c *x509.Certificate) certificateOf {
	return certificateOf{c.Subject.String(), c.SerialNumber.String(), c.NotBefore.UTC(), c.NotAfter.UTC()}
}

// describe says what a verified body holds, nil if it is no answer.
func describe(body []byte) *answerForm {
	doc, err := query.Open(body)
	if err != nil {
		return nil
	}
	a, err := query.ReadDocument(doc)
	if err != nil {
		return nil
	}
	v := rules.Version(doc)
	f := &answerForm{Version: string(v), Outcome: "Success", Records: len(a.Requirements) + len(a.DataServices), Findings: []string{}}
	if a.Err != nil {
		f.Outcome = plain(a.Err.Error())
	}
	seen := make(map[string]bool)
	for _, x := range rules.CheckAnswer(doc, v) {
		if id := string(x.Rule); !seen[id] {
			seen[id] = true
			f.Findings = append(f.Findings, id)
		}
	}
	return f
}
