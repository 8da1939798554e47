package requester

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"strconv"
	"strings"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/store"
	"oots/rule"
)

// receiveResponse settles an exchange with an evidence response: evidence, nothing, or later.
func (s *Service) receiveResponse(tx *store.Tx, r Record, a *answer) error {
	docs, id, why := matchParts(a.response, &a.envelope)
	if why != "" {
		return s.unusable(tx, r, a, id, why)
	}
	if surelyAnother(a.response, r.Request) {
		return s.unusable(tx, r, a, "OOTS-EXC-SUBJECT", "the evidence is about another person")
	}
	if err := s.journal(tx, &r, a.event(exchange.ResponseReceived)); err != nil {
		return err
	}
	s.compare(&r, a)
	from := r.State
	switch {
	case a.response.Status == edm.Unavailable:
		r.State, r.AvailableAt = exchange.Deferred, a.response.AvailableAt
	case len(docs) == 0:
		r.State, r.Declined = exchange.Empty, from == exchange.SecondSent
	default:
		r.State = exchange.Answered
	}
	if err := s.deliver(tx, &r, a, docs); err != nil {
		return err
	}
	s.log(r.ApplicationID, r.ID).Info("response received", "message", a.envelope.MessageID, "state", r.State, "documents", len(docs))
	return s.save(tx, r, from)
}

// A delivered document is what the response says of it, and its part.
type delivered struct {
	document *edm.Document
	main     *edm.Document // the evidence that it is or belongs to
	part     *exchange.Attachment
}

// matchParts resolves the reference of every document. A missing, doubly used or superfluous part, or one
// that is not what it is said to be, makes the answer unusable. [exchange-flow §7 step 4]
func matchParts(q *edm.Response, e *exchange.Envelope) (docs []delivered, id rule.ID, why string) {
	const unresolved rule.ID = "OOTS-EXC-PARTS"
	used := map[string]bool{}
	for i := range q.Packages {
		p := &q.Packages[i]
		for j := range p.Documents {
			d := &p.Documents[j]
			if used[d.ContentID] {
				return nil, unresolved, "two documents point to one part"
			}
			part := e.Attachment(d.ContentID)
			if part == nil {
				return nil, unresolved, "a document has no part"
			}
			if !isFormat(part, d.Evidence.Distribution.Format) {
				return nil, "OOTS-EXC-MEDIA", "a part is not of the format that its document says"
			}
			used[d.ContentID] = true
			main := p.Main()
			if d.Kind == edm.MainEvidence { // a package may have several [open-questions C1]
				main = d
			}
			docs = append(docs, delivered{document: d, main: main, part: part})
		}
	}
	if len(used) != len(e.Attachments) { // also when two parts have one Content-ID
		return nil, unresolved, "a part belongs to no document"
	}
	return docs, "", ""
}

// signatures are how files of a format begin, where the format has such a mark.
var signatures = map[string]string{
	"application/pdf": "%PDF-",
	"image/png":       "\x89PNG\r\n\x1a\n",
	"image/jpeg":      "\xff\xd8\xff",
}

// isFormat reports whether a part has the announced media type and does not begin like something else.
func isFormat(p *exchange.Attachment, format string) bool {
	media, _, err := mime.ParseMediaType(p.MimeType)
	if err != nil || !strings.EqualFold(media, format) {
		return false
	}
	return bytes.HasPrefix(p.Content, []byte(signatures[format]))
}

// surelyAnother reports whether an evidence is about a person born on another day than the one asked for, or about
// another company: no spelling explains that, and somebody else's evidence must not be shown.
// [record-matching §4.2 rule 8, §9]
func surelyAnother(q *edm.Response, asked *edm.Request) bool {
	if asked == nil {
		return false
	}
	for i := range q.Packages {
		for _, d := range q.Packages[i].Documents {
			p, l := d.Evidence.NaturalPerson, d.Evidence.LegalPerson
			switch {
			case asked.NaturalPerson != nil && p != nil && p.DateOfBirth != asked.NaturalPerson.DateOfBirth:
				return true
			case asked.LegalPerson != nil && l != nil && l.EIDASIdentifier != asked.LegalPerson.EIDASIdentifier:
				return true
			}
		}
	}
	return false
}

// compare warns when an answer spells the person otherwise than the request, or is from somebody else than
// was asked. Nothing obliges a portal to refuse it. [exchange-flow §7 step 7] [open-questions C10]
func (s *Service) compare(r *Record, a *answer) {
	log := s.log(r.ApplicationID, r.ID).With("message", a.envelope.MessageID)
	if r.Request != nil && r.Request.NaturalPerson != nil {
		for i := range a.response.Packages {
			m := a.response.Packages[i].Main()
			if m != nil && m.Evidence.NaturalPerson != nil && !m.Evidence.NaturalPerson.SamePerson(*r.Request.NaturalPerson) {
				log.Warn("evidence names another person than the request")
			}
		}
	}
	for i := range a.response.Providers {
		p := &a.response.Providers[i]
		if p.Class != edm.EvidenceProvider {
			continue
		}
		if p.ID != r.Provider.ID {
			log.Warn("answer names another evidence provider than the request")
		}
		for _, f := range exchange.CheckCorners(a.envelope.Header, p.ID, s.Settings.Requester.ID) {
			log.Warn("corners differ", "finding", f.String())
		}
	}
}

// deliver stores the documents for the portal, each with its own digest.
func (s *Service) deliver(tx *store.Tx, r *Record, a *answer, docs []delivered) error {
	r.Evidence = nil
	for i, d := range docs {
		doc := EvidenceDoc{
			ID: strconv.Itoa(i), Kind: d.document.Kind, Title: d.document.Title,
			Format: d.document.Evidence.Distribution.Format, Size: int64(len(d.part.Content)), SHA256: digest(d.part.Content),
		}
		if l := d.document.Evidence.Distribution.Languages; len(l) > 0 {
			doc.Language = l[0]
		}
		if d.main != nil {
			doc.IssuingDate = d.main.Evidence.IssuingDate
			if d.main.Evidence.IssuingAuthority != nil {
				doc.Issuer = d.main.Evidence.IssuingAuthority.Names
			}
		}
		if err := s.Store.AddEvidence(tx, r.ID, doc.ID, d.part.Content); err != nil {
			return err
		}
		r.Evidence = append(r.Evidence, doc)
	}
	if len(docs) == 0 {
		return nil
	}
	return s.journal(tx, r, exchange.Event{
		Name: exchange.EvidenceDelivered, MessageID: a.envelope.MessageID, RequestID: r.RequestID, Parts: parts(a.envelope.Attachments),
	})
}

// parts is what the log keeps of attachments.
func parts(as []exchange.Attachment) []exchange.Part {
	var out []exchange.Part
	for i := range as {
		out = append(out, exchange.Part{ContentID: as[i].ContentID, MimeType: as[i].MimeType, SHA256: digest(as[i].Content)})
	}
	return out
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
