package mirror

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"time"

	"oots/directory"
	"oots/directory/query"
)

// manifestName is the file in a mirror that says what is in it.
const manifestName = "manifest.jsonl"

// maxManifest bounds the manifest in bytes: about a million lines.
const maxManifest = 512 << 20

// An Entry is one line of the manifest: a question, and the pair of files that answers it.
type Entry struct {
	Query          string            `json:"query"` // short name: eb-requirements, eb-evidence-types, dsd-data-services
	Version        directory.Version `json:"version"`
	Procedure      string            `json:"procedure,omitempty"`
	Country        string            `json:"country,omitempty"`
	Requirement    string            `json:"requirement,omitempty"`
	Classification string            `json:"classification,omitempty"`
	Specification  string            `json:"specification,omitempty"`
	File           string            `json:"file"`    // without extension, relative to the mirror
	Outcome        string            `json:"outcome"` // Success, or the code of the refusal
	Records        int               `json:"records"`
	At             time.Time         `json:"at"` // when it was copied
}

// shortNames are the queries by what the manifest calls them.
var shortNames = map[string]query.ID{
	query.Requirements.Short():  query.Requirements,
	query.EvidenceTypes.Short(): query.EvidenceTypes,
	query.DataServices.Short():  query.DataServices,
}

// request is the question of an entry.
func (e Entry) request() *query.Request {
	return &query.Request{Query: shortNames[e.Query], Version: e.Version, Procedure: e.Procedure, Country: e.Country,
		Requirement: e.Requirement, Classification: e.Classification, Specification: e.Specification}
}

// key tells questions apart, whatever the order and the escapes of their parameters.
func (e Entry) key() string { return key(e.request()) }

func key(r *query.Request) string {
	_, raw, _ := bytes.Cut([]byte(r.URL("")), []byte("?"))
	v, _ := url.ParseQuery(string(raw))
	return string(r.Query.Service()) + "?" + v.Encode()
}

// readManifest reads the lines of a manifest. The last one may be cut short by a crash and is then left out;
// sound is how many bytes come before it.
func readManifest(root *os.Root) (entries []Entry, sound int64, err error) {
	f, err := root.Open(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	in := bufio.NewReader(io.LimitReader(f, maxManifest))
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err == io.EOF && sound+int64(len(line)) >= maxManifest {
			err = &FileError{File: manifestName, Err: errors.New("larger than any mirror's")}
		}
		if err == io.EOF {
			return entries, sound, nil
		}
		if err != nil {
			return nil, 0, err
		}
		var e Entry
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&e); err != nil || shortNames[e.Query] == "" || e.File == "" {
			return nil, 0, &FileError{File: fmt.Sprintf("%s line %d", manifestName, n), Err: errors.New("no entry of a manifest")}
		}
		entries = append(entries, e)
		sound += int64(len(line))
	}
}

// A FileError names the file of a mirror that must not be served.
type FileError struct {
	File string
	Err  error
}

// Error gives file and reason.
func (e *FileError) Error() string { return "mirror file " + e.File + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *FileError) Unwrap() error { return e.Err }
