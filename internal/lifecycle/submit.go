package lifecycle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/store"
	"oots/rule"
)

// Check says what Submit would do with p, and changes nothing.
func (s *Service) Check(ctx context.Context, who Submitter, p Proposal) (Outcome, error) {
	r := read(who, p)
	err := s.d.DB.View(ctx, func(tx *store.Tx) error {
		st, err := s.fresh(tx)
		if err != nil {
			return err
		}
		return s.judge(who, p, r, st)
	})
	return r.outcome, err
}

// Submit puts p in force, whole or not at all: a proposal that breaks a rule changes nothing, and its Outcome says
// which rules at which objects. An error is a fault of ours, or ErrConflict.
func (s *Service) Submit(ctx context.Context, who Submitter, p Proposal) (Outcome, error) {
	r := read(who, p)
	err := s.d.DB.Update(ctx, func(tx *store.Tx) error { return s.activate(tx, who, p, r, Message{}) })
	return r.outcome, err
}

// A Message is how a submission travelled.
type Message struct{ MessageID, ConversationID string }

// SubmitTx is Submit within tx: queries see the change when tx commits.
func (s *Service) SubmitTx(tx *store.Tx, who Submitter, p Proposal, m Message) (Outcome, error) {
	r := read(who, p)
	err := s.activate(tx, who, p, r, m)
	return r.outcome, err
}

// Replace puts partitions in force that were made here: by an editor, or by an import. The same rules hold, but
// what an editor leaves as it was is only warned about.
func (s *Service) Replace(ctx context.Context, who Submitter, ps []directory.Partition, origin, note string) (Outcome, error) {
	return s.Submit(ctx, who, Proposal{Partitions: ps, Origin: origin, Note: note})
}

// Restore puts what an earlier revision holds in force again, as a new revision. base is the newest revision of the
// instance that who has seen, 0 for "whatever is there": when the partition has changed since, the error is
// ErrConflict.
func (s *Service) Restore(ctx context.Context, who Submitter, number, base int64) (Outcome, error) {
	p, err := s.Revision(ctx, number)
	if err != nil {
		return Outcome{}, err
	}
	return s.Submit(ctx, who, Proposal{Partitions: []directory.Partition{p}, Origin: OriginRestore, Note: fmt.Sprintf("revision %d", number), Base: base})
}

// A reading is a proposal with what is known of it before it meets the state of the instance.
type reading struct {
	submission *lcm.Submission // nil for records made here, and for a document that is none
	digest     string          // of the document
	outcome    Outcome
	partitions []directory.Partition
	own        []lcm.Finding // on the document or the records alone
}

// read reads and judges what needs no state.
func read(who Submitter, p Proposal) *reading {
	r := &reading{partitions: p.Partitions}
	if p.Document == nil {
		r.own = lcm.CheckPartitions(p.Partitions)
		return r
	}
	sum := sha256.Sum256(p.Document)
	r.digest = hex.EncodeToString(sum[:])
	parsed, err := lcm.Parse(p.Document)
	var unreadable *lcm.Error
	if errors.As(err, &unreadable) {
		r.outcome.Request = unreadable.Request
		r.own = []lcm.Finding{unreadable.Finding()}
		return r
	}
	if p.Version != "" {
		parsed.Version = p.Version
	}
	r.submission = parsed
	r.outcome.Request, r.outcome.Version = parsed.ID, parsed.Version
	r.own = parsed.Check(nil)
	return r
}

// judge completes the outcome with what the state of the instance says.
func (s *Service) judge(who Submitter, p Proposal, r *reading, st *state) error {
	o := &r.outcome
	o.Findings = slices.Clone(r.own)
	if r.submission != nil {
		var broken []lcm.Finding
		r.partitions, broken = r.submission.Partitions(st.requirement)
		if !lcm.Refuses(r.own) { // else what cannot be put together is a consequence
			o.Findings = append(o.Findings, broken...)
		}
		for i := range r.partitions {
			if who.Country != "" && !who.Keeper {
				r.partitions[i].Country = who.Country
			}
		}
	}
	if p.Base != 0 {
		for i := range r.partitions {
			if l := st.active[keyOf(&r.partitions[i])]; l != nil && l.revision.Number > p.Base {
				return ErrConflict
			}
		}
	}
	o.Findings = append(o.Findings, authorize(who, r.partitions)...)
	for _, country := range countries(r.partitions) {
		fs := s.checkState(who, p, country, r.partitions, st)
		if r.submission != nil {
			fs = r.submission.Name(fs)
		}
		o.Findings = append(o.Findings, fs...)
	}
	s.compare(r, st)
	if p.Document == nil {
		soften(o)
	}
	if len(r.partitions) == 0 && !lcm.Refuses(o.Findings) {
		o.Findings = append(o.Findings, refusal("", "the records of one Member State"))
	}
	o.Accepted = !lcm.Refuses(o.Findings)
	return nil
}

func keyOf(p *directory.Partition) key { return key{p.Country, p.Service} }

// authorize wants every partition to belong to the Member State that the submitter speaks for.
func authorize(who Submitter, ps []directory.Partition) []lcm.Finding {
	var out []lcm.Finding
	for i := range ps {
		switch c := ps[i].Country; {
		case who.Country == "" && !who.Keeper:
			return []lcm.Finding{refusal("", "a submitter that speaks for a Member State")}
		case c == "":
			return []lcm.Finding{refusal("", "the records of one Member State")}
		case !directory.IsCountryCode(c):
			out = append(out, refusal(c, "a country of OOTS"))
		case c != who.Country && !who.Keeper:
			out = append(out, refusal(c, "the records of "+who.Country))
		}
	}
	return out
}

