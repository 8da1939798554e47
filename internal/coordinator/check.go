package coordinator

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/lifecycle"
	"oots/internal/store"
	"oots/internal/web"
	"oots/rule"
)

// checkPage is the draft as it would be submitted: what the rules say, and what would change.
type checkPage struct {
	web.Frame
	Base     string
	Stamp    string
	Edited   bool
	Accepted bool
	Remarks  []remark
	Warnings int
	Changes  []changeLine
	More     int // changes that are not shown
	Stale    []staleLine
	Note     string
	May      bool
	Parts    []partLine
}

// partLine is one part of the draft: where it is kept, and as XML.
type partLine struct {
	Service directory.Service
	Name    string
	Account string
	At      time.Time
}

// staleLine is what somebody else has put in force since the draft was begun.
type staleLine struct {
	Name    string
	Account string
	Changes []lcm.Change
}

// changeLine is a change in words.
type changeLine struct {
	lcm.Change
	Kind string
	Node string
	URL  string
}

// maxChanges bounds the changes of a page.
const maxChanges = 200

func (p *Page) check(v *visit, m me) error {
	d, err := p.look(v, m.Country)
	if err != nil {
		return err
	}
	return p.showCheck(v, m, d, http.StatusOK, nil)
}

// showCheck shows what the rules say to the draft, or to an outcome that is already known.
func (p *Page) showCheck(v *visit, m me, d *draft, status int, o *lifecycle.Outcome) error {
	f, err := p.frame(v, m, v.T("coordinator/check.title"))
	if err != nil {
		return err
	}
	page := checkPage{Frame: f, Base: p.config.Base, Stamp: d.stamp(), Edited: len(d.parts) > 0, May: m.Role.May(Editor), Note: v.R.PostForm.Get("note")}
	if o == nil && page.Edited {
		checked, err := p.config.Lifecycle.Check(v.R.Context(), m.submitter(), lifecycle.Proposal{Partitions: d.partitions(), Origin: lifecycle.OriginEditor})
		if err != nil {
			return err
		}
		o = &checked
	}
	if o != nil {
		page.Accepted, page.Remarks = o.Accepted, p.remarks(d, o.Findings)
	}
	for _, r := range page.Remarks {
		if !r.Refuses {
			page.Warnings++
		}
	}
	changes := d.changes()
	page.More = max(len(changes)-maxChanges, 0)
	page.Changes = p.changeLines(v, d, changes[:len(changes)-page.More])
	for _, part := range d.edited() {
		page.Parts = append(page.Parts, partLine{part.Service, serviceName(v, part.Service), part.Account, part.At})
	}
	if page.Stale, err = p.stale(v, d); err != nil {
		return err
	}
	return v.Show(status, "check", &page)
}

// weight puts what refuses before what warns.
func weight(f lcm.Finding) int {
	if f.Severity == rule.Fatal {
		return 0
	}
	return 1
}

// stale says what others have put in force since the draft was begun.
func (p *Page) stale(v *visit, d *draft) ([]staleLine, error) {
	var out []staleLine
	for _, s := range d.stale() {
		base, err := p.base(v, d, s)
		if err != nil {
			return nil, err
		}
		line := staleLine{Name: serviceName(v, s), Changes: lcm.Diff(base, d.active(s))}
		for _, r := range p.config.Lifecycle.Partitions() {
			if r.Country == d.country && r.Service == s {
				line.Account = r.Actor
			}
		}
		out = append(out, line)
	}
	return out, nil
}

// base is what was in force when a part of the draft was begun.
func (p *Page) base(v *visit, d *draft, s directory.Service) (directory.Partition, error) {
	if n := d.parts[s].Base; n != 0 {
		return p.config.Lifecycle.Revision(v.R.Context(), n)
	}
	return directory.Partition{Country: d.country, Service: s}, nil
}

func (p *Page) changeLines(v *visit, d *draft, changes []lcm.Change) []changeLine {
	out := make([]changeLine, len(changes))
	for i, c := range changes {
		out[i] = changeLine{Change: c, Kind: changeName(v, c.Kind), Node: nodeName(v, c.Node)}
		if d != nil && c.Kind != lcm.Removed {
			if k, id, _ := d.subject(&lcm.Finding{Node: c.Node, Record: c.Record}); id != "" {
				out[i].URL = p.editURL(k, id)
			}
		}
	}
	return out
}

