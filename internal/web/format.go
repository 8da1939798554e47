package web

import (
	"strconv"
	"strings"
	"time"

	"oots/edm"
)

// A calendar says how a language writes days and numbers.
type calendar struct {
	months  [12]string
	day     string // with D, M and Y
	decimal string
}

// calendarOf returns the calendar of a language of the catalogue. The months stand in the form that
// follows a day.
func calendarOf(lang string) calendar {
	switch lang {
	case "de":
		return calendar{[12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}, "D. M Y", ","}
	case "el":
		return calendar{[12]string{"Ιανουαρίου", "Φεβρουαρίου", "Μαρτίου", "Απριλίου", "Μαΐου", "Ιουνίου", "Ιουλίου", "Αυγούστου", "Σεπτεμβρίου", "Οκτωβρίου", "Νοεμβρίου", "Δεκεμβρίου"}, "D M Y", ","}
	case "en":
		return calendar{[12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}, "D M Y", "."}
	}
	return calendar{[12]string{"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"}, "Y-M-D", "."}
}

// Date writes a calendar day; a value that is none is shown as it is.
func (p Printer) Date(d edm.Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return p.day(t)
}

// Day writes the day of t in the zone of the site.
func (p Printer) Day(t time.Time) string { return p.day(t.In(p.zone)) }

func (p Printer) day(t time.Time) string {
	c := calendarOf(p.lang)
	r := strings.NewReplacer("D", strconv.Itoa(t.Day()), "M", c.months[t.Month()-1], "Y", strconv.Itoa(t.Year()))
	return r.Replace(c.day)
}

// Clock writes the time of day of t in the zone of the site, with the zone.
func (p Printer) Clock(t time.Time) string { return t.In(p.zone).Format("15:04 MST") }

// Moment writes day and time of day.
func (p Printer) Moment(t time.Time) string {
	return p.T("web/format.moment", "day", p.Day(t), "time", p.Clock(t))
}

// ISO writes t for the datetime attribute of a time element.
func (p Printer) ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Minutes says how long it is from now until t in whole minutes, at least 0.
func (p Printer) Minutes(now, t time.Time) string {
	n := max(int(t.Sub(now)/time.Minute), 0)
	if n == 1 {
		return p.T("web/format.oneMinute")
	}
	return p.T("web/format.minutes", "n", n)
}

// Size writes a number of bytes in kB or MB.
func (p Printer) Size(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1000*1000:
		return strconv.FormatInt((n+500)/1000, 10) + " kB"
	}
	s := strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64)
	return strings.Replace(s, ".", calendarOf(p.lang).decimal, 1) + " MB"
}

// Format names a media type as people call it.
func (p Printer) Format(mediaType string) string {
	switch mediaType {
	case "application/pdf":
		return "PDF"
	case "application/xml", "text/xml":
		return "XML"
	case "application/json":
		return "JSON"
	case "image/jpeg":
		return "JPEG"
	case "image/png":
		return "PNG"
	}
	return mediaType
}
