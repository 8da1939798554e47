package cli

import (
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strings"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/swa"
	"oots/internal/clock"
)

// fileContent is a payload that is read from its file each time.
type fileContent struct {
	name string
	size int64
}

// Open implements as4.Content.
func (f fileContent) Open() (io.ReadCloser, error) { return os.Open(f.name) }

// Size implements as4.Content.
func (f fileContent) Size() int64 { return f.size }

// readPayloads turns arguments, FILE or TYPE=FILE, into payloads in their order.
func readPayloads(args []string, compress bool, domain string) ([]as4.Payload, error) {
	var out []as4.Payload
	for _, arg := range args {
		file, mediaType := splitPayload(arg)
		info, err := os.Stat(file)
		if err != nil {
			return nil, &hint{fmt.Errorf("payload %.200q: %w", arg, err), "oots as4 send … application/pdf=evidence.pdf"}
		}
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("payload %s is no file", file)
		}
		out = append(out, as4.Payload{
			ContentID: clock.UUID() + "@" + domain, MimeType: mediaType, Compress: compress,
			Content: fileContent{name: file, size: info.Size()},
		})
	}
	return out, nil
}

// splitPayload takes an argument apart. A file that is really called so wins over a media type before it.
func splitPayload(arg string) (file, mediaType string) {
	if before, after, found := strings.Cut(arg, "="); found && strings.Contains(before, "/") {
		if _, err := os.Stat(arg); err != nil {
			if _, err := swa.ParseMediaType(before); err == nil {
				return after, before
			}
		}
	}
	mediaType = mime.TypeByExtension(filepath.Ext(arg))
	if bare, _, err := mime.ParseMediaType(mediaType); err == nil {
		return arg, bare
	}
	return arg, "application/octet-stream"
}

// corners are originalSender and finalRecipient when nobody says otherwise: those that test messages of
// deployed access points have. [AS4 1.15 §4.1, §16]
var corners = []ebms.Property{
	{Name: ebms.OriginalSender, Value: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:C1"},
	{Name: ebms.FinalRecipient, Value: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:C4"},
}

// readProperties reads NAME=VALUE or NAME:TYPE=VALUE; the four corners have defaults.
func readProperties(args []string) ([]ebms.Property, error) {
	var out []ebms.Property
	given := map[string]bool{}
	for _, arg := range args {
		name, value, found := strings.Cut(arg, "=")
		if !found || name == "" {
			return nil, &hint{fmt.Errorf("--property %.80q is not NAME=VALUE", arg), "--property originalSender=C1"}
		}
		name, kind, _ := strings.Cut(name, ":")
		given[name] = true
		out = append(out, ebms.Property{Name: name, Type: kind, Value: value})
	}
	for _, c := range corners {
		if !given[c.Name] {
			out = append(out, c)
		}
	}
	return out, nil
}

// hello is the payload of a ping, as deployed access points send it.
func hello(domain string) []as4.Payload {
	return []as4.Payload{{
		ContentID: "message@" + domain, MimeType: "text/xml", Compress: true,
		Content: as4.Bytes([]byte(`<?xml version="1.0" encoding="UTF-8"?><hello>world</hello>`)),
	}}
}
