package edm

// A Version is the SpecificationIdentifier of a release line. [TDD 4.5.1] [R-EDM-REQ-C001]
type Version string

// The release lines.
const (
	V10 Version = "oots-edm:v1.0"
	V11 Version = "oots-edm:v1.1"
	V12 Version = "oots-edm:v1.2"
	V20 Version = "oots-edm:v2.0"
)

// Versions returns the release lines, oldest first.
func Versions() []Version { return []Version{V10, V11, V12, V20} }

// Line returns the number of the release line, "1.2" for V12; "" for a version that is none of them.
func (v Version) Line() string {
	for _, known := range Versions() {
		if v == known {
			return string(v[len("oots-edm:v"):])
		}
	}
	return ""
}
