package xmlenc

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// random is a reproducible source of n bytes.
func random(n int, seed uint64) []byte {
	b := make([]byte, n)
	c := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), 1})
	c.Read(b)
	return b
}

// lengths are all around the sizes at which the code changes its way, and every short one.
func lengths() []int {
	var all []int
	for n := 0; n <= 1000; n++ {
		all = append(all, n)
	}
	for _, edge := range []int{firstChunkSize, firstChunkSize + chunkSize, firstChunkSize + 2*chunkSize, firstChunkSize + 5*chunkSize} {
		for d := -33; d <= 33; d++ {
			all = append(all, edge+d)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		all = append(all, r.IntN(3<<20))
	}
	return all
}

func TestSealerIsGCM(t *testing.T) {
	t.Parallel()
	for _, c := range []Content{AES128GCM, AES256GCM} {
		key := random(c.KeySize(), 1)
		block, err := aes.NewCipher(key)
		if err != nil {
			t.Fatal(err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range lengths() {
			nonce, plain := random(NonceSize, uint64(n)), random(n, uint64(n)+7)
			want := aead.Seal(bytes.Clone(nonce), nonce, plain, nil)
			r, err := NewSealer(c, key, nonce, bytes.NewReader(plain))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: %d bytes: sealed wrongly, %v", c, n, err)
			}
			o, err := NewOpener(c, key, bytes.NewReader(want))
			if err != nil {
				t.Fatal(err)
			}
			back, err := io.ReadAll(o)
			if err != nil || !bytes.Equal(back, plain) {
				t.Fatalf("%s: %d bytes: opened wrongly, %v", c, n, err)
			}
		}
	}
}

// Readers that give little at a time, or their end together with the last bytes, change nothing.
func TestStreamsOverOddReaders(t *testing.T) {
	t.Parallel()
	key, nonce := random(16, 1), random(NonceSize, 2)
	for _, n := range []int{0, 5, firstChunkSize, firstChunkSize + chunkSize, 200_000} {
		plain := random(n, 3)
		for _, odd := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
			s, err := NewSealer(AES128GCM, key, nonce, odd(bytes.NewReader(plain)))
			if err != nil {
				t.Fatal(err)
			}
			o, err := NewOpener(AES128GCM, key, odd(s))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(odd(o)); err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("%d bytes: %v", n, err)
			}
		}
	}
}

// No bit of nonce, ciphertext or tag can be changed, nothing cut, nothing added.
func TestOpenerRefuses(t *testing.T) {
	t.Parallel()
	key, nonce := random(16, 1), random(NonceSize, 2)
	for _, n := range []int{0, 1, 100, firstChunkSize, firstChunkSize + 1, firstChunkSize + chunkSize, 3*chunkSize + 17} {
		r, err := NewSealer(AES128GCM, key, nonce, bytes.NewReader(random(n, 3)))
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		spoiled := map[string][]byte{"": nil, "cut to the nonce": sealed[:NonceSize], "cut in the nonce": sealed[:5]}
		for _, at := range []int{0, NonceSize - 1, NonceSize, len(sealed) / 2, len(sealed) - 17, len(sealed) - 16, len(sealed) - 1} {
			if at < 0 {
				continue
			}
			b := bytes.Clone(sealed)
			b[at] ^= 0x10
			spoiled[fmt.Sprint("bit in byte ", at)] = b
		}
		for _, cut := range []int{1, 15, 16, 17} {
			spoiled[fmt.Sprint("cut by ", cut)] = sealed[:len(sealed)-cut]
		}
		spoiled["one byte more"] = append(bytes.Clone(sealed), 0)
		for name, b := range spoiled {
			o, err := NewOpener(AES128GCM, key, bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(o); err != ErrOpen {
				t.Errorf("%d bytes, %s: %v", n, name, err)
			}
			if _, err := o.Read(make([]byte, 1)); err != ErrOpen {
				t.Errorf("%d bytes, %s: the second error is %v", n, name, err)
			}
		}
	}
}

func TestStreamsPassErrors(t *testing.T) {
	t.Parallel()
	key, nonce, broken := random(16, 1), random(NonceSize, 2), errors.New("broken")
	for _, n := range []int{0, 5, 100_000} {
		src := func() io.Reader { return io.MultiReader(bytes.NewReader(random(n, 3)), iotest.ErrReader(broken)) }
		s, _ := NewSealer(AES128GCM, key, nonce, src())
		if _, err := io.ReadAll(s); err != broken {
			t.Errorf("sealer after %d bytes: %v", n, err)
		}
		o, _ := NewOpener(AES128GCM, key, src())
		if _, err := io.ReadAll(o); err != broken {
			t.Errorf("opener after %d bytes: %v", n, err)
		}
	}
	if _, err := NewSealer(AES128GCM, key[:15], nonce, nil); err != ErrKey {
		t.Error(err)
	}
	if _, err := NewSealer(AES128GCM, key, nonce[:11], nil); err != ErrKey {
		t.Error(err)
	}
	if _, err := NewOpener("urn:x", key, nil); err != ErrAlgorithm {
		t.Error(err)
	}
}

func TestStreamEndsBeforeTheCounter(t *testing.T) {
	t.Parallel()
	g, err := newStream(AES128GCM, random(16, 1))
	if err != nil {
		t.Fatal(err)
	}
	if g.n = maxContent - 5; g.add(5) != nil || g.add(1) != ErrTooLong {
		t.Error("the limit is not kept")
	}
}

// The field has x^127+1 in it and all the carries: x·x^-1 = 1, powers agree with products.
func TestField(t *testing.T) {
	t.Parallel()
	one := element{hi: 1 << 63}
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		a, b, c := element{r.Uint64(), r.Uint64()}, element{r.Uint64(), r.Uint64()}, element{r.Uint64(), r.Uint64()}
		if a.times(one) != a || a.times(b) != b.times(a) || a.times(b.plus(c)) != a.times(b).plus(a.times(c)) || a.times(b).times(c) != a.times(b.times(c)) {
			t.Fatal("no field")
		}
		p := one
		for n := 1; n <= 40; n++ {
			if p = p.times(a); a.power(n) != p {
				t.Fatalf("power %d", n)
			}
		}
	}
}

func BenchmarkGCM(b *testing.B) {
	const size = 16 << 20
	key, nonce, plain := random(16, 1), random(NonceSize, 2), random(size, 3)
	block, _ := aes.NewCipher(key)
	aead, _ := cipher.NewGCM(block)
	sealed := aead.Seal(bytes.Clone(nonce), nonce, plain, nil)
	room := make([]byte, 0, size+64)
	b.Run("one shot seal", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			aead.Seal(room, nonce, plain, nil)
		}
	})
	b.Run("one shot open", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			aead.Open(room, nonce, sealed[NonceSize:], nil)
		}
	})
	buf := make([]byte, 64<<10)
	drain := func(b *testing.B, r io.Reader, err error) {
		for err == nil {
			_, err = r.Read(buf)
		}
		if err != io.EOF {
			b.Fatal(err)
		}
	}
	b.Run("stream seal", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			r, err := NewSealer(AES128GCM, key, nonce, bytes.NewReader(plain))
			drain(b, r, err)
		}
	})
	b.Run("stream open", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			r, err := NewOpener(AES128GCM, key, bytes.NewReader(sealed))
			drain(b, r, err)
		}
	})
}
