package rest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"oots/edelivery/pmode"
	"oots/internal/backend"
	"oots/internal/backend/rest"
	"oots/internal/store"
)

type problem struct {
	Status              int
	Title, Detail, Code string
	Field               string
}

func (s *side) submit(key, message string, payloads ...[3]string) (string, *problem) {
	s.t.Helper()
	kind, body := form(message, payloads...)
	header := []string{"Content-Type", kind}
	if key != "" {
		header = append(header, "Idempotency-Key", key)
	}
	rec := s.do(http.MethodPost, "", body, header...)
	if rec.Code == http.StatusAccepted {
		var a struct{ MessageID string }
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil {
			s.t.Fatal(err)
		}
		return a.MessageID, nil
	}
	p := &problem{}
	if err := json.Unmarshal(rec.Body.Bytes(), p); err != nil || p.Status != rec.Code || rec.Header().Get("Content-Type") != "application/problem+json" {
		s.t.Fatalf("%d %s, %v", rec.Code, rec.Body, err)
	}
	return "", p
}

// TestJourney: submit twice with one key, list, read header and payload, mark, ask for the status.
func TestJourney(t *testing.T) {
	t.Parallel()
	fr, de := newWorld(t)
	pdf := strings.Repeat("%PDF \x00\xff", 100_000)
	payloads := [][3]string{{"doc@c1.test", "text/xml", "<x/>"}, {"pdf", "application/pdf", pdf}}
	id, p := fr.submit("key-1", good, payloads...)
	if p != nil {
		t.Fatalf("%+v", p)
	}
	if again, _ := fr.submit("key-1", good, payloads...); again != id {
		t.Errorf("the same key gives %s, then %s", id, again)
	}
	if _, p := fr.submit("key-1", good, payloads[0]); p == nil || p.Status != http.StatusConflict {
		t.Errorf("another message under the key: %+v", p)
	}
	if other, _ := fr.submit("", good, payloads[0]); other == "" || other == id {
		t.Errorf("without a key: %s", other)
	}
	pump(fr, de)
	var list struct{ Messages []string }
	de.get("?conversationId=c-1&finalRecipient=C4", 200, &list)
	if len(list.Messages) != 2 {
		t.Fatalf("pending %v", list.Messages)
	}
	var m struct {
		MessageID, Action string
		From              struct{ ID string }
		Payloads          []struct {
			Number              int
			ContentID, MimeType string
			Size                int64
		}
	}
	de.get("/"+id, 200, &m)
	if m.MessageID != id || m.From.ID != "AP_FR" || len(m.Payloads) != 2 || m.Payloads[1].ContentID != "pdf@FR.test" || m.Payloads[1].Size != int64(len(pdf)) {
		t.Errorf("header %+v", m)
	}
	rec := de.do(http.MethodGet, "/"+id+"/payloads/2", nil)
	if rec.Code != 200 || rec.Body.String() != pdf || rec.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("payload: %d, %d bytes of %s", rec.Code, rec.Body.Len(), rec.Header().Get("Content-Type"))
	}
	if rec := de.do(http.MethodGet, "/"+id+"/payloads/3", nil); rec.Code != 404 {
		t.Errorf("no payload: %d", rec.Code)
	}
	for range 2 {
		if rec := de.do(http.MethodPost, "/"+id+"/downloaded", nil); rec.Code != http.StatusNoContent {
			t.Errorf("mark: %d %s", rec.Code, rec.Body)
		}
	}
	de.get("", 200, &list)
	if len(list.Messages) != 1 || list.Messages[0] == id {
		t.Errorf("pending %v", list.Messages)
	}
	var status struct{ Status string }
	if fr.get("/"+id+"/status", 200, &status); status.Status != "ACKNOWLEDGED" {
		t.Errorf("status %s", status.Status)
	}
	var none problem
	fr.get("/nobody@c1.test/status", 404, &none)
	fr.get("/nobody@c1.test/errors", 404, &none)
}

