package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"oots/internal/vectors"
)

// vectorRun runs folders of golden cases.
type vectorRun struct {
	Dir     string `arg:"" help:"A folder with a manifest.json, or one that holds such folders." type:"existingdir"`
	PMode   string `name:"pmode" help:"P-Mode file (format of Domibus) that names parties, service, actions and properties." type:"existingfile" placeholder:"FILE"`
	Keys    string `help:"Folder with PARTY.crt.pem of every party and PARTY.key.pem of those that the cases play." type:"existingdir" placeholder:"DIR"`
	Self    string `help:"Name of the party that receives; the default is the one that the P-Mode file names." placeholder:"PARTY"`
	Service string `help:"eb:Service, when the P-Mode file has several." placeholder:"SERVICE"`
	Legacy  bool   `help:"Accept the older forms of RSA-OAEP, as the P-Mode of a partner with old software may."`
	Failing bool   `help:"Print only the cases that differ."`
	JSON    bool   `name:"json" help:"Print JSON when all is done."`
}

// Help is the text below the usage line.
func (vectorRun) Help() string {
	return `A folder of messages has, for each id of its manifest, the exact HTTP entity body (ID.body), its Content-Type
(ID.headers) and the outcome. Received messages go through an access point of their own, database included, in
the order of the manifest; answers are given to the access point that sent the message. A folder of canonical
forms has ID.xml, the algorithm, and the octets (ID.c14n). To add a case, add a line to the manifest.

Each case ends as passed, chosen (the manifest calls several outcomes right), "not in this release" (a message of
eDelivery AS4 2.0: refused, and not counted as passed), or differs. It exits with 1 when a case differs.

Words of an expectation: ok, ok-not-delivered, same receipt, EBMS:nnnn, HTTP nnn, NAME fault; for answers:
accepted, retry, final failure, needs attention. What is refused must not be delivered.

Example:
  oots as4 vectors generated --pmode generated/pmode-AP_YY_01.xml --keys generated/keys`
}

// Run prints a line per case, and the sum.
func (v vectorRun) Run(ctx context.Context, s streams) error {
	folders, err := vectors.Folders(v.Dir)
	if err != nil {
		return &hint{err, "oots help as4 vectors"}
	}
	run, err := v.prepare(folders)
	if err != nil {
		return err
	}
	answer := vectorAnswer{Results: []vectors.Result{}}
	each := func(r vectors.Result) {
		answer.Tally.Add(r)
		answer.Results = append(answer.Results, r)
		if !v.JSON && (!v.Failing || r.Verdict == vectors.Differs) {
			printResult(s.out, r)
		}
	}
	for _, f := range folders {
		if f.Canonical {
			err = vectors.RunCanonical(f.Dir, each)
		} else {
			err = run.Messages(ctx, f.Dir, each)
		}
		if err != nil {
			return err
		}
	}
	if v.JSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		err = e.Encode(answer)
	} else {
		t := answer.Tally
		_, err = fmt.Fprintf(s.out, "\n%d cases: %d passed, %d chosen, %d not in this release, %d differ\n", t.Cases, t.Passed, t.Chosen, t.NotInRelease, t.Differs)
	}
	if err == nil && answer.Tally.Differs > 0 {
		err = errNo
	}
	return err
}

type vectorAnswer struct {
	Tally   vectors.Tally    `json:"tally"`
	Results []vectors.Result `json:"results"`
}

// prepare reads P-Mode file and keys, which canonical forms alone do not need.
func (v vectorRun) prepare(folders []vectors.Folder) (*vectors.Run, error) {
	needed := false
	for _, f := range folders {
		needed = needed || !f.Canonical
	}
	if !needed {
		return nil, nil
	}
	if v.PMode == "" || v.Keys == "" {
		return nil, &hint{fmt.Errorf("%s holds messages, which need --pmode and --keys", v.Dir), "oots help as4 vectors"}
	}
	b, err := os.ReadFile(v.PMode)
	if err != nil {
		return nil, err
	}
	keys, err := vectors.OpenKeys(v.Keys)
	if err != nil {
		return nil, err
	}
	return &vectors.Run{PModes: b, Keys: keys, Choice: vectors.PModeChoice{Self: v.Self, Service: v.Service, Legacy: v.Legacy}}, nil
}

// printResult prints one case as it comes: lines appear while a long run goes on.
func printResult(out io.Writer, r vectors.Result) {
	fmt.Fprintf(out, "%-20s %-9s %-42s expected %-42s got %s\n", r.Verdict, r.Folder, r.ID, r.Expect, r.Got)
	if r.Verdict != vectors.Passed && r.Reason != "" {
		fmt.Fprintf(out, "%-20s %s\n", "", r.Reason)
	}
	if r.Note != "" {
		fmt.Fprintf(out, "%-20s %s\n", "", r.Note)
	}
}
