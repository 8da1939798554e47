package bench

import (
	"context"
	"fmt"
	"time"
)

// A Mode is how much of an access point takes part.
type Mode string

// Modes.
const (
	// Handler is the message handler alone, in memory; nothing is stored.
	Handler Mode = "handler"
	// Durable is two access points that commit to SQLite before they acknowledge.
	Durable Mode = "durable"
	// Signature is a signed message without payload and its receipt, for keys that the 1.15 profile does not
	// know: a preview of the signatures of AS4 2.0, whose key agreement is not part of it.
	Signature Mode = "signature"
)

// A Key is the kind of key that both access points have.
type Key string

// Keys. The last two only sign, in mode Signature.
const (
	RSA2048 Key = "rsa2048"
	RSA3072 Key = "rsa3072"
	P256    Key = "p256"
	Ed25519 Key = "ed25519"
)

// A Load is one measurement.
type Load struct {
	Mode        Mode          `json:"mode"`
	Key         Key           `json:"key"`
	Payload     int           `json:"payloadBytes"` // of the one payload; 0 means a message without
	Compress    bool          `json:"compress"`     // as the P-Modes of OOTS ask for requests
	TLS         bool          `json:"tls"`          // else plain HTTP; both over loopback
	Concurrency int           `json:"concurrency"`  // senders at once
	Duration    time.Duration `json:"durationNs"`   // of the measurement, warming up not included
	Profile     bool          `json:"-"`            // take a processor profile of the measurement; no other may be active
}

// A Report is what one measurement found.
type Report struct {
	Load
	Messages   int           `json:"messages"` // acknowledged with a receipt that was checked
	Failed     int           `json:"failed"`
	Took       time.Duration `json:"tookNs"`
	Rate       float64       `json:"messagesPerSecond"`
	BytesRate  float64       `json:"payloadBytesPerSecond"`
	P50        time.Duration `json:"p50Ns"` // from packing to the checked receipt
	P99        time.Duration `json:"p99Ns"`
	PeakMemory uint64        `json:"peakMemoryBytes"` // of heap and stacks of the whole process during the measurement
	Allocs     float64       `json:"allocationsPerMessage"`
	AllocBytes float64       `json:"allocatedBytesPerMessage"` // both ends together
	Floor      Floor         `json:"floor"`
	Share      float64       `json:"shareOfFloor"`          // Rate / Floor.Rate
	CPU        time.Duration `json:"processorPerMessageNs"` // of both ends; 0 when it cannot be told
	CPUShare   float64       `json:"processorShareOfFloor"` // Floor.CPU / CPU
	Breakdown  []Stage       `json:"breakdown,omitempty"`
	FirstError string        `json:"firstError,omitempty"`
}

// A pair is two access points that are connected. Exchange sends one message and returns when its receipt is
// checked; it is safe for concurrent use.
type pair interface {
	exchange(ctx context.Context) error
	operations() (func() error, error)
	close() error
}

// Run makes two access points, lets them exchange messages, and reports. Keys come from keys, so that several
// runs share them.
func Run(ctx context.Context, load Load, keys *Keys) (Report, error) {
	if err := load.Check(); err != nil {
		return Report{}, err
	}
	p, err := open(ctx, load, keys)
	if err != nil {
		return Report{}, err
	}
	report, err := measure(ctx, load, p)
	if e := p.close(); err == nil {
		err = e
	}
	return report, err
}

// Check reports why a load cannot be measured.
func (l Load) Check() error {
	switch {
	case l.Mode != Handler && l.Mode != Durable && l.Mode != Signature:
		return fmt.Errorf("bench: no mode is called %q", l.Mode)
	case l.Key != RSA2048 && l.Key != RSA3072 && l.Key != P256 && l.Key != Ed25519:
		return fmt.Errorf("bench: no kind of key is called %q", l.Key)
	case l.Mode != Signature && (l.Key == P256 || l.Key == Ed25519):
		return fmt.Errorf("bench: keys of kind %s only sign, in mode %s", l.Key, Signature)
	case l.Mode == Signature && l.Payload != 0:
		return fmt.Errorf("bench: mode %s has no payload", Signature)
	case l.Concurrency < 1 || l.Payload < 0 || l.Duration <= 0:
		return fmt.Errorf("bench: concurrency %d, payload %d, duration %v: nothing to measure", l.Concurrency, l.Payload, l.Duration)
	}
	return nil
}

func open(ctx context.Context, load Load, keys *Keys) (pair, error) {
	switch load.Mode {
	case Signature:
		return openSignature(load, keys)
	case Durable:
		return openDurable(ctx, load, keys)
	}
	return openHandler(load, keys)
}
