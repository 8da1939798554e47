package coordinator

import (
	"reflect"
	"slices"
	"strings"

	"oots/directory"
	"oots/edm"
)

// merge puts together what two have made of one partition: where only one of them changed a record, it is that one's,
// and where both did, it is ours. Clashes are the identifiers of records that both changed differently.
func merge(base, ours, theirs directory.Partition) (out directory.Partition, clashes []string) {
	m := merger{}
	out = directory.Partition{Country: ours.Country, Service: ours.Service}
	out.Services = merge3(&m, base.Services, ours.Services, theirs.Services, func(s *directory.DataService) string { return s.Key() }, func(s *directory.DataService) string { return s.ID })
	out.CodeLists = merge3(&m, base.CodeLists, ours.CodeLists, theirs.CodeLists, codeListURL, codeListURL)
	out.Requirements = m.requirements(base.Requirements, ours.Requirements, theirs.Requirements)
	return out, m.clashes
}

type merger struct{ clashes []string }

func codeListURL(l *directory.CodeList) string           { return l.URL }
func frameworkID(f *directory.ReferenceFramework) string { return strings.ToLower(f.ID) }
func listID(l *directory.EvidenceTypeList) string        { return strings.ToLower(l.ID) }

// words is a requirement without what is merged by itself.
func words(r directory.Requirement) directory.Requirement {
	return directory.Requirement{ID: r.ID, Names: r.Names, Descriptions: r.Descriptions}
}

// requirements merges words, frameworks and lists apart from each other.
func (m *merger) requirements(base, ours, theirs []directory.Requirement) []directory.Requirement {
	id := func(r *directory.Requirement) string { return r.ID }
	bare := func(all []directory.Requirement) []directory.Requirement {
		out := make([]directory.Requirement, len(all))
		for i := range all {
			out[i] = words(all[i])
		}
		return out
	}
	of := func(all []directory.Requirement, id string) directory.Requirement {
		for i := range all {
			if all[i].ID == id {
				return all[i]
			}
		}
		return directory.Requirement{}
	}
	out := merge3(m, bare(base), bare(ours), bare(theirs), id, id)
	for _, all := range [][]directory.Requirement{ours, theirs} { // one dropped a requirement, the other filled it
		for i := range all {
			if of(out, all[i].ID).ID == "" {
				out = append(out, words(all[i]))
			}
		}
	}
	for i := range out {
		b, o, t := of(base, out[i].ID), of(ours, out[i].ID), of(theirs, out[i].ID)
		out[i].Frameworks = merge3(m, b.Frameworks, o.Frameworks, t.Frameworks, frameworkID, frameworkID)
		out[i].Lists = merge3(m, b.Lists, o.Lists, t.Lists, listID, listID)
	}
	return slices.DeleteFunc(out, empty)
}

// empty reports whether a requirement says nothing.
func empty(r directory.Requirement) bool {
	return len(r.Names)+len(r.Descriptions)+len(r.Frameworks)+len(r.Lists) == 0
}

// merge3 merges lists of records by key, in the order of ours with what is new of theirs at the end.
func merge3[T any](m *merger, base, ours, theirs []T, key, name func(*T) string) []T {
	b, o, t := keyed(base, key), keyed(ours, key), keyed(theirs, key)
	var out []T
	for i := range ours {
		k := key(&ours[i])
		was, had := b[k]
		is, still := t[k]
		switch mine := !had || !reflect.DeepEqual(*was, ours[i]); {
		case !mine && still:
			out = append(out, *is)
		case !mine: // they removed it
		default:
			if theirsToo := had != still || still && (!had || !reflect.DeepEqual(*was, *is)); theirsToo && !(still && reflect.DeepEqual(*is, ours[i])) {
				m.clashes = append(m.clashes, name(&ours[i]))
			}
			out = append(out, ours[i])
		}
	}
	for i := range theirs {
		k := key(&theirs[i])
		if _, here := o[k]; here {
			continue
		}
		was, had := b[k]
		switch {
		case !had:
			out = append(out, theirs[i])
		case !reflect.DeepEqual(*was, theirs[i]): // we removed what they changed
			m.clashes = append(m.clashes, name(&theirs[i]))
		}
	}
	return out
}

func keyed[T any](all []T, key func(*T) string) map[string]*T {
	out := make(map[string]*T, len(all))
	for i := range all {
		out[key(&all[i])] = &all[i]
	}
	return out
}

// in finds or begins a requirement in a partition that may be changed.
func in(p *directory.Partition, id string) *directory.Requirement {
	for i := range p.Requirements {
		if p.Requirements[i].ID == id {
			return &p.Requirements[i]
		}
	}
	p.Requirements = append(p.Requirements, directory.Requirement{ID: id})
	return &p.Requirements[len(p.Requirements)-1]
}

// tidy drops requirements that say nothing any more.
func tidy(p *directory.Partition) { p.Requirements = slices.DeleteFunc(p.Requirements, empty) }

// titleOf is a text for lists and logs: English, or the first there is.
func titleOf(t edm.Texts) string { return t.In("EN").Value }
