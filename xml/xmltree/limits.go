package xmltree

// Limits bound what Parse accepts. Every limit is checked before the memory for it is taken. A field that is
// zero means the value of Default.
type Limits struct {
	Bytes      int  // octets of the entity
	Depth      int  // open elements, the document element is 1
	Attributes int  // attributes of one element, and namespace declarations of one element; in scope at once: four times that
	Elements   int  // elements of the document
	TextBytes  int  // octets of one text, attribute value, comment or processing instruction
	NoProcInst bool // refuse processing instructions, as SOAP 1.2 does [SOAP 1.2 §5]
}

// Default suits envelopes and the answers of directories (600 kB, 12 000 elements in the largest seen).
var Default = Limits{
	Bytes:      8 << 20,
	Depth:      64,
	Attributes: 64,
	Elements:   200_000,
	TextBytes:  8 << 20,
}

// filled returns l with the defaults in place of zero.
func (l Limits) filled() Limits {
	or := func(v, def int) int {
		if v == 0 {
			return def
		}
		return v
	}
	return Limits{
		Bytes:      or(l.Bytes, Default.Bytes),
		Depth:      or(l.Depth, Default.Depth),
		Attributes: or(l.Attributes, Default.Attributes),
		Elements:   or(l.Elements, Default.Elements),
		TextBytes:  or(l.TextBytes, Default.TextBytes),
		NoProcInst: l.NoProcInst,
	}
}
