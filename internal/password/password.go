// Package password is the kit for passwords of operators: how they are kept, and compared without telling who
// exists. [RFC 9106] It counts no failures and knows no account.
package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a password: argon2id with 19 MiB, two passes, one lane, as OWASP recommends. [RFC 9106]
const (
	argonMemory  = 19 << 10 // KiB
	argonPasses  = 2
	argonLanes   = 1
	argonSaltLen = 16
	argonKeyLen  = 32
)

// The bounds of a password in bytes.
const (
	Least = 12
	Most  = 200
)

var encoding = base64.RawStdEncoding

// Hash returns the encoded hash of a password under a new salt.
func Hash(password string) string {
	salt := make([]byte, argonSaltLen)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, argonKeyLen)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes, encoding.EncodeToString(salt), encoding.EncodeToString(key))
}

// Same reports whether the encoded hash is that of password. It takes as long for an empty hash, so that
// nobody learns which accounts there are.
func Same(encoded, password string) bool {
	salt, want, err := parse(encoded)
	if err != nil {
		argon2.IDKey([]byte(password), make([]byte, argonSaltLen), argonPasses, argonMemory, argonLanes, argonKeyLen)
		return false
	}
	got := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// parse reads an encoded hash of the cost in use.
func parse(encoded string) (salt, key []byte, err error) {
	fields := strings.Split(encoded, "$")
	if len(fields) != 6 || fields[1] != "argon2id" || fields[3] != fmt.Sprintf("m=%d,t=%d,p=%d", argonMemory, argonPasses, argonLanes) {
		return nil, nil, errors.New("no hash of a password")
	}
	if salt, err = encoding.DecodeString(fields[4]); err != nil {
		return nil, nil, err
	}
	if key, err = encoding.DecodeString(fields[5]); err != nil || len(key) != argonKeyLen {
		return nil, nil, errors.New("no hash of a password")
	}
	return salt, key, nil
}
