package pmode

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Strategy says how attempts are spread over the time of a Retry.
type Strategy string

// The strategies of deployed access points.
const (
	Constant    Strategy = "CONSTANT"    // Count further attempts, equally far apart
	SendOnce    Strategy = "SEND_ONCE"   // no further attempt
	Progressive Strategy = "PROGRESSIVE" // gaps that grow by Factor
)

// A Retry is how often and how far apart a message is sent until its receipt is there.
// [ebMS3 Appendix D: PMode[1].ReceptionAwareness.Retry.Parameters] The zero value is one attempt.
type Retry struct {
	Strategy Strategy
	Timeout  time.Duration // since the message was submitted; whole minutes
	Count    int           // attempts after the first; Constant and SendOnce
	Initial  time.Duration // first gap; Progressive only; whole minutes
	Factor   float64       // each gap is the one before times this, at least 1; Progressive only
}

// The bounds of a Retry: what lies beyond is a slip of the pen.
const (
	maxRetryMinutes = 60 * 24 * 60
	maxRetries      = 1000
)

var errRetry = errors.New("want MINUTES;COUNT;CONSTANT, MINUTES;COUNT;SEND_ONCE or MINUTES;INITIAL;FACTOR;PROGRESSIVE")

// ParseRetry reads the form that P-Mode files have: "12;4;CONSTANT" is four more attempts within twelve minutes.
// The empty text is the zero value.
func ParseRetry(s string) (Retry, error) {
	if s == "" {
		return Retry{}, nil
	}
	parts := strings.Split(s, ";")
	r := Retry{Strategy: Strategy(strings.ToUpper(strings.TrimSpace(parts[len(parts)-1])))}
	want := map[Strategy]int{Constant: 3, SendOnce: 3, Progressive: 4}[r.Strategy]
	if want == 0 || len(parts) != want {
		return Retry{}, errRetry
	}
	minutes, err := retryNumber(parts[0], maxRetryMinutes)
	if err != nil {
		return Retry{}, fmt.Errorf("timeout: %w", err)
	}
	r.Timeout = time.Duration(minutes) * time.Minute
	if r.Strategy != Progressive {
		if r.Count, err = retryNumber(parts[1], maxRetries); err != nil {
			return Retry{}, fmt.Errorf("count: %w", err)
		}
		return r, nil
	}
	initial, err := retryNumber(parts[1], maxRetryMinutes)
	if err != nil || initial == 0 {
		return Retry{}, fmt.Errorf("initial interval: want 1 to %d", maxRetryMinutes)
	}
	r.Initial = time.Duration(initial) * time.Minute
	r.Factor, err = strconv.ParseFloat(strings.TrimSpace(parts[2]), 64)
	if err != nil || !(r.Factor >= 1 && r.Factor <= 100) {
		return Retry{}, errors.New("factor: want 1 to 100")
	}
	return r, nil
}

func retryNumber(s string, limit int) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > limit {
		return 0, fmt.Errorf("want 0 to %d", limit)
	}
	return n, nil
}

// String is the form of P-Mode files.
func (r Retry) String() string {
	minutes := int(r.Timeout / time.Minute)
	switch r.Strategy {
	case "":
		return ""
	case Progressive:
		return fmt.Sprintf("%d;%d;%s;%s", minutes, int(r.Initial/time.Minute), strconv.FormatFloat(r.Factor, 'f', -1, 64), r.Strategy)
	default:
		return fmt.Sprintf("%d;%d;%s", minutes, r.Count, r.Strategy)
	}
}

// Attempts are the instants of all attempts, counted from the submission; the first is 0.
func (r Retry) Attempts() []time.Duration {
	out := []time.Duration{0}
	switch r.Strategy {
	case Constant:
		for k := 1; k <= r.Count; k++ {
			out = append(out, r.Timeout*time.Duration(k)/time.Duration(r.Count))
		}
	case Progressive:
		gap, at := float64(r.Initial), 0.0
		for at += gap; at <= float64(r.Timeout) && len(out) <= maxRetries; at += gap {
			out = append(out, time.Duration(at))
			gap *= r.Factor
		}
	}
	return out
}

// GivesUp is when a message without receipt has failed, counted from the submission: the last attempt is
// given half a minute.
func (r Retry) GivesUp() time.Duration {
	all := r.Attempts()
	return max(r.Timeout, all[len(all)-1]) + 30*time.Second
}
