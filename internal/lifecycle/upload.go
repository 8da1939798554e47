package lifecycle

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/lcm"
)

// An Upload takes submissions as files over HTTPS, as the Commission's test platform does; production uses AS4
// only. [TDD 3.6.3 §1]
//
//	POST /lcm/submissions?dry-run=true&version=2.0
//	Authorization: Bearer …
//
// The body is an lcm:SubmitObjectsRequest. The answer is an rs:RegistryResponse, or a Report when the client accepts
// application/json and no XML; its status is 200 whatever the verdict, 401 without a valid token, 409 when somebody
// else was faster.
type Upload struct {
	Service *Service
	Who     func(token string) (Submitter, bool) // whose token it is; it takes as long for a wrong one
}

// PathSubmissions is where an Upload takes submissions.
const PathSubmissions = "/lcm/submissions"

// ServeHTTP implements http.Handler.
func (u *Upload) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		http.Error(w, "submissions are sent with POST", http.StatusMethodNotAllowed)
		return
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	who, known := u.Who(token)
	if !ok || !known {
		w.Header().Set("WWW-Authenticate", `Bearer realm="lcm"`)
		http.Error(w, "a token is needed", http.StatusUnauthorized)
		return
	}
	p, dryRun, problem := proposal(r)
	if problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	document, err := io.ReadAll(http.MaxBytesReader(w, r.Body, lcm.MaxSubmission+1))
	if err != nil {
		http.Error(w, "the submission cannot be read, or is too large", http.StatusRequestEntityTooLarge)
		return
	}
	p.Document = document
	act := u.Service.Submit
	if dryRun {
		act = u.Service.Check
	}
	o, err := act(r.Context(), who, p)
	switch {
	case errors.Is(err, ErrConflict):
		http.Error(w, err.Error(), http.StatusConflict)
		return
	case err != nil:
		u.Service.d.Log.Error("submission failed", "err", err)
		http.Error(w, "the submission could not be handled; nothing was changed", http.StatusInternalServerError)
		return
	}
	if accept := r.Header.Get("Accept"); strings.Contains(accept, "application/json") && !strings.Contains(accept, "xml") {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(o.Report(dryRun))
		return
	}
	w.Header().Set("Content-Type", MediaType)
	w.Write(o.Response())
}

// proposal reads the parameters of an upload.
func proposal(r *http.Request) (p Proposal, dryRun bool, problem string) {
	for name, values := range r.URL.Query() {
		v := values[0]
		switch {
		case len(values) > 1:
			return p, false, name + " stands twice"
		case name == "dry-run" && (v == "true" || v == "false"):
			dryRun = v == "true"
		case name == "version" && slices.Contains([]string{"1.0", "1.1", "1.2", "2.0"}, v):
			p.Version = directory.Version("oots-cs:v" + v)
		case name == "note" && len(v) <= 500:
			p.Note = v
		default:
			return p, false, "parameters are dry-run=true, version=1.0 to 2.0, and note"
		}
	}
	return p, dryRun, ""
}
