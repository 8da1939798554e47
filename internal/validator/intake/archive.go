package intake

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// A budget counts what an archive gives.
type budget struct {
	limits  Limits
	entries int
	total   int64
}

// entry counts one more entry.
func (b *budget) entry() error {
	if b.entries++; b.entries > b.limits.Entries {
		return fmt.Errorf("%w: more than %d entries", errTooLarge, b.limits.Entries)
	}
	return nil
}

// take counts n unpacked bytes, which came from packed ones so far.
func (b *budget) take(n, unpacked, packed int64) error {
	if b.total += n; b.total > b.limits.Total {
		return fmt.Errorf("%w: unpacks to more than %d bytes", errTooLarge, b.limits.Total)
	}
	if unpacked > 4<<20 && unpacked/max(packed, 1) > b.limits.Ratio {
		return fmt.Errorf("%w: unpacks to more than %d times its size", errTooLarge, b.limits.Ratio)
	}
	return nil
}

// meter counts the bytes that pass.
type meter struct {
	in io.Reader
	n  int64
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.in.Read(b)
	m.n += int64(n)
	return n, err
}

// charged is a reader of unpacked bytes that ends when the budget does.
type charged struct {
	in     io.Reader
	budget *budget
	n      int64
	packed func() int64
}

func (c *charged) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	c.n += int64(n)
	if over := c.budget.take(int64(n), c.n, c.packed()); over != nil {
		return 0, over
	}
	return n, err
}

// inside reads one entry of an archive. An archive in an archive is not opened.
func (r Reader) inside(archiveName, entry string, in io.Reader, out sink) error {
	name := archiveName + "!" + strings.ReplaceAll(entry, `\`, "/")
	if !wanted(entry) {
		return nil
	}
	b := newPeeker(in)
	form := sniff(b.peek())
	switch {
	case form == formEntity:
		return r.entity(name, "", b, out)
	case form != formDocument, archive(entry):
		return out.failed(name, errors.New("an archive in an archive is not opened"))
	}
	return document(name, b, out)
}

// zip reads the entries of a zip archive. The list of entries is held in memory, so its size is looked at first.
func (r Reader) zip(name string, in io.ReaderAt, out sink) error {
	size, err := sizeOf(in)
	if err != nil {
		return err
	}
	if err := directoryFits(in, size); err != nil {
		return err
	}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return err
	}
	b := budget{limits: r.Limits}
	for _, f := range z.File {
		if err := b.entry(); err != nil {
			return err
		}
		if !f.Mode().IsRegular() || !wanted(f.Name) {
			continue
		}
		if f.Flags&1 != 0 {
			if err := out.failed(name+"!"+f.Name, errors.New("the entry is encrypted")); err != nil {
				return err
			}
			continue
		}
		err := r.zipEntry(name, f, &b, out)
		if errors.Is(err, errTooLarge) {
			return err
		}
		if err := out.failed(name+"!"+f.Name, err); err != nil {
			return err
		}
	}
	return nil
}

func (r Reader) zipEntry(name string, f *zip.File, b *budget, out sink) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	packed := int64(f.CompressedSize64)
	return r.inside(name, f.Name, &charged{in: in, budget: b, packed: func() int64 { return packed }}, out)
}

// directoryLimit bounds the list of entries at the end of a zip archive in bytes.
const directoryLimit = 8 << 20

// directoryFits refuses an archive whose list of entries is too large, or is written in the form for archives
// beyond 4 GiB. [APPNOTE 4.3.16]
func directoryFits(in io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, 22+0xffff))
	if _, err := in.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return err
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || len(tail)-i < 22 {
		return zip.ErrFormat
	}
	length, offset := int64(binary.LittleEndian.Uint32(tail[i+12:])), int64(binary.LittleEndian.Uint32(tail[i+16:]))
	if max(length, size-offset-int64(len(tail)-i)) > directoryLimit {
		return fmt.Errorf("%w: the list of entries has more than %d bytes", errTooLarge, directoryLimit)
	}
	return nil
}

func sizeOf(in io.ReaderAt) (int64, error) {
	switch in := in.(type) {
	case *os.File:
		info, err := in.Stat()
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	case *bytes.Reader:
		return in.Size(), nil
	}
	return 0, errors.ErrUnsupported
}

// gzip reads a tar, or one document, that is compressed.
func (r Reader) gzip(name string, in io.Reader, out sink) error {
	packed := &meter{in: in}
	z, err := gzip.NewReader(packed)
	if err != nil {
		return err
	}
	b := &budget{limits: r.Limits}
	plain := newPeeker(&charged{in: z, budget: b, packed: func() int64 { return packed.n }})
	switch sniff(plain.peek()) {
	case formTar:
		return r.tar(name, plain, out)
	case formEntity:
		return r.entity(name, "", plain, out)
	case formDocument:
		return document(name, plain, out)
	}
	return errors.New("an archive in an archive is not opened")
}

// tar reads the entries of a tar archive.
func (r Reader) tar(name string, in io.Reader, out sink) error {
	b := budget{limits: r.Limits}
	packed := &meter{in: in}
	t := tar.NewReader(packed)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = b.entry()
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		err = r.inside(name, h.Name, &charged{in: t, budget: &b, packed: func() int64 { return packed.n }}, out)
		if errors.Is(err, errTooLarge) || errors.Is(err, tar.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if err := out.failed(name+"!"+h.Name, err); err != nil {
			return err
		}
	}
}
