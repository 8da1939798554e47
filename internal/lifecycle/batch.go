package lifecycle

import (
	"context"
	"errors"
	"fmt"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/store"
)

// SubmitAll puts several proposals in force, in their order and in one transaction: all of them, or none when one is
// refused. The outcomes say what each would do; they are accepted only when all are.
func (s *Service) SubmitAll(ctx context.Context, who Submitter, ps []Proposal) ([]Outcome, error) {
	readings := make([]*reading, len(ps))
	for i, p := range ps {
		readings[i] = read(who, p)
	}
	err := s.d.DB.Update(ctx, func(tx *store.Tx) error {
		for i, p := range ps {
			if err := s.activate(tx, who, p, readings[i], Message{}); err != nil {
				return fmt.Errorf("proposal %d: %w", i+1, err)
			}
			if !readings[i].outcome.Accepted {
				return errRefused
			}
		}
		return nil
	})
	out := make([]Outcome, len(ps))
	for i, r := range readings {
		out[i] = r.outcome
	}
	if !errors.Is(err, errRefused) {
		return out, err
	}
	for i := range out {
		out[i].Accepted, out[i].Revisions = false, nil
	}
	// What was refused is logged, although the transaction is undone.
	return out, s.d.DB.Update(ctx, func(tx *store.Tx) error {
		for i, p := range ps {
			if readings[i].outcome = out[i]; lcm.Refuses(out[i].Findings) {
				if err := s.record(tx, who, p, readings[i], Message{}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

var errRefused = errors.New("refused")

// CheckAlone judges a document without an instance: whether it would be accepted where every requirement and every
// evidence type that it refers to is known, and nothing is in force.
func CheckAlone(p Proposal) Outcome {
	who := Submitter{Keeper: true}
	r := read(who, p)
	o := &r.outcome
	o.Findings = r.own
	if r.submission == nil {
		return *o
	}
	ps, broken := r.submission.Partitions(lcm.AnyRequirement)
	if !lcm.Refuses(r.own) {
		o.Findings = append(o.Findings, broken...)
	}
	o.Findings = append(o.Findings, authorize(who, ps)...)
	o.Counts = map[string]int{}
	for i := range ps {
		for node, n := range lcm.Counts(ps[i].Catalogue) {
			o.Counts[node] += n
		}
		o.Changes = append(o.Changes, lcm.Diff(directory.Partition{}, ps[i])...)
	}
	if country := lcm.Country(ps); country != "" {
		st := lcm.State{Country: country, Lenient: true, Alone: true}
		o.Findings = append(o.Findings, r.submission.Name(st.Check(ps))...)
	}
	o.Accepted = !lcm.Refuses(o.Findings) && len(ps) > 0
	return *o
}
