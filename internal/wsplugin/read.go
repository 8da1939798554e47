package wsplugin

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/backend"
	"oots/xml/xmltree"
)

// A request is one envelope that was read whole.
type request struct {
	operation   *xmltree.Element // first child of Body
	messaging   *xmltree.Element // eb:Messaging of the header; nil when there is none
	split       *splitter
	attachments map[string]*backend.Spooled // MTOM parts by Content-ID
}

// spooled lists everything of the request that lies in the spool.
func (q *request) spooled() (out []backend.Spooled) {
	for _, in := range q.split.inlines {
		if in.Part != nil {
			out = append(out, in.Spooled)
		}
	}
	for _, a := range q.attachments {
		out = append(out, *a)
	}
	return out
}

// read reads the request. The version of SOAP is that of the envelope; the media type says only whether there are
// attachments: deployed clients call a SOAP 1.2 envelope text/xml. What is returned beside an error is to be discarded.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) (*request, error) {
	body := &bounded{r: as4.Body(w, r, 0), left: h.c.Limits.Request}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && mediaType == "" {
		return nil, &fault{status: http.StatusUnsupportedMediaType, code: "WS_PLUGIN:0007", message: "Content-Type is missing or not readable"}
	}
	q := &request{attachments: map[string]*backend.Spooled{}}
	switch mediaType {
	case "application/soap+xml", "text/xml", "application/xml":
		q.split = newSplitter(body, h.c.Spool, h.c.Limits)
		err = q.split.split()
	case "multipart/related":
		err = h.readRelated(q, body, params)
	default:
		return nil, &fault{status: http.StatusUnsupportedMediaType, code: "WS_PLUGIN:0007", message: "Content-Type is neither SOAP nor multipart/related"}
	}
	if q.split == nil {
		return nil, readError(err)
	}
	q.split.abandon()
	if err != nil {
		return q, readError(err)
	}
	doc, err := xmltree.Parse(q.split.envelope.Bytes(), xmltree.Limits{Bytes: int(h.c.Limits.Envelope), Depth: 32, Elements: 20_000, NoProcInst: true})
	if err != nil {
		return q, readError(err)
	}
	return q, q.open(doc)
}

// readRelated reads an MTOM package: the envelope first, then the parts that xop:Include names. [XOP §4]
func (h *Handler) readRelated(q *request, body io.Reader, params map[string]string) error {
	if params["boundary"] == "" {
		return errors.New("multipart/related has no boundary")
	}
	parts := multipart.NewReader(body, params["boundary"])
	root, err := parts.NextPart()
	if err != nil {
		return err
	}
	if start := strings.Trim(params["start"], "<>"); start != "" && contentID(root) != start {
		return errors.New("the start parameter does not name the first part")
	}
	q.split = newSplitter(root, h.c.Spool, h.c.Limits)
	if err := q.split.split(); err != nil {
		return err
	}
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		id := contentID(p)
		switch {
		case id == "":
			return errors.New("an attachment has no Content-ID")
		case q.attachments[id] != nil:
			return errors.New("two attachments have one Content-ID")
		case len(q.attachments) >= h.c.Limits.Parts:
			return tooLarge("more than %d attachments", h.c.Limits.Parts)
		}
		s, err := h.attachment(p)
		if err != nil {
			return err
		}
		q.attachments[id] = s
	}
}

// attachment puts one part into the spool.
func (h *Handler) attachment(p *multipart.Part) (*backend.Spooled, error) {
	switch strings.ToLower(p.Header.Get("Content-Transfer-Encoding")) {
	case "", "binary", "8bit", "7bit":
	default:
		return nil, errors.New("an attachment has a transfer encoding; XOP sends octets as they are")
	}
	part, err := h.c.Spool.Create()
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(part, io.LimitReader(p, h.c.Limits.Part+1))
	if err == nil && n > h.c.Limits.Part {
		err = tooLarge("an attachment has more than %d bytes", h.c.Limits.Part)
	}
	if err != nil {
		part.Discard()
		return nil, err
	}
	content, err := part.Finish()
	if err != nil {
		return nil, err
	}
	return &backend.Spooled{Part: part, Content: content}, nil
}

func contentID(p *multipart.Part) string {
	id := strings.TrimSpace(p.Header.Get("Content-ID"))
	return strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">")
}

