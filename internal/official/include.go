package official

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"oots/xml/xmltree"
)

// maxIncludes bounds how deep files include each other.
const maxIncludes = 8

// A source reads one Schematron file with all that it includes.
type source struct {
	fsys fs.FS
	// origin is the file of an included element.
	origin map[*xmltree.Element]string
	file   string
}

// readSource reads a file and puts included elements in place of sch:include. [ISO/IEC 19757-3:2016 §5.4.5]
func readSource(fsys fs.FS, name string) (*source, *xmltree.Element, error) {
	s := &source{fsys: fsys, origin: map[*xmltree.Element]string{}, file: name}
	root, err := s.read(name, 0)
	return s, root, err
}

func (s *source) read(name string, depth int) (*xmltree.Element, error) {
	doc, err := readXML(s.fsys, name)
	if err != nil {
		return nil, err
	}
	s.origin[doc.Root] = name
	return doc.Root, s.expand(doc.Root, name, depth)
}

func (s *source) expand(e *xmltree.Element, name string, depth int) error {
	for i, c := range e.Children {
		child, ok := c.(*xmltree.Element)
		if !ok {
			continue
		}
		if !child.Is(nsSchematron, "include") {
			if err := s.expand(child, name, depth); err != nil {
				return err
			}
			continue
		}
		href, _ := child.Attr("", "href")
		if depth == maxIncludes {
			return fmt.Errorf("%s: line %d: more than %d files include each other", name, child.Line, maxIncludes)
		}
		target, id, _ := strings.Cut(href, "#")
		target = path.Join(path.Dir(name), target)
		if !fs.ValidPath(target) || strings.Contains(href, ":") {
			return fmt.Errorf("%s: line %d: %q is not inside of the folder", name, child.Line, clip(href))
		}
		included, err := s.read(target, depth+1)
		if err != nil {
			return fmt.Errorf("%s: line %d: %w", name, child.Line, err)
		}
		if id != "" {
			if included = byID(included, id); included == nil {
				return fmt.Errorf("%s: line %d: %s has no element %q", name, child.Line, target, clip(id))
			}
			s.origin[included] = target
		}
		included.Parent = e
		e.Children[i] = included
	}
	return nil
}

func byID(e *xmltree.Element, id string) *xmltree.Element {
	if v, ok := e.Attr("", "id"); ok && v == id {
		return e
	}
	for c := range e.Elements() {
		if found := byID(c, id); found != nil {
			return found
		}
	}
	return nil
}

// fileOf is the file that an element stands in.
func (s *source) fileOf(e *xmltree.Element) string {
	for ; e != nil; e = e.Parent {
		if name, ok := s.origin[e]; ok {
			return name
		}
	}
	return s.file
}

// at puts file and line of an element before an error.
func (s *source) at(e *xmltree.Element, err error) error {
	return fmt.Errorf("%s: line %d: %w", s.fileOf(e), e.Line, err)
}

// Bounds of an artefact.
var artefact = xmltree.Limits{Bytes: 16 << 20, Depth: 64, Attributes: 256, Elements: 400_000, TextBytes: 1 << 20}

// readXML reads and parses a file of the folder.
func readXML(fsys fs.FS, name string) (*xmltree.Document, error) {
	b, err := readFile(fsys, name)
	if err != nil {
		return nil, err
	}
	return parseArtefact(name, b)
}

// parseArtefact parses a file of the folder. Its error holds no *xmltree.SyntaxError, which would be one of the
// document.
func parseArtefact(name string, b []byte) (*xmltree.Document, error) {
	doc, err := xmltree.Parse(b, artefact)
	if err != nil {
		return nil, fmt.Errorf("%s: %v", name, err)
	}
	return doc, nil
}

// readFile reads a file of the folder within the bounds, its line ends turned into LF, as XML 1.0 §2.11 asks:
// helium takes a CR before an LF in an attribute for a character of its own.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > int64(artefact.Bytes) {
		return nil, fmt.Errorf("%s: larger than %d octets", name, artefact.Bytes)
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	return lineEnds(b), nil
}

func lineEnds(b []byte) []byte {
	if bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
}
