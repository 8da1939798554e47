package exchange

import (
	"net/url"
	"strings"
)

// The parameters that a portal of release lines up to 1.2 adds to a preview link, because its second request
// has no place for the way back. [TDD 4.9 of 1.2] [open-questions F13]
const (
	ReturnURL    = "returnurl"
	ReturnMethod = "returnmethod"
)

// WithReturn adds the way back to a preview link of release lines up to 1.2. The rest of the link stays as
// it was received; a fragment stays last.
func WithReturn(link, back string) string {
	link, fragment, fragmented := strings.Cut(link, "#")
	separator := "?"
	if strings.Contains(link, "?") {
		separator = "&"
	}
	link += separator + ReturnURL + "=" + url.QueryEscape(back) + "&" + ReturnMethod + "=GET"
	if fragmented {
		link += "#" + fragment
	}
	return link
}

// ReturnOf reads the way back from the query of a preview link: the last value of several counts, and it has
// to be an https address with a host and without credentials, to be followed by GET. "" when there is none.
func ReturnOf(query url.Values) string {
	last := func(name string) string {
		if all := query[name]; len(all) > 0 {
			return all[len(all)-1]
		}
		return ""
	}
	back := last(ReturnURL)
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(back) > 2048 {
		return ""
	}
	if method := last(ReturnMethod); method != "" && !strings.EqualFold(method, "GET") {
		return ""
	}
	return back
}
