package coordinator

import (
	"cmp"
	"slices"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
)

// serviceSheet is a data service: an evidence type at a provider behind an access point.
type serviceSheet struct {
	Service directory.DataService
	Asked   question // a new one

	key string // of the record as it was opened; "" for a new one
	d   *draft
}

// question is a classification concept that is added.
type question struct {
	ID     string
	Texts  edm.Texts
	Type   string
	List   string
	Values []string
}

func openService(p *Page, d *draft, id string, query input) (sheet, bool) {
	s := &serviceSheet{d: d, Asked: question{ID: p.config.Clock.NewUUID(), Type: directory.ConceptCodeList}}
	all := d.at(directory.DataServiceDirectory).Services
	for i := range all {
		if lcm.ServiceID(&all[i]) == id {
			s.Service, s.key = all[i], all[i].Key()
			return s, true
		}
	}
	s.Service = directory.DataService{ID: cmp.Or(id, p.config.Clock.NewUUID()), Classification: query.Get("of")}
	return s, id == "" || directory.IsUUID(id)
}

func (s *serviceSheet) id() string {
	if s.key == "" {
		return s.Service.ID
	}
	return lcm.ServiceID(&s.Service)
}

func (s *serviceSheet) title() string {
	return strings.TrimPrefix(titleOf(s.Service.Titles)+", "+titleOf(s.Service.Publisher.Names), ", ")
}

func (s *serviceSheet) fresh() bool { return s.key == "" }

func (s *serviceSheet) content() any { return &serviceSheet{Service: s.Service} }

func (s *serviceSheet) groups(v *visit, in input) []group {
	out := []group{
		{ID: "evidence", Title: v.T("coordinator/service.evidence"), Fields: s.evidenceFields(v, in)},
		{ID: "provider", Title: v.T("coordinator/service.provider"), Fields: s.providerFields(v, in)},
		{ID: "access", Title: v.T("coordinator/service.access"), Fields: s.accessFields(v)},
	}
	return append(out, s.conceptGroups(v, in)...)
}

func (s *serviceSheet) evidenceFields(v *visit, in input) []field {
	kinds := typeOptions(v, s.d, []string{s.Service.Classification})
	if c := s.Service.Classification; c != "" && len(known([]string{c}, kinds)) == 0 {
		kinds = append(kinds, option{Value: c, Label: c, Chosen: true})
	}
	var formats, spoken []option
	var model string
	var langs []string
	for _, d := range s.Service.Distributions {
		model = cmp.Or(model, d.ConformsTo)
		langs = append(langs, d.Languages...)
	}
	for _, row := range codelist.MediaTypes.Codes() {
		formats = append(formats, option{Value: row, Label: v.Format(row), Hint: row, Chosen: slices.ContainsFunc(s.Service.Distributions, func(d edm.Distribution) bool { return d.Format == row })})
	}
	for _, l := range languages {
		spoken = append(spoken, option{Value: l, Label: v.Language(l), Chosen: slices.Contains(langs, l)})
	}
	levels := []option{{Value: "", Label: v.T("coordinator/service.noLevel"), Chosen: s.Service.LoA == ""}}
	for _, l := range []edm.LoA{edm.Low, edm.Substantial, edm.High} {
		levels = append(levels, option{Value: string(l), Label: string(l), Chosen: s.Service.LoA == l})
	}
	return []field{
		must(v, "type", v.T("coordinator/service.type"), kinds),
		texts(v, "title", v.T("coordinator/service.titles"), v.T("coordinator/service.titlesHint"), s.Service.Titles, false, in.more("title")),
		choices("format", v.T("coordinator/service.formats"), "", formats),
		line("model", v.T("coordinator/service.model"), v.T("coordinator/service.modelHint"), model),
		choices("language", v.T("coordinator/service.languages"), v.T("coordinator/service.languagesHint"), spoken),
		choice("level", v.T("coordinator/service.level"), "", levels),
	}
}

// maxChoices bounds the providers to choose from; among more, one is named by its identifier.
const maxChoices = 200

func (s *serviceSheet) providerFields(v *visit, in input) []field {
	here := []option{{Value: "", Label: v.T("coordinator/service.newProvider"), Chosen: s.Service.Publisher.ID.Value == ""}}
	existing := false
	all := s.d.publishers()
	for _, u := range all {
		if len(all) > maxChoices && u.ID != s.Service.Publisher.ID {
			continue
		}
		o := option{Value: partyID(u.ID), Label: cmp.Or(v.In(u.Names).Value, u.ID.Value), Hint: u.ID.Value, Chosen: u.ID == s.Service.Publisher.ID}
		existing = existing || o.Chosen
		here = append(here, o)
	}
	here[0].Chosen = !existing
	hint := v.T("coordinator/service.whoHint")
	if len(all) > maxChoices {
		hint = v.T("coordinator/service.manyHint")
	}
	out := []field{choice("provider", v.T("coordinator/service.who"), hint, here)}
	if existing && in.Values == nil {
		return out
	}
	blank := directory.Publisher{}
	if !existing {
		blank = s.Service.Publisher
	}
	out = append(out, choice("providerScheme", v.T("coordinator/service.providerScheme"), "", schemeOptions(v, blank.ID.Scheme)),
		line("providerID", v.T("coordinator/service.providerID"), "", blank.ID.Value))
	return append(out, publisherFields(v, in, &blank)...)
}

