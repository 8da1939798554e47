package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"oots/internal/audit"
)

// log follows the chain from the first row of the exchange to the checkpoint.
func (v *verifier) log() (string, error) {
	part := v.m.Log
	if part == nil {
		if err := v.onlyLog(nil, 0); err != nil {
			return "", err
		}
		return "the access point has no log of the exchange", nil
	}
	rows, err := v.rows(part)
	if err != nil {
		return "", err
	}
	if err := v.onlyLog(rows, part.Documents); err != nil {
		return "", err
	}
	end, err := v.checkpoint(part)
	if err != nil {
		return "", err
	}
	if err := v.path(part, rows, end); err != nil {
		return "", err
	}
	for i := range rows {
		if err := v.row(&rows[i]); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d rows lead to the signed checkpoint at position %d", part.Rows, part.Checkpoint), nil
}

func (v *verifier) rows(part *LogPart) ([]audit.Stored, error) {
	b, err := v.read(rowsFile, maxSmall)
	if err != nil {
		return nil, err
	}
	var rows []audit.Stored
	for n, text := range bytes.SplitAfter(b, []byte("\n")) {
		if len(text) == 0 {
			continue
		}
		r, err := audit.ParseLine(text)
		if err != nil {
			return nil, fault(rowsFile, "line %d: %v", n+1, err)
		}
		if len(rows) > 0 && r.Position <= rows[len(rows)-1].Position {
			return nil, fault(rowsFile, "line %d: the rows are not in order", n+1)
		}
		rows = append(rows, audit.Stored{Row: r})
	}
	if len(rows) == 0 || len(rows) != part.Rows || rows[0].Position != part.First || rows[len(rows)-1].Position != part.Last {
		return nil, fault(rowsFile, "the manifest says other rows")
	}
	return rows, nil
}

// onlyLog checks that the folder of the log holds nothing that is not about the rows.
func (v *verifier) onlyLog(rows []audit.Stored, documents int) error {
	expected := map[string]bool{}
	if rows != nil {
		for _, name := range []string{rowsFile, pathFile, checkpointFile, checkpointSig} {
			expected[name] = true
		}
	}
	n := 0
	for i := range rows {
		name := documentFile(rows[i].Position)
		expected[name] = true
		if v.listed(name) {
			n++
		}
	}
	for _, f := range v.m.Files {
		if strings.HasPrefix(f.Name, "log/") && !expected[f.Name] {
			return fault(f.Name, "it belongs to no row of the log")
		}
	}
	if n != documents {
		return fault(rowsFile, "the manifest says another number of documents")
	}
	return nil
}

// checkpoint verifies the statement that the chain must lead to.
func (v *verifier) checkpoint(part *LogPart) (audit.Checkpoint, error) {
	text, err := v.read(checkpointFile, 1<<16)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	c, err := audit.ReadCheckpoint(text)
	if err != nil {
		return audit.Checkpoint{}, fault(checkpointFile, "%v", err)
	}
	signature, err := v.read(checkpointSig, 1<<16)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	cert, err := v.certificate(part.Signer)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	if err := audit.CheckSignature(cert, text, signature); err != nil {
		return audit.Checkpoint{}, fault(checkpointSig, "%v", err)
	}
	switch {
	case c.Position != part.Checkpoint || c.Position < part.Last:
		return audit.Checkpoint{}, fault(checkpointFile, "the manifest says another position")
	case c.At.After(v.m.Made.Add(Skew)):
		return audit.Checkpoint{}, fault(checkpointFile, "it is dated after the export")
	}
	if err := v.makes(checkpointSig, part.Signer, c.At); err != nil {
		return audit.Checkpoint{}, err
	}
	return c, nil
}

// path computes the hashes from the first row to the checkpoint.
func (v *verifier) path(part *LogPart, rows []audit.Stored, end audit.Checkpoint) error {
	b, err := v.read(pathFile, maxSmall)
	if err != nil {
		return err
	}
	lines := strings.SplitAfter(string(b), "\n")
	hash := rows[0].Previous
	next := 0
	for position := part.First; position <= part.Checkpoint; position++ {
		if next < len(rows) && rows[next].Position == position {
			if rows[next].Previous != hash {
				return fault(rowsFile, "position %d does not name the hash of the row before", position)
			}
			hash = rows[next].Hash
			next++
			continue
		}
		sum, ok := strings.CutPrefix(lines[0], fmt.Sprintf("%d ", position))
		sum, ended := strings.CutSuffix(sum, "\n")
		if _, err := hex.DecodeString(sum); !ok || !ended || err != nil || len(sum) != 2*sha256.Size || strings.ToLower(sum) != sum {
			return fault(pathFile, "position %d is missing", position)
		}
		lines = lines[1:]
		hash = audit.Link(hash, sum)
	}
	if len(lines) != 1 || lines[0] != "" {
		return fault(pathFile, "it has more than the positions between the rows and the checkpoint")
	}
	if hash != end.Hash {
		return fault(pathFile, "the chain does not lead to the hash of the checkpoint")
	}
	return nil
}

// row holds a row against the message that it tells of, its document, and the time of the export.
func (v *verifier) row(r *audit.Stored) error {
	if r.At.After(v.m.Made.Add(Skew)) {
		return fault(rowsFile, "position %d is dated after the export", r.Position)
	}
	for i := range v.opened {
		p := &v.opened[i]
		if p.entry.MessageID != r.MessageID {
			continue
		}
		m := Traced{Box: p.entry.Box, signed: p.signed, ack: p.ack, message: Message{Envelope: p.envelope, Receipt: p.receipt}}
		if !covers(r, &m) {
			return fault(rowsFile, "position %d was written for another message than that of %s", r.Position, p.entry.Folder)
		}
	}
	name := documentFile(r.Position)
	if !v.listed(name) {
		return nil
	}
	b, err := v.read(name, maxSmall)
	if err != nil {
		return err
	}
	if digest(b) != r.DocumentSHA256 {
		return fault(name, "it is not the document that the row was written with")
	}
	v.report.Contents = append(v.report.Contents, v.document(name, r, b))
	return nil
}

// document says by whose word a document of the log is what it claims to be: who has signed it as a part of the message of
// its row, or only who keeps the log.
func (v *verifier) document(name string, r *audit.Stored, b []byte) Standing {
	out := Standing{File: name, MessageID: r.MessageID, SignedBy: []string{}}
	for i := range v.m.Messages {
		p := &v.m.Messages[i]
		if p.MessageID != r.MessageID {
			continue
		}
		for j := range p.Parts {
			if p.match(&p.Parts[j], b) != "" {
				out.ContentID, out.SignedBy = p.Parts[j].ContentID, p.signedBy()
				return out
			}
		}
	}
	return out
}
