package matching

import (
	"errors"
	"strings"
)

// Errors of Represented.
var (
	ErrRepresentation = errors.New("representation is not supported")                          // EDM:ERR:0007
	ErrPower          = errors.New("the power of representation does not cover the procedure") // EDM:ERR:0002, without a link
)

// Represented says whether somebody with that power may ask for another person's evidence in a procedure. Scope is
// the PowerOfRepresentationScope: ALL, or codes of procedures parted by commas. A scope that is not known
// covers nothing. [record-matching §4.3, §10 cases 26, 27]
func (p *Policy) Represented(scope, procedure string) error {
	if p.Representation != "supported" {
		return ErrRepresentation
	}
	for _, s := range strings.Split(scope, ",") {
		if s = strings.TrimSpace(s); s == "ALL" || s != "" && s == procedure {
			return nil
		}
	}
	return ErrPower
}
