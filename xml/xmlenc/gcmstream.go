package xmlenc

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"io"
)

const (
	// NonceSize is the length of the nonce before a sealed content. [XMLENC 1.1 §5.2.4]
	NonceSize = 12
	tagSize   = 16

	// chunkSize is how much is encrypted and hashed at once: large enough for the speed of the processor's
	// instructions, small enough to stay in its cache. The first chunk is small, because most contents are.
	chunkSize      = 64 << 10
	firstChunkSize = 4 << 10

	// maxContent is what one key and nonce may encrypt, in bytes. [SP 800-38D §5.2.1.1]
	maxContent = 1<<36 - 32
)

// ErrTooLong says that a content is above what one key and nonce may encrypt.
var ErrTooLong = errors.New("xmlenc: content above 2^36-32 bytes")

// NewNonce returns a random nonce.
func NewNonce() []byte {
	b := make([]byte, NonceSize)
	rand.Read(b) // never fails [crypto/rand]
	return b
}

// NewSealer returns a reader of what Seal returns, nonce, ciphertext and tag, in constant memory. A nonce must
// never serve two contents under one key; the same content may be sealed with it again and gives the same bytes.
func NewSealer(c Content, key, nonce []byte, plain io.Reader) (io.Reader, error) {
	g, err := newStream(c, key)
	if err != nil {
		return nil, err
	}
	if len(nonce) != NonceSize {
		return nil, ErrKey
	}
	copy(g.nonce[:], nonce)
	return &sealer{g: g, src: plain}, nil
}

// NewOpener returns a reader that opens what Seal made, in constant memory. What it reads is not authentic before
// the reader returned io.EOF: until then the caller must put it where nobody looks. Every way in which
// opening can fail is ErrOpen; errors of sealed pass as they are.
func NewOpener(c Content, key []byte, sealed io.Reader) (io.Reader, error) {
	g, err := newStream(c, key)
	if err != nil {
		return nil, err
	}
	return &opener{g: g, src: sealed}, nil
}

// A stream is AES-GCM without additional data in pieces.
type stream struct {
	block cipher.Block
	aead  cipher.AEAD
	nonce [NonceSize]byte
	ctr   cipher.Stream // nil before the first chunk
	n     uint64        // bytes so far
	hash  ghash
}

