package wsplugin

import (
	"encoding/base64"
	"errors"
	"io"
)

// errBase64 does not say which character is wrong: the content may be secret.
var errBase64 = errors.New("is not base64")

var strict = base64.StdEncoding.Strict()

// A decoder writes the bytes of a value of xsd:base64Binary that comes in pieces. White space is skipped anywhere;
// everything else outside the alphabet, a wrong padding and bits that are not used are refused. [XML Schema 2 §3.2.16]
type decoder struct {
	w      io.Writer
	in     []byte // characters that are not decoded yet
	out    []byte
	padded bool // the end has been seen
	err    error
}

// piece is how many characters are decoded at once, a multiple of four.
const piece = 16 << 10

func newDecoder(w io.Writer) *decoder {
	return &decoder{w: w, in: make([]byte, 0, piece), out: make([]byte, piece/4*3)}
}

// put takes one character.
func (d *decoder) put(c byte) {
	if c > ' ' && d.err == nil && !d.padded {
		if d.in = append(d.in, c); len(d.in) == piece {
			d.flush()
		}
		return
	}
	if c == ' ' || c == '\t' || c == '\r' || c == '\n' || d.err != nil {
		return
	}
	d.err = errBase64
}

func (d *decoder) flush() {
	d.padded = d.in[len(d.in)-1] == '='
	n, err := strict.Decode(d.out, d.in)
	d.in = d.in[:0]
	if err != nil {
		d.err = errBase64
		return
	}
	if _, err := d.w.Write(d.out[:n]); err != nil {
		d.err = err
	}
}

// end decodes what is left.
func (d *decoder) end() error {
	if d.err == nil && len(d.in) > 0 {
		d.flush()
	}
	return d.err
}