// postSubmit puts in force the draft that was looked at.
func (p *Page) postSubmit(v *visit, m me) error {
	d, err := p.look(v, m.Country)
	if err != nil {
		return err
	}
	if len(d.parts) == 0 || d.stamp() != v.R.PostForm.Get("stamp") {
		return p.tell(v, "/check", v.T("coordinator/check.other"))
	}
	newest := p.config.Lifecycle.Newest()
	if d, err = p.look(v, m.Country); err != nil { // what is in force by that number
		return err
	}
	if len(d.stale()) > 0 {
		return p.showCheck(v, m, d, http.StatusConflict, nil)
	}
	note := strings.TrimSpace(v.R.PostForm.Get("note"))
	note = strings.ToValidUTF8(note[:min(len(note), 500)], "")
	o, err := p.config.Lifecycle.Submit(v.R.Context(), m.submitter(), lifecycle.Proposal{
		Partitions: d.partitions(), Origin: lifecycle.OriginEditor, Note: note, Base: newest,
	})
	if errors.Is(err, lifecycle.ErrConflict) {
		return p.tell(v, "/check", v.T("coordinator/check.faster"))
	}
	if err != nil {
		return err
	}
	e := Entry{At: v.Now().UTC(), Account: m.Name, Country: m.Country, Action: ActSubmit, Object: d.stamp(), Detail: note}
	if !o.Accepted {
		e.Action = ActRefused
		if err := p.note(v, e); err != nil {
			return err
		}
		return p.showCheck(v, m, d, http.StatusUnprocessableEntity, &o)
	}
	if err := p.submitted(v, m, d.stamp(), e); err != nil {
		return err
	}
	return p.tell(v, "/", v.T("coordinator/check.inForce"))
}

// submitted forgets the draft that is in force now, unless somebody has gone on with it.
func (p *Page) submitted(v *visit, m me, stamp string, e Entry) error {
	return p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		d, err := p.load(tx, m.Country)
		if err != nil {
			return err
		}
		if d.stamp() == stamp {
			if err := p.config.Store.DropDraft(tx, m.Country); err != nil {
				return err
			}
		}
		return p.config.Store.Record(tx, e)
	})
}

// postRebase puts what is in force now under the draft: records that only others changed are theirs.
func (p *Page) postRebase(v *visit, m me) error {
	var clashes []string
	err := p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		d, err := p.load(tx, m.Country)
		if err != nil {
			return err
		}
		for _, s := range d.stale() {
			base, err := p.base(v, d, s)
			if err != nil {
				return err
			}
			part := d.parts[s]
			merged, both := merge(base, part.Partition, d.active(s))
			merged.Country, merged.Service = m.Country, s
			part.Partition, part.Base = merged, d.numbers[s]
			d.changed[s] = true
			clashes = append(clashes, both...)
		}
		if err := p.save(tx, d, m.Name, v.Now().UTC()); err != nil {
			return err
		}
		return p.config.Store.Record(tx, Entry{At: v.Now().UTC(), Account: m.Name, Country: m.Country, Action: ActRebase, Object: d.stamp(), Detail: strings.Join(clashes, ", ")})
	})
	if err != nil {
		return err
	}
	if len(clashes) > 0 {
		return p.tell(v, "/check", v.T("coordinator/check.clashes", "records", strings.Join(clashes[:min(len(clashes), 10)], ", ")))
	}
	return p.tell(v, "/check", v.T("coordinator/check.rebased"))
}

func changeName(v *visit, k lcm.ChangeKind) string {
	switch k {
	case lcm.Added:
		return v.T("coordinator/check.added")
	case lcm.Removed:
		return v.T("coordinator/check.removed")
	}
	return v.T("coordinator/check.changed")
}

// nodeName is what a record is called.
func nodeName(v *visit, node string) string {
	switch node {
	case lcm.NodeRequirement:
		return v.T("coordinator/check.requirement")
	case lcm.NodeFramework:
		return kindName(v, kindProcedure)
	case lcm.NodeList:
		return kindName(v, kindList)
	case lcm.NodeEvidenceType:
		return kindName(v, kindType)
	case lcm.NodeDataService:
		return kindName(v, kindService)
	case lcm.NodeScheme:
		return kindName(v, kindScheme)
	}
	return node
}

func serviceName(v *visit, s directory.Service) string {
	switch s {
	case directory.EvidenceBroker:
		return v.T("coordinator/check.broker")
	case directory.DataServiceDirectory:
		return v.T("coordinator/check.directory")
	case directory.SemanticRepository:
		return v.T("coordinator/check.repository")
	}
	return cmp.Or(string(s), "–")
}
