package convert

import (
	"crypto/sha1"
	"encoding/hex"
)

// space is the name space of derived identifiers; it is the name-based UUID of "urn:fdc:oots:convert" in the name
// space of URLs. [RFC 9562 §6.6]
var space = [16]byte{0x22, 0x45, 0xa1, 0x70, 0x9d, 0x6f, 0x51, 0x6d, 0x80, 0xb5, 0xa9, 0xa6, 0x8b, 0xaf, 0x2d, 0xad}

// Derive returns a function that makes name-based UUIDs, version 5: the same message and the same name give the
// same identifier, so that a conversion can be repeated. [RFC 9562 §5.5]
func Derive(message string) func(name string) string {
	return func(name string) string {
		h := sha1.New()
		h.Write(space[:])
		h.Write([]byte(message))
		h.Write([]byte{0})
		h.Write([]byte(name))
		id := h.Sum(nil)[:16]
		id[6] = id[6]&0x0f | 0x50
		id[8] = id[8]&0x3f | 0x80
		b := make([]byte, 36)
		hex.Encode(b, id[:4])
		hex.Encode(b[9:], id[4:6])
		hex.Encode(b[14:], id[6:8])
		hex.Encode(b[19:], id[8:10])
		hex.Encode(b[24:], id[10:])
		b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
		return string(b)
	}
}
