package rest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/backend"
)

// submission is the first part of a request: the message without its payloads.
type submission struct {
	MessageID      string     `json:"messageId,omitempty" doc:"Given by those who name their messages themselves; a new one otherwise."`
	RefToMessageID string     `json:"refToMessageId,omitempty" doc:"The message that this one answers."`
	ConversationID string     `json:"conversationId,omitempty"`
	To             party      `json:"to" doc:"Access point of the receiver."`
	Service        service    `json:"service"`
	Action         string     `json:"action" minLength:"1"`
	Properties     []property `json:"properties" doc:"originalSender, finalRecipient and whatever else the P-Mode names."`
}

// accepted is the answer to a submission.
type accepted struct {
	MessageID string `json:"messageId"`
}

// submitOperation describes POST /v1/messages. The library would keep the payloads in memory, so it only describes.
func submitOperation(api huma.API, path string) *huma.Operation {
	schemas := api.OpenAPI().Components.Schemas
	return &huma.Operation{
		OperationID: "submit", Method: http.MethodPost, Path: path, Summary: "Submit a message",
		Description: "The body is multipart/form-data. Its first part, called message, is JSON; every further part is a payload in the order of the message: the name of the part is its content id, its Content-Type the media type. The answer comes when the message is durably stored.",
		Parameters: []*huma.Param{{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", MaxLength: ptr(255)},
			Description: "The same key with the same message gives the same answer again and sends nothing twice; with another message it is refused with status 409.",
		}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
			Schema: &huma.Schema{
				Type: "object", Required: []string{"message"},
				Properties:           map[string]*huma.Schema{"message": schemas.Schema(reflect.TypeFor[submission](), true, "submission")},
				AdditionalProperties: &huma.Schema{Type: "string", Format: "binary"},
			},
			Encoding: map[string]*huma.Encoding{"message": {ContentType: "application/json"}},
		}}},
		Responses: map[string]*huma.Response{
			"202":     {Description: "Stored, and on its way.", Content: map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeFor[accepted](), true, "accepted")}}},
			"default": {Description: "Why not.", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[problem](), true, "problem")}}},
		},
	}
}

func ptr(n int) *int { return &n }

// submit takes a message.
func (h *Handler) submit(w http.ResponseWriter, r *http.Request) {
	s, parts, err := h.read(w, r)
	defer func() { h.c.Backend.Discard(r.Context(), parts) }()
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
	if err != nil {
		writeProblem(w, h.problemOf(err))
		return
	}
	a := account(r.Context())
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		if s.Message.MessageID != "" || len(key) > 255 {
			writeProblem(w, invalid("Idempotency-Key", "stands beside a messageId, or is longer than 255 bytes"))
			return
		}
		s.Message.MessageID = keyed(a.Name, key) + "@" + h.c.Suffix
	}
	id, err := h.c.Backend.Submit(r.Context(), a, s)
	if err != nil {
		writeProblem(w, h.problemOf(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Location", h.c.Base+"/v1/messages/"+id+"/status")
	w.WriteHeader(http.StatusAccepted)
	json.NewEncoder(w).Encode(accepted{id})
}

// keyed makes the left side of a message id of an idempotency key, so that a repeated key is a repeated message.
func keyed(account, key string) string {
	sum := sha256.Sum256([]byte(account + "\x00" + key))
	return hex.EncodeToString(sum[:16])
}

func invalid(field, detail string) *problem {
	return &problem{Status: http.StatusBadRequest, Title: "Bad Request", Field: field, Detail: detail}
}

var errTooLarge = &problem{Status: http.StatusRequestEntityTooLarge, Title: "the request is above a limit"}

// read reads the request; payloads go to the spool. What is returned beside an error is to be discarded.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) (s backend.Submission, spooled []backend.Spooled, err error) {
	r.Body = io.NopCloser(io.LimitReader(as4.Body(w, r, 0), h.c.Limits.Request))
	form, err := r.MultipartReader()
	if err != nil {
		return s, nil, &problem{Status: http.StatusUnsupportedMediaType, Title: "the body is not multipart/form-data"}
	}
	first, err := form.NextPart()
	if err != nil {
		return s, nil, invalid("message", "the body has no readable first part")
	}
	if first.FormName() != "message" {
		return s, nil, invalid("message", "the first part is not called message")
	}
	if s.Message, err = h.readMessage(first); err != nil {
		return s, nil, err
	}
	for n := 1; ; n++ {
		p, err := form.NextPart()
		if err == io.EOF {
			return s, spooled, nil
		}
		if err != nil {
			return s, spooled, broken(err)
		}
		if n > h.c.Limits.Parts {
			return s, spooled, errTooLarge
		}
		field := "payload[" + strconv.Itoa(n) + "]"
		if p.FormName() == "" {
			return s, spooled, invalid(field, "has no name")
		}
		one, err := h.spool(p)
		if err != nil {
			return s, spooled, err
		}
		spooled = append(spooled, one)
		mimeType := p.Header.Get("Content-Type")
		if mimeType == "" {
			return s, spooled, invalid(field, "has no Content-Type")
		}
		s.Payloads = append(s.Payloads, as4.Payload{ContentID: p.FormName(), MimeType: mimeType, Content: one.Content})
	}
}

// broken judges an error of the form: a body that ends early is the caller's fault.
func broken(err error) error {
	return &problem{Status: http.StatusBadRequest, Title: "Bad Request", Detail: "the body is cut off, above the limit, or not multipart/form-data"}
}

// readMessage reads the JSON part; fields that are not known are refused, because a misspelt one would be lost.
func (h *Handler) readMessage(p *multipart.Part) (m ebms.UserMessage, err error) {
	b, err := io.ReadAll(io.LimitReader(p, h.c.Limits.Header+1))
	if err != nil {
		return m, broken(err)
	}
	if int64(len(b)) > h.c.Limits.Header {
		return m, errTooLarge
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var s submission
	if err := d.Decode(&s); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return m, invalid("message."+kind.Field, "is no "+kind.Type.String())
		}
		return m, invalid("message", "is not the JSON that is described: "+err.Error())
	}
	if d.More() {
		return m, invalid("message", "has more than one value")
	}
	m = ebms.UserMessage{
		MessageID: s.MessageID, RefToMessageID: s.RefToMessageID, ConversationID: s.ConversationID, Service: ebms.Service(s.Service), Action: s.Action,
		To: ebms.Party{ID: ebms.PartyID{Type: s.To.Type, Value: s.To.ID}},
	}
	for _, q := range s.Properties {
		m.Properties = append(m.Properties, ebms.Property(q))
	}
	return m, nil
}

// spool keeps one payload.
func (h *Handler) spool(p *multipart.Part) (backend.Spooled, error) {
	part, err := h.c.Spool.Create()
	if err != nil {
		return backend.Spooled{}, err
	}
	n, err := io.Copy(part, &failing{io.LimitReader(p, h.c.Limits.Part+1)})
	if err == nil && n > h.c.Limits.Part {
		err = errTooLarge
	}
	if err != nil {
		part.Discard()
		return backend.Spooled{}, err
	}
	content, err := part.Finish()
	if err != nil {
		return backend.Spooled{}, err
	}
	return backend.Spooled{Part: part, Content: content}, nil
}

// failing tells an error of the request from one of the spool.
type failing struct{ r io.Reader }

// Read implements io.Reader.
func (f *failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && err != io.EOF {
		err = broken(err)
	}
	return n, err
}
