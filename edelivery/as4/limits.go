package as4

import (
	"time"

	"oots/edelivery/pmode"
	"oots/edelivery/swa"
	"oots/xml/xmltree"
)

// Limits bound what a message may cost. A zero field means the default, so that Limits{} is useful. Where two
// defaults are given, the first is for a Receiver without a Spool, which keeps messages in memory.
type Limits struct {
	Message  int64 // bytes of the entity body; default 256 MiB, 4 GiB
	Envelope int64 // bytes of the SOAP envelope; default 4 MiB
	Part     int64 // bytes of one payload as transferred; default 64 MiB, 2 GiB
	Parts    int   // payloads; default 100
	Plain    int64 // bytes of one payload when decompressed; default 128 MiB, 8 GiB
	AllPlain int64 // bytes of all payloads when decompressed; default 256 MiB, 8 GiB
	Ratio    int64 // decompressed bytes per compressed byte, judged above 10 MiB and while it is read; default 1000

	Idle    time.Duration // longest wait for the next bytes of the body; default 30 s
	Grace   time.Duration // from the start of the body, after which Rate is judged; the sender must be proven by then; default 60 s
	Opening time.Duration // from the start of the body, after which Rate is judged as long as the sender is not proven; default 10 s
	Rate    int64         // bytes per second that a body must reach on average; default 1024
}

func (l Limits) withDefaults(spooled bool) Limits {
	set := func(v *int64, memory, disk int64) {
		switch {
		case *v != 0:
		case spooled:
			*v = disk
		default:
			*v = memory
		}
	}
	set(&l.Message, 256<<20, 4<<30)
	set(&l.Envelope, 4<<20, 4<<20)
	set(&l.Part, 64<<20, 2<<30)
	set(&l.Plain, 128<<20, 8<<30)
	set(&l.AllPlain, 256<<20, 8<<30)
	set(&l.Ratio, 1000, 1000)
	set(&l.Rate, 1024, 1024)
	if l.Parts == 0 {
		l.Parts = 100
	}
	if l.Idle == 0 {
		l.Idle = 30 * time.Second
	}
	if l.Grace == 0 {
		l.Grace = time.Minute
	}
	if l.Opening == 0 {
		l.Opening = min(10*time.Second, l.Grace)
	}
	return l
}

// of tightens l to what one partner may send. It never loosens.
func (l Limits) of(p pmode.Party) Limits {
	tighten := func(v *int64, limit int64) {
		if limit > 0 {
			*v = min(*v, limit)
		}
	}
	tighten(&l.Message, p.Limits.Message)
	tighten(&l.Part, p.Limits.Part)
	tighten(&l.AllPlain, p.Limits.Plain)
	if p.Limits.Parts > 0 {
		l.Parts = min(l.Parts, p.Limits.Parts)
	}
	return l
}

func (l Limits) mime() swa.Limits {
	return swa.Limits{Root: l.Envelope, Part: l.Part, Message: l.Message, Parts: l.Parts}
}

func (l Limits) xml() xmltree.Limits {
	return xmltree.Limits{Bytes: int(l.Envelope), Elements: 50_000, NoProcInst: true}
}

// signalLimits bound an answer, which has no payload.
var signalLimits = Limits{Message: 4 << 20, Envelope: 4 << 20, Parts: 1}
