package exchange

import "time"

// A RequesterState is where an exchange stands on the side that asked. [exchange-flow §13]
type RequesterState string

// The states of the requester. Only Answered with evidence leads to delivery.
const (
	Sent            RequesterState = "sent"             // first request handed to the access point
	PreviewRequired RequesterState = "preview_required" // exception with a link has come
	SecondSent      RequesterState = "second_sent"      // user sent to the preview, second request out
	Answered        RequesterState = "answered"         // settled with at least one evidence
	Empty           RequesterState = "empty"            // settled without evidence
	Deferred        RequesterState = "deferred"         // settled: Unavailable
	Failed          RequesterState = "failed"           // settled with an error, or undeliverable
	Expired         RequesterState = "expired"          // settled by a timeout of either side
)

// Settled reports whether no later answer changes the state. [TDD 4.4]
func (s RequesterState) Settled() bool {
	switch s {
	case Answered, Empty, Deferred, Failed, Expired:
		return true
	}
	return false
}

// A ProviderState is where an exchange stands on the side that was asked.
type ProviderState string

// The states of the provider.
const (
	LinkIssued     ProviderState = "link_issued"     // exception with preview link sent
	SecondReceived ProviderState = "second_received" // user may decide and return
	ReplySent      ProviderState = "reply_sent"      // response sent: evidence or empty
	RefusalSent    ProviderState = "refusal_sent"    // exception other than the link sent
	DeferralSent   ProviderState = "deferral_sent"   // Unavailable sent
	LinkExpired    ProviderState = "expired"         // nobody came, or nobody decided in time
	Silenced       ProviderState = "silent"          // demonstration: never answers
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