func newStream(c Content, key []byte) (*stream, error) {
	if c.KeySize() == 0 {
		return nil, ErrAlgorithm
	}
	if len(key) != c.KeySize() {
		return nil, ErrKey
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &stream{block: block, aead: aead}, nil
}

// begin makes what only contents of more than one chunk need.
func (g *stream) begin() {
	var counter [16]byte
	copy(counter[:], g.nonce[:])
	counter[15] = 2
	// The counter of GCM is the last 32 bits; below maxContent they do not run over.
	g.ctr = cipher.NewCTR(g.block, counter[:])
	g.hash.begin(g.block, g.aead)
}

func (g *stream) add(n int) error {
	if g.n += uint64(n); g.n > maxContent {
		return ErrTooLong
	}
	return nil
}

// tag returns the authentication tag of everything hashed. [SP 800-38D §7.1]
func (g *stream) tag() [tagSize]byte {
	var mask, tag [16]byte
	copy(mask[:], g.nonce[:])
	mask[15] = 1
	g.block.Encrypt(mask[:], mask[:])
	length := element{lo: g.n * 8}.times(g.hash.key)
	g.hash.sum.plus(length).plus(toElement(mask[:])).put(tag[:])
	return tag
}

// A ghash computes GHASH with the processor's instructions through the one door that the standard library has:
// the tag of a chunk as additional data is E(J) ⊕ (GHASH(chunk) ⊕ L)·H, where L holds the length of the chunk.
// J is the same for all of them, and no tag leaves this type. What is kept is GHASH·H, the form in which both the
// tags of the chunks and the tag of the whole come. [SP 800-38D §6.4]
type ghash struct {
	aead   cipher.AEAD
	key    element // H
	mask   element // E(J)
	sum    element // GHASH(content)·H
	power  element // H^(chunkSize/16)
	length element // L·H of a chunk of chunkSize
	room   [tagSize]byte
}

// masked is the nonce under which chunks are hashed.
var masked [NonceSize]byte

func (h *ghash) begin(block cipher.Block, aead cipher.AEAD) {
	h.aead = aead
	var zero [16]byte
	block.Encrypt(h.room[:], zero[:])
	h.key = toElement(h.room[:])
	h.mask = toElement(aead.Seal(h.room[:0], masked[:], nil, nil))
	h.power = h.key.power(chunkSize / 16)
	h.length = element{hi: chunkSize * 8}.times(h.key)
}

// write adds a chunk. All but the last are whole blocks.
func (h *ghash) write(chunk []byte) {
	if len(chunk) == 0 {
		return
	}
	power, length := h.power, h.length
	if len(chunk) != chunkSize {
		length = element{hi: uint64(len(chunk)) * 8}.times(h.key)
		if h.sum != (element{}) {
			power = h.key.power((len(chunk) + 15) / 16)
		}
	}
	tag := toElement(h.aead.Seal(h.room[:0], masked[:], nil, chunk))
	h.sum = h.sum.times(power).plus(tag).plus(h.mask).plus(length)
}

type sealer struct {
	g    *stream
	src  io.Reader
	buf  []byte // room for a chunk and the tag
	out  []byte // what is still to be read
	open bool   // the nonce is out
	err  error
}

func (s *sealer) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.fill()
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

func (s *sealer) fill() {
	if !s.open {
		s.open = true
		s.out = s.g.nonce[:]
		s.buf = make([]byte, firstChunkSize+tagSize)
		return
	}
	if s.g.ctr != nil && len(s.buf) < chunkSize {
		s.buf = make([]byte, chunkSize+tagSize)
	}
	n, err := io.ReadFull(s.src, s.buf[:len(s.buf)-tagSize])
	last := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !last {
		s.err = err
		return
	}
	if s.err = s.g.add(n); s.err != nil {
		return
	}
	chunk := s.buf[:n]
	if last {
		s.err = io.EOF
		if s.g.ctr == nil {
			s.out = s.g.aead.Seal(chunk[:0], s.g.nonce[:], chunk, nil)
			return
		}
	} else if s.g.ctr == nil {
		s.g.begin()
	}
	s.g.ctr.XORKeyStream(chunk, chunk)
	s.g.hash.write(chunk)
	s.out = chunk
	if last {
		tag := s.g.tag()
		s.out = append(chunk, tag[:]...)
	}
}

type opener struct {
	g    *stream
	src  io.Reader
	buf  []byte
	held int // bytes at the start of buf, behind what was opened: they may be the tag
	from int // where they are until the next fill
	out  []byte
	open bool // the nonce is read
	err  error
}

func (o *opener) Read(p []byte) (int, error) {
	for len(o.out) == 0 {
		if o.err != nil {
			return 0, o.err
		}
		o.fill()
	}
	n := copy(p, o.out)
	o.out = o.out[n:]
	return n, nil
}

func (o *opener) fill() {
	if !o.open {
		o.open = true
		if _, err := io.ReadFull(o.src, o.g.nonce[:]); err != nil {
			o.fail(err)
			return
		}
		o.buf = make([]byte, firstChunkSize+tagSize)
	}
	held := o.buf[o.from : o.from+o.held]
	if o.g.ctr != nil && len(o.buf) < chunkSize {
		o.buf = make([]byte, chunkSize+tagSize)
	}
	copy(o.buf, held)
	n, err := io.ReadFull(o.src, o.buf[o.held:])
	n += o.held
	last := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !last || n < tagSize {
		o.fail(err)
		return
	}
	chunk, rest := o.buf[:n-tagSize], o.buf[n-tagSize:n]
	o.held, o.from = tagSize, n-tagSize
	if o.g.add(len(chunk)) != nil {
		o.err = ErrOpen
		return
	}
	if last && o.g.ctr == nil {
		plain, err := o.g.aead.Open(chunk[:0], o.g.nonce[:], o.buf[:n], nil)
		if o.out, o.err = plain, io.EOF; err != nil {
			o.out, o.err = nil, ErrOpen
		}
		return
	}
	if o.g.ctr == nil {
		o.g.begin()
	}
	o.g.hash.write(chunk)
	if last {
		o.err = io.EOF
		if tag := o.g.tag(); subtle.ConstantTimeCompare(tag[:], rest) != 1 {
			o.err = ErrOpen
			return
		}
	}
	o.g.ctr.XORKeyStream(chunk, chunk)
	o.out = chunk
}

// fail ends the reader: a content that is too short is as wrong as one with a wrong tag.
func (o *opener) fail(err error) {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = ErrOpen
	}
	o.err = err
}
