package rest

import (
	"encoding/json"
	"errors"
	"net/http"

	"oots/internal/backend"
)

// A problem is why a request is refused. [RFC 9457]
type problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	Field  string `json:"field,omitempty"` // path of the field that is wrong
	Code   string `json:"code,omitempty"`  // ebMS code
}

// Error implements huma.StatusError.
func (p *problem) Error() string { return p.Title }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return "application/problem+json" }

var statuses = map[backend.Kind]int{
	backend.Invalid: 400, backend.Refused: 422, backend.Parties: 422, backend.Payloads: 422, backend.Missing: 404,
	backend.Ambiguous: 409, backend.Duplicate: 409, backend.Busy: 409, backend.Denied: 403,
}

// problemOf makes a problem of an error; what is not for the caller is logged.
func (h *Handler) problemOf(err error) *problem {
	var p *problem
	var e *backend.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &e):
		return &problem{Status: statuses[e.Kind], Title: http.StatusText(statuses[e.Kind]), Detail: e.Message, Field: e.Field, Code: e.Code}
	}
	h.c.Log.Error("request of a back end failed", "err", err)
	return &problem{Status: http.StatusServiceUnavailable, Title: "the access point could not do this now; nothing was changed, try again"}
}

func writeProblem(w http.ResponseWriter, p *problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p)
}
