package login

import (
	"net/http"
	"strings"
)

// A Place is a part of the site that users log in for: the portal, the preview space.
type Place struct {
	Prefix string // of the local paths it leads back to: "/", "/preview/"
	// Done takes over in the request that completes a login, as in Method.Mount. It must make sure that
	// the browser itself began the login.
	Done func(w http.ResponseWriter, r *http.Request, id Identity, next string)
}

// Mount adds the pages of all methods to mux. A completed login goes to the place with the longest prefix
// of its next path; a site has one login address for all its places, because a login of another country
// knows only one. A path that belongs to no place is not found.
func Mount(mux *http.ServeMux, methods []Method, places ...Place) {
	done := func(w http.ResponseWriter, r *http.Request, id Identity, next string) {
		best := Place{Done: func(w http.ResponseWriter, r *http.Request, _ Identity, _ string) { http.NotFound(w, r) }}
		for _, p := range places {
			if strings.HasPrefix(next, p.Prefix) && len(p.Prefix) > len(best.Prefix) {
				best = p
			}
		}
		best.Done(w, r, id, next)
	}
	for _, m := range methods {
		m.Mount(mux, done)
	}
}
