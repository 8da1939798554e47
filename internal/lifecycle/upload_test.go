package lifecycle_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"oots/directory/lcm"
	"oots/internal/lifecycle"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	u := &lifecycle.Upload{Service: i.Service, Who: func(token string) (lifecycle.Submitter, bool) {
		return state("LU"), token == "secret"
	}}
	good, foreign := document(broker("LU")), document(broker("AT"))
	for _, tc := range []struct {
		name, method, query, token string
		body                       []byte
		status                     int
		accepted                   bool
		revisions                  int // afterwards
	}{
		{"not posted", http.MethodGet, "", "secret", nil, http.StatusMethodNotAllowed, false, 0},
		{"no token", http.MethodPost, "", "", good, http.StatusUnauthorized, false, 0},
		{"wrong token", http.MethodPost, "", "secre", good, http.StatusUnauthorized, false, 0},
		{"unknown parameter", http.MethodPost, "?dryrun=true", "secret", good, http.StatusBadRequest, false, 0},
		{"parameter twice", http.MethodPost, "?dry-run=true&dry-run=false", "secret", good, http.StatusBadRequest, false, 0},
		{"dry run", http.MethodPost, "?dry-run=true", "secret", good, http.StatusOK, true, 0},
		{"no XML", http.MethodPost, "", "secret", nil, http.StatusOK, false, 0},
		{"another country", http.MethodPost, "", "secret", foreign, http.StatusOK, false, 0},
		{"good", http.MethodPost, "?version=2.0&note=first", "secret", good, http.StatusOK, true, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, accept := range []string{"", "application/json"} {
				r := httptest.NewRequest(tc.method, "/lcm/submissions"+tc.query, bytes.NewReader(tc.body))
				r.Header.Set("Authorization", "Bearer "+tc.token)
				r.Header.Set("Accept", accept)
				rec := httptest.NewRecorder()
				u.ServeHTTP(rec, r)
				if rec.Code != tc.status {
					t.Fatalf("status %d, want %d: %s", rec.Code, tc.status, rec.Body)
				}
				if tc.status != http.StatusOK {
					continue
				}
				accepted := false
				if accept == "" {
					answer, err := lcm.ParseResponse(rec.Body.Bytes())
					if err != nil {
						t.Fatalf("%v\n%s", err, rec.Body)
					}
					accepted = answer.Success
				} else {
					var report lifecycle.Report
					if err := json.Unmarshal(rec.Body.Bytes(), &report); err != nil {
						t.Fatal(err)
					}
					accepted = report.Accepted
				}
				if accepted != tc.accepted {
					t.Errorf("accepted %v: %s", accepted, rec.Body)
				}
			}
			history, err := i.History(t.Context(), "LU", "")
			if err != nil || len(history) != 2*tc.revisions {
				t.Errorf("%d revisions, %v", len(history), err)
			}
		})
	}
}
