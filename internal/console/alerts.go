package console

import (
	"net/http"
	"strconv"

	"oots/internal/alert"
)

// alertsPage is what has crossed a threshold, and the thresholds.
type alertsPage struct {
	page
	Lasting, Past []alertLine
	Thresholds    []thresholdLine
}

type alertLine struct {
	alert.Alert
	KindName string
	Text     string
	Since    instant
	Until    instant
	Lasted   string
}

type thresholdLine struct {
	Name, Raise, Clear string
	Off                bool
}

// maxAlerts is how many alerts a page lists.
const maxAlerts = 200

func (p *Console) alerts(v *visit, a Account) error {
	all, err := p.config.Alerts.Recent(v.R.Context(), maxAlerts)
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/alerts", v.T("console/alerts.title"))
	if err != nil {
		return err
	}
	out := alertsPage{page: pg}
	for _, x := range all {
		if l := p.alertLine(v, x); x.Open() {
			out.Lasting = append(out.Lasting, l)
		} else {
			out.Past = append(out.Past, l)
		}
	}
	limits := p.config.Alerts.Thresholds()
	for _, k := range alert.Kinds() {
		t := limits[k]
		out.Thresholds = append(out.Thresholds, thresholdLine{kindName(v, k), number(t.Raise), number(t.Clear), t.Off})
	}
	return v.Show(http.StatusOK, "alerts", &out)
}

func (p *Console) alertLine(v *visit, a alert.Alert) alertLine {
	l := alertLine{Alert: a, KindName: kindName(v, a.Kind), Text: alertText(v, a), Since: p.at(v, a.Raised), Until: p.at(v, a.Cleared)}
	end := a.Cleared
	if a.Open() {
		end = v.Now()
	}
	l.Lasted = span(v, end.Sub(a.Raised))
	return l
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func alertText(v *visit, a alert.Alert) string {
	n := number(a.Value)
	switch a.Kind {
	case alert.QueueAge:
		return v.T("console/alerts.queueAge", "subject", a.Subject, "n", n)
	case alert.Undelivered:
		return v.T("console/alerts.undelivered", "subject", a.Subject, "n", n)
	case alert.Stuck:
		return v.T("console/alerts.stuck", "subject", a.Subject, "n", n)
	case alert.Logins:
		return v.T("console/alerts.logins", "n", n)
	case alert.Certificate:
		return v.T("console/alerts.certificate", "subject", a.Subject, "n", n)
	case alert.Disk:
		return v.T("console/alerts.disk", "subject", a.Subject, "n", n)
	case alert.PartnerDown:
		return v.T("console/alerts.partnerDown", "subject", a.Subject, "n", n)
	case alert.PModes:
		return v.T("console/alerts.pmodes", "subject", a.Subject)
	case alert.Journal:
		return v.T("console/alerts.journal", "n", n)
	case alert.Measuring:
		return v.T("console/alerts.measuring", "subject", a.Subject)
	}
	return a.Sentence()
}

func kindName(v *visit, k alert.Kind) string {
	switch k {
	case alert.QueueAge:
		return v.T("console/alerts.kindQueueAge")
	case alert.Undelivered:
		return v.T("console/alerts.kindUndelivered")
	case alert.Stuck:
		return v.T("console/alerts.kindStuck")
	case alert.Logins:
		return v.T("console/alerts.kindLogins")
	case alert.Certificate:
		return v.T("console/alerts.kindCertificate")
	case alert.Disk:
		return v.T("console/alerts.kindDisk")
	case alert.PartnerDown:
		return v.T("console/alerts.kindPartnerDown")
	case alert.PModes:
		return v.T("console/alerts.kindPModes")
	case alert.Journal:
		return v.T("console/alerts.kindJournal")
	case alert.Measuring:
		return v.T("console/alerts.kindMeasuring")
	}
	return string(k)
}
