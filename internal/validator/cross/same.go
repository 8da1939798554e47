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

// requesterID is the identifier of the agent of class ER.
func requesterID(r *edm.Request) edm.Identifier {
	if a := r.Requester(); a != nil {
		return a.ID
	}
	return edm.Identifier{}
}

// providerID is the identifier of the agent of class EP.
func providerID(r *edm.Response) edm.Identifier {
	for i := range r.Providers {
		if r.Providers[i].Class == edm.EvidenceProvider {
			return r.Providers[i].ID
		}
	}
	return edm.Identifier{}
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
