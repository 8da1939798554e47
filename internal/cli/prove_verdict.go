package cli

import (
	"fmt"
	"io"
	"strings"

	"oots/internal/proof"
)

// printVerdict says what an export proves, and what not.
func printVerdict(out io.Writer, r *proof.Report) {
	for _, c := range r.Checks {
		mark := "ok"
		if !c.Passed {
			mark = "FAILED"
		}
		fmt.Fprintf(out, "%-7s%-14s%s\n", mark, c.Name, c.Detail)
	}
	if !r.Valid {
		fmt.Fprintf(out, "The export proves nothing: %s\n", r.Fault)
		return
	}
	for _, p := range r.Manifest.Messages {
		receipt := "not acknowledged"
		if p.Receipt != nil {
			receipt = "acknowledged " + p.Receipt.Timestamp.Format(proofTime)
		}
		fmt.Fprintf(out, "       %s %s %s from %s to %s, %s\n", p.Timestamp.Format(proofTime), p.Action, p.MessageID, p.From, p.To, receipt)
	}
	for _, s := range r.Signers {
		fmt.Fprintf(out, "       %s, SHA-256 %s\n", signs(s), s.SHA256)
	}
	for _, c := range r.Contents {
		by := "by the word of who keeps the log alone"
		if len(c.SignedBy) > 0 {
			by = "signed by " + strings.Join(c.SignedBy, " and ") + " as a part of " + c.MessageID
		}
		fmt.Fprintf(out, "       %s: %s\n", c.File, by)
	}
	for _, name := range r.Unverified {
		fmt.Fprintf(out, "       %s: proves nothing\n", name)
	}
	for _, f := range r.Manifest.Findings {
		fmt.Fprintf(out, "       who made the export says: %s: %s %s\n", f.Code, f.Detail, f.MessageID)
	}
	if r.Trusted {
		fmt.Fprintln(out, "The messages and receipts above were signed by these parties, and nothing was changed since. What the export does not hold, it does not prove.")
		return
	}
	fmt.Fprintln(out, "The signatures fit together. Who signed was not checked: name the certificates of the parties with --trust.")
}

// signs says for whom a certificate has signed, and how it is known to be theirs.
func signs(s proof.Signer) string {
	of := "made by " + s.Subject
	if s.Party != "" {
		of = "signer " + s.Subject + " for " + s.Party
		if s.Made {
			of += ", which made the export"
		}
	}
	switch s.Bound {
	case proof.Named:
		return of + ", trusted for it"
	case proof.Subject:
		return of + ", trusted by its name"
	case proof.Maker:
		return of + ", trusted, and signed no message"
	}
	return of + ", not checked"
}
