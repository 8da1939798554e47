package xmlenc

import "encoding/binary"

// An element of GF(2^128) in the bit order of GCM: the most significant bit of hi is the coefficient of x^0.
// [SP 800-38D §6.3]
type element struct{ hi, lo uint64 }

func toElement(b []byte) element {
	return element{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:16])}
}

func (x element) put(b []byte) {
	binary.BigEndian.PutUint64(b, x.hi)
	binary.BigEndian.PutUint64(b[8:16], x.lo)
}

func (x element) plus(y element) element { return element{x.hi ^ y.hi, x.lo ^ y.lo} }

// times returns the product in constant time. It is needed once for a whole chunk of content, so that speed
// matters less here than not leaking the hash key.
func (x element) times(y element) element {
	var z element
	for _, word := range [2]uint64{x.hi, x.lo} {
		for i := 63; i >= 0; i-- {
			take := -(word >> i & 1)
			z.hi ^= y.hi & take
			z.lo ^= y.lo & take
			carry := -(y.lo & 1)
			y.lo = y.lo>>1 | y.hi<<63
			y.hi = y.hi>>1 ^ carry&(0xe1<<56)
		}
	}
	return z
}

// power returns x^n for n of at least 1. n is a length and no secret.
func (x element) power(n int) element {
	z := element{hi: 1 << 63}
	for ; n > 1; n >>= 1 {
		if n&1 == 1 {
			z = z.times(x)
		}
		x = x.times(x)
	}
	return z.times(x)
}
