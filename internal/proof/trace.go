package proof

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/store"
)

// A Kind says what an identifier names.
type Kind string

// What an identifier may be.
const (
	Conversation Kind = "conversation"
	Exchange     Kind = "exchange"
	Request      Kind = "request"
	ByMessage    Kind = "message"
	Reference    Kind = "reference" // a message that we do not have, and others refer to
	Part         Kind = "part"      // a Content-ID
	Mention      Kind = "mention"   // an answer or an evidence, in a document of the log
)

// A Trace is one exchange over all its identifiers.
type Trace struct {
	ID            string    `json:"id"` // that was asked for
	Kind          Kind      `json:"kind"`
	Conversations []string  `json:"conversations"`
	Exchanges     []string  `json:"exchanges"`
	Requests      []string  `json:"requests"`
	Messages      []Traced  `json:"messages"`
	Timeline      []Step    `json:"timeline"`
	Findings      []Finding `json:"findings"`

	rows []audit.Stored
}

// A Traced is one message of a trace.
type Traced struct {
	Box            Box       `json:"box"`
	MessageID      string    `json:"messageId"`
	ConversationID string    `json:"conversationId,omitempty"`
	ExchangeID     string    `json:"exchangeId,omitempty"`
	RefToMessageID string    `json:"refToMessageId,omitempty"`
	Partner        string    `json:"partner"`
	Action         string    `json:"action"`
	State          string    `json:"state"`
	ErrorCode      string    `json:"errorCode,omitempty"`
	At             time.Time `json:"at"`               // submitted or received, by our clock
	Sent           time.Time `json:"sent,omitzero"`    // timestamp of the header
	Receipt        time.Time `json:"receipt,omitzero"` // timestamp of the receipt
	ReceiptID      string    `json:"receiptId,omitempty"`
	Attempts       []Attempt `json:"attempts,omitempty"`

	message Message
	signed  *signed
	wrong   error // why signed is nil
	ack     *acknowledgement
	refused error // why ack is nil
}

// tracer collects.
type tracer struct {
	p    *Prover
	tx   *store.Tx
	t    *Trace
	seen map[string]bool // box and message id
	rows map[int64]bool
}

