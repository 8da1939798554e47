package swa

// Limits bound what a Reader accepts. A zero field means the default, so that Limits{} is useful.
type Limits struct {
	Root     int64 // bytes of the root part; default 4 MiB
	Part     int64 // bytes of one further part, as transferred and decoded; default 64 MiB
	Message  int64 // bytes of the whole entity body; default 256 MiB
	Parts    int   // parts behind the root part; default 100
	Preamble int64 // bytes before the first and behind the last delimiter, each; default 4 KiB
}

// Limits of the headers of one part. [AS4 1.15 §3.2.2] says nothing; these hold any real header.
const (
	maxHeaders    = 100
	maxHeaderLine = 998 // [RFC 5322 §2.1.1]
	maxHeaderSize = 16 << 10
	maxPadding    = 64 // white space behind a boundary [RFC 2046 §5.1.1]
)

func (l Limits) withDefaults() Limits {
	set := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	set(&l.Root, 4<<20)
	set(&l.Part, 64<<20)
	set(&l.Message, 256<<20)
	set(&l.Preamble, 4<<10)
	if l.Parts == 0 {
		l.Parts = 100
	}
	return l
}