func (s *serviceSheet) accessFields(v *visit) []field {
	here := []option{{Value: "", Label: v.T("coordinator/service.newAccess")}}
	existing := false
	for _, a := range s.d.accessPoints() {
		o := option{Value: partyID(a.ID), Label: a.ID.Value, Hint: a.ID.Scheme, Chosen: a.ID == s.Service.AccessPoint}
		existing = existing || o.Chosen
		here = append(here, o)
	}
	here[0].Chosen = !existing
	out := []field{choice("access", v.T("coordinator/service.which"), v.T("coordinator/service.whichHint"), here)}
	if existing {
		return out
	}
	return append(out, choice("accessScheme", v.T("coordinator/service.accessScheme"), "", schemeOptions(v, s.Service.AccessPoint.Scheme)),
		line("accessID", v.T("coordinator/service.accessID"), "", s.Service.AccessPoint.Value), linesField(v, s.Service.ConformsTo))
}

func (s *serviceSheet) take(v *visit, in input) mistakes {
	var m mistakes
	s.takeEvidence(v, in, &m)
	s.takeProvider(v, in, &m)
	s.takeAccess(v, in, &m)
	s.takeConcepts(v, in, &m)
	return m
}

func (s *serviceSheet) takeEvidence(v *visit, in input, m *mistakes) {
	x := &s.Service
	if chosen := in.text("type"); chosen != x.Classification {
		x.Classification = ""
		for _, t := range s.d.types() {
			if t.Classification == chosen {
				x.Classification = chosen
			}
		}
	}
	if x.Classification == "" {
		m.add("type", v.T("coordinator/service.noType"))
	}
	x.Titles = in.texts("title")
	m.wantTexts(v, "title", x.Titles, false)
	if len(x.Titles) == 0 {
		for _, t := range s.d.types() {
			if t.Classification == x.Classification {
				x.Titles, x.Descriptions = t.Titles, t.Descriptions
			}
		}
	}
	x.Distributions = distributions(x.Distributions, in.list("format"), in.list("language"), in.text("model"))
	if len(x.Distributions) == 0 {
		m.add("format", v.T("coordinator/service.noFormat"))
	}
	x.LoA = edm.LoA(in.text("level"))
	if x.LoA != "" && !x.LoA.AtLeast(edm.Low) {
		x.LoA = ""
	}
}

// distributions are the chosen forms; what the form does not ask about a form that was there already stays.
func distributions(old []edm.Distribution, formats, langs []string, model string) []edm.Distribution {
	var out []edm.Distribution
	for _, f := range formats {
		if !codelist.MediaTypes.Has(f) {
			continue
		}
		d := edm.Distribution{Format: f}
		if at := slices.IndexFunc(old, func(o edm.Distribution) bool { return o.Format == f }); at >= 0 {
			d = old[at]
		}
		d.Languages, d.ConformsTo = slices.DeleteFunc(slices.Clone(langs), func(l string) bool { return !codelist.Languages.Has(l) }), ""
		if codelist.Structured(f) {
			d.ConformsTo = model
		}
		out = append(out, d)
	}
	return out
}

func (s *serviceSheet) takeProvider(v *visit, in input, m *mistakes) {
	chosen := in.text("provider")
	for _, u := range s.d.publishers() {
		if chosen != "" && partyID(u.ID) == chosen {
			s.Service.Publisher = u
			return
		}
	}
	u := directory.Publisher{ID: edm.Identifier{Scheme: in.text("providerScheme"), Value: in.text("providerID")}}
	for _, there := range s.d.publishers() {
		if there.ID == u.ID {
			s.Service.Publisher = there
			return
		}
	}
	if u.ID.Value == "" {
		m.add("providerID", v.T("coordinator/service.noProvider"))
	}
	if u.ID.Scheme == "" {
		m.add("providerScheme", v.T("coordinator/service.noScheme"))
	}
	takePublisher(v, in, &u, s.d.country, m)
	s.Service.Publisher = u
}

func (s *serviceSheet) takeAccess(v *visit, in input, m *mistakes) {
	chosen := in.text("access")
	for _, a := range s.d.accessPoints() {
		if chosen != "" && partyID(a.ID) == chosen {
			s.Service.AccessPoint, s.Service.AccessName, s.Service.ConformsTo = a.ID, a.Names, a.Lines
			return
		}
	}
	s.Service.AccessPoint = edm.Identifier{Scheme: in.text("accessScheme"), Value: in.text("accessID")}
	s.Service.AccessName, s.Service.ConformsTo = nil, takeLines(v, in, m)
	if s.Service.AccessPoint.Value == "" {
		m.add("accessID", v.T("coordinator/service.noAccess"))
	}
	if s.Service.AccessPoint.Scheme == "" {
		m.add("accessScheme", v.T("coordinator/service.noScheme"))
	}
}

func (s *serviceSheet) put(d *draft) {
	p := d.edit(directory.DataServiceDirectory)
	if at := slices.IndexFunc(p.Services, func(x directory.DataService) bool { return x.Key() == s.key }); s.key != "" && at >= 0 {
		p.Services[at] = s.Service
		return
	}
	p.Services = append(p.Services, s.Service)
}

func (s *serviceSheet) remove(d *draft) {
	p := d.edit(directory.DataServiceDirectory)
	p.Services = slices.DeleteFunc(p.Services, func(x directory.DataService) bool { return x.Key() == s.key })
}

func (s *serviceSheet) concerns(f *lcm.Finding) bool {
	return f.Node == lcm.NodeDataService && (f.Record == lcm.ServiceID(&s.Service) || sameID(f.Record, s.Service.ID))
}
