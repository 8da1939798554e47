package discovery

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A Record is one NAPTR record. [RFC 3403 §4.1]
type Record struct {
	Order       uint16
	Preference  uint16
	Flags       string
	Service     string // empty wherever one was seen
	Regexp      string
	Replacement string // "." in a record with a regexp
}

// A RecordError says that a name has records and none of them leads anywhere: the fault of whoever keeps the
// zone. It may be mended, so the last good value stays in use meanwhile.
type RecordError struct {
	Reasons []error // one per record, in the order in which they were looked at
}

// Error gives the reasons.
func (e *RecordError) Error() string {
	return "no NAPTR record can be used: " + errors.Join(e.Reasons...).Error()
}

// Choose returns the base URL of the record with the lowest order, and among those the lowest preference,
// that leads to one. Records with other flags than U are passed over. The error is a *RecordError, or
// ErrNoRecord when there is none at all. [TDD 3.4]
func Choose(records []Record) (base string, chosen Record, err error) {
	if len(records) == 0 {
		return "", Record{}, ErrNoRecord
	}
	sorted := slices.Clone(records)
	slices.SortStableFunc(sorted, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Preference, b.Preference))
	})
	var broken RecordError
	for _, r := range sorted {
		base, err := r.Base()
		if err == nil {
			return base, r, nil
		}
		broken.Reasons = append(broken.Reasons, err)
	}
	return "", Record{}, &broken
}

// Base returns the base URL that r leads to, with one slash at its end.
func (r Record) Base() (string, error) {
	if !strings.EqualFold(r.Flags, "U") {
		return "", fmt.Errorf("flags %.10q are not U", r.Flags)
	}
	if r.Replacement != "." && r.Replacement != "" {
		return "", errors.New("the record has a replacement beside its regexp") // [RFC 3403 §4.1]
	}
	uri, err := target(r.Regexp)
	if err != nil {
		return "", err
	}
	return CheckBase(uri)
}

// target takes the URI out of a regexp !.*!URI!, which is no true regular expression: the match is always
// the whole name. The spelling with anchors and a flag i are tolerated.
func target(regexp string) (string, error) {
	rest, ok := strings.CutPrefix(regexp, "!")
	match, rest, ok2 := strings.Cut(rest, "!")
	uri, flags, ok3 := strings.Cut(rest, "!")
	switch {
	case !ok, !ok2, !ok3:
		return "", fmt.Errorf("regexp %.80q does not consist of three parts", regexp)
	case match != ".*" && match != "^.*$":
		return "", fmt.Errorf("regexp %.80q does not match everything", regexp)
	case flags != "" && flags != "i":
		return "", fmt.Errorf("regexp %.80q ends in unknown flags", regexp)
	}
	return uri, nil
}

// CheckBase accepts the base URL of a service and returns it with one slash at its end: https, with a host,
// without user, query, fragment, and without characters that are none of a URL. [TDD 3.4]
func CheckBase(base string) (string, error) {
	for _, c := range []byte(base) {
		if c <= ' ' || c > '~' || strings.IndexByte(`\"<>{}|^`+"`", c) >= 0 {
			return "", fmt.Errorf("the base URL %.80q holds characters that no URL has", base)
		}
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(base, "#") {
		return "", fmt.Errorf("the base URL %.80q is not a plain https URL", base)
	}
	return strings.TrimRight(base, "/") + "/", nil
}
