package wsplugin

import (
	"errors"
	"fmt"

	"oots/edelivery/as4"
)

// errStorage marks a spool that cannot take more: our trouble, not that of the request.
var errStorage = errors.New("the spool failed")

// storage marks the errors of a spool.
type storage struct{ as4.Spool }

// Create begins a part.
func (s storage) Create() (as4.Spooled, error) {
	p, err := s.Spool.Create()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStorage, err)
	}
	return stored{p}, nil
}

type stored struct{ as4.Spooled }

// Write writes to the part.
func (s stored) Write(b []byte) (int, error) {
	n, err := s.Spooled.Write(b)
	if err != nil {
		err = fmt.Errorf("%w: %w", errStorage, err)
	}
	return n, err
}

// Finish makes the part durable.
func (s stored) Finish() (as4.Content, error) {
	c, err := s.Spooled.Finish()
	if err != nil {
		err = fmt.Errorf("%w: %w", errStorage, err)
	}
	return c, err
}
