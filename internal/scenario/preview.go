package scenario

import (
	"errors"
	"net/url"
	"path"
	"strings"

	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/provider"
)

// follow is the user who follows the link to the preview space: the second request is handed over, and she arrives
// with what the link carries. [TDD 4.9 §2 steps 11, 12]
func (x *asked) follow() *visit {
	v := &visit{asked: x}
	if x.w.err != nil {
		return v
	}
	location, err := x.w.asking().Requester.GoToPreview(x.w.ctx, x.id)
	if err != nil {
		x.w.fail("go to preview: %v", err)
		return v
	}
	x.w.see("the user follows the link")
	return x.arrive(location)
}

// early is the user who opens the link before the portal sends the second request, as one who has copied it.
func (x *asked) early() *visit {
	e := x.exchange()
	if x.w.err == nil && e.Preview == nil {
		x.w.fail("there is no preview link")
	}
	if x.w.err != nil {
		return &visit{asked: x}
	}
	x.w.see("the user opens the link first")
	return x.arrive(e.Preview.Location)
}

// arrive reads what the link carries, as the preview space does.
func (x *asked) arrive(location string) *visit {
	v := &visit{asked: x}
	u, err := url.Parse(location)
	if err != nil {
		x.w.fail("preview link: %v", err)
		return v
	}
	x.link, v.token = location, path.Base(u.Path)
	if back := exchange.ReturnOf(u.Query()); back != "" { // the link of a portal up to 1.2
		if err := x.w.answering().Provider.ReturnTo(x.w.ctx, v.token, back); err != nil {
			x.w.fail("return address: %v", err)
		}
	}
	return v
}

// A visit is a user in the preview space.
type visit struct {
	*asked
	token string
}

// session is what the preview space shows.
func (v *visit) session() (provider.PreviewSession, error) {
	return v.w.answering().Provider.Session(v.w.ctx, v.token)
}

// opens wants the page of the link to open.
func (v *visit) opens() *visit {
	if v.w.err == nil {
		if _, err := v.session(); err != nil {
			v.w.fail("preview: %v", err)
		}
	}
	return v
}

// identify logs in again.
func (v *visit) identify(who login.Identity) error {
	return v.w.answering().Provider.Identify(v.w.ctx, v.token, who)
}

// loginAgain logs the user in as whoever she was at the portal.
func (v *visit) loginAgain() *visit {
	v.opens()
	if v.w.err == nil {
		if err := v.identify(v.identity); err != nil {
			v.w.fail("log in again: %v", err)
		}
		v.w.see("she logs in again")
	}
	return v
}

// sees wants the documents of the preview to be of these formats, and all readable.
func (v *visit) sees(formats ...string) *visit {
	if v.w.err != nil {
		return v
	}
	s, err := v.session()
	if err != nil || len(s.Documents) != len(formats) {
		v.w.fail("preview: %d documents, %v, want %d", len(s.Documents), err, len(formats))
		return v
	}
	for i, d := range s.Documents {
		doc, content, err := v.w.answering().Provider.Document(v.w.ctx, v.token, d.ID)
		if err != nil || doc.MediaType != formats[i] || len(content) == 0 {
			v.w.fail("preview document %s: %s, %d bytes, %v", d.ID, doc.MediaType, len(content), err)
		}
	}
	return v
}

// releases lets the documents with these numbers go, none to decline.
func (v *visit) releases(ids ...string) *visit {
	if v.w.err != nil {
		return v
	}
	if err := v.w.answering().Provider.Decide(v.w.ctx, v.token, ids); err != nil {
		v.w.fail("decide: %v", err)
	}
	if len(ids) == 0 {
		v.w.see("she declines")
	} else {
		v.w.see("she releases %d", len(ids))
	}
	return v
}

// returns wants the preview space to know the way back, and the portal to find the application by it.
func (v *visit) returns() {
	if v.w.err != nil {
		return
	}
	s, err := v.session()
	if err != nil && !errors.Is(err, provider.ErrDecided) && !errors.Is(err, provider.ErrExpired) {
		v.w.fail("preview after the decision: %v", err)
		return
	}
	token, ours := strings.CutPrefix(s.ReturnLocation, v.w.asking().Base+"/return/")
	if !ours {
		v.w.fail("the preview space does not know the way back")
		return
	}
	app, id, err := v.w.asking().Requester.Return(v.w.ctx, token)
	if err != nil || app != v.app.ID || id != v.id {
		v.w.fail("the way back leads elsewhere: %v", err)
	}
	v.w.see("she is back at the portal")
}
