package as4

import (
	"oots/edelivery/swa"
	"oots/xml/xmltree"
)

// Limits bound what a message may cost. A zero field means the default, so that Limits{} is useful.
type Limits struct {
	Message  int64 // bytes of the entity body; default 256 MiB
	Envelope int64 // bytes of the SOAP envelope; default 4 MiB
	Part     int64 // bytes of one payload as transferred; default 64 MiB
	Parts    int   // payloads; default 100
	Plain    int64 // bytes of one payload when decompressed; default 128 MiB
	AllPlain int64 // bytes of all payloads when decompressed; default 256 MiB
	Ratio    int64 // decompressed bytes per compressed byte, judged above 10 MiB; default 1000
}

func (l Limits) withDefaults() Limits {
	set := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	set(&l.Message, 256<<20)
	set(&l.Envelope, 4<<20)
	set(&l.Part, 64<<20)
	set(&l.Plain, 128<<20)
	set(&l.AllPlain, 256<<20)
	set(&l.Ratio, 1000)
	if l.Parts == 0 {
		l.Parts = 100
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
