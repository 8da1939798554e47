package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/pmode/keystore"
	"oots/internal/partner"
	"oots/internal/web"
)

// partnersPage is who we exchange messages with, by the P-Modes in force, and all certificates.
type partnersPage struct {
	page
	Self         string
	Partners     []partnerLine
	Tests        bool // partners can be tested
	Certificates []certificateLine
}

type partnerLine struct {
	ID           ebms.PartyID
	URL          string
	Messages     string // address of its messages
	Certificates []certificateLine
	Actions      []string
	Self         bool // the file lets us send to ourselves
}

type certificateLine struct {
	keystore.Watch
	Until instant
	Day   string
	Left  string
	Class string
	Use   string
}

// testPage is what came of a test.
type testPage struct {
	page
	ID       ebms.PartyID
	Report   partner.Report
	Reached  bool
	Steps    []stepLine
	Took     string
	Partners string
	First    *stepLine // that fails; nil when none does
}

type stepLine struct {
	partner.Step
	Name    string
	View    stateView
	TookFor string
	partner.Advice
}

func (p *Console) partners(v *visit, a Account) error {
	pg, err := p.page(v, a, "/partners", v.T("console/partners.title"))
	if err != nil {
		return err
	}
	out := partnersPage{page: pg, Tests: p.config.Diagnose != nil && a.Role.May(Operator)}
	if p.config.Certificates != nil {
		all, err := p.config.Certificates(v.R.Context(), v.Now().UTC())
		if err != nil {
			return err
		}
		for _, w := range all {
			out.Certificates = append(out.Certificates, p.certificateLine(v, w))
		}
	}
	if set := p.set(); set != nil {
		out.Self = set.Self.ID.Value
		for _, peer := range set.Peers {
			l := partnerLine{ID: peer.ID, URL: peer.URL, Messages: p.partnerMessages(peer.ID.Value), Certificates: p.pinned(v, peer), Self: peer.ID == set.Self.ID}
			for _, leg := range set.Legs {
				if leg.Action != ebms.TestAction && (slices.Contains(leg.Send, peer.ID) || slices.Contains(leg.Receive, peer.ID)) {
					l.Actions = append(l.Actions, leg.Action)
				}
			}
			slices.Sort(l.Actions)
			l.Actions = slices.Compact(l.Actions)
			out.Partners = append(out.Partners, l)
		}
	}
	return v.Show(http.StatusOK, "partners", &out)
}

func (p *Console) partnerMessages(party string) string {
	return p.config.Base + "/messages?" + url.Values{"partner": {party}}.Encode()
}

// set is the P-Modes in force, nil when there are none.
func (p *Console) set() *pmode.Set {
	if p.config.PModes == nil {
		return nil
	}
	source, err := p.config.PModes.Source()
	if err != nil {
		return nil
	}
	return source.PModes()
}

// pinned are the certificates that the P-Modes have for a partner.
func (p *Console) pinned(v *visit, peer pmode.Party) (out []certificateLine) {
	watch := keystore.Parties{Store: &keystore.Store{}, Now: v.Now().UTC()}
	for _, c := range peer.Signing {
		watch.Store.Entries = append(watch.Store.Entries, keystore.Entry{Alias: peer.ID.Value, Named: true, Certificate: c})
	}
	if c := peer.Encryption; c != nil && !slices.ContainsFunc(peer.Signing, c.Equal) {
		watch.Store.Entries = append(watch.Store.Entries, keystore.Entry{Alias: peer.ID.Value, Named: true, Certificate: c})
	}
	for _, w := range watch.Watch([]string{peer.ID.Value}) {
		out = append(out, p.certificateLine(v, w))
	}
	return out
}

func (p *Console) certificateLine(v *visit, w keystore.Watch) certificateLine {
	l := certificateLine{Watch: w, Until: p.at(v, w.NotAfter), Day: w.NotAfter.In(p.config.Zone).Format("2 Jan 2006"), Class: "good"}
	switch {
	case w.Bad():
		l.Class = "bad"
	case w.Status != keystore.Good && !w.Replaced:
		l.Class = "warn"
	}
	if left := w.NotAfter.Sub(v.Now()); !w.NotAfter.IsZero() && left > 0 {
		l.Left = v.T("console/partners.left", "time", span(v, left))
	} else {
		l.Left = string(w.Status)
	}
	if w.Status == keystore.In7 || w.Status == keystore.In30 || w.Status == keystore.In60 {
		l.Message = "" // the time left says so
	}
	switch {
	case w.Signs && w.Encrypts:
		l.Use = v.T("console/partners.both")
	case w.Signs:
		l.Use = v.T("console/partners.signs")
	case w.Encrypts:
		l.Use = v.T("console/partners.encrypts")
	}
	return l
}

// testTime is the longest time of a test.
const testTime = time.Minute

// postTest tries a partner layer by layer.
func (p *Console) postTest(v *visit, a Account) error {
	id := ebms.PartyID{Type: v.R.PostForm.Get("type"), Value: v.R.PostForm.Get("party")}
	missing := &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/partners"}
	set := p.set()
	if set == nil {
		return missing
	}
	peer, ok := set.Peer(id)
	if !ok {
		return missing
	}
	ctx, cancel := context.WithTimeout(v.R.Context(), testTime)
	defer cancel()
	r := p.config.Diagnose(ctx, peer)
	act := Act{Account: a.Name, Action: ActTest, Object: id.Value, Detail: "reached"}
	if b := r.Broken(); b != "" {
		act.Detail = "failed: " + string(b)
	}
	if err := p.note(v, act); err != nil {
		return err
	}
	pg, err := p.page(v, a, "/partners", v.T("console/partners.tested", "party", id.Value))
	if err != nil {
		return err
	}
	out := testPage{page: pg, ID: id, Report: r, Reached: r.Reached(), Took: span(v, r.Took), Partners: p.config.Base + "/partners"}
	for _, s := range r.Steps {
		l := stepLine{Step: s, Name: layerName(v, s.Layer), View: verdictOf(v, s.Verdict), Advice: s.Cause.Advice()}
		if s.Verdict != partner.NotTried {
			l.TookFor = span(v, s.Took)
		}
		out.Steps = append(out.Steps, l)
	}
	if i := slices.IndexFunc(out.Steps, func(l stepLine) bool { return l.Verdict == partner.Failed }); i >= 0 {
		out.First = &out.Steps[i]
	}
	return v.Show(http.StatusOK, "test", &out)
}

func verdictOf(v *visit, x partner.Verdict) stateView {
	switch x {
	case partner.OK:
		return stateView{v.T("console/partners.ok"), "good", "✓"}
	case partner.Doubtful:
		return stateView{v.T("console/partners.doubtful"), "warn", "!"}
	case partner.Failed:
		return stateView{v.T("console/partners.failed"), "bad", "✕"}
	}
	return stateView{v.T("console/partners.notTried"), "", "–"}
}

func layerName(v *visit, l partner.Layer) string {
	switch l {
	case partner.DNS:
		return v.T("console/partners.dns")
	case partner.TCP:
		return v.T("console/partners.tcp")
	case partner.TLS:
		return v.T("console/partners.tls")
	case partner.Certificates:
		return v.T("console/partners.certificates")
	case partner.HTTP:
		return v.T("console/partners.http")
	}
	return v.T("console/partners.as4")
}
