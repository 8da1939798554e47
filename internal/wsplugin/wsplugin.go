// Package wsplugin speaks with back ends as the WS plugin of Domibus does: SOAP 1.2, document/literal, the ebMS header
// in the SOAP header, payloads inline as base64 or beside the envelope as MTOM/XOP. A national back end that talks to
// that plugin moves to this access point by changing one address. WSDL and schemas are our own text; names, faults and
// codes on the wire are those that clients know.
//
// An envelope of any size takes the memory of a few buffers: payloads go to the spool while it is read. It is judged
// whole before anything is stored; what is nonsense is answered with a fault that names the field. A caller is an
// account with password or TLS client certificate. Operations without credentials are not served.
//
// Beyond the original: a submission that is repeated with the same id and content gets the same answer, a message is
// marked as downloaded only behind the last byte of the answer, and can be retrieved again for a while.
// internal/backend does that; this package is only its form.
package wsplugin

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"oots/edelivery/as4"
	"oots/internal/backend"
	"oots/xml/xmltree"
)

// Namespaces of the interface.
const (
	NS       = "http://eu.domibus.wsplugin/"    // requests, responses and faults
	NSLegacy = "http://org.ecodex.backend/1_1/" // the older interface, with fewer operations
	nsXOP    = "http://www.w3.org/2004/08/xop/include"
)

// Limits bound what one request may cost. A zero field means the default.
type Limits struct {
	Request  int64 // bytes of the HTTP body; default 4 GiB
	Envelope int64 // bytes of the envelope without its payloads; default 1 MiB
	Part     int64 // bytes of one payload; default 2 GiB
	Parts    int   // payloads; default 100
	AtOnce   int   // requests of one account at the same time; default 8
}

func (l Limits) filled() Limits {
	or := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	or(&l.Request, 4<<30)
	or(&l.Envelope, 1<<20)
	or(&l.Part, 2<<30)
	if l.Parts <= 0 {
		l.Parts = 100
	}
	if l.AtOnce <= 0 {
		l.AtOnce = 8
	}
	return l
}

// Config is what a Handler is made of.
type Config struct {
	Backend *backend.Service
	Spool   as4.Spool // for payloads while a request is read
	Limits  Limits
	MTOM    bool   // payloads of retrieved messages go beside the envelope
	URL     string // address in the WSDL; "" is where it was asked for
	Log     *slog.Logger
}

// A Handler is the interface at one address. The operation is found by the first element of the body; the rest of the
// path is ignored, because deployed clients append the name of the operation to it.
type Handler struct {
	c    Config
	mu   sync.Mutex
	busy map[string]int // requests under way by account
}

// New makes a handler.
func New(c Config) (*Handler, error) {
	if c.Backend == nil || c.Spool == nil || c.Log == nil {
		return nil, errors.New("wsplugin: back end, spool and log are required")
	}
	c.Limits, c.Spool = c.Limits.filled(), storage{c.Spool}
	return &Handler{c: c, busy: map[string]int{}}, nil
}