// TestProblems: each fault of a submission names its field, and nothing is stored.
func TestProblems(t *testing.T) {
	t.Parallel()
	fr, _ := newWorld(t)
	doc := [3]string{"doc@c1.test", "text/xml", strings.Repeat("x", 300_000)}
	for _, c := range []struct {
		name, message string
		payloads      [][3]string
		status        int
		field         string
	}{
		{"no JSON", "{", nil, 400, "message"},
		{"unknown field", strings.Replace(good, `"action"`, `"acton"`, 1), nil, 400, "message"},
		{"wrong type", strings.Replace(good, `"ExecuteQueryRequest"`, `7`, 1), nil, 400, "message.action"},
		{"two values", good + good, nil, 400, "message"},
		{"large message", good + strings.Repeat(" ", 5000), nil, 413, ""},
		{"no action", strings.Replace(good, `"ExecuteQueryRequest"`, `""`, 1), nil, 400, "CollaborationInfo/Action"},
		{"unknown receiver", strings.Replace(good, "AP_DE", "AP_XX", 1), nil, 422, "PartyInfo/To/PartyId"},
		{"no finalRecipient", strings.Replace(good, "finalRecipient", "other", 1), nil, 422, "MessageProperties"},
		{"payload without type", good, [][3]string{{"a@x", "", "x"}}, 400, "payload[1]"},
		{"payload without name", good, [][3]string{doc, {"", "text/xml", "x"}}, 400, "payload[2]"},
		{"bad content id", good, [][3]string{{"a b@x", "text/xml", "x"}}, 422, "PayloadInfo/PartInfo[a b@x]/@href"},
		{"too many", good, [][3]string{doc, doc, doc, doc}, 413, ""},
		{"too large", good, [][3]string{{"a@x", "text/xml", strings.Repeat("x", 1<<20+1)}}, 413, ""},
	} {
		_, p := fr.submit("", c.message, c.payloads...)
		if p == nil || p.Status != c.status || p.Field != c.field {
			t.Errorf("%s: %+v, want %d %s", c.name, p, c.status, c.field)
		}
	}
	kind, body := form(good, doc)
	cut := strings.NewReader(body.String()[:body.Len()-40])
	if rec := fr.do(http.MethodPost, "", cut, "Content-Type", kind); rec.Code != 400 {
		t.Errorf("cut off: %d", rec.Code)
	}
	if rec := fr.do(http.MethodPost, "", strings.NewReader("{}"), "Content-Type", "application/json"); rec.Code != 415 {
		t.Errorf("JSON alone: %d", rec.Code)
	}
	var rows int
	err := fr.store.DB.View(t.Context(), func(tx *store.Tx) error {
		return tx.Row(`SELECT (SELECT COUNT(*) FROM backend_sent) + (SELECT COUNT(*) FROM gateway_outbox)`, nil, &rows)
	})
	files, _ := os.ReadDir(filepath.Join(fr.dir, "spool"))
	if err != nil || rows != 0 || len(files) != 0 {
		t.Errorf("%d rows, %d files are left, %v", rows, len(files), err)
	}
}

// TestDescription: the description is open, everything else is not, and it names each operation.
func TestDescription(t *testing.T) {
	t.Parallel()
	fr, _ := newWorld(t)
	rec := httptest.NewRecorder()
	fr.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/backend/openapi.json", nil))
	var d struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &d); err != nil || rec.Code != 200 {
		t.Fatal(rec.Code, err)
	}
	got := map[string]bool{}
	for _, methods := range d.Paths {
		for _, o := range methods {
			got[o.OperationID] = true
		}
	}
	want := map[string]bool{"submit": true, "list-pending": true, "get-message": true, "get-payload": true, "mark-downloaded": true, "get-status": true, "get-errors": true}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("operations %v", got)
	}
	rec = httptest.NewRecorder()
	fr.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/backend/v1/messages", nil))
	if rec.Code != http.StatusUnauthorized || rec.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("without credentials: %d", rec.Code)
	}
}

// TestWebhook: the receiver checks the signature with the secret alone, and hears again what it did not take.
func TestWebhook(t *testing.T) {
	t.Parallel()
	secret := []byte("shared secret")
	var heard []string
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get(rest.SignatureHeader) != rest.Sign(secret, time.Unix(1_800_000_000, 0), body) {
			t.Errorf("signature %q", r.Header.Get(rest.SignatureHeader))
		}
		if calls == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		var e struct{ Type, MessageID string }
		if err := json.Unmarshal(body, &e); err != nil {
			t.Error(err)
		}
		heard = append(heard, e.Type+" "+e.MessageID)
	}))
	defer server.Close()
	hook := rest.Webhook{Client: server.Client(), Secret: secret, Now: func() time.Time { return time.Unix(1_800_000_000, 0) }}
	fr, de := newWorld(t, backend.Rule{
		Name: "hook", URL: server.URL, Kinds: []backend.NoticeKind{backend.ReceiveSuccess}, Pusher: hook,
		Retry: pmode.Retry{Strategy: pmode.Constant, Timeout: time.Minute, Count: 1},
	})
	id, p := fr.submit("", good, [3]string{"doc@c1.test", "text/xml", "<x/>"})
	if p != nil {
		t.Fatalf("%+v", p)
	}
	pump(fr, de)
	if calls != 1 || heard != nil {
		t.Fatalf("%d calls, heard %v", calls, heard)
	}
	// The next attempt is due in a minute; what is due is told without waiting here.
	err := de.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE backend_notice SET next_attempt = 0`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pump(de)
	if !reflect.DeepEqual(heard, []string{"RECEIVE_SUCCESS " + id}) {
		t.Errorf("heard %v", heard)
	}
}
