package exchange

import (
	"errors"
	"fmt"
	"time"
)

// Timeouts are the waiting times of one exchange. The waiting side has one minute more than the other:
// the requester for T1 and T3, the provider for T2. [TDD 4.4.3]
type Timeouts struct {
	T1 time.Duration // first request to first answer
	T2 time.Duration // link issued to second request
	T3 time.Duration // second request to final answer
}

// DefaultRequester and DefaultProvider are the values of TDD 4.4 table 4.4.3.
var (
	DefaultRequester = Timeouts{T1: 6 * time.Minute, T2: 15 * time.Minute, T3: 41 * time.Minute}
	DefaultProvider  = Timeouts{T1: 5 * time.Minute, T2: 16 * time.Minute, T3: 40 * time.Minute}
)

// Check compares the times of the requester side t with those of the provider side. It reports every
// interval that is not positive, or in which the side that waits does not wait longer than the side that
// works: an answer sent in time would then come too late. [TDD 4.4.3]
func (t Timeouts) Check(provider Timeouts) error {
	var errs []error
	for _, i := range []struct {
		name                string
		requester, provider time.Duration
		longer              bool // the requester is the side that waits
	}{
		{name: "T1", requester: t.T1, provider: provider.T1, longer: true},
		{name: "T2", requester: t.T2, provider: provider.T2},
		{name: "T3", requester: t.T3, provider: provider.T3, longer: true},
	} {
		switch {
		case i.requester <= 0 || i.provider <= 0:
			errs = append(errs, fmt.Errorf("%s: requester %v, provider %v: both must be positive [TDD 4.4.3]", i.name, i.requester, i.provider))
		case i.longer && i.requester <= i.provider:
			errs = append(errs, fmt.Errorf("%s: requester %v must exceed provider %v [TDD 4.4.3]", i.name, i.requester, i.provider))
		case !i.longer && i.provider <= i.requester:
			errs = append(errs, fmt.Errorf("%s: provider %v must exceed requester %v [TDD 4.4.3]", i.name, i.provider, i.requester))
		}
	}
	return errors.Join(errs...)
}

// Deadline is the last instant of an interval of length d that began with the message whose ebMS
// timestamp is stamp. A timestamp that is absent or ahead of our clock counts as now, so that a peer
// cannot lengthen what we wait. [TDD 4.10 §6.1]
func Deadline(stamp, now time.Time, d time.Duration) time.Time {
	if stamp.IsZero() || stamp.After(now) {
		stamp = now
	}
	return stamp.Add(d)
}

// Passed reports whether deadline is over at now. The instant of the deadline itself is still in time; a
// zero deadline never passes.
func Passed(deadline, now time.Time) bool {
	return !deadline.IsZero() && now.After(deadline)
}
