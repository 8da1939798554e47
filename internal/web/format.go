package web

import (
	"strconv"
	"strings"
	"time"

	"oots/edm"
)

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
	months := strings.Split(p.T("web/format.months"), "|")
	if len(months) != 12 {
		return t.Format(time.DateOnly)
	}
	r := strings.NewReplacer("D", strconv.Itoa(t.Day()), "M", months[t.Month()-1], "Y", strconv.Itoa(t.Year()))
	return r.Replace(p.T("web/format.day"))
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
	return p.N("web/format.minutes", max(int(t.Sub(now)/time.Minute), 0))
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
	return strings.Replace(s, ".", p.T("web/format.decimal"), 1) + " MB"
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
