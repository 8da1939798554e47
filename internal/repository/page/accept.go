package page

import (
	"strconv"
	"strings"

	"oots/internal/repository"
)

// choose returns the form that an Accept header wants most, of those that an asset has; ok is false when it wants
// none of them. Where the client does not care, the order of the asset decides. [RFC 9110 §12.5.1]
func choose(accept string, offers []repository.Representation) (r repository.Representation, ok bool) {
	if strings.TrimSpace(accept) == "" {
		return offers[0], true
	}
	ranges := parseAccept(accept)
	best := 0.0
	for _, o := range offers {
		if q := quality(o.MediaType, ranges); q > best {
			best, r = q, o
		}
	}
	return r, best > 0
}

// A mediaRange is one entry of an Accept header.
type mediaRange struct {
	kind, sub string
	q         float64
}

// parseAccept reads at most 40 ranges; what it cannot read it leaves out.
func parseAccept(header string) []mediaRange {
	var out []mediaRange
	for i, entry := range strings.Split(header, ",") {
		if i == 40 {
			break
		}
		name, params, _ := strings.Cut(entry, ";")
		kind, sub, ok := strings.Cut(strings.ToLower(strings.TrimSpace(name)), "/")
		if !ok || kind == "" || sub == "" {
			continue
		}
		m := mediaRange{kind, sub, 1}
		for param := range strings.SplitSeq(params, ";") {
			if v, isQ := strings.CutPrefix(strings.TrimSpace(param), "q="); isQ {
				q, err := strconv.ParseFloat(v, 64)
				if err != nil || q < 0 || q > 1 {
					q = 0
				}
				m.q = q
			}
		}
		out = append(out, m)
	}
	return out
}

// quality is what the most specific range that covers a media type says of it, 0 when none does.
func quality(mediaType string, ranges []mediaRange) float64 {
	kind, sub, _ := strings.Cut(mediaType, "/")
	q, specific := 0.0, -1
	for _, m := range ranges {
		s := -1
		switch {
		case m.kind == kind && m.sub == sub:
			s = 2
		case m.kind == kind && m.sub == "*":
			s = 1
		case m.kind == "*" && m.sub == "*":
			s = 0
		}
		if s > specific {
			q, specific = m.q, s
		}
	}
	return q
}
