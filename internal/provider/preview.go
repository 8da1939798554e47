package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/store"
)

// tokenBytes is the length of the token in a preview link: 192 random bits. [exchange-flow §5.4]
const tokenBytes = 24

// issueLink keeps the evidence for the preview and answers with a link; without evidence the user is asked there who
// of several persons she is. T2 runs from the ebMS timestamp of
// that answer. [TDD 4.9 §2 steps 5 to 9]
func (s *Service) issueLink(tx *store.Tx, in *inbound, records []Record) error {
	token := clock.Token(tokenBytes)
	x := &edm.Exception{
		Code: edm.MissingAuthorization, Severity: edm.SeverityPreviewRequired,
		Preview: &edm.Preview{Location: s.Settings.PreviewBase + token, Descriptions: s.Settings.Policy.PreviewDescriptions},
	}
	if in.header.Follows().Before(edm.V20) {
		x.Preview.Method = "GET" // [R-EDM-ERR-C021]
	}
	at, err := s.sendError(tx, in, x)
	if err != nil {
		return err
	}
	p := Preview{
		TokenHash: hash(token), State: exchange.LinkIssued, Deadline: exchange.Deadline(at, at, s.Settings.Timeouts.T2),
		Header: in.header, First: *in.request, RequestID: in.requestID, UpdatedAt: s.now(), Asking: len(records) == 0,
	}
	var contents [][]byte
	for _, d := range s.prepare(records) {
		p.Documents = append(p.Documents, d.StoredDocument)
		contents = append(contents, d.content)
	}
	s.log(&in.header).Info("preview link issued", "documents", len(records))
	return s.Store.AddPreview(tx, p, contents)
}

