package partner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/clock"
)

// Direct is a way to send test messages without a gateway: each is sent once, and nothing is kept.
type Direct struct {
	PModes pmode.Source
	Self   wssec.Identity
	Client *http.Client
	Clock  clock.Clock
	Suffix string // behind the @ of message ids
}

// Ping is a Pinger. [AS4 1.15 §16]
func (d Direct) Ping(ctx context.Context, to ebms.PartyID) (Pong, error) {
	modes := d.PModes.PModes()
	service := ebms.Service{Value: ebms.TestService}
	way, ok := modes.Outgoing(to, service, ebms.TestAction)
	if !ok {
		return Pong{}, fmt.Errorf("no P-Mode for %s", to.Value)
	}
	now := d.Clock.Now()
	m := ebms.UserMessage{
		Timestamp: now.UTC().Truncate(time.Millisecond), MessageID: d.Clock.NewUUID() + "@" + d.Suffix, MPC: way.MPC,
		From: ebms.Party{ID: modes.Self.ID, Role: way.FromRole}, To: ebms.Party{ID: way.Peer.ID, Role: way.ToRole},
		AgreementRef: way.Agreement.Value, AgreementType: way.Agreement.Type, Service: service, Action: ebms.TestAction,
		ConversationID: d.Clock.NewUUID(),
	}
	payload := as4.Payload{ContentID: "ping@" + d.Suffix, MimeType: "text/plain", Compress: true, Content: as4.Bytes([]byte("ping\n"))}
	entity, err := as4.Pack(m, []as4.Payload{payload}, d.Self, way.Peer, nil)
	if err != nil {
		return Pong{}, err
	}
	defer entity.Discard()
	status, contentType, body, _, err := as4.Post(ctx, d.Client, way.Peer.URL, entity)
	if err != nil {
		return Pong{}, err
	}
	p := Pong{MessageID: m.MessageID, Status: status, Answer: contentType}
	p.judge(contentType, body, way.Peer.At(now), entity)
	return p, nil
}

func (p *Pong) judge(contentType string, body []byte, peer pmode.Party, sent *as4.Entity) {
	signal, err := as4.ReadSignal(contentType, bytes.NewReader(body), peer)
	if err != nil {
		p.Code, p.Detail = ebms.MissingReceipt, err.Error()
		var e *ebms.Error
		if errors.As(err, &e) {
			p.Code, p.Detail = e.Code, e.Detail
		}
		return
	}
	p.Unsigned = !signal.Signed
	for i := range signal.Errors {
		if e := &signal.Errors[i]; e.Failure() && signal.Receipt == nil {
			p.Code, p.Detail = e.Code, e.Detail
			return
		}
	}
	if signal.Receipt == nil {
		p.Code, p.Detail = ebms.MissingReceipt, "the answer has neither a receipt nor an error; SOAP fault: "+quoted(signal.Fault)
		return
	}
	if e := as4.CheckReceipt(signal, p.MessageID, sent.References); e != nil {
		p.Code, p.Detail = e.Code, e.Detail
	}
}
