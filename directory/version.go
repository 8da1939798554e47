package directory

// A Version is the SpecificationIdentifier of a release line of the Common Services. It follows major and
// minor of the release only, and has nothing to do with the version of the exchange. [TDD 3.6.2]
type Version string

// The release lines of oots-cs.
const (
	V10 Version = "oots-cs:v1.0" // the shape of a query that names no version
	V11 Version = "oots-cs:v1.1"
	V12 Version = "oots-cs:v1.2"
	V20 Version = "oots-cs:v2.0"
)
