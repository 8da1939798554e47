package query

import (
	"mime"
	"strconv"
	"strings"

	"oots/directory"
)

// HeaderAcceptVersion lists the versions that a client understands.
const HeaderAcceptVersion = "Accept-Version"

const headerAccept = "Accept"

// versions are the release lines that are served, newest first.
var versions = [...]directory.Version{directory.V20, directory.V12, directory.V11, directory.V10}

// Served reports whether answers of the version are written and read.
func Served(v directory.Version) bool {
	for _, s := range versions {
		if s == v {
			return true
		}
	}
	return false
}

// Negotiate picks the newest version that is served among those of the Accept-Version lines, or "" when
// none is. No line at all asks for the shape of v1.0. Unknown versions are passed over. [TDD 3.6.2]
func Negotiate(lines []string) directory.Version {
	joined := strings.Join(lines, ",")
	if strings.Trim(joined, " \t,") == "" {
		return directory.V10
	}
	best := directory.Version("")
	for asked := range strings.SplitSeq(joined, ",") {
		if v := directory.Version(strings.Trim(asked, " \t")); v > best && Served(v) {
			best = v
		}
	}
	return best
}

// Acceptable reports whether the Accept lines of a query allow the media type of an answer: none at all,
// application/x-ebrs+xml, what XML is called elsewhere, or a range around it. [TDD 3.6.2]
func Acceptable(lines []string) bool {
	joined := strings.Join(lines, ",")
	if strings.Trim(joined, " \t,") == "" {
		return true
	}
	for part := range strings.SplitSeq(joined, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if q, given := params["q"]; given {
			if weight, err := strconv.ParseFloat(q, 64); err != nil || weight <= 0 {
				continue
			}
		}
		switch name {
		case MediaType, "application/xml", "text/xml", "application/*", "*/*":
			return true
		}
	}
	return false
}
