package cli

import (
	"context"
	"fmt"

	"oots/edelivery/ebms"
)

// send sends one message to a partner.
type send struct {
	partner
	Payload      []string `arg:"" optional:"" help:"Payloads, leading document first: FILE or TYPE=FILE. Without a type the name's ending tells it."`
	Action       string   `help:"eb:Action." default:"ExecuteQueryRequest"`
	Conversation string   `help:"eb:ConversationId; the default is a new one."`
	RefTo        string   `help:"eb:RefToMessageId: the message that this one answers." placeholder:"ID"`
	Property     []string `help:"Message property NAME=VALUE or NAME:TYPE=VALUE; may be repeated. originalSender and finalRecipient have defaults." placeholder:"NAME=VALUE" sep:"none"`
	Compress     bool     `help:"Compress payloads, unless their type is compressed already." default:"true" negatable:""`
}

// Help is the text below the usage line.
func (send) Help() string {
	return `It packs, signs and encrypts one message as eDelivery AS4 1.15 asks, sends it once, and checks the receipt: signature,
signer, and every digest. Payloads are read from their files while they are sent, whatever their size. There is no
retry and nothing is kept; --dump leaves message.body and answer.body with their .headers.
It exits with 0 when the receipt is valid, 1 when the message was refused or no valid receipt came, 2 when it could
not be sent.

Examples:
  oots as4 send --pmode pmode.xml --keys keys --ca tls-ca.pem application/x-ebrs+xml=request.xml evidence.pdf
  oots as4 send --to https://ap.example/as4 --from-party AP_XX_01 --to-party AP_YY_01 \
    --key xx.key.pem --cert xx.crt.pem --peer-cert yy.crt.pem --property originalSender=C1 request.xml`
}

// Run sends, and prints what came of it.
func (c *send) Run(ctx context.Context, s streams) error {
	to, err := c.connect()
	if err != nil {
		return err
	}
	m := to.header(c.Conversation)
	m.Service, m.Action, m.RefToMessageID = to.service, c.Action, c.RefTo
	if m.Properties, err = readProperties(c.Property); err != nil {
		return err
	}
	if to.agreed != nil {
		if e := to.agreed.CheckProperties(m.Properties); e != nil {
			return &hint{fmt.Errorf("the P-Mode file does not agree: %w", e), "--property with the names of the P-Mode file"}
		}
	}
	payloads, err := readPayloads(c.Payload, c.Compress, to.domain())
	if err != nil {
		return err
	}
	return c.exchange(ctx, s, to, m, payloads)
}

// ping sends a message of the test service.
type ping struct {
	partner
	NoPayload bool `help:"Send no payload: then nothing is encrypted."`
}

// Help is the text below the usage line.
func (ping) Help() string {
	return `It sends one message of the test service: signed, encrypted and acknowledged like any other, never delivered.
[AS4 1.15 §16] A small payload goes with it, so that keys for encryption are tested as well. It exits with 0
when the receipt is valid, 1 when the message was refused or no valid receipt came, 2 when it could not be sent.

Examples:
  oots as4 ping --pmode pmode.xml --keys keys --ca tls-ca.pem
  oots as4 ping --to https://ap.example/as4 --from-party AP_XX_01 --to-party AP_YY_01 \
    --key xx.key.pem --cert xx.crt.pem --peer-cert yy.crt.pem`
}

// Run sends, and prints what came of it.
func (c *ping) Run(ctx context.Context, s streams) error {
	to, err := c.connect()
	if err != nil {
		return err
	}
	m := to.header("1")
	m.Service, m.Action = ebms.Service{Value: ebms.TestService}, ebms.TestAction
	m.Properties = corners
	if c.NoPayload {
		return c.exchange(ctx, s, to, m, nil)
	}
	return c.exchange(ctx, s, to, m, hello(to.domain()))
}
