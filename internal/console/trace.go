package console

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"oots/internal/store"
	"oots/internal/web"
)

// tracePage is one exchange over all its identifiers.
type tracePage struct {
	page
	ID     string
	Asked  bool
	Found  bool
	Trace  Trace
	Events []traceLine
}

type traceLine struct {
	TraceEvent
	When    instant
	URL     string // of the message; "" for none
	Source  string
	BoxName string
}

// maxID bounds an identifier that somebody asks for.
const maxID = 255

func (p *Console) trace(v *visit, a Account) error {
	id := strings.TrimSpace(v.R.URL.Query().Get("id"))
	pg, err := p.page(v, a, "/trace", v.T("console/trace.title"))
	if err != nil {
		return err
	}
	out := tracePage{page: pg, ID: id, Asked: id != ""}
	if id == "" || len(id) > maxID {
		return v.Show(http.StatusOK, "trace", &out)
	}
	out.Trace, err = p.config.Proof.Trace(v.R.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		return v.Show(http.StatusNotFound, "trace", &out)
	}
	if err != nil {
		return err
	}
	out.Found = true
	for _, e := range out.Trace.Events {
		l := traceLine{TraceEvent: e, When: p.at(v, e.At), Source: sourceName(v, e.Source)}
		if e.MessageID != "" && e.Box != "" {
			l.URL, l.BoxName = p.messageURL(e.Box, e.MessageID), boxName(v, e.Box)
		}
		out.Events = append(out.Events, l)
	}
	return v.Show(http.StatusOK, "trace", &out)
}

func sourceName(v *visit, s string) string {
	switch s {
	case "message":
		return v.T("console/trace.message")
	case "receipt":
		return v.T("console/trace.receipt")
	case "attempt":
		return v.T("console/trace.attempt")
	case "journal":
		return v.T("console/trace.journal")
	}
	return s
}

// postProof hands over the proof of an exchange. It is a post because it is logged: taking a proof is an act.
func (p *Console) postProof(v *visit, a Account) error {
	id := strings.TrimSpace(v.R.PostForm.Get("id"))
	missing := &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/trace"}
	if id == "" || len(id) > maxID {
		return missing
	}
	var b bytes.Buffer
	err := p.config.Proof.Export(v.R.Context(), id, &b)
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	if err != nil {
		return err
	}
	if err := p.note(v, Act{Account: a.Name, Action: ActProof, Object: id}); err != nil {
		return err
	}
	return v.Serve(web.Document{Name: "proof-" + id + ".zip", MediaType: "application/zip", Content: b.Bytes(), Download: true})
}
