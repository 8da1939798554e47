package console

import (
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"oots/internal/store"
)

// auditPage is who did what, and why.
type auditPage struct {
	page
	Account string
	Actions []option
	Acts    []actLine
	Older   string
	Newest  string
	Entries int64   // of the whole log
	Broken  int64   // the first entry that does not fit the chain; 0 when all do
	Since   instant // when the chain was followed from its beginning
	Check   string  // address that does so again
}

// checked is how far the chain was followed. Each view of the page follows it on from there: from the beginning only
// when somebody asks for it, and once in each process.
type checked struct {
	mu      sync.Mutex
	entries int64
	link    string
	since   time.Time // zero: never
}

// follow checks the chain, from the beginning when whole.
func (p *Console) follow(v *visit, whole bool) (entries, broken int64, since time.Time, err error) {
	c := &p.checked
	c.mu.Lock()
	defer c.mu.Unlock()
	if whole || c.since.IsZero() {
		c.entries, c.link, c.since = 0, "", v.Now()
	}
	c.entries, c.link, broken, err = followActs(v.R.Context(), p.config.DB, p.config.Store, c.entries, c.link)
	return c.entries, broken, c.since, err
}

// perAudit is how many entries a page lists.
const perAudit = 100

func (p *Console) audit(v *visit, a Account) error {
	q := v.R.URL.Query()
	f := ActFilter{Account: q.Get("account"), Action: Action(q.Get("action")), Limit: perAudit + 1}
	f.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64)
	var acts []Act
	err := p.config.DB.View(v.R.Context(), func(tx *store.Tx) (err error) {
		acts, err = p.config.Store.Acts(tx, f)
		return err
	})
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/audit", v.T("console/audit.title"))
	if err != nil {
		return err
	}
	out := auditPage{page: pg, Account: f.Account, Actions: []option{{"", v.T("console/audit.any"), f.Action == ""}}}
	for _, x := range Actions() {
		out.Actions = append(out.Actions, option{string(x), actionName(v, x), x == f.Action})
	}
	address := func(before int64) string {
		q := url.Values{}
		for name, value := range map[string]string{"account": f.Account, "action": string(f.Action)} {
			if value != "" {
				q.Set(name, value)
			}
		}
		if before > 0 {
			q.Set("before", strconv.FormatInt(before, 10))
		}
		return p.config.Base + "/audit?" + q.Encode()
	}
	if len(acts) > perAudit {
		acts = acts[:perAudit]
		out.Older = address(acts[perAudit-1].Seq)
	}
	if f.Before > 0 {
		out.Newest = address(0)
	}
	out.Acts = p.actLines(v, acts)
	var since time.Time
	if out.Entries, out.Broken, since, err = p.follow(v, q.Get("check") == "all"); err != nil {
		return err
	}
	out.Since, out.Check = p.at(v, since), p.config.Base+"/audit?check=all"
	return v.Show(http.StatusOK, "audit", &out)
}

func (p *Console) actLines(v *visit, acts []Act) (out []actLine) {
	for _, a := range acts {
		out = append(out, actLine{a, actionName(v, a.Action), p.at(v, a.At)})
	}
	return out
}

func actionName(v *visit, a Action) string {
	switch a {
	case ActLogin:
		return v.T("console/audit.login")
	case ActFailed:
		return v.T("console/audit.failed")
	case ActLocked:
		return v.T("console/audit.locked")
	case ActInvite:
		return v.T("console/audit.invite")
	case ActPassword:
		return v.T("console/audit.password")
	case ActCode:
		return v.T("console/audit.code")
	case ActRecovery:
		return v.T("console/audit.recovery")
	case ActClose:
		return v.T("console/audit.close")
	case ActOpen:
		return v.T("console/audit.open")
	case ActUnlock:
		return v.T("console/audit.unlock")
	case ActResend:
		return v.T("console/audit.resend")
	case ActCancel:
		return v.T("console/audit.cancel")
	case ActResolve:
		return v.T("console/audit.resolve")
	case ActRedeliver:
		return v.T("console/audit.redeliver")
	case ActEnvelope:
		return v.T("console/audit.envelope")
	case ActTest:
		return v.T("console/audit.test")
	case ActProof:
		return v.T("console/audit.proof")
	case ActActivate:
		return v.T("console/audit.activate")
	case ActRollback:
		return v.T("console/audit.rollback")
	case ActRefused:
		return v.T("console/audit.refused")
	}
	return string(a)
}
