package alert

import (
	"fmt"
	"strconv"
)

// Sentence says an alert in one line of English, for mails and commands.
func (a *Alert) Sentence() string {
	s := a.what()
	if !a.Open() {
		return "cleared: " + s
	}
	if a.Detail != "" {
		s += ": " + a.Detail
	}
	return s
}

func (a *Alert) what() string {
	v := figure(a.Value)
	switch a.Kind {
	case QueueAge:
		return fmt.Sprintf("the oldest message to %s waits for %s minutes", a.Subject, v)
	case Undelivered:
		return fmt.Sprintf("%s messages to %s were given up", v, a.Subject)
	case Stuck:
		return fmt.Sprintf("%s messages from %s are not taken by the back end", v, a.Subject)
	case Logins:
		return fmt.Sprintf("%s failed logins at the console within an hour", v)
	case Certificate:
		return fmt.Sprintf("certificate %s ends in %s days", a.Subject, v)
	case Disk:
		return fmt.Sprintf("%s: %s percent of the disk are free", a.Subject, v)
	case PartnerDown:
		return fmt.Sprintf("partner %s: %s attempts in a row failed", a.Subject, v)
	case PModes:
		return fmt.Sprintf("P-Modes were exchanged: %s", a.Subject)
	case Journal:
		return fmt.Sprintf("the second copy of the log is not kept for %s minutes", v)
	case Measuring:
		return fmt.Sprintf("%s cannot be measured", a.Subject)
	}
	return string(a.Kind) + " " + a.Subject + " " + v
}

func figure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
