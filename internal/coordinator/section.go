package coordinator

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
	"oots/internal/matching"
	"oots/internal/web"
)

// sectionPage lists the records of one kind.
type sectionPage struct {
	web.Frame
	Base          string
	Kind          kind
	Hint          string
	Rows          []recordLine
	Total         int // whatever was looked for
	Query         string
	First, Last   int
	Found         int
	Before, After string // addresses of the pages beside
	New           string // label of the button; "" when one begins elsewhere
	Elsewhere     string // where
	May           bool
}

// recordLine is one record in a list.
type recordLine struct {
	Names edm.Texts
	Plain string // instead of Names
	Sub   string
	URL   string
	State lcm.ChangeKind // against what is in force; "" for the same

	id, node string
}

// perPage bounds the rows of a page.
const perPage = 50

func (p *Page) section(v *visit, m me) error {
	k := kind(v.R.PathValue("kind"))
	if !slices.Contains(kinds, k) {
		return web.NotFound
	}
	d, err := p.look(v, m.Country)
	if err != nil {
		return err
	}
	f, err := p.frame(v, m, kindsName(v, k))
	if err != nil {
		return err
	}
	page := sectionPage{Frame: f, Base: p.config.Base, Kind: k, Hint: kindHint(v, k), Query: v.R.URL.Query().Get("q"), May: m.Role.May(Editor)}
	switch k {
	case kindType:
		page.Elsewhere = v.T("coordinator/section.inList")
	case kindProvider, kindAccess:
		page.Elsewhere = v.T("coordinator/section.inService")
	default:
		page.New = newName(v, k)
	}
	rows := p.rows(v, d, k)
	page.Total = len(rows)
	rows = filter(rows, page.Query)
	page.Found = len(rows)
	p.paginate(v, &page, rows)
	states := map[string]lcm.ChangeKind{}
	for _, c := range d.changes() {
		states[c.Node+" "+strings.ToLower(c.Record)] = c.Kind
	}
	for i := range page.Rows {
		r := &page.Rows[i]
		r.State = states[r.node+" "+strings.ToLower(r.id)]
	}
	return v.Show(http.StatusOK, "section", &page)
}

// paginate puts the rows of one page into it.
func (p *Page) paginate(v *visit, page *sectionPage, rows []recordLine) {
	n, _ := strconv.Atoi(v.R.URL.Query().Get("page"))
	last := max((len(rows)-1)/perPage+1, 1)
	n = min(max(n, 1), last)
	from, to := (n-1)*perPage, min(n*perPage, len(rows))
	page.Rows, page.First, page.Last = rows[from:to], min(from+1, len(rows)), to
	at := func(n int) string {
		q := url.Values{"page": {strconv.Itoa(n)}}
		if page.Query != "" {
			q.Set("q", page.Query)
		}
		return p.config.Base + "/list/" + string(page.Kind) + "?" + q.Encode()
	}
	if n > 1 {
		page.Before = at(n - 1)
	}
	if n < last {
		page.After = at(n + 1)
	}
}

// rows are all records of a kind.
func (p *Page) rows(v *visit, d *draft, k kind) []recordLine {
	var out []recordLine
	add := func(names edm.Texts, plain, sub, id, node, record string) {
		out = append(out, recordLine{Names: names, Plain: plain, Sub: sub, URL: p.editURL(k, id), id: record, node: node})
	}
	switch k {
	case kindProcedure:
		for _, f := range d.procedures() {
			add(f.Titles, "", strings.Join(f.Procedures, ", "), f.ID, lcm.NodeFramework, f.ID)
		}
	case kindList:
		return p.listRows(v, d)
	case kindType:
		for _, t := range d.types() {
			add(t.Titles, t.Classification, "", t.Classification, lcm.NodeEvidenceType, t.Classification)
		}
	case kindProvider:
		for _, u := range d.publishers() {
			add(u.Names, u.ID.Value, cmp.Or(u.Address.PostCityName, u.Address.FullAddress), partyID(u.ID), lcm.NodeProvider, u.ID.Value)
		}
	case kindAccess:
		for _, a := range d.accessPoints() {
			add(nil, a.ID.Value, joined(a.Lines), partyID(a.ID), lcm.NodeAccess, a.ID.Value)
		}
	case kindService:
		all := d.at(directory.DataServiceDirectory).Services
		for i := range all {
			s := &all[i]
			id := lcm.ServiceID(s)
			add(s.Titles, s.ID, v.In(s.Publisher.Names).Value, id, lcm.NodeDataService, id)
		}
	case kindScheme:
		for _, l := range d.at(directory.SemanticRepository).CodeLists {
			add(nil, l.URL, v.T("coordinator/section.version", "version", l.Version, "codes", len(l.Codes)), l.URL, lcm.NodeScheme, l.URL)
		}
	}
	return out
}

// listRows are the evidence type lists, by requirement.
func (p *Page) listRows(v *visit, d *draft) []recordLine {
	names := map[string]edm.Texts{}
	for i := range d.all.Requirements {
		names[d.all.Requirements[i].ID] = d.all.Requirements[i].Names
	}
	var out []recordLine
	for _, r := range d.at(directory.EvidenceBroker).Requirements {
		for _, l := range r.Lists {
			sub := cmp.Or(v.In(names[r.ID]).Value, v.In(r.Names).Value, r.ID) + ": "
			if l.MatchType == directory.NoMatch {
				sub += v.T("coordinator/section.nothing")
			}
			for i, t := range l.Types {
				if i > 0 {
					sub += " + "
				}
				sub += cmp.Or(v.In(t.Titles).Value, t.Classification)
			}
			out = append(out, recordLine{Names: l.Names, Plain: l.ID, Sub: sub, URL: p.editURL(kindList, l.ID), id: l.ID, node: lcm.NodeList})
		}
	}
	slices.SortStableFunc(out, func(a, b recordLine) int { return compareFold(a.Sub, b.Sub) })
	return out
}

// filter keeps the rows that have every word of q, in any language, without accents.
func filter(rows []recordLine, q string) []recordLine {
	words := strings.Fields(matching.Fold(q[:min(len(q), 200)]))
	if len(words) == 0 {
		return rows
	}
	return slices.DeleteFunc(rows, func(r recordLine) bool {
		text := r.Plain + " " + r.Sub + " " + r.id
		for _, t := range r.Names {
			text += " " + t.Value
		}
		text = matching.Fold(text)
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	})
}

func joined(lines []edm.Version) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = string(l)
	}
	return strings.Join(out, ", ")
}

func compareFold(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) }
