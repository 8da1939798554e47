package keystore

import (
	"encoding/binary"
	"errors"
)

var errJKS = errors.New("the JKS store is damaged")

// walkJKS goes over the entries of a store without reading them and fails where a count or a length goes beyond its
// end: the library makes room for as many certificates as a file says that there are.
func walkJKS(b []byte) error {
	c := &cursor{rest: b}
	c.skip(8) // magic and version
	version := uint32(0)
	if len(b) >= 8 {
		version = binary.BigEndian.Uint32(b[4:])
	}
	for n := c.long(); n > 0 && !c.failed; n-- {
		tag := c.long()
		c.skip(int64(c.short())) // alias
		c.skip(8)                // date
		certificates := uint32(1)
		switch tag {
		case 1:
			c.skip(int64(c.long())) // key
			certificates = c.long()
		case 2:
		default:
			return errJKS
		}
		for ; certificates > 0 && !c.failed; certificates-- {
			if version == 2 {
				c.skip(int64(c.short())) // type
			}
			c.skip(int64(c.long()))
		}
	}
	if c.failed || len(c.rest) != 20 { // the digest
		return errJKS
	}
	return nil
}

// A cursor reads numbers until one goes beyond the end.
type cursor struct {
	rest   []byte
	failed bool
}

func (c *cursor) skip(n int64) {
	if c.failed || int64(len(c.rest)) < n {
		c.failed = true
		return
	}
	c.rest = c.rest[n:]
}

func (c *cursor) long() (n uint32) {
	if len(c.rest) >= 4 {
		n = binary.BigEndian.Uint32(c.rest)
	}
	c.skip(4)
	return n
}

func (c *cursor) short() (n uint16) {
	if len(c.rest) >= 2 {
		n = binary.BigEndian.Uint16(c.rest)
	}
	c.skip(2)
	return n
}
