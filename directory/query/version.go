package query

import (
	"strings"

	"oots/directory"
	"oots/directory/directoryxml"
	"oots/regrep"
)

// HeaderAcceptVersion lists the versions that a client understands.
const HeaderAcceptVersion = "Accept-Version"

// A shape is how one release line writes an answer. The 1.x lines become further shapes: without the
// identifier slot, with jurisdictions on the evidence types, with several access services in a record.
type shape struct {
	version     directory.Version
	identifier  bool // the SpecificationIdentifier slot is there
	requirement func(*regrep.Writer, *directory.Requirement)
	dataService func(*regrep.Writer, *directory.DataService)
	reduced     func(*regrep.Writer, *directory.Question)
	concept     func(*regrep.Writer, *directory.Concept)
}

// shapes returns the shapes that are served, newest first.
func shapes() []shape {
	return []shape{{
		version:     directory.V20,
		identifier:  true,
		requirement: directoryxml.Requirement,
		dataService: directoryxml.DataService,
		reduced:     directoryxml.Reduced,
		concept:     directoryxml.Concept,
	}}
}

// shapeOf returns the shape of a version; a refusal without a version has the bare one of 1.0.
func shapeOf(v directory.Version) shape {
	for _, s := range shapes() {
		if s.version == v {
			return s
		}
	}
	return shape{version: directory.V10}
}

// served reports whether answers of the version are written.
func served(v directory.Version) bool { return shapeOf(v).requirement != nil }

// Negotiate picks the newest version that is served among those of the Accept-Version lines, or "" when
// none is. No line at all asks for the shape of v1.0. Unknown versions are passed over. [TDD 3.6.2]
func Negotiate(lines []string) directory.Version {
	asked := []string{string(directory.V10)}
	if joined := strings.Join(lines, ","); strings.Trim(joined, " \t,") != "" {
		asked = strings.Split(joined, ",")
	}
	for _, s := range shapes() {
		for _, a := range asked {
			if strings.Trim(a, " \t") == string(s.version) {
				return s.version
			}
		}
	}
	return ""
}
