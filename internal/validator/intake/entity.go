package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/swa"
	"oots/internal/validator"
	"oots/xml/xmltree"
)

// storedType is the Content-Type in the .headers file beside an entity; "" without one.
func storedType(name string) string {
	f, err := os.Open(strings.TrimSuffix(name, filepath.Ext(name)) + ".headers")
	if err != nil {
		return ""
	}
	defer f.Close()
	h, err := mimeHeader(bufio.NewReader(io.MultiReader(io.LimitReader(f, 64<<10), strings.NewReader("\r\n\r\n"))))
	if err != nil {
		return ""
	}
	return h.Get("Content-Type")
}

func mimeHeader(in *bufio.Reader) (textproto.MIMEHeader, error) {
	h, err := textproto.NewReader(in).ReadMIMEHeader()
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return h, err
}

// entity reads a stored AS4 message: its header, and every part that is an evidence message in clear. Its
// Content-Type is the one given, that of the MIME headers it begins with, or the one its first delimiter tells.
func (r Reader) entity(name, contentType string, in io.Reader, out sink) error {
	contentType, body, err := delimited(contentType, bufio.NewReader(io.LimitReader(in, r.Limits.Archive)))
	if err != nil {
		return err
	}
	m, err := swa.NewReader(contentType, body, swa.Limits{})
	if err != nil {
		return err
	}
	root, err := m.Root()
	if err != nil {
		return err
	}
	if err := out.item(Item{Name: name + "!header", Content: root.Content, Kind: validator.Header}); err != nil {
		return err
	}
	parts := describe(root.Content)
	for {
		p, err := m.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.part(name+"!"+p.ContentID, p, parts[p.ContentID], out); err != nil {
			return err
		}
	}
}

// delimited finds the Content-Type of an entity, and what follows its headers.
func delimited(contentType string, in *bufio.Reader) (string, io.Reader, error) {
	if contentType != "" {
		return contentType, in, nil
	}
	for {
		head, err := in.Peek(2)
		if err != nil {
			return "", nil, errors.New("no AS4 entity: it ends before its first part")
		}
		if head[0] != '\r' && head[0] != '\n' {
			break
		}
		in.Discard(1) // cannot fail: it was looked at
	}
	if head, _ := in.Peek(2); string(head) != "--" {
		h, err := mimeHeader(in)
		if err != nil || h.Get("Content-Type") == "" {
			return "", nil, errors.New("no AS4 entity: its MIME headers name no Content-Type")
		}
		return h.Get("Content-Type"), in, nil
	}
	head, _ := in.Peek(256)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	boundary := strings.TrimPrefix(strings.TrimRight(string(line), "\r"), "--")
	if strings.ContainsAny(boundary, `"\`) {
		return "", nil, errors.New("no AS4 entity: its first line is no delimiter")
	}
	return `multipart/related; type="application/soap+xml"; boundary="` + boundary + `"`, in, nil
}

// A described part is what the envelope says of a part.
type described struct {
	sealed     bool // the envelope has a key for it
	compressed bool
	message    bool // declared as RegRep
}

const (
	nsSecurity   = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	nsEncryption = "http://www.w3.org/2001/04/xmlenc#"
	typeRegRep   = "application/x-ebrs+xml"
)

// describe reads what an envelope says of its parts, by Content-ID. An envelope that cannot be read describes
// nothing: the validator says why. [AS4 1.15 §3.2.4] [WSS SwA §5.4]
func describe(envelope []byte) map[string]described {
	parts := map[string]described{}
	doc, err := xmltree.Parse(envelope, xmltree.Limits{})
	if err != nil {
		return parts
	}
	header := doc.Root.First(ebms.NSSOAP12, "Header")
	for user := range header.First(ebms.NS, "Messaging").All(ebms.NS, "UserMessage") {
		for info := range user.First(ebms.NS, "PayloadInfo").All(ebms.NS, "PartInfo") {
			var d described
			for p := range info.First(ebms.NS, "PartProperties").All(ebms.NS, "Property") {
				switch name, _ := p.Attr("", "name"); name {
				case "CompressionType":
					d.compressed = true
				case "MimeType":
					d.message = strings.HasPrefix(strings.TrimSpace(p.Value()), typeRegRep)
				}
			}
			href, _ := info.Attr("", "href")
			parts[strings.TrimPrefix(href, "cid:")] = d
		}
	}
	for security := range header.All(nsSecurity, "Security") {
		for data := range security.All(nsEncryption, "EncryptedData") {
			uri, _ := data.First(nsEncryption, "CipherData").First(nsEncryption, "CipherReference").Attr("", "URI")
			id := strings.TrimPrefix(uri, "cid:")
			d := parts[id]
			d.sealed = true
			parts[id] = d
		}
	}
	return parts
}

// part yields one part that is an evidence message, or says that it cannot be seen. Evidence itself is no
// document of ours.
func (r Reader) part(name string, in io.Reader, d described, out sink) error {
	if d.sealed {
		return out.item(Item{Name: name, Sealed: true})
	}
	if d.compressed {
		packed := &meter{in: in}
		z, err := gzip.NewReader(packed)
		if err != nil {
			return out.failed(name, fmt.Errorf("declared as compressed, and is not: %w", err))
		}
		in = &charged{in: z, budget: &budget{limits: r.Limits}, packed: func() int64 { return packed.n }}
	}
	b := newPeeker(in)
	head, _ := b.Peek(4 << 10) // an error comes again when it is read
	if !d.message && !isMessage(head) {
		return nil
	}
	return document(name, b, out)
}
