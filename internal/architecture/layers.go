package architecture

import (
	"fmt"
	"strings"
)

// A Layer is one line of the block of ARCHITECTURE.md: package prefixes relative to the module.
type Layer struct {
	Prefixes []string
	Apart    bool // members do not import each other
}

// ParseLayers reads the fenced block "layers" of ARCHITECTURE.md, lowest layer first.
func ParseLayers(page string) ([]Layer, error) {
	_, rest, found := strings.Cut(page, "```layers\n")
	block, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		return nil, fmt.Errorf("ARCHITECTURE.md has no fenced block called layers")
	}
	var out []Layer
	for line := range strings.Lines(block) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		l := Layer{Apart: fields[0] == "!"}
		if l.Apart {
			fields = fields[1:]
		}
		l.Prefixes = fields
		out = append(out, l)
	}
	return out, nil
}

// place finds the layer and the longest prefix that hold pkg; -1 when none does.
func place(layers []Layer, pkg string) (layer int, prefix string) {
	layer = -1
	for i, l := range layers {
		for _, p := range l.Prefixes {
			if (pkg == p || strings.HasPrefix(pkg, p+"/")) && len(p) > len(prefix) {
				layer, prefix = i, p
			}
		}
	}
	return layer, prefix
}

// forbidden are imports that no layer allows, with the reason.
var forbidden = []struct{ from, to, why string }{
	{"edm", "encoding/xml", "the domain knows no wire format"},
	{"edm", "net/http", "the domain knows no HTTP"},
	{"edm", "database/sql", "the domain knows no tables"},
	{"directory", "encoding/xml", "the domain knows no wire format"},
	{"directory", "net/http", "the domain knows no HTTP"},
	{"directory", "database/sql", "the domain knows no tables"},
	{"edelivery", "oots/edm", "an access point carries payloads"},
	{"internal/gateway", "oots/edm", "an access point carries payloads"},
	{"xml", "oots/edm", "xml knows nothing of OOTS"},
	{"xml", "oots/edelivery", "xml knows nothing of AS4"},
	{"xml", "oots/codelist", "xml knows nothing of OOTS"},
}

// Breaches lists every import of pkg (relative to the module) that the layers or the forbidden table do not
// allow. Imports are full paths; those of the module start with "oots/".
func Breaches(layers []Layer, pkg string, imports []string) []string {
	from, prefix := place(layers, pkg)
	if from < 0 {
		return []string{fmt.Sprintf("%s is in no layer of ARCHITECTURE.md", pkg)}
	}
	var out []string
	for _, imp := range imports {
		for _, f := range forbidden {
			inside := pkg == f.from || strings.HasPrefix(pkg, f.from+"/")
			if inside && prefixHolds(layers, pkg, f.from) && (imp == f.to || strings.HasPrefix(imp, f.to+"/")) {
				out = append(out, fmt.Sprintf("%s imports %s: %s", pkg, imp, f.why))
			}
		}
		own, ok := strings.CutPrefix(imp, "oots/")
		if !ok {
			continue
		}
		to, toPrefix := place(layers, own)
		switch {
		case to < 0:
			out = append(out, fmt.Sprintf("%s is in no layer of ARCHITECTURE.md", own))
		case to > from:
			out = append(out, fmt.Sprintf("%s imports %s, which is above it", pkg, own))
		case to == from && layers[from].Apart && toPrefix != prefix:
			out = append(out, fmt.Sprintf("%s imports %s, its neighbour", pkg, own))
		}
	}
	return out
}

// prefixHolds reports whether pkg belongs to the layer entry called prefix, not to a longer one: edm/edmxml
// is not bound by what is forbidden to edm.
func prefixHolds(layers []Layer, pkg, prefix string) bool {
	_, longest := place(layers, pkg)
	return longest == prefix || !strings.HasPrefix(longest, prefix+"/") || prefix == "edelivery"
}
