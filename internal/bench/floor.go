package bench

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"oots/edelivery/wssec"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
)

// A Floor is what the public-key operations of one message cost: its signature made and checked, its key
// wrapped and unwrapped, and the signature of its receipt made and checked.
type Floor struct {
	PerMessage time.Duration `json:"perMessageNs"`          // of one core
	CPU        time.Duration `json:"processorPerMessageNs"` // the same in processor time; 0 when it cannot be told
	Cores      int           `json:"cores"`
	Rate       float64       `json:"messagesPerSecond"` // Cores / PerMessage: more is not possible with these keys
}

var (
	oaep    = xmlenc.Transport{Algorithm: xmlenc.RSAOAEP, Digest: xmlenc.SHA256, MGF: xmlenc.MGF1SHA256}
	message = []byte("what is signed is hashed first, so its length hardly counts")
)

// operations returns the public-key operations of one message between two parties.
func operations(sender, receiver wssec.Identity) (func() error, error) {
	recipient, ok := receiver.Certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("bench: the receiver's key is no RSA key")
	}
	return func() error {
		value, err := xmldsig.Sign(sender.Key, xmldsig.RSASHA256, message)
		if err != nil {
			return err
		}
		var key [16]byte
		rand.Read(key[:])
		wrapped, err := xmlenc.WrapKey(recipient, oaep, key[:])
		if err != nil {
			return err
		}
		if err := xmldsig.Verify(sender.Certificate.PublicKey, xmldsig.RSASHA256, message, value); err != nil {
			return err
		}
		if _, err := xmlenc.UnwrapKey(receiver.Decrypter, oaep, wrapped); err != nil {
			return err
		}
		if value, err = xmldsig.Sign(receiver.Key, xmldsig.RSASHA256, message); err != nil {
			return err
		}
		return xmldsig.Verify(receiver.Certificate.PublicKey, xmldsig.RSASHA256, message, value)
	}, nil
}

// measureFloor runs op on every core for about d, so that the machine is as warm, and as shared with others, as
// during the measurement itself.
func measureFloor(ctx context.Context, d time.Duration, op func() error) (Floor, error) {
	cores := runtime.GOMAXPROCS(0)
	if err := op(); err != nil {
		return Floor{}, err
	}
	var n atomic.Int64
	var failed atomic.Value
	var group sync.WaitGroup
	start, used := time.Now(), processorTime()
	for range cores {
		group.Go(func() {
			for time.Since(start) < d && ctx.Err() == nil {
				if err := op(); err != nil {
					failed.Store(err)
					return
				}
				n.Add(1)
			}
		})
	}
	group.Wait()
	took := time.Since(start)
	used = processorTime() - used
	if err, ok := failed.Load().(error); ok {
		return Floor{}, err
	}
	if err := ctx.Err(); err != nil {
		return Floor{}, err
	}
	return newFloor(cores, float64(n.Load())/took.Seconds(), used/time.Duration(n.Load())), nil
}

// between is the floor of two measurements, before and after.
func between(a, b Floor) Floor { return newFloor(a.Cores, (a.Rate+b.Rate)/2, (a.CPU+b.CPU)/2) }

func newFloor(cores int, rate float64, cpu time.Duration) Floor {
	return Floor{PerMessage: time.Duration(float64(cores) / rate * float64(time.Second)), CPU: cpu, Cores: cores, Rate: rate}
}
