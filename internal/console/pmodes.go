package console

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"oots/edelivery/pmode/configuration"
	"oots/internal/pmodes"
	"oots/internal/store"
	"oots/internal/web"
)

// pmodesPage is what is and was in force.
type pmodesPage struct {
	page
	Versions []versionLine
}

type versionLine struct {
	pmodes.Version
	When    instant
	Length  int64
	InForce bool
	URL     string
}

// versionPage is one version: who may send what to whom by it, and what it changed.
type versionPage struct {
	page
	Version  versionLine
	Before   int64                  // version that it is compared with; 0 for none
	Changes  []configuration.Change // against the one before
	Restores []configuration.Change // what going back to it would change
	Terms    []process
	Findings configuration.Findings
	Reason   string
}

// process is what a file says of one process.
type process struct {
	Name, Agreement string
	Statements      []statement
}

type statement struct {
	configuration.Statement
	Sentences []string
}

// proposalPage is a file that was judged; nothing has changed yet.
type proposalPage struct {
	page
	*pmodes.Proposal
	Root    string // of our addresses: Base is the version that the file was compared with
	Content string // in Base64, so that every byte comes back
	Note    string
	Refused bool
}

func (p *Console) pmodes(v *visit, a Account) error { return p.showPModes(v, a, http.StatusOK, nil) }

func (p *Console) showPModes(v *visit, a Account, status int, wrong []web.FieldError) error {
	all, err := p.config.PModes.History(v.R.Context())
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/pmodes", v.T("console/pmodes.title"))
	if err != nil {
		return err
	}
	pg.Errors = wrong
	out := pmodesPage{page: pg}
	for i, x := range all {
		out.Versions = append(out.Versions, p.versionLine(v, x, i == 0))
	}
	return v.Show(status, "pmodes", &out)
}

func (p *Console) versionLine(v *visit, x pmodes.Version, inForce bool) versionLine {
	return versionLine{x, p.at(v, x.At), int64(x.Bytes), inForce, p.config.Base + "/pmodes/" + strconv.FormatInt(x.Number, 10)}
}

// numbered is the version of the address.
func (p *Console) numbered(v *visit) (x pmodes.Version, content []byte, err error) {
	missing := &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/pmodes"}
	n, err := strconv.ParseInt(v.R.PathValue("number"), 10, 64)
	if err != nil || n < 1 {
		return x, nil, missing
	}
	x, content, err = p.config.PModes.Version(v.R.Context(), n)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, pmodes.ErrNone) {
		return x, nil, missing
	}
	return x, content, err
}

func (p *Console) version(v *visit, a Account) error {
	return p.showVersion(v, a, http.StatusOK, "", nil, nil)
}

func (p *Console) showVersion(v *visit, a Account, status int, reason string, found configuration.Findings, wrong []web.FieldError) error {
	x, content, err := p.numbered(v)
	if err != nil {
		return err
	}
	newest, current, err := p.config.PModes.Version(v.R.Context(), 0)
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/pmodes", v.T("console/pmodes.version", "number", x.Number))
	if err != nil {
		return err
	}
	pg.Errors = wrong
	out := versionPage{page: pg, Version: p.versionLine(v, x, newest.Number == x.Number), Before: x.Number - 1, Findings: found, Reason: reason}
	c, _ := configuration.Parse(content)
	if c != nil {
		out.Terms = termsOf(c)
		if now, _ := configuration.Parse(current); now != nil {
			out.Restores = configuration.Diff(now, c)
		}
	}
	if x.Number > 1 && c != nil {
		_, old, err := p.config.PModes.Version(v.R.Context(), x.Number-1)
		if err != nil {
			return err
		}
		if before, _ := configuration.Parse(old); before != nil {
			out.Changes = configuration.Diff(before, c)
		}
	}
	return v.Show(status, "version", &out)
}

func termsOf(c *configuration.Configuration) (out []process) {
	for _, s := range c.Explain() {
		if n := len(out); n == 0 || out[n-1].Name != s.Process {
			out = append(out, process{Name: s.Process, Agreement: s.Agreement})
		}
		last := &out[len(out)-1]
		last.Statements = append(last.Statements, statement{s, s.Sentences(c.Party)})
	}
	return out
}

// versionFile hands over the file as it was put in force. It may name passwords: for administrators only.
func (p *Console) versionFile(v *visit, _ Account) error {
	x, content, err := p.numbered(v)
	if err != nil {
		return err
	}
	kind, ending := "application/xml", ".xml"
	if x.Form == configuration.YAML {
		kind, ending = "text/plain; charset=utf-8", ".yaml"
	}
	return v.Serve(web.Document{Name: "pmode-" + v.R.PathValue("number") + ending, MediaType: kind, Content: content, Download: true})
}

// postPropose judges a file that was uploaded.
func (p *Console) postPropose(v *visit, a Account) error {
	content, err := upload(v, "file")
	if err != nil {
		return err
	}
	if len(content) == 0 || len(content) > configuration.MaxBytes {
		return p.showPModes(v, a, http.StatusUnprocessableEntity, []web.FieldError{{Field: "file", Text: v.T("console/pmodes.noFile")}})
	}
	return p.showProposal(v, a, http.StatusOK, content, "", nil)
}

