// Package rest offers the queues of an access point in JSON over HTTP, with a description in OpenAPI, for back ends
// that are written new: submission with streamed payloads and idempotency keys, pending messages, payloads as they are,
// states, errors, and webhooks signed with a shared secret. It has the accounts of internal/wsplugin and sees the same
// messages. Errors are problem documents that name the field. [RFC 9457]
package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"oots/edelivery/as4"
	"oots/internal/backend"
)

// Limits bound what one request may cost. A zero field means the default.
type Limits struct {
	Request int64 // bytes of the HTTP body; default 4 GiB
	Header  int64 // bytes of the JSON part; default 64 KiB
	Part    int64 // bytes of one payload; default 2 GiB
	Parts   int   // payloads; default 100
	AtOnce  int   // requests of one account at the same time; default 8
}

func (l Limits) filled() Limits {
	or := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	or(&l.Request, 4<<30)
	or(&l.Header, 64<<10)
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
	Base    string // path before /v1, such as "/backend"; "" is none
	Suffix  string // behind the @ of message ids made of idempotency keys
	Version string // of the software
	Log     *slog.Logger
}

// A Handler is the interface.
type Handler struct {
	c    Config
	mux  *http.ServeMux
	mu   sync.Mutex
	busy map[string]int // requests under way by account
}

// New makes a handler.
func New(c Config) (*Handler, error) {
	if c.Backend == nil || c.Spool == nil || c.Log == nil || c.Suffix == "" {
		return nil, errors.New("rest: back end, spool, suffix and log are required")
	}
	if c.Version == "" {
		c.Version = "0"
	}
	c.Limits = c.Limits.filled()
	h := &Handler{c: c, mux: http.NewServeMux(), busy: map[string]int{}}
	h.mount()
	return h, nil
}

// mount registers every operation; the description follows from them.
func (h *Handler) mount() {
	c := huma.DefaultConfig("oots access point", h.c.Version)
	c.Info.Description = "Submission and retrieval of messages through this access point."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = h.c.Base+"/openapi", "", ""
	c.CreateHooks = nil // no links to schemas in answers
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"password":    {Type: "http", Scheme: "basic"},
		"certificate": {Type: "mutualTLS"},
	}
	c.Security = []map[string][]string{{"password": {}}, {"certificate": {}}}
	api := humago.New(h.mux, c)
	v1 := h.c.Base + "/v1/messages"
	huma.Register(api, operation("list-pending", http.MethodGet, v1, "List the messages that wait", "Oldest first, at most 500; they stay until they are marked as downloaded."), h.list)
	huma.Register(api, operation("get-message", http.MethodGet, v1+"/{id}", "Read the header of a message", "The message stays pending.", 404), h.header)
	huma.Register(api, operation("get-payload", http.MethodGet, v1+"/{id}/payloads/{number}", "Read one payload", "The bytes as they are; payloads are numbered from 1 in the order of the message.", 404), h.payload)
	huma.Register(api, operation("mark-downloaded", http.MethodPost, v1+"/{id}/downloaded", "Mark a message as downloaded", "It leaves the list. Marking again changes nothing.", 404), h.mark)
	huma.Register(api, operation("get-status", http.MethodGet, v1+"/{id}/status", "Say where a message stands", "Of a message sent or received.", 404, 409), h.status)
	huma.Register(api, operation("get-errors", http.MethodGet, v1+"/{id}/errors", "Say what went wrong with a message", "", 404, 409), h.errors)
	api.OpenAPI().AddOperation(submitOperation(api, v1))
	h.mux.HandleFunc("POST "+v1, h.submit)
}

func operation(id, method, path, summary, description string, status ...int) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Description: description, Errors: append([]int{400, 401, 503}, status...)}
}

// caller is the key of the account in a request's context.
type caller struct{}

func account(ctx context.Context) backend.Account {
	a, _ := ctx.Value(caller{}).(backend.Account)
	return a
}

// ServeHTTP answers requests. The description is open to everybody, all else to accounts.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p := h.c.Base + "/openapi"; r.URL.Path == p+".json" || r.URL.Path == p+".yaml" {
		h.mux.ServeHTTP(w, r)
		return
	}
	a, err := h.c.Backend.Caller(r)
	switch {
	case errors.Is(err, backend.ErrDenied):
		w.Header().Set("WWW-Authenticate", `Basic realm="access point", charset="UTF-8"`)
		writeProblem(w, &problem{Status: http.StatusUnauthorized, Title: "credentials are required"})
		return
	case err != nil:
		h.c.Log.Error("rest: account could not be read", "err", err)
		writeProblem(w, &problem{Status: http.StatusServiceUnavailable, Title: "try again"})
		return
	}
	if !h.enter(a.Name) {
		w.Header().Set("Retry-After", "1")
		writeProblem(w, &problem{Status: http.StatusServiceUnavailable, Title: "too many requests of this account at once"})
		return
	}
	defer h.leave(a.Name)
	h.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), caller{}, a)))
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
