// Package login says who the user is. A Method sends her browser away to identify herself and reads what
// comes back; the demonstration eID and, later, the eIDAS login are methods. [TDD 2]
package login

import (
	"net/http"

	"oots/edm"
)

// An Identity is an authenticated natural person.
type Identity struct {
	Person  edm.Person // LoA set; names in the Latin form of the eIDAS minimum data set
	Country string     // country of the eID
	// OriginalFamilyName and OriginalGivenName are the names in the script of the country; "" when the same.
	OriginalFamilyName, OriginalGivenName string
}

// A Method is one way to log in.
type Method interface {
	// Name is the stable name of the method, for texts and routes: "demo".
	Name() string
	// Start returns the URL on this site that begins a login and comes back to the local path next.
	Start(next string) string
	// Mount adds the method's own pages under /login/<name>/ and calls done once, in the request that
	// completes the login; done writes the session and redirects.
	Mount(mux *http.ServeMux, done func(w http.ResponseWriter, r *http.Request, id Identity, next string))
}
