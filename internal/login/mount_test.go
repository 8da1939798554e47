package login

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"oots/edm"
)

// straight is a method that logs everybody in at once.
type straight struct{}

func (straight) Name() string                        { return "straight" }
func (straight) Start(next string, _ edm.LoA) string { return "/login/straight/?next=" + next }
func (straight) Mount(mux *http.ServeMux, done func(http.ResponseWriter, *http.Request, Identity, string)) {
	mux.HandleFunc("/login/straight/", func(w http.ResponseWriter, r *http.Request) {
		done(w, r, Identity{Country: "EL"}, r.URL.Query().Get("next"))
	})
}

func TestLoginGoesToItsPlace(t *testing.T) {
	t.Parallel()
	place := func(prefix string) Place {
		return Place{Prefix: prefix, Done: func(w http.ResponseWriter, _ *http.Request, id Identity, next string) {
			w.Header().Set("Location", prefix+" "+id.Country+" "+next)
			w.WriteHeader(http.StatusSeeOther)
		}}
	}
	mux := http.NewServeMux()
	Mount(mux, []Method{straight{}}, place("/"), place("/preview/"))
	for next, want := range map[string]string{
		"/procedures/T3/begin": "/ EL /procedures/T3/begin", "/preview/abc/identified": "/preview/ EL /preview/abc/identified",
		"/previews": "/ EL /previews", "https://evil.example/": "",
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", straight{}.Start(next, ""), nil))
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("next %q went to %q, want %q", next, got, want)
		}
	}
}
