package render

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // readPicture reads headers of both
	_ "image/png"
	"mime"
	"strings"
)

// maxPixels is what a browser may be made to unpack from one picture.
const maxPixels = 100_000_000

// essence is a media type without parameters, in lower case.
func essence(mediaType string) string {
	if t, _, err := mime.ParseMediaType(mediaType); err == nil {
		return t
	}
	return strings.ToLower(strings.TrimSpace(mediaType))
}

// readPicture reads the header only: the browser draws.
func (t *Tree) readPicture(mediaType string, content []byte) error {
	c, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || "image/"+format != mediaType {
		return errors.New("no such picture")
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return errors.New("too many pixels")
	}
	t.Kind, t.Width, t.Height = Picture, c.Width, c.Height
	return nil
}

// readPDF looks for the header where readers look for it.
func (t *Tree) readPDF(content []byte) error {
	if !bytes.Contains(content[:min(len(content), 1024)], []byte("%PDF-")) {
		return errors.New("no PDF header")
	}
	t.Kind = Paper
	return nil
}
