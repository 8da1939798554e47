// Package render turns structured evidence into a tree of labels and values that a page can show: what the user
// has to see before she decides, when there is no paper. [TDD 4.9] [TDD 5] [ux-guidance V5]
//
// Nothing of the evidence is left out: elements of models that are known here get a label in the user's language,
// every other element its own name. Nothing of it becomes markup either: a Tree holds text only, and the template
// of this package escapes it. No schema, stylesheet, context or picture is ever fetched, nothing in a document is
// run, and sizes, depth and counts are bounded.
//
// It does not judge: whether evidence follows its model is said by packages de4a, elmo and canonical.
package render

import (
	"errors"
	"fmt"

	"oots/internal/evidence/words"
)

// Bounds of what is read and shown.
const (
	MaxBytes = 20 << 20 // of a document: a part is not larger [evidence-data-models §2]
	MaxNodes = 4000     // shown; what lies behind is in the file only
	MaxDepth = 24       // of nodes within nodes
	MaxText  = 4000     // characters of one value
)

// A Kind says how a page has to show a document.
type Kind string

// The kinds.
const (
	Data    Kind = "data"    // show the nodes
	Picture Kind = "picture" // show the file with <img>: a JPEG or PNG whose header was read
	Paper   Kind = "paper"   // show the file in a frame: a PDF
	File    Kind = "file"    // only offer it for download: SVG, which can hold scripts, and unknown types
)

// A Tree is one document for the page.
type Tree struct {
	Kind          Kind
	Title         string // what the document is, in the user's language; "" when its model is not known
	Model         string // name of the data model as the field has it: "ELMO 1", "DE4A birth evidence 1.6"; "" when not known
	Nodes         []Node // of Data
	More          bool   // the bounds were reached: the rest is in the file
	Width, Height int    // pixels, of Picture
	Lang          string // BCP 47, of labels
}

// A Node is one labelled value, or one labelled group. Value, Nodes and Table may all be empty: then the
// document has the field and says nothing in it, and Value is the word for that.
type Node struct {
	Label     string
	Technical bool   // Label is the name that the document has for it, not a translation
	Value     string // as people read it
	ISO       string // of a date or code: its form in the document; "" when Value is that
	Lang      string // BCP 47, of Value; "" when the document does not say
	Note      string // what qualifies Value: its scheme, its type
	Empty     bool   // the document has the field without a value
	Cut       bool   // Value is longer in the file
	Nodes     []Node
	Table     *Table
}

// A Table is a list of like groups: one row each.
type Table struct {
	Head []Node // Label and Technical only
	Rows [][]Node
}

// Errors of Document.
var (
	// ErrTooLarge says that the document is longer than MaxBytes.
	ErrTooLarge = errors.New("evidence is larger than can be shown")
	// ErrMismatch says that the content is not what its media type says.
	ErrMismatch = errors.New("evidence is not of its media type")
)

// Document reads one document of evidence, of a media type of OOTSMediaTypes, for a user who reads lang (a code
// of LanguageCode or BCP 47). The error wraps ErrTooLarge or ErrMismatch and never holds a value of the evidence; the
// page then offers the file for download, as for Kind File.
func Document(mediaType string, content []byte, lang string) (Tree, error) {
	if len(content) > MaxBytes {
		return Tree{}, ErrTooLarge
	}
	w := words.In(lang)
	t := Tree{Kind: File, Lang: w.Lang()}
	var err error
	switch essence(mediaType) {
	case "application/xml", "text/xml":
		err = t.readXML(content, w)
	case "application/json", "application/ld+json":
		err = t.readJSON(content, w)
	case "image/jpeg", "image/png":
		err = t.readPicture(essence(mediaType), content)
	case "application/pdf":
		err = t.readPDF(content)
	}
	if err != nil {
		return Tree{}, fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	return t, nil
}