// prepare numbers the records of one answer: 0, 1, and their companions 0.1, 0.2.
func (s *Service) prepare(records []Record) []prepared {
	var out []prepared
	for i, r := range records {
		main := prepared{
			StoredDocument: StoredDocument{
				PreviewDocument: PreviewDocument{
					ID: strconv.Itoa(i), Title: r.Title, Issuer: r.Issuer.Names, IssuingDate: r.IssuingDate,
					MediaType: r.MediaType, Language: r.Language, Size: int64(len(r.Content)), Kind: edm.MainEvidence,
				},
				EvidenceID: r.EvidenceID, IssuerID: r.Issuer.ID, ConformsTo: r.ConformsTo,
			},
			content: r.Content,
		}
		out = append(out, main)
		for j, c := range r.Companions {
			with := prepared{StoredDocument: main.StoredDocument, content: c.Content}
			with.ID, with.Of, with.Kind = main.ID+"."+strconv.Itoa(j+1), main.ID, c.Kind
			with.EvidenceID, with.ConformsTo = c.EvidenceID, ""
			with.Title, with.MediaType, with.Language, with.Size = c.Title, c.MediaType, c.Language, int64(len(c.Content))
			out = append(out, with)
		}
	}
	return out
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// second handles the second request: the link must be one that we issued for this exchange and this
// person, and still unanswered. It brings the way back and starts T3. A user who has already decided is
// answered now. [TDD 4.9 §2 step 13] [open-questions D2, F3, F6]
func (s *Service) second(tx *store.Tx, in *inbound) error {
	token, ours := strings.CutPrefix(in.request.PreviewLocation, s.Settings.PreviewBase)
	if !ours || token == "" {
		return s.refuse(tx, in, refusal(edm.InvalidRequest, "the preview link is not ours"))
	}
	p, err := s.Store.PreviewByToken(tx, hash(token))
	if errors.Is(err, store.ErrNotFound) {
		return s.refuse(tx, in, refusal(edm.InvalidRequest, "the preview link is not known"))
	}
	if err != nil {
		return err
	}
	if why := differs(&p, in); why != "" {
		return s.refuse(tx, in, refusal(edm.InvalidRequest, why))
	}
	if in.request.Version == edm.V20 && !leadsBack(in.request.ReturnLocation) {
		return s.refuse(tx, in, refusal(edm.InvalidRequest, "R-EDM-REQ-C120"))
	}
	switch {
	case p.State == exchange.LinkExpired:
		return s.refuse(tx, in, refusal(edm.TimedOut, "the preview link has expired"))
	case p.State != exchange.LinkIssued:
		return s.refuse(tx, in, refusal(edm.InvalidRequest, "the preview link was already used"))
	case exchange.Passed(p.Deadline, s.sentAt(in)):
		return s.end(tx, &p, in, refusal(edm.TimedOut, "the preview link has expired"), exchange.LinkExpired)
	}
	p.Header, p.RequestID = in.header, in.requestID
	if in.request.Version == edm.V20 {
		p.ReturnLocation = in.request.ReturnLocation
	}
	deadline := exchange.Deadline(in.header.Timestamp, s.now(), s.Settings.Timeouts.T3)
	if exchange.Passed(deadline, s.now()) {
		return s.end(tx, &p, in, refusal(edm.TimedOut, "T3 was over on arrival [TDD 4.4]"), exchange.LinkExpired)
	}
	p.State, p.Deadline = exchange.SecondReceived, deadline
	if err := s.save(tx, p, exchange.LinkIssued); err != nil {
		return err
	}
	s.log(&in.header).Info("second request received", "decided", p.Decision != Undecided)
	if p.Decision != Undecided {
		return s.conclude(tx, p)
	}
	return nil
}

// leadsBack reports whether a return address is one that a browser can be sent to: https, with a host and nothing that
// could end a line. The preview space would offer no way back otherwise. [R-EDM-REQ-C120] [TDD 4.9 §5]
func leadsBack(address string) bool {
	u, err := url.Parse(address) // refuses control characters
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil
}

// sentAt is when a message was sent by its own timestamp, and now when that lies ahead.
func (s *Service) sentAt(in *inbound) time.Time {
	return exchange.Deadline(in.header.Timestamp, s.now(), 0)
}

// differs says in what a second request is not about what the first one was, or "".
func differs(p *Preview, in *inbound) string {
	a, b := &p.First, in.request
	switch {
	case p.Header.ExchangeID != in.header.ExchangeID || p.Header.ConversationID != in.header.ConversationID || p.Header.From != in.header.From:
		return "the preview link belongs to another exchange"
	case requesterID(a) != requesterID(b) || a.Provider.ID != b.Provider.ID:
		return "requester or provider differ from the first request"
	case p.State.Settled():
		// Nobody of a settled session is kept; its state refuses the request.
		return ""
	case !sameSubject(a, b):
		return "the person differs from the first request"
	case a.Evidence.ID != b.Evidence.ID || a.Evidence.Classification != b.Evidence.Classification || a.Procedure != b.Procedure:
		return "evidence type or procedure differ from the first request"
	}
	return ""
}

// inbound is the request that p still has to answer.
func (s *Service) inbound(p *Preview) *inbound {
	q := p.First
	return &inbound{header: p.Header, requestID: p.RequestID, request: &q, service: s.service(q.Provider.ID)}
}

// conclude answers the second request by the decision, once.
func (s *Service) conclude(tx *store.Tx, p Preview) error {
	in := s.inbound(&p)
	if in.service == nil {
		return s.end(tx, &p, in, refusal(edm.QueryFailed, "the evidence provider is not served any more"), exchange.RefusalSent)
	}
	if p.Decision == NotIdentified {
		return s.end(tx, &p, in, refusal(edm.FailedAuthentication, "the user could not be identified again"), exchange.RefusalSent)
	}
	if p.Decision == NotMatched {
		state, err := s.noMatch(tx, in)
		if err != nil {
			return err
		}
		return s.settle(tx, p, state)
	}
	var docs []prepared
	for _, d := range p.Documents {
		if !d.Chosen {
			continue
		}
		content, err := s.Store.Content(tx, p.TokenHash, d.ID)
		if err != nil {
			return err
		}
		docs = append(docs, prepared{d, content})
	}
	state, err := s.reply(tx, in, docs)
	if err != nil {
		return err
	}
	return s.settle(tx, p, state)
}

// end answers in with x and settles the session in state.
func (s *Service) end(tx *store.Tx, p *Preview, in *inbound, x *edm.Exception, state exchange.ProviderState) error {
	if err := s.refuse(tx, in, x); err != nil {
		return err
	}
	return s.settle(tx, *p, state)
}

// settle ends the session: documents and person go, the way back stays.
func (s *Service) settle(tx *store.Tx, p Preview, state exchange.ProviderState) error {
	from := p.State
	p.State, p.Deadline = state, time.Time{}
	forget(&p.First)
	if err := s.Store.DeleteContents(tx, p.TokenHash, nil); err != nil {
		return err
	}
	return s.save(tx, p, from)
}

// save replaces a session that is still in state from.
func (s *Service) save(tx *store.Tx, p Preview, from exchange.ProviderState) error {
	if p.State != from && !from.CanBecome(p.State) {
		return fmt.Errorf("exchange %s: %s cannot become %s", p.Header.ExchangeID, from, p.State)
	}
	p.UpdatedAt = s.now()
	ok, err := s.Store.UpdatePreview(tx, p, from)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("exchange %s: changed meanwhile", p.Header.ExchangeID)
	}
	return nil
}
