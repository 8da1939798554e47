// Package intake finds the documents in what people hand to the validator: files, folders, the standard input,
// archives (zip, tar, tar.gz, and one document in gzip), AS4 entities as they were stored, and calls to the web service
// plugin of Domibus.
//
//	for item, err := range intake.Reader{}.Items("out", "messages.zip", "-") { … }
//
// A document in an archive is called archive.zip!path, the header of an entity message.body!header, and a part of
// it message.body!content-id. Everything is bounded, and one document is in memory at a time. Nothing is
// unpacked to disk, nothing is decrypted, and no signature is checked: `oots as4 unpack` does that.
package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"oots/internal/validator"
)

// An Item is one document to judge.
type Item struct {
	Name    string         // as it is to be reported
	Content []byte         // at most validator.MaxBytes+1 octets, so that one too large is told
	Kind    validator.Kind // what the document must be; "" when the document says it
	Sealed  bool           // a part of an entity that is encrypted: there is no Content to judge
}

// Judge validates the item. What is known of its kind goes before what o says.
func (i Item) Judge(o validator.Options) validator.Report {
	if i.Sealed {
		return validator.Report{Name: i.Name, Verdict: validator.Encrypted,
			Notes: []string{"The part is encrypted: it is not readable without the key of the receiver, so nothing of it was checked."}}
	}
	if i.Kind != "" {
		o.Kind = i.Kind
	}
	return validator.Validate(i.Name, i.Content, o)
}

// Limits bound what is read of an archive or an entity. A zero field means the default.
type Limits struct {
	Archive int64 // bytes of an archive that has to be held in memory, and of an entity; default 256 MiB
	Entries int   // entries of an archive, folders included; default 50,000
	Total   int64 // bytes of all entries of an archive, unpacked; default 2 GiB
	Ratio   int64 // unpacked bytes per packed byte, judged above 4 MiB; default 500
}

func (l Limits) withDefaults() Limits {
	set := func(v *int64, to int64) {
		if *v == 0 {
			*v = to
		}
	}
	set(&l.Archive, 256<<20)
	set(&l.Total, 2<<30)
	set(&l.Ratio, 500)
	if l.Entries == 0 {
		l.Entries = 50_000
	}
	return l
}

// A Reader reads what is named. The zero value reads files, with the default limits.
type Reader struct {
	Stdin  io.Reader // what "-" stands for; nil for an empty one
	Limits Limits
}

// errStop ends a walk whose caller wants no more.
var errStop = errors.New("no more wanted")

// A sink takes items and errors; it reports whether more is wanted.
type sink func(Item, error) bool

func (s sink) item(i Item) error {
	if !s(i, nil) {
		return errStop
	}
	return nil
}

// failed passes on what went wrong with one document; the walk goes on behind it.
func (s sink) failed(name string, err error) error {
	if err == nil || errors.Is(err, errStop) {
		return err
	}
	var p *os.PathError
	if !errors.As(err, &p) {
		err = fmt.Errorf("%s: %w", name, err)
	}
	if !s(Item{}, err) {
		return errStop
	}
	return nil
}

// Items yields the documents of everything that is named, in order; "-" is the standard input. An error beside
// an empty Item is about one name or one entry: what follows it is read all the same.
func (r Reader) Items(names ...string) iter.Seq2[Item, error] {
	r.Limits = r.Limits.withDefaults()
	return func(yield func(Item, error) bool) {
		for _, name := range names {
			if err := r.named(name, yield); err != nil {
				return
			}
		}
	}
}

// named reads what one name stands for.
func (r Reader) named(name string, out sink) error {
	if name == "-" {
		return out.failed(name, r.stream(name, r.Stdin, out))
	}
	info, err := os.Stat(name)
	if err != nil {
		return out.failed(name, err)
	}
	if info.IsDir() {
		return r.folder(name, out)
	}
	return out.failed(name, r.file(name, out))
}

// file reads a file, whatever it is called: its first bytes say what it is.
func (r Reader) file(name string, out sink) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, sniffed)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil { // a pipe
		return r.stream(name, io.MultiReader(bytes.NewReader(head[:n]), f), out)
	}
	if form := sniff(head[:n]); form == formZip {
		return r.zip(name, f, out)
	} else if form == formEntity {
		return r.entity(name, storedType(name), f, out)
	}
	return r.stream(name, f, out)
}

// stream reads what can be read once only.
func (r Reader) stream(name string, in io.Reader, out sink) error {
	if in == nil {
		in = strings.NewReader("")
	}
	b := newPeeker(in)
	switch sniff(b.peek()) {
	case formZip:
		whole, err := readUpTo(b, r.Limits.Archive)
		if err != nil {
			return err
		}
		return r.zip(name, bytes.NewReader(whole), out)
	case formTar:
		return r.tar(name, b, out)
	case formGzip:
		return r.gzip(name, b, out)
	case formEntity:
		return r.entity(name, "", b, out)
	}
	return document(name, b, out)
}

// document yields all that in has as one document, or what a call to Domibus carries.
func document(name string, in io.Reader, out sink) error {
	content, err := io.ReadAll(io.LimitReader(in, validator.MaxBytes+1))
	if err != nil {
		return err
	}
	if is, err := plugin(name, content, out); is || err != nil {
		return err
	}
	return out.item(Item{Name: name, Content: content})
}

// errTooLarge says that a limit of ours ended the reading.
var errTooLarge = errors.New("too large")

func readUpTo(in io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%w: more than %d bytes", errTooLarge, limit)
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// folder reads what lies below a folder and is called like a document, an archive or an entity.
func (r Reader) folder(name string, out sink) error {
	found := false
	err := filepath.WalkDir(name, func(file string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return out.failed(file, err)
		case d.IsDir() || !d.Type().IsRegular() || !wanted(file):
			return nil
		}
		found = true
		return out.failed(file, r.file(file, out))
	})
	if err == nil && !found {
		return out.failed(name, errors.New("no document, archive or AS4 entity below it: *.xml, *.gc, *.body, *.zip, *.tar, *.tar.gz"))
	}
	return err
}

// wanted reports whether a file of a folder or of an archive is meant for us.
func wanted(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xml", ".gc", ".body", ".mime":
		return true
	}
	return archive(name)
}

// archive reports whether a name is that of an archive.
func archive(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".zip", ".tar", ".tgz":
		return true
	case ".gz":
		inner := strings.ToLower(path.Ext(strings.TrimSuffix(name, path.Ext(name))))
		return inner == ".tar" || inner == ".xml"
	}
	return false
}