// ServeHTTP answers requests, and gives out the WSDL and its schemas.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
	case http.MethodGet, http.MethodHead:
		h.describe(w, r)
		return
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if r.Header.Get("Content-Encoding") != "" {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	a, err := h.c.Backend.Caller(r)
	if errors.Is(err, backend.ErrDenied) {
		w.Header().Set("WWW-Authenticate", `Basic realm="access point", charset="UTF-8"`)
		http.Error(w, "credentials are required", http.StatusUnauthorized)
		return
	}
	if err != nil {
		h.c.Log.Error("wsplugin: account could not be read", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if !h.enter(a.Name) {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "too many requests of this account at once", http.StatusServiceUnavailable)
		return
	}
	defer h.leave(a.Name)
	h.serve(w, r, a)
}

func (h *Handler) enter(name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy[name] >= h.c.Limits.AtOnce {
		return false
	}
	h.busy[name]++
	return true
}

func (h *Handler) leave(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy[name]--; h.busy[name] == 0 {
		delete(h.busy, name)
	}
}

// An answer writes the body of one response; what it appends stands in the envelope.
type answer func(dst []byte) []byte

// A call is one request with who made it.
type call struct {
	*request
	ctx     context.Context
	account backend.Account
}

// operations by the local name of the request element. retrieveMessage is not among them: it streams.
var operations = map[string]func(*Handler, *call) (answer, error){
	"submitRequest":                       (*Handler).submit,
	"statusRequest":                       (*Handler).status,
	"getStatusRequest":                    (*Handler).status,
	"statusRequestWithAccessPointRole":    (*Handler).status,
	"getErrorsRequest":                    (*Handler).errors,
	"getErrorsRequestWithAccessPointRole": (*Handler).errors,
	"listPendingMessagesRequest":          (*Handler).pending,
	"markMessageAsDownloadedRequest":      (*Handler).mark,
	"listPushFailedMessagesRequest":       (*Handler).pushFailed,
	"rePushFailedMessagesRequest":         (*Handler).pushAgain,
}

// legacyOperations are those of NSLegacy.
const legacyOperations = " submitRequest getStatusRequest getErrorsRequest getMessageErrorsRequest listPendingMessagesRequest retrieveMessageRequest "

func (h *Handler) serve(w http.ResponseWriter, r *http.Request, a backend.Account) {
	q, err := h.read(w, r)
	defer h.discard(r.Context(), q)
	// A large request may have taken longer than the server gives to one; its answer gets a minute.
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
	if err != nil {
		h.fail(w, err, false)
		return
	}
	c := &call{request: q, ctx: r.Context(), account: a}
	name := q.operation.Name.Local
	submitting := name == "submitRequest"
	if name == "retrieveMessageRequest" {
		h.retrieve(w, c)
		return
	}
	if name == "getMessageErrorsRequest" {
		name = "getErrorsRequest"
	}
	op := operations[name]
	if op == nil {
		h.fail(w, &fault{code: "WS_PLUGIN:0007", message: "Body: " + q.operation.Name.Local + " is no operation of this interface"}, false)
		return
	}
	say, err := op(h, c)
	if err != nil {
		h.fail(w, err, submitting)
		return
	}
	b := appendEnvelope(make([]byte, 0, 1024))
	b = append(b, "<soap:Body>"...)
	b = append(say(b), "</soap:Body></soap:Envelope>"...)
	w.Header().Set("Content-Type", contentType)
	w.Write(b)
}

// discard removes the payloads of a request that became part of no message.
func (h *Handler) discard(ctx context.Context, q *request) {
	if q != nil {
		h.c.Backend.Discard(ctx, q.spooled())
	}
}

// space is the namespace of the call, and of its answer.
func (c *call) space() string { return c.operation.Name.Space }

// text returns the value of an optional child of the request element, which is in no namespace. Some clients qualify
// it; that is taken too.
func (c *call) text(name string) (string, error) {
	e, err := onlyChild(c.operation, name)
	if err != nil {
		return "", err
	}
	return e.Value(), nil
}

// onlyChild returns the child of that name, in no namespace or in that of its parent; nil when there is none.
func onlyChild(e *xmltree.Element, name string) (found *xmltree.Element, err error) {
	for c := range e.Elements() {
		if c.Name.Local != name || c.Name.Space != "" && c.Name.Space != e.Name.Space {
			continue
		}
		if found != nil {
			return nil, &backend.Error{Kind: backend.Invalid, Field: e.Name.Local + "/" + name, Message: "occurs twice"}
		}
		found = c
	}
	return found, nil
}

// role reads accessPointRole, which the operations named for it require.
func (c *call) role() (backend.APRole, error) {
	if !strings.HasSuffix(c.operation.Name.Local, "WithAccessPointRole") {
		return backend.AnyRole, nil
	}
	text, err := c.text("accessPointRole")
	if err != nil {
		return "", err
	}
	role := backend.APRole(strings.ToUpper(text))
	if role != backend.Sending && role != backend.Receiving {
		return "", &backend.Error{Kind: backend.Invalid, Field: "accessPointRole", Message: "is neither SENDING nor RECEIVING"}
	}
	return role, nil
}
