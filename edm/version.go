package edm

// A Version is the SpecificationIdentifier of a release line. [TDD 4.5.1] [R-EDM-REQ-C001]
type Version string

// The release lines. This build reads and writes V20.
const (
	V10 Version = "oots-edm:v1.0"
	V11 Version = "oots-edm:v1.1"
	V12 Version = "oots-edm:v1.2"
	V20 Version = "oots-edm:v2.0"
)
