// Package clock gives services their time and their identifiers, so that tests can give others.
package clock

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// A Clock is the time and the source of identifiers of one node.
type Clock struct {
	Now     func() time.Time // UTC
	NewUUID func() string    // bare lower-case UUID, version 4
}

// System reads the machine's clock and random source.
func System() Clock {
	return Clock{
		Now:     func() time.Time { return time.Now().UTC() },
		NewUUID: UUID,
	}
}

// UUID returns a random UUID of version 4 in lower case. [RFC 9562 §5.4]
func UUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails since Go 1.24
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:36], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

// Token returns n random bytes as lower-case hexadecimal, for links and cookies that must not be guessed.
func Token(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}
