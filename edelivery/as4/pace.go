package as4

import (
	"errors"
	"io"
	"os"
	"time"
)

// errSlow says that a sender is too slow: many such would hold all connections.
var errSlow = errors.New("as4: the body comes too slowly")

// A pace reads a body and gives up on a sender that stalls or drips, earlier on one that is not proven: anybody can be
// that. It judges after each Read; that a Read returns at all is up to the connection: see Body.
type pace struct {
	src    io.Reader
	now    func() time.Time
	lim    Limits
	start  time.Time // of the first Read
	n      int64
	stop   int64 // n at which to stop; 0 for never
	proven bool  // who sends
}

var errStopped = errors.New("as4: enough of the body was read")

func newPace(src io.Reader, now func() time.Time, lim Limits) *pace {
	return &pace{src: src, now: now, lim: lim}
}

func (p *pace) Read(b []byte) (int, error) {
	if p.stop > 0 && p.n >= p.stop {
		return 0, errStopped
	}
	before := p.now()
	if p.start.IsZero() {
		p.start = before
	}
	if b, ok := p.src.(*timedBody); ok {
		b.within = 0
		if !p.proven {
			b.within = max(time.Millisecond, p.opening()-before.Sub(p.start))
		}
	}
	n, err := p.src.Read(b)
	p.n += int64(n)
	after := p.now()
	elapsed := after.Sub(p.start)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return 0, errSlow
	case err == io.EOF:
		return n, err
	case after.Sub(before) > p.lim.Idle:
		return 0, errSlow
	case !p.proven && elapsed > p.opening():
		return 0, errSlow
	case elapsed > p.lim.Grace && p.n < int64(elapsed.Seconds())*p.lim.Rate:
		return 0, errSlow
	}
	return n, err
}

// opening is how long after its start a body of so many bytes may still be one whose sender is not proven.
func (p *pace) opening() time.Duration {
	return min(p.lim.Grace, max(p.lim.Opening, time.Duration(float64(p.n)/float64(p.lim.Rate)*float64(time.Second))))
}
