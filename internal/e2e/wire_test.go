package e2e

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// post sends a captured entity again, perhaps changed, and returns the answer.
func (u *union) post(c captured, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, c.url, bytes.NewReader(body))
	r.Header.Set("Content-Type", c.contentType)
	rec := httptest.NewRecorder()
	u.net.hosts[r.Host].ServeHTTP(rec, r)
	return rec
}

func TestBadInputIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	r, err := u.journey("eleni", "T3").Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	request := u.net.as4[0]
	_, answering := u.Sides(person(t, "eleni"))
	before, err := events(answering, r.Exchanges[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		body []byte
		want string // in the answer
	}{
		{"replayed: the stored receipt again", request.body, "NonRepudiationInformation"},
		{"malformed", request.body[:len(request.body)/2], "EBMS:0007"},
		{"wrongly addressed", bytes.ReplaceAll(request.body, []byte("AP_EL_01"), []byte("AP_XX_01")), "EBMS:0003"},
		{"from somebody else", bytes.ReplaceAll(request.body, []byte(">AP_AT_01<"), []byte(">AP_ZZ_01<")), "EBMS:0003"},
		{"header changed after signing", bytes.Replace(request.body, []byte(r.Application), []byte("00000000-0000-4000-8000-000000000000"), 1), "EBMS:0101"},
		{"payload changed after signing", flip(request.body), "EBMS:010"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := u.post(request, tc.body).Body.String()
			if !strings.Contains(got, tc.want) {
				t.Errorf("answer has no %s:\n%.600s", tc.want, got)
			}
			if strings.Contains(got, "Papadopoulou") {
				t.Error("the answer holds personal data")
			}
		})
	}
	u.step()
	after, err := events(answering, r.Exchanges[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(after) != len(before) {
		t.Errorf("the log grew: %v", after[len(before):])
	}
}

// flip changes one bit near the end, where the payload's ciphertext lies.
func flip(b []byte) []byte {
	c := bytes.Clone(b)
	c[len(c)-120] ^= 1
	return c
}
