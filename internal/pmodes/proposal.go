package pmodes

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"oots/edelivery/pmode/configuration"
	"oots/internal/store"
)

// A Proposal is a file that was judged; nothing has changed yet.
type Proposal struct {
	Digest        string                       `json:"sha256"`
	Form          configuration.Form           `json:"form"`
	Configuration *configuration.Configuration `json:"-"`        // nil when the file has faults
	Findings      configuration.Findings       `json:"findings"` // of the file, then of what it is to become here
	Summary       configuration.Summary        `json:"summary"`
	Base          int64                        `json:"base"` // version in force that it was compared with, 0 for none
	Changes       []configuration.Change       `json:"changes"`

	content   []byte
	selection *configuration.Selection
}

// Faulty reports whether it cannot be put in force.
func (p *Proposal) Faulty() bool { return p.selection == nil }

// Partial reports whether something would be left out.
func (p *Proposal) Partial() bool { return p.Findings.Has(configuration.Unsupported) }

// Propose judges a file and compares it with what is in force.
func (a *Archive) Propose(ctx context.Context, content []byte) (*Proposal, error) {
	c, found := configuration.Parse(content)
	p := &Proposal{Digest: digest(content), Form: configuration.FormOf(content), Configuration: c, Findings: found, content: content}
	if c != nil {
		made, err := a.set(ctx, c)
		if err != nil {
			return nil, err
		}
		p.selection = made.selection
		p.Findings = append(p.Findings, made.found...)
	}
	p.Summary = configuration.Summarize(c, p.Findings)
	v, old, err := a.newest(ctx)
	if errors.Is(err, ErrNone) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	p.Base = v.Number
	if before, _ := configuration.Parse(old); before != nil && c != nil {
		p.Changes = configuration.Diff(before, c)
	}
	return p, nil
}

// An Act is who puts something in force, and why.
type Act struct {
	Actor   string // account; required
	Note    string
	Partial bool // consents that what is not supported is left out
}

// Activate puts a proposal in force, here and for all who share the store: as a whole or not at all. It fails with
// ErrFaulty, ErrPartial, ErrUnchanged, or ErrConflict when something else came into force since Propose.
func (a *Archive) Activate(ctx context.Context, p *Proposal, act Act) (Version, error) {
	return a.activate(ctx, p, act, "import")
}

// Rollback puts the bytes of an earlier version in force again, as a new one, after the same checks.
func (a *Archive) Rollback(ctx context.Context, number int64, act Act) (Version, *Proposal, error) {
	_, content, err := a.Version(ctx, number)
	if err != nil {
		return Version{}, nil, err
	}
	p, err := a.Propose(ctx, content)
	if err != nil {
		return Version{}, nil, err
	}
	v, err := a.activate(ctx, p, act, fmt.Sprintf("rollback to %d", number))
	return v, p, err
}

func (a *Archive) activate(ctx context.Context, p *Proposal, act Act, origin string) (Version, error) {
	switch {
	case strings.TrimSpace(act.Actor) == "":
		return Version{}, errors.New("nobody is named who puts it in force")
	case p.Faulty():
		return Version{}, ErrFaulty
	case p.Partial() && !act.Partial:
		return Version{}, ErrPartial
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	v := Version{
		Number: p.Base + 1, At: a.d.Clock.Now(), Actor: act.Actor, Note: act.Note, Origin: origin, Form: p.Form,
		Digest: p.Digest, Party: p.selection.Self, Bytes: len(p.content), Partial: p.Partial(),
	}
	err := a.d.DB.Update(ctx, func(tx *store.Tx) error {
		if p.Base > 0 {
			before, _, err := a.d.Store.Version(tx, p.Base)
			if err != nil {
				return err
			}
			if before.Digest == v.Digest && before.Partial == v.Partial {
				return ErrUnchanged
			}
		}
		return a.d.Store.Put(tx, v, p.content)
	})
	if err != nil {
		return Version{}, err
	}
	return v, a.exchange(p.selection.Set, v.Number)
}

// Content is the file, byte for byte.
func (p *Proposal) Content() []byte { return p.content }