func (p *Console) showProposal(v *visit, a Account, status int, content []byte, note string, wrong []web.FieldError) error {
	made, err := p.config.PModes.Propose(v.R.Context(), content)
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/pmodes", v.T("console/pmodes.proposal"))
	if err != nil {
		return err
	}
	pg.Errors = wrong
	out := proposalPage{page: pg, Proposal: made, Root: p.config.Base, Content: base64.StdEncoding.EncodeToString(content), Note: note, Refused: made.Faulty()}
	if out.Refused && status == http.StatusOK {
		status = http.StatusUnprocessableEntity
	}
	return v.Show(status, "proposal", &out)
}

// postActivate puts a file in force that was looked at before: the same bytes, over the same version.
func (p *Console) postActivate(v *visit, a Account) error {
	form := v.R.PostForm
	note := strings.Join(strings.Fields(form.Get("note")), " ")
	content, err := base64.StdEncoding.DecodeString(form.Get("content"))
	if err != nil || len(content) == 0 || len(content) > configuration.MaxBytes {
		return &web.Problem{Status: http.StatusBadRequest, Kind: web.BadForm, Back: p.config.Base + "/pmodes"}
	}
	if note == "" || len([]rune(note)) > maxReason {
		return p.showProposal(v, a, http.StatusUnprocessableEntity, content, note, []web.FieldError{{Field: "note", Text: v.T("console/pmodes.noteMissing")}})
	}
	made, err := p.config.PModes.Propose(v.R.Context(), content)
	if err != nil {
		return err
	}
	if strconv.FormatInt(made.Base, 10) != form.Get("base") {
		return p.showProposal(v, a, http.StatusConflict, content, note, []web.FieldError{{Field: "note", Text: v.T("console/pmodes.faster")}})
	}
	act := Act{Account: a.Name, Action: ActActivate, Object: made.Digest[:16], Detail: note}
	if err := p.note(v, act); err != nil { // the intent: nothing is put in force that is not in the log
		return err
	}
	x, err := p.config.PModes.Activate(v.R.Context(), made, pmodes.Act{Actor: a.Name, Note: note, Partial: form.Get("partial") == "yes"})
	if text := refusal(v, err); text != "" {
		if e := p.came(v, act, err); e != nil {
			return e
		}
		return p.showProposal(v, a, http.StatusConflict, content, note, []web.FieldError{{Field: "note", Text: text}})
	}
	act.Object = strconv.FormatInt(x.Number, 10)
	if err := errors.Join(err, p.came(v, act, err)); err != nil {
		return err
	}
	return p.tell(v, "/pmodes", v.T("console/pmodes.activated", "number", x.Number))
}

// postRollback puts an earlier version in force again.
func (p *Console) postRollback(v *visit, a Account) error {
	x, _, err := p.numbered(v)
	if err != nil {
		return err
	}
	if newest, _, err := p.config.PModes.Version(v.R.Context(), 0); err != nil {
		return err
	} else if newest.Number == x.Number {
		return p.tell(v, "/pmodes", v.T("console/pmodes.unchanged"))
	}
	form := v.R.PostForm
	note := strings.Join(strings.Fields(form.Get("note")), " ")
	if note == "" || len([]rune(note)) > maxReason {
		return p.showVersion(v, a, http.StatusUnprocessableEntity, note, nil, []web.FieldError{{Field: "note", Text: v.T("console/pmodes.noteMissing")}})
	}
	act := Act{Account: a.Name, Action: ActRollback, Object: strconv.FormatInt(x.Number, 10), Detail: note}
	if err := p.note(v, act); err != nil {
		return err
	}
	back, made, err := p.config.PModes.Rollback(v.R.Context(), x.Number, pmodes.Act{Actor: a.Name, Note: note, Partial: form.Get("partial") == "yes"})
	if text := refusal(v, err); text != "" {
		if e := p.came(v, act, err); e != nil {
			return e
		}
		var found configuration.Findings
		if made != nil {
			found = made.Findings
		}
		return p.showVersion(v, a, http.StatusConflict, note, found, []web.FieldError{{Field: "note", Text: text}})
	}
	if err := errors.Join(err, p.came(v, act, err)); err != nil {
		return err
	}
	return p.tell(v, "/pmodes", v.T("console/pmodes.activated", "number", back.Number))
}

// refusal says why a file was not put in force, "" for another error or none.
func refusal(v *visit, err error) string {
	switch {
	case errors.Is(err, pmodes.ErrFaulty):
		return v.T("console/pmodes.faulty")
	case errors.Is(err, pmodes.ErrPartial):
		return v.T("console/pmodes.partial")
	case errors.Is(err, pmodes.ErrConflict):
		return v.T("console/pmodes.faster")
	case errors.Is(err, pmodes.ErrUnchanged):
		return v.T("console/pmodes.unchanged")
	}
	return ""
}

// upload is the file of a form, nil when there is none.
func upload(v *visit, field string) ([]byte, error) {
	f := v.R.MultipartForm
	if f == nil || len(f.File[field]) == 0 {
		return nil, nil
	}
	file, err := f.File[field][0].Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
