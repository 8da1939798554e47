package exchange

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

// CanBecome reports whether an exchange of the requester may go from s to next. A settled exchange stays
// as it is. [exchange-flow §13]
func (s RequesterState) CanBecome(next RequesterState) bool {
	switch s {
	case Sent:
		return next == PreviewRequired || next.Settled()
	case PreviewRequired:
		return next == SecondSent || next.Settled()
	case SecondSent:
		return next.Settled()
	}
	return false
}

// Settled reports whether the provider owes no answer any more.
func (s ProviderState) Settled() bool {
	switch s {
	case LinkIssued, SecondReceived:
		return false
	}
	return true
}

// CanBecome reports whether an exchange of the provider may go from s to next. [exchange-flow §13]
func (s ProviderState) CanBecome(next ProviderState) bool {
	switch s {
	case LinkIssued:
		return next == SecondReceived || next == RefusalSent || next == LinkExpired
	case SecondReceived:
		return next == ReplySent || next == RefusalSent || next == LinkExpired
	}
	return false
}
