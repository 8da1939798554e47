package provider

import (
	"context"

	"oots/edm"
	"oots/internal/matching"
	"oots/internal/store"
)

// suspicious is how many times what one subject is allowed makes the looks in vain of a whole requester worth a warning.
const suspicious = 20

// whos tell who asks in a request for whom, coarser than a register compares: what a prober would keep while she tries
// the rest. Stores keep a keyed hash of them only. [record-matching §4.4]
func whos(q *edm.Request) []string {
	var about []string
	if p := q.NaturalPerson; p != nil {
		about = append(about, "name "+matching.Fold(p.FamilyName+" "+p.GivenName))
		if p.Identifier != "" {
			about = append(about, "identifier "+p.Identifier)
		}
	}
	if l := q.LegalPerson; l != nil {
		about = append(about, "legal name "+matching.Fold(l.LegalName), "identifier "+l.EIDASIdentifier)
	}
	for i, s := range about {
		about[i] = requesterText(q) + "\x00" + s
	}
	return about
}

// requesterText is who asks in a request.
func requesterText(q *edm.Request) string {
	id := requesterID(q)
	return id.Scheme + "\x00" + id.Value
}

// limited reports whether the requester of q has looked for its subject in vain so often that the register is not
// asked about anybody any more.
func (s *Service) limited(ctx context.Context, q *edm.Request) (yes bool, err error) {
	p := &s.Settings.Policy
	if p.Misses == 0 {
		return false, nil
	}
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		for _, who := range whos(q) {
			n, err := s.Store.Misses(tx, who, s.now().Add(-p.MissesWithin))
			if err != nil {
				return err
			}
			yes = yes || n >= p.Misses
		}
		return nil
	})
	return yes, err
}

// missed counts that nobody was found, or nobody surely.
func (s *Service) missed(tx *store.Tx, in *inbound) error {
	p := &s.Settings.Policy
	if p.Misses == 0 {
		return nil
	}
	all := append(whos(in.request), requesterText(in.request))
	if err := s.Store.AddMiss(tx, all, s.now()); err != nil {
		return err
	}
	n, err := s.Store.Misses(tx, requesterText(in.request), s.now().Add(-p.MissesWithin))
	if n >= suspicious*p.Misses {
		s.log(&in.header).Warn("requester looks for many persons in vain", "requester", requesterID(in.request).Value, "times", n)
	}
	return err
}

// nobody is a subject of the kind of another one that no register has. Looking for it takes as long as for anybody who
// is not there, so that nothing tells a limit from an unknown person. [record-matching §4.3, §4.4]
func nobody(s Subject) Subject {
	out := Subject{Procedure: s.Procedure}
	if s.Legal != nil {
		out.Legal = &edm.LegalPerson{LoA: s.Legal.LoA, LegalName: none}
	} else {
		out.Natural = &edm.Person{LoA: s.Natural.LoA, FamilyName: none, GivenName: none, DateOfBirth: "1800-01-01"}
	}
	return out
}

// none is the name of nobody.
const none = "qqqqqqqqqqqqqqqqqqqqqqqq"
