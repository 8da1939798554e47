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
	if v.order() < 0 {
		return ""
	}
	return string(v[len("oots-edm:v"):])
}

// Before reports whether v is an older release line than w. A version that is none is before all.
func (v Version) Before(w Version) bool { return v.order() < w.order() }

// order is the position in Versions; -1 for a version that is none.
func (v Version) order() int {
	switch v {
	case V10:
		return 0
	case V11:
		return 1
	case V12:
		return 2
	case V20:
		return 3
	}
	return -1
}
