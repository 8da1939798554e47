package portal

import (
	"errors"
	"net/http"

	"oots/directory"
	"oots/edm"
	"oots/internal/web"
)

// nothing reports whether a directory truly answered "nothing": EB:ERR:0001 or DSD:ERR:0001.
func nothing(err error) bool {
	var r *directory.Refusal
	return errors.As(err, &r) && r.Empty()
}

// unreachable is the page for a look-up that failed: nothing was sent. [architecture-and-journeys §8]
func unreachable(err error, back string) error {
	return &web.Problem{Status: http.StatusServiceUnavailable, Kind: web.Unreachable, Cause: err, Back: back}
}

// titled is a text without a language.
func titled(s string) edm.Texts { return edm.Texts{{Value: s}} }
