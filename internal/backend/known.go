package backend

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
)

// known remembers which passwords were right, under a key that lives as long as the process: a back end asks every
// few seconds, and the hash is slow on purpose. A changed hash is another entry.
type known struct {
	key [32]byte
	mu  sync.Mutex
	set map[[32]byte]bool
}

// maxKnown bounds the memory; the set is begun anew when it is full.
const maxKnown = 1000

func newKnown() *known {
	k := &known{set: map[[32]byte]bool{}}
	rand.Read(k.key[:])
	return k
}

func (k *known) digest(hash, password string) (d [32]byte) {
	h := hmac.New(sha256.New, k.key[:])
	h.Write([]byte(hash + "\x00" + password))
	h.Sum(d[:0])
	return d
}

func (k *known) has(hash, password string) bool {
	d := k.digest(hash, password)
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.set[d]
}

func (k *known) put(hash, password string) {
	d := k.digest(hash, password)
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.set) >= maxKnown {
		clear(k.set)
	}
	k.set[d] = true
}
