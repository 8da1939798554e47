package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/clock"
	"oots/internal/spool"
	"oots/internal/store"
)

// exchanged is what came of one message.
type exchanged struct {
	MessageID      string   `json:"messageId"`
	ConversationID string   `json:"conversationId"`
	Verdict        string   `json:"verdict"` // verdictReceipt, verdictRefused or verdictNothing
	ReceiptID      string   `json:"receiptId,omitempty"`
	Errors         []string `json:"errors,omitempty"`  // that the receiver told
	Problem        string   `json:"problem,omitempty"` // why the answer is no receipt
	Status         int      `json:"httpStatus"`
	Bytes          int64    `json:"bytes"`
	Milliseconds   float64  `json:"milliseconds"`
}

// Verdicts on an answer.
const (
	verdictReceipt = "receipt valid"
	verdictRefused = "refused"
	verdictNothing = "no valid receipt"
)

// exchange sends one message, judges the answer and prints. A verdict other than a valid receipt is the answer no.
func (p *partner) exchange(ctx context.Context, s streams, c *connection, m ebms.UserMessage, payloads []as4.Payload) error {
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	parts, remove, err := temporarySpool()
	if err != nil {
		return err
	}
	defer remove()
	start := time.Now()
	entity, err := as4.Pack(m, payloads, c.self, c.peer, parts)
	if err != nil {
		return err
	}
	defer entity.Discard()
	if err := p.dump("message", entity.ContentType, entity); err != nil {
		return err
	}
	status, contentType, body, _, err := as4.Post(ctx, c.client, c.url, entity)
	if err != nil {
		return &hint{err, "the URL, --ca with the authority of the receiver's TLS certificate, --timeout"}
	}
	if err := p.dump("answer", contentType, bytes.NewReader(body)); err != nil {
		return err
	}
	out := exchanged{MessageID: m.MessageID, ConversationID: m.ConversationID, Status: status, Bytes: entity.Length()}
	out.judge(c, contentType, body, entity)
	out.Milliseconds = float64(time.Since(start).Microseconds()) / 1000
	if p.JSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		err = e.Encode(out)
	} else {
		err = out.print(s)
	}
	if err == nil && out.Verdict != verdictReceipt {
		err = errNo
	}
	return err
}

// judge decides what the answer is. [AS4 1.15 §10, §11]
func (x *exchanged) judge(c *connection, contentType string, body []byte, sent *as4.Entity) {
	x.Verdict = verdictNothing
	signal, err := as4.ReadSignal(contentType, bytes.NewReader(body), c.peer.At(time.Now()))
	if err != nil {
		x.Problem = err.Error()
		return
	}
	for i := range signal.Errors {
		e := &signal.Errors[i]
		x.Errors = append(x.Errors, e.Error())
		if e.Failure() && signal.Receipt == nil {
			x.Verdict = verdictRefused
		}
	}
	switch {
	case signal.Receipt != nil:
		if e := as4.CheckReceipt(signal, x.MessageID, sent.References); e != nil {
			x.Problem = e.Error()
			return
		}
		x.Verdict, x.ReceiptID = verdictReceipt, signal.MessageID
	case x.Verdict == verdictRefused && !signal.Signed:
		x.Problem = "the error is not signed: anybody could have sent it"
	case signal.Fault != "":
		x.Verdict, x.Problem = verdictRefused, "SOAP fault "+signal.Fault
	}
}

func (x *exchanged) print(s streams) error {
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "message\t%s\n", x.MessageID)
	fmt.Fprintf(w, "conversation\t%s\n", x.ConversationID)
	fmt.Fprintf(w, "verdict\t%s\n", x.Verdict)
	if x.ReceiptID != "" {
		fmt.Fprintf(w, "receipt\t%s\n", x.ReceiptID)
	}
	for _, e := range x.Errors {
		fmt.Fprintf(w, "error\t%s\n", e)
	}
	if x.Problem != "" {
		fmt.Fprintf(w, "problem\t%s\n", x.Problem)
	}
	fmt.Fprintf(w, "answer\tHTTP %d\n", x.Status)
	fmt.Fprintf(w, "sent\t%d bytes, %.1f ms from packing to the checked answer\n", x.Bytes, x.Milliseconds)
	return w.Flush()
}

// dump keeps the bytes of one entity as oots as4 unpack reads them.
func (p *partner) dump(name, contentType string, body io.WriterTo) error {
	if p.Dump == "" {
		return nil
	}
	if err := os.MkdirAll(p.Dump, 0o700); err != nil {
		return err
	}
	header := "Content-Type: " + contentType + "\r\n"
	if err := os.WriteFile(filepath.Join(p.Dump, name+".headers"), []byte(header), 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(p.Dump, name+".body"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := body.WriteTo(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// temporarySpool is where the parts of one message lie while it is sent: memory when they are small, else sealed
// files that are gone when remove returns.
func temporarySpool() (parts *spool.Spool, remove func(), err error) {
	dir, err := os.MkdirTemp("", "oots-as4-")
	if err != nil {
		return nil, nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	key := make([]byte, 32)
	rand.Read(key)
	seal, err := store.NewSealer(key)
	if err == nil {
		parts, err = spool.Open(dir, seal)
	}
	if err != nil {
		remove()
		return nil, nil, err
	}
	return parts, remove, nil
}

// header is what every message to the partner begins with. The domain of its id is the sender's name.
func (c *connection) header(conversation string) ebms.UserMessage {
	if conversation == "" {
		conversation = clock.UUID()
	}
	return ebms.UserMessage{
		Timestamp: time.Now().UTC().Truncate(time.Millisecond), MessageID: clock.UUID() + "@" + c.domain(),
		From: c.from, To: ebms.Party{ID: c.peer.ID, Role: c.peer.Role},
		AgreementRef: c.agreement.Value, AgreementType: c.agreement.Type, ConversationID: conversation,
	}
}

// domain is the sender's name as a host name below a name that is reserved for examples.
func (c *connection) domain() string {
	label := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, c.from.ID.Value)
	return strings.Trim(label[:min(len(label), 60)], "-") + ".as4.example"
}
