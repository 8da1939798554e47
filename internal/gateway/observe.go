package gateway

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// observed reads a request body and keeps what passed, so that an observer sees the exact bytes.
type observed struct {
	io.ReadCloser
	keep bool
	b    bytes.Buffer
}

// Read implements io.Reader.
func (o *observed) Read(p []byte) (int, error) {
	n, err := o.ReadCloser.Read(p)
	if o.keep {
		o.b.Write(p[:n])
		if o.b.Len() > WireLimit {
			o.keep, o.b = false, bytes.Buffer{}
		}
	}
	return n, err
}

func (g *Gateway) observe(r *http.Request, body *observed, messageID, action string) {
	h := r.Header.Clone()
	h.Set("Content-Length", strconv.FormatInt(r.ContentLength, 10))
	g.c.Observer(Wire{At: g.c.Clock.Now(), MessageID: messageID, Action: action, Header: h, Body: body.b.Bytes()})
}
