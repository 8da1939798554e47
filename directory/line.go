package directory

import (
	"cmp"
	"slices"
	"strings"

	"oots/edm"
)

// A Line is a release line as one instance speaks it. What one line cannot say of the model, and how that is
// put instead, is decided by its methods; docs/divergences.md has the list.
type Line struct {
	Version Version // "" is 1.0, as for a query that names no version

	// PlainHost leaves the environment out of Semantic Repository URLs in the 1.0 shape, as the acceptance
	// instance of the Commission does: sr.oots… instead of sr.acc.oots…. The zero value writes one identifier
	// in all lines.
	PlainHost bool
}

// AtLeast reports whether the line is v or a later one.
func (l Line) AtLeast(v Version) bool { return l.Version >= v }

// The hosts of the Semantic Repository are sr, perhaps an environment, and one of these. The older one stands
// in data of 1.0 only. [TDD 3.5]
const (
	repository      = ".oots.tech.ec.europa.eu/"
	olderRepository = ".oots.tech.europa.eu/"
)

// splitURL divides a Semantic Repository URL into the segment of its environment (".acc", "" for none) and
// its path without the leading slash. ok is false for any other URL.
func splitURL(url string) (environment, path string, older, ok bool) {
	rest, ok := strings.CutPrefix(url, "https://sr")
	if !ok {
		return "", "", false, false
	}
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		return "", "", false, false
	}
	host := rest[:slash+1]
	environment, ok = strings.CutSuffix(host, repository)
	if !ok {
		environment, older = strings.CutSuffix(host, olderRepository)
		ok = older
	}
	if !ok || environment != "" && (environment[0] != '.' || strings.Contains(environment[1:], ".")) {
		return "", "", false, false
	}
	return environment, rest[slash+1:], older, true
}

// URL is an identifier as the line writes it: a Semantic Repository URL under the host that the line knows,
// any other text unchanged. [R-EB-REQ-C001]
func (l Line) URL(s string) string {
	environment, path, older, ok := splitURL(s)
	switch {
	case !ok:
	case l.AtLeast(V20) && older:
		return "https://sr" + environment + repository + path
	case l.PlainHost && environment != "" && !l.AtLeast(V11):
		return "https://sr" + repository + path
	}
	return s
}

// The paths of data models: distributions up to 1.1. [TDD 3.5.2]
const (
	distributionsPath = "distributions/"
	dataModelsPath    = "datamodels/"
)

// DataModel is the URL of a data model, or of a part of one, as the line writes it. [R-DSD-RESP-C010]
func (l Line) DataModel(s string) string {
	_, path, _, ok := splitURL(s)
	if !ok {
		return s
	}
	from, to := dataModelsPath, distributionsPath
	if l.AtLeast(V12) {
		from, to = to, from
	}
	if name, found := strings.CutPrefix(path, from); found {
		s = s[:len(s)-len(path)] + to + name
	}
	return l.URL(s)
}

// Exchange are the versions of the exchange that a record of the line names. Up to 1.1 there is room for one:
// that which was asked for, or 1.0, or the lowest. [TDD 3.1.3]
func (l Line) Exchange(all []edm.Version, asked edm.Version) []edm.Version {
	if l.AtLeast(V12) || len(all) < 2 {
		return all
	}
	for _, v := range []edm.Version{asked, edm.V10} {
		if slices.Contains(all, v) {
			return []edm.Version{v}
		}
	}
	return []edm.Version{slices.MinFunc(all, func(a, b edm.Version) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})}
}
