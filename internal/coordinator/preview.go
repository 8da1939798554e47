package coordinator

import (
	"net/http"
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/web"
)

// xmlPage is the submission that the draft would be as a message.
type xmlPage struct {
	web.Frame
	Base     string
	Version  string
	Versions []option
	Text     string
	Cut      bool // only the beginning is shown
	Empty    bool
	Download string
}

// maxShown bounds the XML of a page in bytes; the download has all of it.
const maxShown = 256 << 10

// versions are the release lines of submissions, newest first.
var versions = []string{"2.0", "1.2", "1.1", "1.0"}

func (p *Page) xml(v *visit, m me) error {
	d, err := p.look(v, m.Country)
	if err != nil {
		return err
	}
	q := v.R.URL.Query()
	version := q.Get("version")
	if !slices.Contains(versions, version) {
		version = versions[0]
	}
	line := directory.Line{Version: directory.Version("oots-cs:v" + version)}
	var text []byte
	if len(d.parts) > 0 {
		text = lcm.AppendRequest(nil, d.partitions(), lcm.Form{ID: "urn:uuid:" + p.config.Clock.NewUUID(), Line: line})
	}
	if q.Has("download") && len(text) > 0 {
		return v.Serve(web.Document{Name: "submission-" + m.Country + "-" + version + ".xml", MediaType: "application/xml", Content: text, Download: true})
	}
	f, err := p.frame(v, m, v.T("coordinator/preview.title"))
	if err != nil {
		return err
	}
	page := xmlPage{Frame: f, Base: p.config.Base, Version: version, Empty: len(text) == 0, Cut: len(text) > maxShown, Download: p.config.Base + "/xml?download&version=" + version}
	page.Text = strings.ToValidUTF8(string(text[:min(len(text), maxShown)]), "")
	for _, x := range versions {
		page.Versions = append(page.Versions, option{Value: x, Label: "oots-lcm " + x, Chosen: x == version})
	}
	return v.Show(http.StatusOK, "xml", &page)
}
