package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/clock"
)

// wire is a receiving end on loopback, and a client that reaches it.
type wire struct {
	server *http.Server
	client *http.Client
	url    string
}

// openWire serves h over TLS or plain HTTP, whichever load asks for, with as many idle connections as there are
// senders: opening connections is not what is measured.
func openWire(load Load, keys *Keys, h http.Handler) (*wire, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: load.Concurrency, DisableCompression: true}
	w := &wire{
		server: &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second},
		client: &http.Client{Transport: transport}, url: "http://" + l.Addr().String(),
	}
	serve := func() error { return w.server.Serve(l) }
	if load.TLS {
		config, roots, err := keys.server()
		if err != nil {
			l.Close()
			return nil, err
		}
		w.server.TLSConfig, w.url = config, "https://"+l.Addr().String()
		transport.TLSClientConfig = as4.TLS()
		transport.TLSClientConfig.RootCAs = roots
		serve = func() error { return w.server.ServeTLS(l, "", "") }
	}
	go serve()
	return w, nil
}

func (w *wire) close() error {
	w.client.CloseIdleConnections()
	return w.server.Close()
}

// handlers is a pair in mode Handler.
type handlers struct {
	*wire
	load               Load
	sender, receiver   wssec.Identity
	incoming           *as4.Receiver
	sending, receiving pmode.Party
	payload            as4.Content
}

func openHandler(load Load, keys *Keys) (pair, error) {
	h := &handlers{load: load, payload: as4.Bytes(content(load.Payload))}
	var err error
	if h.sender, err = keys.identity(load.Key, sendingID.Value); err != nil {
		return nil, err
	}
	if h.receiver, err = keys.identity(load.Key, receivingID.Value); err != nil {
		return nil, err
	}
	if h.wire, err = openWire(load, keys, h); err != nil {
		return nil, err
	}
	h.sending, h.receiving = party(sendingID, h.url, h.sender), party(receivingID, h.url, h.receiver)
	h.incoming = &as4.Receiver{Self: []wssec.Identity{h.receiver}, PModes: modes(h.receiving, h.sending)}
	return h, nil
}

func (h *handlers) operations() (func() error, error) { return operations(h.sender, h.receiver) }

// exchange is the sending end.
func (h *handlers) exchange(ctx context.Context) error {
	m := userMessage()
	entity, err := as4.Pack(m, payloads(h.load, h.payload), h.sender, h.receiving, nil)
	if err != nil {
		return err
	}
	defer entity.Discard()
	status, contentType, body, _, err := as4.Post(ctx, h.client, h.url, entity)
	if err != nil {
		return err
	}
	signal, err := as4.ReadSignal(contentType, bytes.NewReader(body), h.receiving)
	if err != nil {
		return fmt.Errorf("HTTP %d: %w", status, err)
	}
	if len(signal.Errors) > 0 {
		return fmt.Errorf("HTTP %d: %w", status, &signal.Errors[0])
	}
	if e := as4.CheckReceipt(signal, m.MessageID, entity.References); e != nil {
		return e
	}
	return nil
}

// ServeHTTP is the receiving end: it keeps nothing.
func (h *handlers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in, err := h.incoming.Receive(r.Header.Get("Content-Type"), r.Body)
	var answer *as4.Entity
	status := http.StatusOK
	var refusal *as4.Refusal
	switch {
	case errors.As(err, &refusal):
		status = refusal.Status
		answer, err = refusal.Entity(newID(), now(), &h.receiver)
	case err == nil:
		answer, err = as4.Receipt(in, newID(), now(), h.receiver)
		err = errors.Join(err, in.Discard())
	}
	if err != nil || answer == nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", answer.ContentType)
	w.Header().Set("Content-Length", strconv.FormatInt(answer.Length(), 10))
	w.WriteHeader(status)
	answer.WriteTo(w)
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
func newID() string  { return clock.UUID() + "@" + suffix }

// userMessage is a new message of the measurement.
func userMessage() ebms.UserMessage {
	return ebms.UserMessage{
		Timestamp: now(), MessageID: newID(), ConversationID: clock.UUID(),
		From: ebms.Party{ID: sendingID, Role: role}, To: ebms.Party{ID: receivingID, Role: role},
		Service: service, Action: action, Properties: properties,
	}
}

func payloads(load Load, c as4.Content) []as4.Payload {
	if load.Payload == 0 {
		return nil
	}
	return []as4.Payload{{ContentID: newID(), MimeType: "application/x-ebrs+xml", Compress: load.Compress, Content: c}}
}
