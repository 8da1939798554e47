package edmxml

import (
	"errors"
	"fmt"

	"oots/edm"
)

// ErrVersion is returned by writers for a version that is no release line.
var ErrVersion = errors.New("version of the exchange data model is not written")

// A dialect is what a release line can say. Readers warn of what it cannot, writers leave it out; everything
// else is said alike in all lines. [TDD 4.5.1, 4.5.2, 4.5.3 of each line]
type dialect struct {
	wish            bool // @xml:lang of a request wishes for a language
	procedureText   bool // Procedure is an international string
	returnLocation  bool // the second request says where the user comes back to
	described       bool // a requirement has descriptions
	legalAgent      bool // a legal person can represent
	contact         bool // persons have nationality, countries, town, telephone, e-mail, original names and what users typed in
	transformation  bool // a distribution names a transformation of its data model
	wanted          bool // a request asks for languages and associated documents
	packages        bool // the documents of an answer lie in packages
	previewByMethod bool // a preview names the HTTP method
	titlesDescribe  bool // an answer must describe its evidence type: for want of more by its titles [R-EDM-RESP-S030]
}

// speak returns the dialect of a release line. What 1.1 can say is known in part only; it is taken to be what
// 1.2 can.
func speak(v edm.Version) (dialect, error) {
	switch v {
	case edm.V10:
		return dialect{wish: true, procedureText: true, transformation: true, previewByMethod: true, titlesDescribe: true}, nil
	case edm.V11, edm.V12:
		return dialect{
			wish: true, procedureText: true, described: true, legalAgent: true, contact: true, transformation: true, previewByMethod: true,
		}, nil
	case edm.V20:
		return dialect{returnLocation: true, described: true, legalAgent: true, contact: true, wanted: true, packages: true}, nil
	}
	return dialect{}, fmt.Errorf("%w: %q", ErrVersion, string(v))
}

// Writes reports whether this build can write messages of the release line.
func Writes(v edm.Version) bool {
	_, err := speak(v)
	return err == nil
}