// open finds header and operation in the envelope. [SOAP 1.2 §5]
func (q *request) open(doc *xmltree.Document) error {
	root := doc.Root
	switch {
	case root.Is(ebms.NSSOAP11, "Envelope"), root.Name.Local == "Envelope" && root.Name.Space != ebms.NSSOAP12:
		return &fault{soap: "VersionMismatch", message: "the envelope is not SOAP 1.2"}
	case !root.Is(ebms.NSSOAP12, "Envelope"):
		return &fault{soap: "VersionMismatch", message: "the document is no SOAP envelope"}
	}
	var header, body *xmltree.Element
	for c := range root.Elements() {
		switch {
		case c.Is(ebms.NSSOAP12, "Header") && header == nil && body == nil:
			header = c
		case c.Is(ebms.NSSOAP12, "Body") && body == nil:
			body = c
		default:
			return envelopeError("unexpected " + c.Name.Local)
		}
	}
	if body == nil {
		return envelopeError("no Body")
	}
	for b := range header.Elements() {
		must, _ := b.Attr(ebms.NSSOAP12, "mustUnderstand")
		switch {
		case b.Is(ebms.NS, "Messaging") && q.messaging != nil:
			return envelopeError("two eb:Messaging headers")
		case b.Is(ebms.NS, "Messaging"):
			q.messaging = b
		case must == "1" || must == "true":
			return &fault{soap: "MustUnderstand", message: "Header: " + b.Name.Local + " must be understood and is not known"}
		}
	}
	for c := range body.Elements() {
		if q.operation != nil {
			return envelopeError("Body has two children")
		}
		q.operation = c
	}
	switch {
	case q.operation == nil:
		return envelopeError("Body is empty")
	case q.operation.Name.Space == NS:
	case q.operation.Name.Space == NSLegacy && strings.Contains(legacyOperations, " "+q.operation.Name.Local+" "):
	default:
		return envelopeError("the child of Body is no operation of this interface")
	}
	return nil
}

func envelopeError(message string) error {
	return &fault{code: "WS_PLUGIN:0007", message: "Envelope: " + message}
}

// A value is the content of a payload or bodyload element.
type value struct {
	content as4.Content
	err     error // why it cannot be used; told only if it is
}

// value reads the value child of a payload: inline, or by reference.
func (q *request) value(e *xmltree.Element) (v value, marker bool) {
	in, err := onlyChild(e, "value")
	if err != nil {
		return value{err: err}, false
	}
	if in == nil {
		return value{err: errors.New("has no value")}, false
	}
	inlined := q.split.inline(in.Value())
	var include *xmltree.Element
	for c := range in.Elements() {
		if include != nil || !c.Is(nsXOP, "Include") {
			return value{err: errors.New("has an element that is not one xop:Include")}, inlined != nil
		}
		include = c
	}
	switch {
	case include != nil && inlined != nil:
		return value{err: errors.New("is given inline and by reference")}, true
	case inlined != nil:
		return value{content: inlined.Content, err: inlined.err}, true
	case include == nil:
		return value{content: as4.Bytes(nil)}, false
	}
	href, _ := include.Attr("", "href")
	raw, decoded, ok := ebms.ContentID(href)
	if !ok {
		return value{err: errors.New("xop:Include has no cid address")}, false
	}
	for _, id := range []string{raw, decoded, formDecoded(raw)} {
		if a := q.attachments[id]; a != nil {
			return value{content: a.Content}, false
		}
	}
	return value{err: errors.New("xop:Include names no attachment of the request")}, false
}

// formDecoded decodes as widespread SOAP stacks encode content ids: by the rules of forms.
func formDecoded(raw string) string {
	s, err := url.QueryUnescape(raw)
	if err != nil {
		return raw
	}
	return s
}

// A bounded reader fails above its limit.
type bounded struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, tooLarge("the request is above the limit")
	}
	return n, err
}

// readError makes a fault of what went wrong while reading.
func readError(err error) error {
	var f *fault
	var syntax *xmltree.SyntaxError
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, errTooLarge):
		return &fault{status: http.StatusRequestEntityTooLarge, code: "WS_PLUGIN:0007", message: "Envelope: " + err.Error()}
	case errors.As(err, &syntax):
		return envelopeError(syntax.Error())
	case errors.Is(err, errStorage):
		return err
	}
	return envelopeError(err.Error())
}
