package scenario

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"oots/internal/validator"
	"oots/internal/validator/cross"
	"oots/internal/validator/intake"
	"oots/rule"
)

// judge validates every document that was recorded, and compares those of a conversation with each other and with
// what the directories said.
func (w *world) judge(r *Result) {
	folders, err := os.ReadDir(w.records())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.fail("recorded messages: %v", err)
	}
	directories := append(w.documents(r, "directories"), w.queries()...)
	w.compare(r, directories)
	for _, f := range folders {
		if f.Name() != "directories" {
			w.compare(r, append(w.documents(r, f.Name()), directories...))
		}
	}
	for _, body := range w.net.as4 {
		for _, secret := range []string{"FamilyName", "%PDF", "QueryRequest xmlns"} {
			if bytes.Contains(body, []byte(secret)) {
				w.fail("a message held %q in clear", secret)
			}
		}
	}
}

// documents are those of a folder of the recording, judged.
func (w *world) documents(r *Result, folder string) []*cross.Document {
	var docs []*cross.Document
	for item, err := range (intake.Reader{}).Items(filepath.Join(w.records(), folder)) {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			w.fail("recorded messages: %v", err)
			return nil
		}
		report := item.Judge(validator.Options{})
		if report.Verdict == validator.Encrypted || report.Document == "" {
			continue
		}
		r.Messages++
		w.judged(filepath.Base(item.Name), report.Findings)
		doc, err := cross.Read(item.Name, report.Document, item.Content)
		switch {
		case err == nil:
			docs = append(docs, doc)
		case !errors.Is(err, cross.ErrKind) && len(w.scenario.findings) == 0:
			w.fail("%v", err)
		}
	}
	return docs
}

// compare compares the documents that belong together.
func (w *world) compare(r *Result, docs []*cross.Document) {
	for _, p := range cross.Check(docs).Pairs {
		r.Pairs++
		if rule.Refuses(p.Findings) {
			w.judged(filepath.Base(p.B.Name)+" ("+p.Name+")", p.Findings)
		}
	}
}

// judged fails for a finding that refuses a document, unless the scenario is about it.
func (w *world) judged(name string, fs []rule.Finding) {
	for i := range fs {
		if rule.Refuses(fs[i:i+1]) && !slices.Contains(w.scenario.findings, fs[i].Rule) {
			w.fail("%s breaks %s: %s", name, fs[i].Rule, fs[i].String())
		}
	}
}

// queries are the recorded queries to the directories.
func (w *world) queries() []*cross.Document {
	var out []*cross.Document
	files, _ := filepath.Glob(filepath.Join(w.records(), "directories", "*.url"))
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err == nil {
			var d *cross.Document
			if d, err = cross.Read(file, cross.Query, b); err == nil {
				out = append(out, d)
			}
		}
		if err != nil {
			w.fail("recorded query: %v", err)
		}
	}
	return out
}