// Trace rebuilds the exchange that id belongs to: a message id, a conversation, exchange or request identifier, a
// RefToMessageId, a Content-ID, or the identifier of an answer or an evidence. ErrUnknown when nothing knows it.
func (p *Prover) Trace(ctx context.Context, id string) (*Trace, error) {
	var t *Trace
	err := p.Source.View(ctx, func(tx *store.Tx) (err error) {
		t, err = p.trace(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (p *Prover) trace(tx *store.Tx, id string) (*Trace, error) {
	c := &tracer{p: p, tx: tx, seen: map[string]bool{}, rows: map[int64]bool{}}
	c.t = &Trace{ID: id, Conversations: []string{}, Exchanges: []string{}, Requests: []string{}, Messages: []Traced{}, Timeline: []Step{}, Findings: []Finding{}}
	id = strings.Trim(strings.TrimSpace(id), "<>")
	if id == "" {
		return nil, ErrUnknown
	}
	rows, messages, err := c.begin(id)
	if err != nil {
		return nil, err
	}
	if err := c.collect(id, rows, messages); err != nil {
		return nil, err
	}
	c.finish()
	return c.t, nil
}

// begin finds what knows id, and what id is.
func (c *tracer) begin(id string) ([]audit.Stored, []Message, error) {
	rows, err := c.p.Source.Log(c.tx, id)
	if err != nil {
		return nil, nil, err
	}
	messages, err := c.p.Source.Messages(c.tx, id)
	if err != nil {
		return nil, nil, err
	}
	c.t.Kind = kind(id, rows, messages)
	if len(rows) > 0 || len(messages) > 0 {
		return rows, messages, nil
	}
	// Documents hold persons: they are searched for identifiers only.
	if bare := strings.TrimPrefix(id, "urn:uuid:"); !edm.IsUUID(bare) {
		return nil, nil, ErrUnknown
	}
	if rows, err = c.p.Source.Mentions(c.tx, id); err == nil && len(rows) == 0 {
		err = ErrUnknown
	}
	c.t.Kind = Mention
	return rows, nil, err
}

func kind(id string, rows []audit.Stored, messages []Message) Kind {
	found := map[Kind]bool{}
	for _, r := range rows {
		found[Conversation] = found[Conversation] || r.ConversationID == id
		found[Exchange] = found[Exchange] || r.ExchangeID == id
		found[ByMessage] = found[ByMessage] || r.MessageID == id || r.MessageID == audit.UnprovenID(id)
		found[Request] = found[Request] || r.RequestID == id || r.RequestID == "urn:uuid:"+id
		found[Reference] = found[Reference] || r.RefToMessageID == id
	}
	for _, m := range messages {
		found[Conversation] = found[Conversation] || m.ConversationID == id
		found[ByMessage] = found[ByMessage] || m.MessageID == id
		found[Reference] = found[Reference] || m.RefToMessageID == id
	}
	for _, k := range []Kind{ByMessage, Exchange, Request, Conversation, Reference} {
		if found[k] {
			return k
		}
	}
	return Part
}

// collect follows the identifiers: those of an exchange when one is named, else the whole conversation.
func (c *tracer) collect(id string, rows []audit.Stored, messages []Message) error {
	for i := range messages {
		c.add(messages[i])
	}
	for _, r := range rows {
		c.name(&c.t.Conversations, r.ConversationID)
		if c.t.Kind != Conversation {
			c.name(&c.t.Exchanges, r.ExchangeID)
		}
	}
	for _, m := range c.t.Messages {
		c.name(&c.t.Conversations, m.ConversationID)
		if c.t.Kind != Conversation {
			c.name(&c.t.Exchanges, m.ExchangeID)
		}
	}
	if c.t.Kind == Conversation {
		c.t.Conversations = []string{id}
	}
	whole := len(c.t.Exchanges) == 0
	for _, conversation := range c.t.Conversations {
		if err := c.conversation(conversation, whole); err != nil {
			return err
		}
	}
	for _, x := range slices.Clone(c.t.Exchanges) {
		if err := c.addRows(x, nil); err != nil {
			return err
		}
	}
	for _, r := range rows {
		c.addRow(r)
	}
	return c.follow()
}

// conversation adds the messages and rows of a conversation: all, or those of the exchanges of the trace.
func (c *tracer) conversation(id string, whole bool) error {
	messages, err := c.p.Source.Messages(c.tx, id)
	if err != nil {
		return err
	}
	rows, err := c.p.Source.Log(c.tx, id)
	if err != nil {
		return err
	}
	if len(messages) >= Most || len(rows) >= Most {
		c.t.Findings = append(c.t.Findings, Finding{Code: TooMany, Detail: "the conversation has more messages than one exchange can have; not all are here"})
		whole = whole && c.t.Kind == Conversation
	}
	of := map[string]bool{} // messages that the log counts to the exchanges
	for _, r := range rows {
		if r.MessageID != "" && slices.Contains(c.t.Exchanges, r.ExchangeID) {
			of[r.MessageID] = true
		}
	}
	for _, m := range messages {
		if m.ConversationID != id {
			continue
		}
		if t := c.traced(m); whole || of[m.MessageID] || slices.Contains(c.t.Exchanges, t.ExchangeID) {
			c.put(t)
			c.name(&c.t.Exchanges, t.ExchangeID)
		}
	}
	for _, r := range rows {
		// What names no exchange is about the conversation as a whole, or about a message of the trace.
		if whole || slices.Contains(c.t.Exchanges, r.ExchangeID) || r.ExchangeID == "" && (r.MessageID == "" || c.has(r.MessageID)) {
			c.addRow(r)
			c.name(&c.t.Exchanges, r.ExchangeID)
		}
	}
	return nil
}

// follow adds the messages that the rows of the trace tell of, what messages refer to, what refers to them, and the rows
// about them.
func (c *tracer) follow() error {
	for i := range c.t.rows {
		id := c.t.rows[i].MessageID
		if id == "" || c.has(id) {
			continue
		}
		messages, err := c.p.Source.Messages(c.tx, id)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if m.MessageID == id {
				c.add(m)
			}
		}
	}
	for i := 0; i < len(c.t.Messages); i++ {
		m := c.t.Messages[i]
		for _, id := range []string{m.MessageID, m.RefToMessageID} {
			if id == "" {
				continue
			}
			messages, err := c.p.Source.Messages(c.tx, id)
			if err != nil {
				return err
			}
			for _, other := range messages {
				if other.MessageID == id || other.RefToMessageID == id {
					c.add(other)
				}
			}
		}
		if err := c.addRows(m.MessageID, func(r *audit.Stored) bool { return r.MessageID == m.MessageID }); err != nil {
			return err
		}
	}
	return nil
}

func (c *tracer) addRows(id string, want func(*audit.Stored) bool) error {
	rows, err := c.p.Source.Log(c.tx, id)
	for _, r := range rows {
		if want == nil || want(&r) {
			c.addRow(r)
		}
	}
	return err
}

func (c *tracer) addRow(r audit.Stored) {
	if c.rows[r.Position] {
		return
	}
	c.rows[r.Position] = true
	c.t.rows = append(c.t.rows, r)
	c.name(&c.t.Requests, r.RequestID)
}

func (c *tracer) name(list *[]string, id string) {
	if id != "" && !slices.Contains(*list, id) {
		*list = append(*list, id)
	}
}

func (c *tracer) has(messageID string) bool {
	return slices.ContainsFunc(c.t.Messages, func(m Traced) bool { return m.MessageID == messageID })
}

func (c *tracer) add(m Message) { c.put(c.traced(m)) }

func (c *tracer) put(t Traced) {
	key := string(t.Box) + " " + t.MessageID
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	c.t.Messages = append(c.t.Messages, t)
}

// traced reads what a message says of itself under its signature.
func (c *tracer) traced(m Message) Traced {
	t := Traced{
		Box: m.Box, MessageID: m.MessageID, ConversationID: m.ConversationID, RefToMessageID: m.RefToMessageID, Partner: m.Partner.Value,
		Action: m.Action, State: m.State, ErrorCode: m.ErrorCode, At: m.At, Attempts: m.Attempts, message: m,
	}
	if m.Envelope == nil {
		t.wrong = errors.New("the envelope is gone")
		return t
	}
	var user *ebms.UserMessage
	t.signed, t.wrong = open(m.Envelope, c.p.Certificates)
	if t.wrong == nil {
		if user, t.wrong = t.signed.user(); t.wrong != nil {
			t.signed = nil
		}
	}
	if t.wrong != nil {
		return t
	}
	t.Sent, t.RefToMessageID = user.Timestamp, user.RefToMessageID
	if x, ok := user.Property(exchange.PropertyExchangeID); ok {
		t.ExchangeID = strings.TrimSpace(x.Value)
	}
	if m.Receipt != nil {
		t.ack, t.refused = openReceipt(envelopeOf(m.Receipt), c.p.Certificates, m.MessageID, t.signed)
		if t.ack != nil {
			t.Receipt, t.ReceiptID = t.ack.signal.Timestamp, t.ack.signal.MessageID
		}
	}
	return t
}

func (c *tracer) finish() {
	slices.SortStableFunc(c.t.rows, func(a, b audit.Stored) int { return int(a.Position - b.Position) })
	slices.SortStableFunc(c.t.Messages, func(a, b Traced) int { return a.At.Compare(b.At) })
	c.t.Timeline = timeline(c.t)
	c.t.Findings = append(c.t.Findings, findings(c.t)...)
}
