package vectors

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
)

// Limits of a folder of cases: manifest and entity files in bytes.
const (
	maxManifest = 16 << 20
	maxEntity   = 512 << 20
)

// A Case is one line of the manifest of a folder of messages. ID.headers has the Content-Type line, ID.body
// the exact HTTP entity body.
type Case struct {
	ID          string `json:"id"`
	Role        string `json:"role"` // RoleReceiver, RoleReceiver20 or RoleAnswer
	Description string `json:"description"`
	Expect      string `json:"expect"` // see Expectation
	MessageID   string `json:"messageId"`
	AnswerTo    string `json:"answerTo"` // for RoleAnswer: id of the case it answers; "" means the first whose id starts with v04
	Parts       []Part `json:"parts"`    // as delivered, in order
}

// Roles of a case.
const (
	RoleReceiver   = "receiver"        // a message that we receive
	RoleReceiver20 = "receiver-2.0"    // a message of eDelivery AS4 2.0 that we receive
	RoleAnswer     = "sender-response" // an answer to a message of ours
)

// A Part is one payload as the consumer gets it.
type Part struct {
	ContentID string `json:"cid"`
	MimeType  string `json:"mimeType"`
	Size      int64  `json:"size"`   // bytes
	SHA256    string `json:"sha256"` // hexadecimal
}

// entity is the HTTP side of one case.
type entity struct {
	contentType string
	body        []byte
}

// readManifest reads the cases of a folder of messages.
func readManifest(dir string) ([]Case, error) {
	b, err := readFile(filepath.Join(dir, "manifest.json"), maxManifest)
	if err != nil {
		return nil, err
	}
	var cases []Case
	if err := json.Unmarshal(b, &cases); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, "manifest.json"), err)
	}
	seen := map[string]bool{}
	for i := range cases {
		c := &cases[i]
		if c.ID == "" || c.ID != filepath.Base(c.ID) || seen[c.ID] {
			return nil, fmt.Errorf("%s: case %d: id %.80q is no file name, or there twice", filepath.Join(dir, "manifest.json"), i+1, c.ID)
		}
		seen[c.ID] = true
	}
	return cases, nil
}

// read returns the entity of one case. A .headers file holds one or more HTTP header fields.
func (c *Case) read(dir string) (entity, error) {
	body, err := readFile(filepath.Join(dir, c.ID+".body"), maxEntity)
	if err != nil {
		return entity{}, err
	}
	head, err := readFile(filepath.Join(dir, c.ID+".headers"), maxPEM)
	if err != nil {
		return entity{}, err
	}
	r := textproto.NewReader(bufio.NewReader(io.MultiReader(bytes.NewReader(bytes.TrimRight(head, "\r\n")), strings.NewReader("\r\n\r\n"))))
	h, err := r.ReadMIMEHeader()
	if err != nil {
		return entity{}, fmt.Errorf("%s.headers: %w", c.ID, err)
	}
	return entity{contentType: h.Get("Content-Type"), body: body}, nil
}

// A kind is what a folder holds.
type kind int

const (
	nothing kind = iota
	messages
	canonicalForms
)

// kindOf looks at the first entry of the manifest of dir: canonical forms name an algorithm.
func kindOf(dir string) (kind, error) {
	b, err := readFile(filepath.Join(dir, "manifest.json"), maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return nothing, nil
	}
	if err != nil {
		return nothing, err
	}
	var entries []struct {
		Algorithm string `json:"algorithm"`
	}
	if err := json.Unmarshal(b, &entries); err != nil {
		return nothing, fmt.Errorf("%s: %w", filepath.Join(dir, "manifest.json"), err)
	}
	if len(entries) > 0 && entries[0].Algorithm != "" {
		return canonicalForms, nil
	}
	return messages, nil
}

// A Folder is one folder with a manifest.
type Folder struct {
	Dir       string
	Canonical bool // canonical forms, else messages
}

// Folders returns dir itself, if it has a manifest, or the folders right below it that have one, by name.
func Folders(dir string) ([]Folder, error) {
	candidates := []string{dir}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() {
			candidates = append(candidates, filepath.Join(dir, e.Name()))
		}
	}
	var out []Folder
	for i, c := range candidates {
		k, err := kindOf(c)
		if err != nil {
			return nil, err
		}
		if k != nothing {
			out = append(out, Folder{Dir: c, Canonical: k == canonicalForms})
		}
		if i == 0 && k != nothing {
			break
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no manifest.json in it or in a folder right below", dir)
	}
	return out, nil
}
