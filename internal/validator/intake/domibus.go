package intake

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"

	"oots/edelivery/ebms"
	"oots/internal/validator"
	"oots/xml/xmltree"
)

// nsPlugin is the namespace of the calls of Domibus' web service plugin.
const nsPlugin = "http://eu.domibus.wsplugin/"

// plugin yields the evidence messages in a call to Domibus: a submission, or a message that was fetched. It reports
// whether the document is such a call. The header of a submission is not judged, because the access point completes
// it; that of a fetched message is whole.
func plugin(name string, content []byte, out sink) (bool, error) {
	if !bytes.Contains(content[:min(len(content), 4<<10)], []byte(nsPlugin)) {
		return false, nil
	}
	doc, err := xmltree.Parse(content, xmltree.Limits{Bytes: validator.MaxBytes})
	if err != nil || !doc.Root.Is(ebms.NSSOAP12, "Envelope") {
		return false, nil
	}
	body := doc.Root.First(ebms.NSSOAP12, "Body")
	call := body.First(nsPlugin, "submitRequest")
	if call == nil {
		if call = body.First(nsPlugin, "retrieveMessageResponse"); call == nil {
			return false, nil
		}
		if err := out.item(Item{Name: name + "!header", Content: content, Kind: validator.Header}); err != nil {
			return true, err
		}
	}
	for part := range call.Elements() {
		if part.Name.Local != "payload" && part.Name.Local != "bodyload" {
			continue
		}
		id, _ := part.Attr("", "payloadId")
		if err := payload(name+"!"+strings.TrimPrefix(id, "cid:"), part, out); err != nil {
			return true, err
		}
	}
	return true, nil
}

// payload yields one payload that is an evidence message.
func payload(name string, part *xmltree.Element, out sink) error {
	for value := range part.Elements() {
		if value.Name.Local != "value" {
			continue
		}
		b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value.Text()), ""))
		if err != nil {
			return out.failed(name, errors.New("its value is no base64"))
		}
		if isMessage(b) {
			return out.item(Item{Name: name, Content: b})
		}
	}
	return nil
}

// isMessage reports whether the first bytes of a part name the namespaces of RegRep: other parts are evidence, which
// is no document of ours.
func isMessage(head []byte) bool {
	return bytes.Contains(head[:min(len(head), 4<<10)], []byte("urn:oasis:names:tc:ebxml-regrep:"))
}
