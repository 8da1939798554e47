package matching

import (
	"strings"
	"time"
)

// A birthday is a date of birth as far as it is known; month and day are 0 when they are not.
type birthday struct{ year, month, day int }

// parseBirthday reads "1990-04-01", "1990-04", "1990", and registers' "1990-04-00", "1990-00-00" and "1990-XX-XX".
// A day that does not exist, such as 1999-02-29, is no date. [record-matching §6]
func parseBirthday(s string) (birthday, bool) {
	parts := strings.Split(strings.TrimSpace(s), "-")
	if len(parts) > 3 || len(parts[0]) != 4 {
		return birthday{}, false
	}
	var b birthday
	for i, p := range parts {
		n, ok := number(p)
		if !ok || i > 0 && len(p) != 2 {
			return birthday{}, false
		}
		switch i {
		case 0:
			b.year = n
		case 1:
			b.month = n
		case 2:
			b.day = n
		}
	}
	if b.year == 0 || b.month > 12 || b.month == 0 && b.day != 0 {
		return birthday{}, false
	}
	if b.day > 0 {
		d := time.Date(b.year, time.Month(b.month), b.day, 0, 0, 0, 0, time.UTC)
		if d.Day() != b.day {
			return birthday{}, false
		}
	}
	return b, true
}

// number reads digits; X stands for what is not known.
func number(s string) (int, bool) {
	if s == "XX" || s == "xx" {
		return 0, true
	}
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, s != ""
}

func (b birthday) full() bool { return b.day > 0 }

// gradeBirth compares two dates of birth. A date is a date: no zone, no calendar but ours.
func gradeBirth(x, y string) Grade {
	a, ok := parseBirthday(x)
	if !ok {
		return Missing
	}
	b, ok := parseBirthday(y)
	if !ok {
		return Missing
	}
	switch {
	case a == b && a.full():
		return Agree
	case a.year != b.year:
		return Disagree
	case a.full() && b.full() && a.month == b.day && a.day == b.month:
		return Swapped
	case a.full() && b.full():
		return Disagree
	case a.month != b.month && a.month != 0 && b.month != 0:
		return Disagree
	}
	return Partial
}
