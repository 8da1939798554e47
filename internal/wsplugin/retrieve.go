package wsplugin

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/backend"
	"oots/xml/xmltree"
)

// retrieve hands a message over. It is marked as downloaded only when the last byte of the answer has gone out: an
// answer that broke leaves the message pending.
func (h *Handler) retrieve(w http.ResponseWriter, c *call) {
	id, err := c.text("messageID")
	mark := true
	if v := attribute(c.operation, "markAsDownloaded"); c.space() == NS && (v == "false" || v == "0") {
		mark = false
	}
	var r *backend.Retrieval
	if err == nil {
		r, err = h.c.Backend.Retrieve(c.ctx, c.account, id, mark)
	}
	if err != nil {
		h.fail(w, err, false)
		return
	}
	var total int64
	for _, p := range r.Payloads {
		if p.Content != nil {
			total += p.Content.Size()
		}
	}
	control := http.NewResponseController(w)
	control.SetWriteDeadline(time.Now().Add(time.Minute + time.Duration(total>>16)*time.Second))
	if err = h.hand(w, c.space(), &r.Received); err == nil {
		if err = control.Flush(); errors.Is(err, http.ErrNotSupported) {
			err = nil
		}
	}
	// The caller may be gone; what is to be stored is stored.
	ctx := context.WithoutCancel(c.ctx)
	if err != nil {
		h.c.Log.Warn("a message could not be handed over; it is still pending", "message", id, "err", err)
		if err := r.Release(ctx); err != nil {
			h.c.Log.Error("a message is held until its lease ends", "message", id, "err", err)
		}
		panic(http.ErrAbortHandler) // the answer is cut: it must not look complete
	}
	if err := r.Done(ctx); err != nil {
		h.c.Log.Error("a message was handed over and could not be marked; it will be again", "message", id, "err", err)
	}
}

// hand writes the response.
func (h *Handler) hand(w http.ResponseWriter, space string, r *backend.Received) error {
	if !h.c.MTOM {
		w.Header().Set("Content-Type", contentType)
		return writeMessage(w, space, "retrieveMessageResponse", r, inlineValue)
	}
	parts := multipart.NewWriter(w)
	w.Header().Set("Content-Type", `multipart/related; type="application/xop+xml"; start="<envelope>"; start-info="application/soap+xml"; boundary="`+parts.Boundary()+`"`)
	root, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type": {`application/xop+xml; charset=UTF-8; type="application/soap+xml"`}, "Content-Transfer-Encoding": {"8bit"}, "Content-ID": {"<envelope>"},
	})
	if err != nil {
		return err
	}
	if err := writeMessage(root, space, "retrieveMessageResponse", r, includeValue); err != nil {
		return err
	}
	for i, p := range r.Payloads {
		part, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type": {"application/octet-stream"}, "Content-Transfer-Encoding": {"binary"}, "Content-ID": {"<" + attachmentID(i) + ">"},
		})
		if err != nil {
			return err
		}
		if err := copyContent(part, p.Content); err != nil {
			return err
		}
	}
	return parts.Close()
}

func attachmentID(i int) string { return fmt.Sprintf("payload-%d@access-point", i+1) }

// A valueWriter writes the content of a value element.
type valueWriter func(w io.Writer, i int, c as4.Content) error

func inlineValue(w io.Writer, _ int, c as4.Content) error {
	enc := base64.NewEncoder(base64.StdEncoding, w)
	if err := copyContent(enc, c); err != nil {
		return err
	}
	return enc.Close()
}

func includeValue(w io.Writer, i int, _ as4.Content) error {
	_, err := io.WriteString(w, `<xop:Include xmlns:xop="`+nsXOP+`" href="cid:`+attachmentID(i)+`"/>`)
	return err
}

func copyContent(w io.Writer, c as4.Content) error {
	if c == nil {
		return nil
	}
	r, err := c.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

// writeMessage writes an envelope with the header of a message and its payloads below an element of the interface.
func writeMessage(w io.Writer, space, element string, r *backend.Received, value valueWriter) error {
	m := r.Message
	m.Parts = make([]ebms.PartInfo, len(r.Payloads))
	for i, p := range r.Payloads {
		m.Parts[i] = ebms.PartInfo{Href: "cid:" + p.ContentID, Properties: partProperties(p)}
	}
	b := appendEnvelope(make([]byte, 0, 4096))
	b = append(b, `<soap:Header><eb:Messaging xmlns:eb="`+ebms.NS+`">`...)
	b = ebms.AppendUserMessage(b, &m)
	b = append(b, "</eb:Messaging></soap:Header><soap:Body><ws:"+element+` xmlns:ws="`+space+`">`...)
	for i, p := range r.Payloads {
		b = append(b, `<payload payloadId="cid:`...)
		b = xmltree.AppendSafeAttr(b, p.ContentID)
		b = append(b, `" contentType="`...)
		b = xmltree.AppendSafeAttr(b, p.MimeType)
		b = append(b, `"><value>`...)
		if _, err := w.Write(b); err != nil {
			return err
		}
		if err := value(w, i, p.Content); err != nil {
			return err
		}
		b = append(b[:0], "</value></payload>"...)
	}
	_, err := w.Write(append(b, "</ws:"+element+"></soap:Body></soap:Envelope>"...))
	return err
}

// partProperties are those that came, with the media type among them.
func partProperties(p as4.Payload) []ebms.Property {
	for _, q := range p.Properties {
		if strings.EqualFold(q.Name, ebms.MimeType) {
			return p.Properties
		}
	}
	return append([]ebms.Property{{Name: ebms.MimeType, Value: p.MimeType}}, p.Properties...)
}
