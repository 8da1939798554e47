package model

import (
	"strings"

	"oots/xml/xmltree"
)

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// digits returns the length of the run of digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func isBoolean(s string) bool { return s == "true" || s == "false" || s == "1" || s == "0" }

func unsigned(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

func isInteger(s string) bool {
	s = unsigned(s)
	return s != "" && digits(s) == len(s)
}

func isNonNegative(s string) bool {
	return isInteger(s) && (s[0] != '-' || strings.Trim(s[1:], "0") == "")
}

func isPositive(s string) bool {
	return isInteger(s) && s[0] != '-' && strings.Trim(unsigned(s), "0") != ""
}

func isDecimal(s string) bool {
	whole, fraction, _ := strings.Cut(unsigned(s), ".")
	return whole+fraction != "" && digits(whole) == len(whole) && digits(fraction) == len(fraction)
}

func isFloat(s string) bool {
	if s == "INF" || s == "-INF" || s == "NaN" {
		return true
	}
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return isDecimal(s)
	}
	return isDecimal(s[:i]) && isInteger(s[i+1:])
}

// isLanguage follows the pattern of xs:language. [XML Schema 1.0 Part 2 §3.3.3]
func isLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if len(part) == 0 || len(part) > 8 {
			return false
		}
		for j := range len(part) {
			if !isAlpha(part[j]) && (i == 0 || !isDigit(part[j])) {
				return false
			}
		}
	}
	return true
}

func isNMToken(s string) bool {
	// A name character behind a letter makes a name.
	return s != "" && xmltree.IsNCName("a"+strings.ReplaceAll(s, ":", "_"))
}

func isQName(s string) bool {
	prefix, local, found := strings.Cut(s, ":")
	if !found {
		return xmltree.IsNCName(prefix)
	}
	return xmltree.IsNCName(prefix) && xmltree.IsNCName(local)
}

func isBase64(s string) bool {
	_, err := xmltree.DecodeBase64(s)
	return err == nil
}

// cutNumber cuts a number of n digits between lo and hi off s.
func cutNumber(s string, n, lo, hi int) (value int, rest string, ok bool) {
	if len(s) < n || digits(s[:n]) != n {
		return 0, "", false
	}
	for i := range n {
		value = value*10 + int(s[i]-'0')
	}
	return value, s[n:], lo <= value && value <= hi
}

func cutByte(s string, c byte) (string, bool) {
	if s == "" || s[0] != c {
		return "", false
	}
	return s[1:], true
}

// cutDate cuts [-]YYYY-MM-DD off s. There is no year 0. [XML Schema 1.0 Part 2 §3.2.9]
func cutDate(s string) (rest string, ok bool) {
	s = strings.TrimPrefix(s, "-")
	n := digits(s)
	if n < 4 || n > 9 || n > 4 && s[0] == '0' {
		return "", false
	}
	year, s, ok := cutNumber(s, n, 1, 999_999_999)
	if !ok {
		return "", false
	}
	if s, ok = cutByte(s, '-'); !ok {
		return "", false
	}
	month, s, ok := cutNumber(s, 2, 1, 12)
	if !ok {
		return "", false
	}
	if s, ok = cutByte(s, '-'); !ok {
		return "", false
	}
	_, s, ok = cutNumber(s, 2, 1, daysIn(year, month))
	return s, ok
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// isZone accepts nothing, Z, or an offset of at most 14 hours.
func isZone(s string) bool {
	if s == "" || s == "Z" {
		return true
	}
	if s[0] != '+' && s[0] != '-' {
		return false
	}
	hour, s, ok := cutNumber(s[1:], 2, 0, 14)
	if !ok {
		return false
	}
	if s, ok = cutByte(s, ':'); !ok {
		return false
	}
	minute, s, ok := cutNumber(s, 2, 0, 59)
	return ok && s == "" && (hour < 14 || minute == 0)
}

func isDate(s string) bool {
	rest, ok := cutDate(s)
	return ok && isZone(rest)
}

func isDateTime(s string) bool {
	s, ok := cutDate(s)
	if !ok {
		return false
	}
	if s, ok = cutByte(s, 'T'); !ok {
		return false
	}
	s, ok = cutTime(s)
	return ok && isZone(s)
}

// cutTime cuts hh:mm:ss with optional fraction off s; 24:00:00 is the end of the day.
func cutTime(s string) (rest string, ok bool) {
	hour, s, ok := cutNumber(s, 2, 0, 24)
	if !ok {
		return "", false
	}
	if s, ok = cutByte(s, ':'); !ok {
		return "", false
	}
	minute, s, ok := cutNumber(s, 2, 0, 59)
	if !ok {
		return "", false
	}
	if s, ok = cutByte(s, ':'); !ok {
		return "", false
	}
	second, s, ok := cutNumber(s, 2, 0, 59)
	if !ok {
		return "", false
	}
	zero := second == 0
	if s != "" && s[0] == '.' {
		n := digits(s[1:])
		if n == 0 {
			return "", false
		}
		zero = zero && strings.Trim(s[1:n+1], "0") == ""
		s = s[n+1:]
	}
	return s, hour < 24 || minute == 0 && zero
}

// isDuration accepts PnYnMnDTnHnMnS with at least one part. [XML Schema 1.0 Part 2 §3.2.6]
func isDuration(s string) bool {
	s = strings.TrimPrefix(s, "-")
	s, ok := cutByte(s, 'P')
	if !ok {
		return false
	}
	date, clock, timed := strings.Cut(s, "T")
	if timed && clock == "" || s == "" {
		return false
	}
	return durationParts(date, "YMD", false) && durationParts(clock, "HMS", true)
}

func durationParts(s, units string, fraction bool) bool {
	for s != "" {
		n := digits(s)
		whole := true
		if fraction && n > 0 && n < len(s) && s[n] == '.' {
			f := digits(s[n+1:])
			if f == 0 {
				return false
			}
			n, whole = n+1+f, false
		}
		if n == 0 || n == len(s) {
			return false
		}
		i := strings.IndexByte(units, s[n])
		if i < 0 || !whole && s[n] != 'S' {
			return false
		}
		units, s = units[i+1:], s[n+1:]
	}
	return true
}
