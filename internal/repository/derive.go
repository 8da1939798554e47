package repository

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"oots/directory"
	"oots/edm"
)

// The agents that assets of the directories come from.
var (
	commission = Agent{Name: "European Commission"}
	ourselves  = Agent{Name: "oots"}
)

// deriver turns a catalogue into assets.
type deriver struct {
	base      string
	revisions map[string]directory.Revision // by country and service
	byKey     map[string]*Asset
}

// derive lists an asset for every identifier that the directories serve from c.
func derive(c *directory.Catalogue, in []directory.Revision, base string) map[string]*Asset {
	d := deriver{base: base, revisions: make(map[string]directory.Revision, len(in)), byKey: map[string]*Asset{}}
	for _, r := range in {
		d.revisions[r.Country+" "+string(r.Service)] = r
	}
	for i := range c.CodeLists {
		d.codeList(&c.CodeLists[i])
	}
	for i := range c.Requirements {
		d.requirement(&c.Requirements[i])
	}
	for i := range c.Services {
		d.service(&c.Services[i])
	}
	return d.byKey
}

// asset finds or begins the asset of an identifier; nil when the identifier is no address of the repository.
func (d *deriver) asset(id string, t Type, service directory.Service) *Asset {
	path := pathOf(id, d.base)
	if path == "" {
		return nil
	}
	key := keyOf(path)
	a := d.byKey[key]
	if a == nil {
		a = &Asset{ID: id, Type: t, path: path, Live: true, Status: Published, Publisher: commission}
		country := countryOf(path)
		if country == "" {
			country = "EU"
		} else {
			a.Publisher = Agent{Name: country, Identifier: country}
		}
		a.Jurisdictions = []string{country}
		d.date(a, country, service)
		d.byKey[key] = a
	}
	if id != a.ID && !slices.Contains(a.Also, id) {
		a.Also = append(a.Also, id)
	}
	return a
}

// date gives an asset the revision that its records are of.
func (d *deriver) date(a *Asset, country string, service directory.Service) {
	if r, ok := d.revisions[country+" "+string(service)]; ok {
		a.Version, a.Modified = strconv.FormatInt(r.Number, 10), r.At
	}
}

func (d *deriver) codeList(l *directory.CodeList) {
	a := d.asset(l.URL, CodeList, directory.SemanticRepository)
	if a == nil {
		return
	}
	a.Version, a.Issued = l.Version, time.Time{}
	a.Titles = edm.Texts{{Lang: "", Value: l.URL[strings.LastIndexByte(l.URL, '/')+1:]}}
	a.content.codes = l
	a.Distributions = listForms()
}

func (d *deriver) requirement(r *directory.Requirement) {
	a := d.asset(r.ID, Requirement, directory.EvidenceBroker)
	if a == nil {
		return
	}
	a.Titles, a.Descriptions = longer(a.Titles, r.Names), longer(a.Descriptions, r.Descriptions)
	if len(r.Frameworks) > 0 {
		a.Transactions = add(a.Transactions, "EB query")
	}
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		a.UsedIn = add(a.UsedIn, f.Jurisdiction.Country)
		for _, code := range f.Procedures {
			if p := (Procedure{code, f.Jurisdiction.Country}); !slices.Contains(a.Procedures, p) {
				a.Procedures = append(a.Procedures, p)
			}
		}
		d.places(a, &f.Jurisdiction)
	}
	for i := range r.Lists {
		l := &r.Lists[i]
		place := l.Place()
		a.UsedIn = add(a.UsedIn, place.Country)
		d.places(a, &l.Jurisdiction)
		for j := range l.Types {
			t := &l.Types[j]
			e := d.asset(t.Classification, EvidenceType, directory.EvidenceBroker)
			if e == nil {
				continue
			}
			e.Titles, e.Descriptions = longer(e.Titles, t.Titles), longer(e.Descriptions, t.Descriptions)
			e.UsedIn = add(e.UsedIn, place.Country)
			a.relate(Requires, e.ID)
		}
	}
}

// places names the code lists that tell parts of a country apart.
func (d *deriver) places(a *Asset, j *directory.Jurisdiction) {
	for _, c := range j.Additional {
		d.uses(a, c.List, c.Code)
	}
}

// uses relates an asset to a code list, which another repository may keep; codes are then all that is known of it.
func (d *deriver) uses(a *Asset, list string, codes ...string) {
	l := d.asset(list, CodeList, directory.SemanticRepository)
	if l == nil {
		return
	}
	a.relate(UsesCodeList, l.ID)
	if l.content.codes == nil {
		d.elsewhere(l, list)
		for _, c := range codes {
			l.content.seen = add(l.content.seen, c)
		}
	}
}

// elsewhere marks what records name and nobody has given us.
func (d *deriver) elsewhere(a *Asset, id string) {
	a.Status, a.Version, a.Modified = Elsewhere, "", time.Time{}
	if len(a.Titles) == 0 {
		a.Titles = edm.Texts{{Lang: "", Value: id[strings.LastIndexByte(id, '/')+1:]}}
		a.Distributions = []Distribution{{Format: "HTML", AccessURL: id}}
	}
}

func (d *deriver) service(s *directory.DataService) {
	a := d.asset(s.Classification, EvidenceType, directory.DataServiceDirectory)
	if a == nil {
		return
	}
	a.Titles, a.Descriptions = longer(a.Titles, s.Titles), longer(a.Descriptions, s.Descriptions)
	a.UsedIn = add(a.UsedIn, s.Country())
	a.Transactions = add(a.Transactions, "DSD query")
	for i := range s.Distributions {
		x := &s.Distributions[i]
		a.Formats = add(a.Formats, x.Format)
		for _, model := range []string{x.ConformsTo, x.Transformation} {
			if m := d.asset(model, DataModel, directory.DataServiceDirectory); m != nil {
				a.relate(Requires, m.ID)
				a.ConformsTo = add(a.ConformsTo, m.ID)
				d.elsewhere(m, model)
			}
		}
	}
	d.places(a, &s.Publisher.Jurisdiction)
	for i := range s.Classifications {
		c := &s.Classifications[i]
		d.uses(a, c.ValueExpression, listed(c)...)
		if c.CodeList != c.ValueExpression {
			d.uses(a, c.CodeList, listed(c)...)
		}
	}
}

// listed are the values of a concept that are codes of its list.
func listed(c *directory.Concept) []string {
	if c.Type == directory.ConceptCodeList {
		return c.SupportedValues
	}
	return nil
}

func (a *Asset) relate(t RelationType, target string) {
	if r := (Relation{t, target}); !slices.Contains(a.Relations, r) {
		a.Relations = append(a.Relations, r)
	}
}

// add inserts s into a sorted set; "" is none.
func add(set []string, s string) []string {
	at, there := slices.BinarySearch(set, s)
	if there || s == "" {
		return set
	}
	return slices.Insert(set, at, s)
}

// longer is the text in more languages, the first where they have the same number.
func longer(a, b edm.Texts) edm.Texts {
	if len(b) > len(a) {
		return b
	}
	return a
}
