package as4

import (
	"errors"
	"io"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
)

// A spoolError is a failure of our own place for parts: the sender is asked to come back, and is not to blame.
type spoolError struct{ err error }

func (e *spoolError) Error() string { return "as4: spool: " + e.err.Error() }
func (e *spoolError) Unwrap() error { return e.err }

// spoolWriter marks the errors of a Spooled.
type spoolWriter struct{ dst Spooled }

func (w spoolWriter) Write(b []byte) (int, error) {
	n, err := w.dst.Write(b)
	if err != nil {
		return n, &spoolError{err}
	}
	return n, nil
}

// An intake takes the parts of one message in the order in which they come. Parts, PartInfo, signed references
// and encrypted data must correspond one to one; nothing is released before the last of them is checked.
type intake struct {
	v        *wssec.Verified
	keys     []wssec.Identity
	spool    Spool
	lim      Limits
	left     int64 // decompressed bytes that the message may still take
	pairs    pairing
	payloads []Payload // by PartInfo
	spooled  []Spooled // by PartInfo; nil until the part came
}

// all takes every part, and makes them durable when nothing is wrong with any of them.
func (in *intake) all(mime *swa.Reader) error {
	for {
		p, err := mime.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if i, ok := in.pairs.take(p.ContentID); ok {
			if err := in.take(i, p); err != nil {
				return err
			}
		}
	}
	if err := in.pairs.check(); err != nil {
		return err
	}
	if err := in.v.Complete(); err != nil {
		return err
	}
	for i, s := range in.spooled {
		var err error
		if in.payloads[i].Content, err = s.Finish(); err != nil {
			return &spoolError{err}
		}
	}
	return nil
}

// take writes one part into the spool: decrypted, digested and decompressed on the way. The media type is the
// signed part property, never that of the MIME part or of the encrypted data, which nobody signed.
func (in *intake) take(i int, p *swa.PartReader) error {
	o, err := in.v.Open(p.ContentID, p.MediaType, p, in.keys)
	if err != nil {
		return err
	}
	info := &in.pairs.infos[i]
	out := &in.payloads[i]
	out.ContentID, out.MimeType = p.ContentID, "application/octet-stream"
	if t, _ := info.Property(ebms.MimeType); t != "" {
		out.MimeType = t
	}
	for _, q := range info.Properties {
		if !strings.EqualFold(q.Name, ebms.MimeType) && !strings.EqualFold(q.Name, ebms.CompressionType) {
			out.Properties = append(out.Properties, q)
		}
	}
	_, out.Compress = info.Property(ebms.CompressionType)
	s, err := in.spool.Create()
	if err != nil {
		return &spoolError{err}
	}
	in.spooled[i] = s
	n, err := in.fill(spoolWriter{s}, o, out.Compress)
	in.left -= n
	return err
}

func (in *intake) fill(dst io.Writer, o *wssec.Opening, compressed bool) (int64, error) {
	limit := min(in.lim.Plain, in.left)
	if !compressed {
		n, err := pour(dst, io.LimitReader(o, limit+1))
		if err == nil && n > limit {
			err = ebms.NewError(ebms.ProcessingModeMismatch, "payloads are above the size limit")
		}
		return n, err
	}
	n, err := decompress(dst, o, limit, in.lim.Ratio)
	var ours *spoolError
	if errors.As(err, &ours) {
		return n, err
	}
	// What comes out of decompression may be judged only when the octets that went in are known to be the
	// sender's: otherwise its errors would tell about the plain text of somebody else's message.
	behind, wrong := io.Copy(io.Discard, o)
	switch {
	case wrong != nil:
		return n, wrong
	case err == nil && behind > 0:
		return n, ebms.NewError(ebms.DecompressionFailure, "payload is broken gzip")
	}
	return n, err
}

// discard removes everything that the message has put into the spool.
func (in *intake) discard() error {
	var errs []error
	for _, s := range in.spooled {
		if s != nil {
			errs = append(errs, s.Discard())
		}
	}
	return errors.Join(errs...)
}

// A pairing finds the PartInfo of each part: by the reference as written, else with its escapes decoded.
type pairing struct {
	infos   []ebms.PartInfo
	ids     [][2]string // of infos, as written and decoded
	taken   []bool
	surplus int // parts without PartInfo
}

func newPairing(infos []ebms.PartInfo) pairing {
	p := pairing{infos: infos, ids: make([][2]string, len(infos)), taken: make([]bool, len(infos))}
	for i := range infos {
		p.ids[i][0], p.ids[i][1], _ = ebms.ContentID(infos[i].Href)
	}
	return p
}

// take returns the index of the PartInfo of a part.
func (p *pairing) take(contentID string) (int, bool) {
	for form := range 2 {
		for i := range p.ids {
			if !p.taken[i] && p.ids[i][form] == contentID {
				p.taken[i] = true
				return i, true
			}
		}
	}
	p.surplus++
	return 0, false
}

// check is for the end: every PartInfo has had its part, every part its PartInfo.
func (p *pairing) check() error {
	for i, ok := range p.taken {
		if !ok {
			return ebms.NewError(ebms.ExternalPayloadError, "PartInfo %d has no part in the message", i+1)
		}
	}
	if p.surplus > 0 {
		return ebms.NewError(ebms.MimeInconsistency, "%d parts have no PartInfo", p.surplus)
	}
	return nil
}
