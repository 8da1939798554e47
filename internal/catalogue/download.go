package catalogue

import (
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/query"
	"oots/internal/web"
)

// versions are the release lines that records are written in, newest first.
var versions = []directory.Version{directory.V20, directory.V12, directory.V11, directory.V10}

func versionNames() []string {
	out := make([]string, len(versions))
	for i, l := range versions {
		out[i] = strings.TrimPrefix(string(l), "oots-cs:v")
	}
	return out
}

// line is the release line that the address asks for.
func (p *Page) line(v *visit) (directory.Line, bool) {
	version := directory.Version("oots-cs:v" + v.R.URL.Query().Get("version"))
	return directory.Line{Version: version}, slices.Contains(versions, version)
}

func (p *Page) requirementXML(v *visit) error {
	r := p.current().requirements[v.R.PathValue("key")]
	line, ok := p.line(v)
	if r == nil || !ok {
		return p.none()
	}
	return serve(v, "requirement-"+requirementKey(r), line, query.AppendRequirements(nil, line, []directory.Requirement{*r}))
}

func (p *Page) evidenceXML(v *visit) error {
	t := p.current().types[v.R.PathValue("key")]
	line, ok := p.line(v)
	if t == nil || !ok || len(t.services) == 0 || len(t.services) > maxXML {
		return p.none()
	}
	return serve(v, "evidence-type-"+t.key, line, query.AppendDataServices(nil, line, records(t.services), ""))
}

func (p *Page) providerXML(v *visit) error {
	u := p.current().providers[v.R.PathValue("key")]
	line, ok := p.line(v)
	if u == nil || !ok || len(u.services) > maxXML {
		return p.none()
	}
	return serve(v, "provider-"+u.key, line, query.AppendDataServices(nil, line, records(u.services), ""))
}

// records are services in the order in which an answer has them.
func records(all []*directory.DataService) []directory.DataService {
	out := make([]directory.DataService, len(all))
	for i, s := range all {
		out[i] = *s
	}
	slices.SortFunc(out, func(a, b directory.DataService) int { return strings.Compare(a.Key(), b.Key()) })
	return out
}

func serve(v *visit, name string, line directory.Line, content []byte) error {
	name += "-" + strings.TrimPrefix(string(line.Version), "oots-cs:") + ".xml"
	return v.Serve(web.Document{Name: name, MediaType: "application/xml", Content: content, Download: true})
}