// refusal refuses a proposal as a whole.
func refusal(got, want string) lcm.Finding {
	return lcm.Finding{Code: lcm.BadDataset, Finding: rule.Finding{Rule: lcm.RuleSubmitter, Got: got, Want: want}}
}

func countries(ps []directory.Partition) []string {
	var out []string
	for i := range ps {
		if c := ps[i].Country; c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// checkState judges the partitions of one country beside everything else as it would be.
func (s *Service) checkState(who Submitter, p Proposal, country string, ps []directory.Partition, st *state) []lcm.Finding {
	judge := lcm.State{
		Country: country, Keeper: who.Keeper, Restore: p.Origin == OriginRestore,
		Lenient: s.d.Lenient || p.Document == nil && p.Origin != OriginEditor && p.Origin != "",
	}
	var own []directory.Partition
	replaced := map[key]bool{}
	for i := range ps {
		replaced[keyOf(&ps[i])] = true
		if ps[i].Country == country {
			own = append(own, ps[i])
		} else {
			judge.Others = append(judge.Others, ps[i])
		}
	}
	for k, l := range st.active {
		switch {
		case k.country == country:
			judge.Old = append(judge.Old, l.partition)
		case !replaced[k]:
			judge.Others = append(judge.Others, l.partition)
		}
	}
	return judge.Check(own)
}

// compare says what the partitions change.
func (s *Service) compare(r *reading, st *state) {
	o := &r.outcome
	o.Counts = map[string]int{}
	for i := range r.partitions {
		p := &r.partitions[i]
		for node, n := range lcm.Counts(p.Catalogue) {
			o.Counts[node] += n
		}
		old := directory.Partition{Country: p.Country, Service: p.Service}
		if l := st.active[keyOf(p)]; l != nil {
			old = l.partition
			o.Replaces = append(o.Replaces, l.revision)
		}
		o.Changes = append(o.Changes, lcm.Diff(old, *p)...)
	}
}

// soften turns findings on records that stay as they were into warnings: an editor who corrects one record need not
// correct all that an older release line has let in. When there are so many that some were left out, nobody knows
// which records those are about.
func soften(o *Outcome) {
	if len(o.Findings) >= lcm.MaxFindings {
		return
	}
	for i := range o.Findings {
		f := &o.Findings[i]
		touched := f.Record == "" || slices.ContainsFunc(o.Changes, func(c lcm.Change) bool { return c.Touches(f) })
		if !touched {
			f.Severity = rule.Warning
		}
	}
}

// activate judges p and, when nothing refuses it, puts it in force within tx. It logs either.
func (s *Service) activate(tx *store.Tx, who Submitter, p Proposal, r *reading, m Message) error {
	st, err := s.fresh(tx)
	if err != nil {
		return err
	}
	if err := s.judge(who, p, r, st); err != nil {
		return err
	}
	if r.outcome.Accepted {
		next, err := s.put(tx, who, p, r, st)
		if err != nil {
			return err
		}
		tx.After(func() { s.publish(next) })
	}
	return s.record(tx, who, p, r, m)
}

// put stores the partitions as revisions and returns the state that they make.
func (s *Service) put(tx *store.Tx, who Submitter, p Proposal, r *reading, st *state) (*state, error) {
	active := make(map[key]*loaded, len(st.active)+len(r.partitions))
	for k, l := range st.active {
		active[k] = l
	}
	newest := st.newest
	for _, part := range r.partitions {
		content, digest, err := encode(&part)
		if err != nil {
			return nil, err
		}
		k := keyOf(&part)
		before := int64(0)
		if l := active[k]; l != nil {
			before = l.revision.Number
		}
		v := directory.Revision{
			Country: part.Country, Service: part.Service, At: s.d.Clock.Now().UTC(), Actor: who.Actor, Origin: origin(p),
			Request: r.outcome.Request, Digest: digest, Objects: len(lcm.Records(part.Catalogue)), Note: p.Note,
		}
		if v.Number, err = s.d.Store.Put(tx, v, content, before); err != nil {
			return nil, err
		}
		active[k] = &loaded{revision: v, partition: part}
		r.outcome.Revisions = append(r.outcome.Revisions, v)
		newest = max(newest, v.Number)
	}
	return newState(newest, active), nil
}

func origin(p Proposal) string {
	switch {
	case p.Origin != "":
		return p.Origin
	case p.Document != nil:
		return OriginSubmission
	}
	return OriginEditor
}

// maxLogged bounds the findings of one event.
const maxLogged = 100

// record logs what became of a proposal. [TDD 3.8]
func (s *Service) record(tx *store.Tx, who Submitter, p Proposal, r *reading, m Message) error {
	o := &r.outcome
	e := Event{
		At: s.d.Clock.Now().UTC(), Actor: who.Actor, Country: who.Country, Origin: origin(p), Request: o.Request, Digest: r.digest,
		Counts: o.Counts, Accepted: o.Accepted, MessageID: m.MessageID, ConversationID: m.ConversationID,
	}
	for i := range o.Findings[:min(len(o.Findings), maxLogged)] {
		e.Findings = append(e.Findings, o.Findings[i].Brief())
	}
	for _, v := range o.Replaces {
		e.Replaced = append(e.Replaced, v.Number)
	}
	for _, v := range o.Revisions {
		e.Revisions = append(e.Revisions, v.Number)
	}
	s.d.Log.Info("submission", "actor", e.Actor, "country", e.Country, "origin", e.Origin, "request", e.Request, "accepted", e.Accepted,
		"findings", len(o.Findings), "changes", len(o.Changes), "revisions", e.Revisions)
	return s.d.Store.Record(tx, e)
}
