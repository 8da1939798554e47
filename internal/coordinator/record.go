package coordinator

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"

	"oots/directory/lcm"
	"oots/internal/lifecycle"
	"oots/internal/store"
	"oots/internal/web"
)

// recordPage is the form of one record.
type recordPage struct {
	web.Frame
	Base     string
	Kind     kind
	KindName string
	Section  string // address of the list that it stands in
	Groups   []group
	ID       string // "" for a new one
	Digest   string // of what the form began from
	Files    bool   // it takes a file
	New      bool
	May      bool // the visitor may change it
	Remarks  []remark
	Theirs   []lcm.FieldChange // what somebody else has changed meanwhile
	Clash    bool
}

// opened is a sheet on a draft.
type opened struct {
	sheet
	kind kind
}

// open opens the sheet that an address or a form names.
func (p *Page) open(d *draft, k kind, id string, query input) (opened, error) {
	opener := openers[k]
	if opener == nil {
		return opened{}, web.NotFound
	}
	s, found := opener(p, d, id, query)
	if !found {
		return opened{}, &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/"}
	}
	return opened{s, k}, nil
}

func (p *Page) record(v *visit, m me) error {
	d, err := p.look(v, m.Country)
	if err != nil {
		return err
	}
	q := v.R.URL.Query()
	s, err := p.open(d, kind(v.R.PathValue("kind")), q.Get("id"), input{q})
	if err != nil {
		return err
	}
	if s.fresh() && q.Get("id") != "" {
		return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/list/" + v.R.PathValue("kind")}
	}
	page, err := p.recordPage(v, m, s, input{})
	if err != nil {
		return err
	}
	if q.Get("check") != "" {
		o, err := p.config.Lifecycle.Check(v.R.Context(), m.submitter(), lifecycle.Proposal{Partitions: d.partitions(), Origin: lifecycle.OriginEditor})
		if err != nil && !errors.Is(err, lifecycle.ErrConflict) {
			return err
		}
		mine := slices.DeleteFunc(o.Findings, func(f lcm.Finding) bool { return !s.concerns(&f) })
		page.Remarks = place(page.Groups, nil, p.remarks(d, mine))
	}
	return v.Show(http.StatusOK, "record", &page)
}

// recordPage begins the page of a sheet.
func (p *Page) recordPage(v *visit, m me, s opened, in input) (recordPage, error) {
	name := kindName(v, s.kind)
	title := s.title()
	if s.fresh() {
		title = newName(v, s.kind)
	} else if title == "" {
		title = name
	}
	f, err := p.frame(v, m, title)
	page := recordPage{
		Frame: f, Base: p.config.Base, Kind: s.kind, KindName: name, Section: p.config.Base + "/list/" + string(s.kind), Groups: s.groups(v, in),
		ID: s.id(), Digest: digest(s), New: s.fresh(), Files: s.kind == kindScheme, May: m.Role.May(Editor),
	}
	if s.fresh() {
		page.Digest = ""
	}
	return page, err
}

// postRecord writes a record into the draft. A form that began from something else than what is there now is shown
// again, with what it says and what the other has changed.
func (p *Page) postRecord(v *visit, m me) error {
	in, err := formOf(v)
	if err != nil {
		return err
	}
	k := kind(v.R.PathValue("kind"))
	var answer func() error
	err = p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		d, err := p.load(tx, m.Country)
		if err != nil {
			return err
		}
		s, err := p.open(d, k, in.Get("id"), in)
		if err != nil {
			return err
		}
		now, before := digest(s), recordOf(s)
		if s.fresh() {
			now = ""
		}
		clash := now != in.Get("digest")
		wrong := s.take(v, in)
		if in.Get("more") != "" || len(wrong) > 0 || clash {
			answer = func() error { return p.again(v, m, s, in, wrong, now, clash, before) }
			return nil
		}
		s.put(d)
		if err := p.save(tx, d, m.Name, v.Now().UTC()); err != nil {
			return err
		}
		return p.config.Store.Record(tx, Entry{At: v.Now().UTC(), Account: m.Name, Country: m.Country, Action: ActEdit, Object: string(k) + " " + s.id(), Detail: s.title()})
	})
	switch {
	case err != nil:
		return err
	case answer != nil:
		return answer()
	}
	return p.tell(v, "/list/"+string(k), v.T("coordinator/record.saved"))
}

// recordOf is the content of a sheet as fields, for comparison.
func recordOf(s sheet) []lcm.Field { return flatten("", s.content()) }

// again shows a form as it was sent.
func (p *Page) again(v *visit, m me, s opened, in input, wrong mistakes, now string, clash bool, theirs []lcm.Field) error {
	page, err := p.recordPage(v, m, s, in)
	if err != nil {
		return err
	}
	page.ID, page.Digest, page.Clash = in.Get("id"), now, clash
	status := http.StatusOK
	if clash {
		status = http.StatusConflict
		page.Theirs = compare(theirs, recordOf(s))
		page.Errors = []web.FieldError{{Field: "clash", Text: v.T("coordinator/record.clash")}}
	}
	if in.Get("more") == "" && len(wrong) > 0 {
		status = http.StatusUnprocessableEntity
		page.Errors = append(page.Errors, wrong...)
		place(page.Groups, wrong, nil)
	}
	return v.Show(status, "record", &page)
}

// postRemove takes a record out of the draft.
func (p *Page) postRemove(v *visit, m me) error {
	in := input{v.R.PostForm}
	k := kind(v.R.PathValue("kind"))
	stale := false
	err := p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		d, err := p.load(tx, m.Country)
		if err != nil {
			return err
		}
		s, err := p.open(d, k, in.Get("id"), in)
		if err != nil {
			return err
		}
		if stale = digest(s) != in.Get("digest"); stale {
			return nil
		}
		s.remove(d)
		if err := p.save(tx, d, m.Name, v.Now().UTC()); err != nil {
			return err
		}
		return p.config.Store.Record(tx, Entry{At: v.Now().UTC(), Account: m.Name, Country: m.Country, Action: ActRemove, Object: string(k) + " " + s.id(), Detail: s.title()})
	})
	switch {
	case err != nil:
		return err
	case stale:
		return p.tell(v, "/edit/"+string(k)+"?"+url.Values{"id": {in.Get("id")}}.Encode(), v.T("coordinator/record.changed"))
	}
	return p.tell(v, "/list/"+string(k), v.T("coordinator/record.removed"))
}

// formOf is the form of a request, with the text of its file, if it has one.
func formOf(v *visit) (input, error) {
	in := input{v.R.PostForm}
	if f := v.R.MultipartForm; f != nil && len(f.File["file"]) > 0 && f.File["file"][0].Size > 0 {
		file, err := f.File["file"][0].Open()
		if err != nil {
			return in, err
		}
		defer file.Close()
		b, err := io.ReadAll(file)
		if err != nil {
			return in, err
		}
		in.Set("file", string(b))
	}
	return in, nil
}
