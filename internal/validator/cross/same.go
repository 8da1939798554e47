package cross

import (
	"slices"
	"strings"

	"oots/edm"
)

// sameID compares UUIDs, with or without urn:uuid:, without case.
func sameID(a, b string) bool {
	return a != "" && strings.EqualFold(bare(a), bare(b))
}

// key is the one spelling of a UUID.
func key(id string) string { return strings.ToLower(bare(id)) }

func bare(id string) string {
	const prefix = "urn:uuid:"
	id = strings.TrimSpace(id)
	if len(id) > len(prefix) && strings.EqualFold(id[:len(prefix)], prefix) {
		return id[len(prefix):]
	}
	return id
}

// among reports whether every text of some stands in all, in the same language.
func among(some, all edm.Texts) bool {
	for _, t := range some {
		if !slices.ContainsFunc(all, func(u edm.Text) bool { return strings.EqualFold(t.Lang, u.Lang) && t.Value == u.Value }) {
			return false
		}
	}
	return true
}

// sameSubject compares the persons of two requests; a kind of person that only one of them has differs.
func sameSubject(a, b *edm.Request) bool {
	return samePerson(a.NaturalPerson, b.NaturalPerson) && sameCompany(a.LegalPerson, b.LegalPerson)
}

func samePerson(a, b *edm.Person) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.SamePerson(*b)
}

// sameCompany goes by the identifier of eIDAS.
func sameCompany(a, b *edm.LegalPerson) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.EIDASIdentifier == b.EIDASIdentifier
}

// sameRepresentatives compares who acts for the subject.
func sameRepresentatives(a, b *edm.Request) bool {
	return samePerson(a.Representative, b.Representative) && sameCompany(a.RepresentativeLegal, b.RepresentativeLegal) &&
		a.RepresentativePowerScope == b.RepresentativePowerScope
}

// identifiers are those of the agents of a class, or of all where none has it: old messages write other classes.
func identifiers(all []edm.Agent, class edm.AgentClass) []edm.Identifier {
	var ids, others []edm.Identifier
	for i := range all {
		if all[i].Class == class {
			ids = append(ids, all[i].ID)
		}
		others = append(others, all[i].ID)
	}
	if len(ids) == 0 {
		return others
	}
	return ids
}

// requesters are the identifiers of who asks.
func requesters(r *edm.Request) []edm.Identifier {
	return identifiers(r.Requesters, edm.EvidenceRequester)
}

// providers are the identifiers of who answers.
func providers(r *edm.Response) []edm.Identifier {
	return identifiers(r.Providers, edm.EvidenceProvider)
}

// oneOf reports whether id is one of some; where a document does not say it, nothing contradicts, and the document is
// judged by itself.
func oneOf(some []edm.Identifier, id edm.Identifier) bool {
	said := false
	for _, s := range some {
		if s == id {
			return true
		}
		said = said || s != edm.Identifier{}
	}
	return !said || id == edm.Identifier{}
}

// sameRequirements compares the identifiers of two requests in any order.
func sameRequirements(a, b *edm.Request) bool {
	return slices.Equal(requirementIDs(a), requirementIDs(b))
}

func requirementIDs(r *edm.Request) []string {
	ids := make([]string, 0, len(r.Requirements))
	for i := range r.Requirements {
		ids = append(ids, r.Requirements[i].ID)
	}
	slices.Sort(ids)
	return ids
}

func isFirst(d *Document) bool    { return d.request != nil && !d.request.Second() }
func isSecond(d *Document) bool   { return d.request != nil && d.request.Second() }
func isRequest(d *Document) bool  { return d.request != nil }
func isAnswer(d *Document) bool   { return d.answer != nil }
func isFailure(d *Document) bool  { return d.failure != nil }
func isHeader(d *Document) bool   { return d.header != nil }
func isQuestion(d *Document) bool { return question(d) != nil }
