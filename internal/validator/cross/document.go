package cross

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"oots/directory/genericode"
	"oots/directory/query"
	"oots/edelivery/ebms"
	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/rule"
	"oots/xml/xmltree"
)

// The kinds of documents that rule ids do not spell.
const (
	Query    rule.Document = "query"    // a query to a directory: its document is one URL
	CodeList rule.Document = "codelist" // Genericode
)

// ErrKind is returned by Read for a kind of document that belongs to no pair.
var ErrKind = errors.New("a document of this kind is compared with none")

// A Document is one document of a set, read as far as pairs need it. Exactly one of its readings is there.
type Document struct {
	Name string // as given to Read; the part before the first dot of its last element is its stem
	Kind rule.Document

	root    *xmltree.Element // nil for a query
	request *edm.Request
	answer  *edm.Response
	failure *edm.ErrorResponse
	header  *header
	signal  *ebms.SignalMessage
	found   *query.Answer // of a directory
	asked   *query.Request
	sent    *submission
	taken   *acknowledgement
	list    *genericode.List
}

// A header is a user message as the rules of the exchange see it, with its parts.
type header struct {
	exchange.Header
	service string
	parts   []part
}

// A part is one eb:PartInfo.
type part struct{ contentID, mimeType string }

// limits are those of a large answer of a directory.
var limits = xmltree.Limits{Bytes: query.MaxAnswer, Elements: 1_000_000}

// Read reads a document of a kind that another package has found out; for Query, b is the URL. Rules that the
// document breaks by itself are no error. The error is ErrKind, or says why b is no such document.
func Read(name string, kind rule.Document, b []byte) (*Document, error) {
	d := &Document{Name: name, Kind: kind}
	if kind == Query {
		if err := d.readQuery(strings.TrimSpace(string(b))); err != nil {
			return nil, err
		}
		return d, nil
	}
	doc, err := xmltree.Parse(b, limits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	d.root = doc.Root
	if err := d.read(b); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

func (d *Document) read(b []byte) (err error) {
	switch d.Kind {
	case rule.Request:
		d.request, _, err = edmxml.ParseRequest(b)
	case rule.Response, rule.ErrorResponse:
		d.answer, d.failure, _, err = edmxml.ParseResponse(b)
		if err == nil && (d.failure != nil) != (d.Kind == rule.ErrorResponse) {
			err = errors.New("an answer of another kind")
		}
	case rule.Header:
		err = d.readHeader()
	case rule.Requirements, rule.EvidenceTypes, rule.BrokerFailure, rule.DataServices, rule.DirectoryError:
		d.found, err = query.Read(b)
	case rule.BrokerSubmit, rule.DirectorySubmit:
		d.sent = readSubmission(d.root)
	case rule.SubmitSuccess, rule.SubmitFailure:
		d.taken = readAcknowledgement(d.root)
	case CodeList:
		d.list, err = genericode.Parse(b)
	default:
		err = ErrKind
	}
	return err
}

// readHeader takes the first user message, or else the first signal.
func (d *Document) readHeader() error {
	at := d.root
	if at.Is(ebms.NSSOAP12, "Envelope") {
		at = at.First(ebms.NSSOAP12, "Header").First(ebms.NS, "Messaging")
	}
	m, err := ebms.ReadMessaging(at)
	switch {
	case err != nil:
		return err
	case len(m.Users) > 0:
		d.header = readUser(&m.Users[0])
	case len(m.Signals) > 0:
		d.signal = &m.Signals[0]
	default:
		return ErrKind
	}
	return nil
}

func readUser(m *ebms.UserMessage) *header {
	h := &header{service: m.Service.Value, Header: exchange.Header{
		MessageID: m.MessageID, Timestamp: m.Timestamp, Action: exchange.Action(m.Action), ConversationID: m.ConversationID,
		From: edm.Identifier{Scheme: m.From.ID.Type, Value: m.From.ID.Value},
		To:   edm.Identifier{Scheme: m.To.ID.Type, Value: m.To.ID.Value},
	}}
	for _, p := range m.Properties {
		h.Receive(exchange.Property{Name: p.Name, Type: p.Type, Value: p.Value})
	}
	for i := range m.Parts {
		raw, _, _ := ebms.ContentID(m.Parts[i].Href)
		mimeType, _ := m.Parts[i].Property("MimeType")
		h.parts = append(h.parts, part{raw, mimeType})
	}
	return h
}

// readQuery reads the URL of a query, whatever the directory would say of it.
func (d *Document) readQuery(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%s: no query to a directory", d.Name)
	}
	values := u.Query()
	q := &query.Request{
		Query: query.ID(values.Get("queryId")), Procedure: values.Get("procedure-id"), Country: values.Get("country-code"),
		Requirement: values.Get("requirement-id"), Classification: values.Get("evidence-type-classification"),
		Specification: values.Get("specification"), Answers: map[string]string{},
	}
	if q.Query.Service() == "" {
		return fmt.Errorf("%s: no query to a directory", d.Name)
	}
	for name := range values { // the parameters that are no words are concepts
		if edm.IsUUID(name) {
			q.Answers[name] = values.Get(name)
		}
	}
	d.asked = q
	return nil
}

// stem is the name without folders, without the archive that holds it, and without what follows its first dot:
// files of one stem belong together.
func (d *Document) stem() string {
	name, _, _ := strings.Cut(path.Base(d.inside()), ".")
	return name
}

// entity is the name of the stored message that a part or a header was taken from; "" for a file.
func (d *Document) entity() string {
	name := d.inside()
	if i := strings.LastIndexByte(name, '!'); i >= 0 {
		return name[:i]
	}
	return ""
}

// inside is the name with slashes, and without the archive before it.
func (d *Document) inside() string {
	name := strings.ReplaceAll(d.Name, `\`, "/")
	if archive, entry, ok := strings.Cut(name, "!"); ok {
		switch path.Ext(archive) {
		case ".zip", ".tar", ".gz", ".tgz":
			return entry
		}
	}
	return name
}

// at is when the document was made; the zero time when it does not say so.
func (d *Document) at() time.Time {
	switch {
	case d.request != nil:
		return d.request.IssuedAt
	case d.answer != nil:
		return d.answer.IssuedAt
	case d.failure != nil && len(d.failure.Exceptions) > 0:
		return d.failure.Exceptions[0].At
	case d.header != nil:
		return d.header.Timestamp
	case d.signal != nil:
		return d.signal.Timestamp
	}
	return time.Time{}
}
