package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"oots/internal/audit"
)

// judgeLog judges the log of a folder with its copy apart.
func (c proveRun) judgeLog(ctx context.Context, s streams) error {
	db, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	files, err := c.journalFiles()
	if err != nil {
		return err
	}
	r, err := audit.Verify(ctx, db.DB, db.Journal(), files)
	if err != nil {
		return err
	}
	if c.JSON {
		err = lcmJSON(s.out, r)
	} else {
		printLogReport(s.out, r, files != nil)
	}
	if err == nil && (r.Fault != nil || len(r.Restored) > 0 && !c.Restored) {
		err = errNo
	}
	return err
}

// journalFiles are the copy of the log; nil when there is none.
func (f proveFolder) journalFiles() (*audit.Files, error) {
	dir := f.Journal
	if dir == "" {
		dir = filepath.Join(f.Data, "journal")
		if f.Config != "" {
			c, err := f.settings()
			if err != nil {
				return nil, err
			}
			dir = string(c.Data.Journal)
		}
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, &hint{fmt.Errorf("%s cannot be opened", dir), "--journal with the folder of data.journal in the configuration"}
	}
	return audit.OpenFiles(dir)
}

func printLogReport(out io.Writer, r audit.Report, copied bool) {
	if r.First > 0 {
		fmt.Fprintf(out, "rows         %d to %d, head %s\n", r.First, r.Last, r.Head)
	}
	fmt.Fprintf(out, "documents    %d sealed, %d erased\n", r.Documents, r.Erased)
	if copied {
		fmt.Fprintf(out, "copy apart   up to %d\n", r.Copied)
	} else {
		fmt.Fprintln(out, "copy apart   none")
	}
	fmt.Fprintf(out, "checkpoints  %d, %d of them not signed\n", r.Checkpoints, r.Unsigned)
	for _, s := range r.Signers {
		fmt.Fprintf(out, "signed with  %s\n", s)
	}
	if r.Fault != nil {
		fmt.Fprintf(out, "The log is not as it was written: %s\n", r.Fault)
		return
	}
	for _, b := range r.Restored {
		where := b.Folder
		if where == "" {
			where = "not here"
		}
		fmt.Fprintf(out, "restored     %s: the database ended at %d, the copy apart at %d, set aside: %s", b.At.Format(proofTime), b.Position, b.Copied, where)
		if b.From > 0 {
			fmt.Fprintf(out, ", which the database lacks from %d", b.From)
		}
		fmt.Fprintln(out)
	}
	if len(r.Restored) > 0 {
		fmt.Fprintln(out, "The log is as it was written, but for what was set aside when the database was restored, or changed.")
		return
	}
	fmt.Fprintln(out, "The log is as it was written.")
}
