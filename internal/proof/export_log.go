package proof

import (
	"crypto/x509"
	"errors"
	"fmt"

	"oots/internal/audit"
	"oots/internal/store"
)

// log adds the rows of the exchange, the digests of the rows between, and a signed checkpoint behind them. A log that
// does not lead there is a finding, and not in the export.
func (e *exporter) log() error {
	rows := e.t.rows
	if len(rows) == 0 {
		return nil
	}
	first, last := rows[0].Position, rows[len(rows)-1].Position
	if why := e.refused.log; why != "" {
		e.m.Findings = append(e.m.Findings, Finding{Code: LogBroken, Detail: "the log would not verify: " + why})
		var lines []byte
		for i := range rows {
			lines = rows[i].AppendLine(lines)
		}
		e.unverified("rows.jsonl", lines)
		return nil
	}
	c, cert, err := e.checkpoint(last)
	if err != nil {
		return err
	}
	digests, err := e.p.Source.Digests(e.tx, first, c.Position)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if at := leads(rows, digests, c); at > 0 {
		e.m.Findings = append(e.m.Findings, Finding{Code: LogBroken, Position: at, Detail: "from here the log does not lead to its checkpoint"})
		return nil
	}
	part := &LogPart{Rows: len(rows), First: first, Last: last, Checkpoint: c.Position, Signer: thumbprint(cert)}
	var lines, path []byte
	own := map[int64]bool{}
	for i := range rows {
		own[rows[i].Position] = true
		lines = rows[i].AppendLine(lines)
		if e.o.Payloads && rows[i].Document != nil {
			part.Documents++
			e.put(documentFile(rows[i].Position), rows[i].Document)
		}
	}
	for i, d := range digests {
		if position := first + int64(i); !own[position] {
			path = fmt.Appendf(path, "%d %s\n", position, d)
		}
	}
	e.put(rowsFile, lines)
	e.put(pathFile, path)
	e.put(checkpointFile, c.Text)
	e.put(checkpointSig, c.Signature)
	e.certificate(cert)
	e.m.Log = part
	return nil
}

// leads returns the first position at which rows and the digests from the first of them do not lead to c; 0 when they do.
func leads(rows []audit.Stored, digests []string, c audit.Checkpoint) int64 {
	position, hash := rows[0].Position, rows[0].Previous
	for _, d := range digests {
		if len(rows) > 0 && rows[0].Position == position {
			if rows[0].Previous != hash || rows[0].Check() != nil {
				return position
			}
			rows = rows[1:]
		}
		hash = audit.Link(hash, d)
		position++
	}
	if position != c.Position+1 || hash != c.Hash || len(rows) > 0 {
		return position
	}
	return 0
}

func documentFile(position int64) string { return fmt.Sprintf("log/documents/%d", position) }

// checkpoint is the first signed one behind a position, unless its certificate was not valid then, else one that signs the
// head of the log now.
func (e *exporter) checkpoint(position int64) (audit.Checkpoint, *x509.Certificate, error) {
	c, err := e.p.Source.Checkpoint(e.tx, position)
	if err == nil {
		cert, err := x509.ParseCertificate(c.Certificate)
		if err == nil && !c.At.Before(cert.NotBefore) && !c.At.After(cert.NotAfter) {
			return c, cert, nil
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return audit.Checkpoint{}, nil, err
	}
	position, hash, err := e.p.Source.Head(e.tx)
	if err != nil {
		return audit.Checkpoint{}, nil, err
	}
	c, err = audit.NewCheckpoint(position, hash, e.p.Now(), audit.Export, e.s)
	return c, e.s.Certificate, err
}
