package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"oots/internal/backend"
)

// TestCancelled: what an operator has given up is not shown as waiting.
func TestCancelled(t *testing.T) {
	t.Parallel()
	fr, _ := newWorld(t)
	contentType, body := form(good, [3]string{"x", "text/xml", "<x/>"})
	rec := fr.do(http.MethodPost, "", body, "Content-Type", contentType)
	if rec.Code/100 != 2 {
		t.Fatal(rec.Code, rec.Body)
	}
	admin := backend.Account{Name: "admin", Role: backend.Admin}
	id := strings.Split(rec.Header().Get("Location"), "/")[4]
	if err := fr.Cancel(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if got, err := fr.backend.Status(t.Context(), admin, id, ""); err != nil || got != backend.SendFailure {
		t.Errorf("status %s, %v", got, err)
	}
}
