package ebms

import (
	"strings"
	"time"
)

// AppendTimestamp appends t in UTC with exactly three fraction digits and "Z": some peers re-create the
// text and must get the same bytes. [AS4 1.15 §3.2]
func AppendTimestamp(dst []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z")
}

// ParseTimestamp reads an xs:dateTime leniently: 0 to 9 fraction digits, "Z", an offset, or no zone, which
// means UTC. The result is UTC.
func ParseTimestamp(s string) (time.Time, bool) {
	s = strings.Trim(s, xmlSpace)
	if len(s) > 40 || strings.ContainsRune(s, ',') {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
