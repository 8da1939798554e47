package coordinator

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/lifecycle"
	"oots/internal/store"
	"oots/internal/web"
)

// historyPage lists what the country has said, newest first.
type historyPage struct {
	web.Frame
	Base          string
	Revisions     []revisionLine
	Before, After string
}

// revisionLine is one revision in words.
type revisionLine struct {
	directory.Revision
	Name    string // of the service
	Origin  string
	InForce bool
}

// revisionPage is one revision: what it changed, and what putting it in force again would change.
type revisionPage struct {
	web.Frame
	Base     string
	Revision revisionLine
	Changed  []changeLine // against the one before
	Restores []changeLine // against what is in force
	More     int          // changes that are not shown
	May      bool
	Seen     int64    // the newest revision when Restores was made
	Remarks  []remark // why it was refused
}

func (p *Page) history(v *visit, m me) error {
	all, err := p.config.Lifecycle.History(v.R.Context(), m.Country, "")
	if err != nil {
		return err
	}
	f, err := p.frame(v, m, v.T("coordinator/history.title"))
	if err != nil {
		return err
	}
	page := historyPage{Frame: f, Base: p.config.Base}
	n, _ := strconv.Atoi(v.R.URL.Query().Get("page"))
	last := max((len(all)-1)/perPage+1, 1)
	n = min(max(n, 1), last)
	for _, r := range all[(n-1)*perPage : min(n*perPage, len(all))] {
		page.Revisions = append(page.Revisions, p.revisionLine(v, r))
	}
	if n > 1 {
		page.Before = p.config.Base + "/history?page=" + strconv.Itoa(n-1)
	}
	if n < last {
		page.After = p.config.Base + "/history?page=" + strconv.Itoa(n+1)
	}
	return v.Show(http.StatusOK, "history", &page)
}

func (p *Page) revisionLine(v *visit, r directory.Revision) revisionLine {
	inForce := slices.ContainsFunc(p.config.Lifecycle.Partitions(), func(a directory.Revision) bool { return a.Number == r.Number })
	return revisionLine{r, serviceName(v, r.Service), originName(v, r.Origin), inForce}
}

// find is a revision of the country, with the one before it; before is 0 for the first.
func (p *Page) find(v *visit, m me) (r directory.Revision, before int64, err error) {
	number, err := strconv.ParseInt(v.R.PathValue("number"), 10, 64)
	if err != nil {
		return r, 0, web.NotFound
	}
	all, err := p.config.Lifecycle.History(v.R.Context(), m.Country, "")
	if err != nil {
		return r, 0, err
	}
	at := slices.IndexFunc(all, func(x directory.Revision) bool { return x.Number == number })
	if at < 0 {
		return r, 0, &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/history"}
	}
	for _, x := range all[at+1:] {
		if x.Service == all[at].Service {
			return all[at], x.Number, nil
		}
	}
	return all[at], 0, nil
}

func (p *Page) revision(v *visit, m me) error { return p.showRevision(v, m, http.StatusOK, nil) }

func (p *Page) showRevision(v *visit, m me, status int, refused []lcm.Finding) error {
	r, before, err := p.find(v, m)
	if err != nil {
		return err
	}
	content, err := p.config.Lifecycle.Revision(v.R.Context(), r.Number)
	if err != nil {
		return err
	}
	old := directory.Partition{Country: r.Country, Service: r.Service}
	if before != 0 {
		if old, err = p.config.Lifecycle.Revision(v.R.Context(), before); err != nil {
			return err
		}
	}
	f, err := p.frame(v, m, v.T("coordinator/history.revision", "number", r.Number))
	if err != nil {
		return err
	}
	page := revisionPage{Frame: f, Base: p.config.Base, Revision: p.revisionLine(v, r), May: m.Role.May(Editor), Seen: p.config.Lifecycle.Newest()}
	page.Changed, page.More = p.bounded(v, lcm.Diff(old, content))
	page.Restores, _ = p.bounded(v, lcm.Diff(p.config.Lifecycle.Active(r.Country, r.Service), content))
	if len(refused) > 0 {
		d, err := p.look(v, m.Country)
		if err != nil {
			return err
		}
		page.Remarks = p.remarks(d, refused)
	}
	return v.Show(status, "revision", &page)
}

// bounded puts changes in words, up to a number.
func (p *Page) bounded(v *visit, changes []lcm.Change) ([]changeLine, int) {
	more := max(len(changes)-maxChanges, 0)
	return p.changeLines(v, nil, changes[:len(changes)-more]), more
}

// postRestore puts an earlier revision in force again, over what the page has shown and nothing newer.
func (p *Page) postRestore(v *visit, m me) error {
	r, _, err := p.find(v, m)
	if err != nil {
		return err
	}
	seen, err := strconv.ParseInt(v.R.PostForm.Get("seen"), 10, 64)
	if err != nil || seen <= 0 {
		return &web.Problem{Status: http.StatusBadRequest, Kind: web.BadForm, Back: p.config.Base + "/history"}
	}
	o, err := p.config.Lifecycle.Restore(v.R.Context(), m.submitter(), r.Number, seen)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound
	case errors.Is(err, lifecycle.ErrConflict):
		return p.tell(v, "/history", v.T("coordinator/history.faster"))
	case err != nil:
		return err
	case !o.Accepted:
		return p.showRevision(v, m, http.StatusUnprocessableEntity, o.Findings)
	}
	if err := p.note(v, Entry{Account: m.Name, Country: m.Country, Action: ActRestore, Object: strconv.FormatInt(r.Number, 10)}); err != nil {
		return err
	}
	return p.tell(v, "/history", v.T("coordinator/history.restored", "number", r.Number))
}

func originName(v *visit, origin string) string {
	switch origin {
	case lifecycle.OriginSubmission:
		return v.T("coordinator/history.submission")
	case lifecycle.OriginEditor:
		return v.T("coordinator/history.editor")
	case lifecycle.OriginImport:
		return v.T("coordinator/history.import")
	case lifecycle.OriginRestore:
		return v.T("coordinator/history.restore")
	}
	return cmp.Or(origin, "–")
}

// logPage is who did what.
type logPage struct {
	web.Frame
	Base    string
	Entries []logLine
}

type logLine struct {
	Entry
	Name string // of the action
	When time.Time
}

// maxEntries bounds the log of a page.
const maxEntries = 200

func (p *Page) log(v *visit, m me) error {
	var all []Entry
	err := p.config.DB.View(v.R.Context(), func(tx *store.Tx) (err error) {
		all, err = p.config.Store.Entries(tx, m.Country, maxEntries)
		return err
	})
	if err != nil {
		return err
	}
	f, err := p.frame(v, m, v.T("coordinator/history.log"))
	if err != nil {
		return err
	}
	page := logPage{Frame: f, Base: p.config.Base}
	for _, e := range all {
		page.Entries = append(page.Entries, logLine{e, actionName(v, e.Action), e.At})
	}
	return v.Show(http.StatusOK, "log", &page)
}
