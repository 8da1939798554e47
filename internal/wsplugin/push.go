package wsplugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"oots/edelivery/ebms"
	"oots/internal/backend"
	"oots/xml/xmltree"
)

// NSBackEnd is the namespace of the service that a back end offers to be told of messages.
const NSBackEnd = "eu.domibus"

// A Pusher tells notices to back ends as the plugin does: SOAP 1.2 calls of a service in the namespace "eu.domibus".
type Pusher struct {
	Client *http.Client // with the TLS trust of the back ends
}

// pushCalls are the elements that tell each kind of notice.
var pushCalls = map[backend.NoticeKind]string{
	backend.SubmitMessage:  "submitRequest",
	backend.ReceiveSuccess: "receiveSuccess",
	backend.SendSuccess:    "sendSuccess",
	backend.SendFailed:     "sendFailure",
	backend.StatusChange:   "messageStatusChange",
	backend.DeletedMessage: "delete",
}

// Push implements backend.Pusher. Any answer of the 200s without a fault takes the notice.
func (p Pusher) Push(ctx context.Context, n backend.Push) error {
	element := pushCalls[n.Kind]
	if element == "" {
		return fmt.Errorf("wsplugin: no call tells %s", n.Kind)
	}
	var body io.Reader = bytes.NewReader(noticeEnvelope(n, element))
	if n.Message != nil {
		r, w := io.Pipe()
		defer r.Close() // ends the writer when the answer comes before the last byte
		go func() { w.CloseWithError(writeMessage(w, NSBackEnd, element, n.Message, inlineValue)) }()
		body = r
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.Rule.URL, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", contentType)
	if n.Rule.Username != "" {
		req.SetBasicAuth(n.Rule.Username, n.Rule.Password)
	}
	client := *p.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return taken(res)
}

func noticeEnvelope(n backend.Push, element string) []byte {
	b := append(appendEnvelope(make([]byte, 0, 512)), "<soap:Body>"...)
	b = appendResponse(b, NSBackEnd, element, func(b []byte) []byte {
		b = appendElement(b, "messageID", n.MessageID)
		if n.Kind != backend.StatusChange {
			return b
		}
		return appendElement(b, "messageStatus", string(n.Status))
	})
	return append(b, "</soap:Body></soap:Envelope>"...)
}

// maxAnswer is how much of an answer is read.
const maxAnswer = 64 << 10

// taken judges the answer of a back end.
func taken(res *http.Response) error {
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return err
	}
	fault := ""
	if mediaType, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); mediaType == "application/soap+xml" || mediaType == "text/xml" {
		if doc, err := xmltree.Parse(b, xmltree.Limits{}); err == nil && doc.Root.First(ebms.NSSOAP12, "Body").First(ebms.NSSOAP12, "Fault") != nil {
			fault = " with a fault"
		}
	}
	if res.StatusCode < 200 || res.StatusCode > 299 || fault != "" {
		return errors.New("the back end answered " + res.Status + fault)
	}
	return nil
}
