package node

import (
	"context"

	"oots/directory"
	"oots/edelivery/as4"
	"oots/edelivery/pmode"
	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/provider"
	"oots/internal/requester"
	"oots/internal/store"
)

// A Variant makes a demonstration another one, for scenarios of what the system has to stand: other registers and
// policies, clocks that differ, a peer whose messages are wrong. The zero value changes nothing.
type Variant struct {
	// Clocks are those of the countries that do not have the clock of the demonstration.
	Clocks map[string]clock.Clock
	// Provider and Requester may change the settings of a country before its services are made; nil changes nothing.
	Provider  func(country string, s *provider.Settings)
	Requester func(country string, s *requester.Settings)
	// Outgoing may change a message of a country before its access point signs it; nil changes nothing.
	Outgoing func(country string, e *exchange.Envelope)
	// Peer may change what the others know of the access point of a country; nil changes nothing.
	Peer func(country string, p *pmode.Party)
	// Lines are the release lines in which the portals ask the directories; none means all.
	Lines []directory.Version
	// Limits are those of every access point.
	Limits as4.Limits
}

func (v *Variant) clock(country string, usual clock.Clock) clock.Clock {
	if c, ok := v.Clocks[country]; ok {
		return c
	}
	return usual
}

func (v *Variant) peer(country string, p pmode.Party) pmode.Party {
	if v.Peer != nil {
		v.Peer(country, &p)
	}
	return p
}

func (v *Variant) provider(country string, s provider.Settings) provider.Settings {
	if v.Provider != nil {
		v.Provider(country, &s)
	}
	return s
}

func (v *Variant) requester(country string, s requester.Settings) requester.Settings {
	if v.Requester != nil {
		v.Requester(country, &s)
	}
	return s
}

// Post hands a message to the access point that neither the portal nor the provider of m has written, as a peer may
// send it. It returns the ebMS message id.
func (m *MemberState) Post(ctx context.Context, e exchange.Envelope) (messageID string, err error) {
	err = m.store.DB.Update(ctx, func(tx *store.Tx) error {
		messageID, _, err = m.outbox.Submit(tx, e)
		return err
	})
	return messageID, err
}

// Entries is the log of article 17 about one exchange with its documents, oldest first.
func (m *MemberState) Entries(ctx context.Context, exchangeID string) (out []audit.Entry, err error) {
	err = m.store.DB.View(ctx, func(tx *store.Tx) error {
		out, err = m.Journal.Entries(tx, exchangeID)
		return err
	})
	return out, err
}

// Conversation is the log of article 17 about one conversation, oldest first.
func (m *MemberState) Conversation(ctx context.Context, id string) ([]audit.Entry, error) {
	return journal{m}.Conversation(ctx, id)
}
