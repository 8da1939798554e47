// Package login says who the user is. A Method sends her browser away to identify herself and reads what
// comes back: eIDAS (SAML), a national gateway (OpenID Connect), or the demonstration eID. [TDD 2]
package login

import (
	"net/http"
	"net/url"

	"oots/edm"
)

// A Method is one way to log in.
type Method interface {
	// Name is the stable name of the method, for texts and routes: "demo".
	Name() string
	// Start returns the URL on this site that begins a login and comes back to the local path next. The login has
	// to reach the level; "" is what the method asks for by itself. [IR 2022/1463 art. 11]
	Start(next string, level edm.LoA) string
	// Mount adds the method's own pages under /login/<name>/ and calls done once, in the request that
	// completes the login; done writes the session and redirects.
	Mount(mux *http.ServeMux, done func(w http.ResponseWriter, r *http.Request, id Identity, next string))
}

// A Described method says by itself how a page offers it.
type Described interface {
	Method
	// Describe returns the title of the method and a sentence about it in a language of the pages.
	Describe(lang string) (title, text string)
}

// Address is the path of a method with what Start was given as its query.
func Address(path, next string, level edm.LoA) string {
	q := url.Values{"next": {next}}
	if level != "" {
		q.Set("level", string(level))
	}
	return path + "?" + q.Encode()
}

// Wanted is the level that a login has to reach: what its method asks for by itself, or more when asked says so. The
// address of Start comes back from a browser, so it can raise the level only.
func Wanted(usual edm.LoA, asked string) edm.LoA {
	if level := edm.LoA(asked); level.AtLeast(edm.Low) && level.AtLeast(usual) {
		return level
	}
	return usual
}

// personName is how a natural person is called in one line.
func personName(p edm.Person) string {
	switch {
	case p.GivenName == "":
		return p.FamilyName
	case p.FamilyName == "":
		return p.GivenName
	}
	return p.GivenName + " " + p.FamilyName
}
