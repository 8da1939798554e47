package matching

import (
	"context"
	"time"

	"oots/edm"
)

// A Register is what an authority writes to have its persons matched: a search for candidates. It returns every
// entry that shares one of the keys, and may return more; the Matcher decides. The error says that the register
// failed; its text must name nobody.
type Register interface {
	Candidates(ctx context.Context, b Blocks) ([]Entry, error)
}

// Records gives what the register holds of the matched entry, for an evidence type, in the first of languages that
// it has. Nothing is an empty slice.
type Records[R any] func(ctx context.Context, key, evidenceType string, languages []string) ([]R, error)

// A Finder asks a register, decides, and fetches the records of the one person. A person who is not found, who is
// one of several, or whose entry is protected costs the same time and gives the same answer.
// [IR 2022/1463 art. 16] [record-matching §4.3]
type Finder[R any] struct {
	Matcher  *Matcher
	Register Register
	Legal    LegalRegister // nil when the register knows no legal persons
	Records  Records[R]

	// Now and Wait are the clock; Wait returns after d, or when ctx ends. Without them an answer goes out at once,
	// whatever the policy says.
	Now  func() time.Time
	Wait func(ctx context.Context, d time.Duration) error
	// Explained gets the explanation of every decision, for the journal; nil when nobody wants it.
	Explained func(ctx context.Context, x Explanation)
}

// Find returns the records of the person p, ErrNoPerson, ErrSeveralPersons, or an error of the register.
func (f *Finder[R]) Find(ctx context.Context, p edm.Person, evidenceType string, languages []string) ([]R, error) {
	return f.FindQuery(ctx, f.Matcher.Query(p), evidenceType, languages)
}

// FindQuery is Find with what the user said elsewhere, such as in the preview space.
func (f *Finder[R]) FindQuery(ctx context.Context, q Query, evidenceType string, languages []string) ([]R, error) {
	return f.answer(ctx, evidenceType, languages, func() (Decision, error) {
		candidates, err := f.Register.Candidates(ctx, f.Matcher.Blocks(&q))
		if err != nil {
			return Decision{}, err
		}
		return f.Matcher.Decide(&q, candidates), nil
	})
}

// answer fetches the records of the one who was decided for, or waits and says no.
func (f *Finder[R]) answer(ctx context.Context, evidenceType string, languages []string, decide func() (Decision, error)) ([]R, error) {
	var start time.Time
	if f.Now != nil {
		start = f.Now()
	}
	d, err := decide()
	if err != nil {
		return nil, err
	}
	if f.Explained != nil {
		f.Explained(ctx, d.Explanation)
	}
	if d.Outcome == One {
		return f.Records(ctx, d.Key, evidenceType, languages)
	}
	if f.Now != nil && f.Wait != nil {
		if left := f.Matcher.Policy.Latency - f.Now().Sub(start); left > 0 {
			if err := f.Wait(ctx, left); err != nil {
				return nil, err
			}
		}
	}
	if d.Outcome == Several {
		return nil, ErrSeveralPersons
	}
	return nil, ErrNoPerson
}

// Sleep is a Wait for the time of the machine.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
