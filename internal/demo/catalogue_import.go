package demo

import (
	"errors"
	"fmt"
	"io"
	"os"

	"oots/directory"
	"oots/directory/query"
)

// An ImportError says which file is no captured answer of a directory.
type ImportError struct {
	File   string
	Line   int // 1-based; 0 if no line is to blame
	Reason string
	Err    error // cause
}

// Error gives file, line and reason.
func (e *ImportError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s: line %d: %s", e.File, e.Line, e.Reason)
	}
	return e.File + ": " + e.Reason
}

// Unwrap returns the cause.
func (e *ImportError) Unwrap() error { return e.Err }

// Import reads captured answers of the Evidence Broker and the Data Service Directory, in any mix, into one
// catalogue. The signature headers are not needed: whoever names a file vouches for it. The error is an
// *ImportError.
func Import(paths []string) (directory.Catalogue, error) {
	var c directory.Catalogue
	for _, path := range paths {
		b, err := readCapture(path)
		if err != nil {
			return directory.Catalogue{}, err
		}
		read, err := readAnswer(b)
		if err != nil {
			return directory.Catalogue{}, notAnswer(path, err)
		}
		c = c.Merge(read)
	}
	return c, nil
}

// readCapture reads a file that is no longer than an answer may be.
func readCapture(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &ImportError{File: path, Reason: "cannot be opened", Err: err}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, query.MaxAnswer+1))
	if err != nil {
		return nil, &ImportError{File: path, Reason: "cannot be read", Err: err}
	}
	if len(b) > query.MaxAnswer {
		return nil, &ImportError{File: path, Reason: "longer than an answer may be"}
	}
	return b, nil
}

func notAnswer(path string, err error) *ImportError {
	var f *query.FormatError
	if errors.As(err, &f) {
		return &ImportError{File: path, Line: f.Line, Reason: f.Msg, Err: err}
	}
	var q *directory.Question
	if errors.As(err, &q) {
		return &ImportError{File: path, Reason: "a question of a directory (" + query.CodeQuestion + ") holds nothing to import", Err: err}
	}
	return &ImportError{File: path, Reason: "a refusal (" + err.Error() + ") holds nothing to import", Err: err}
}
