package wsplugin_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/internal/gateway"
	"oots/internal/store"
	"oots/internal/wsplugin"
)

// TestKilledWhileTaking: when the transaction that puts a message into the queue is lost, the inbox still has it with
// its file, and it is put there once.
func TestKilledWhileTaking(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	large := make([]byte, 600_000)
	rand.NewChaCha8([32]byte{2}).Read(large)
	id := w.submit("m1@c1.test", large)
	if _, err := w.fr.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	lost := errors.New("killed")
	err := w.de.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		in, err := w.de.store.Gateway().ClaimInbound(tx, w.clock.Now(), "DE-1", w.clock.Now().Add(time.Minute))
		if err != nil {
			return err
		}
		if err := w.de.backend.Consume(tx, gateway.Delivery{Message: in.Message, Payloads: in.Payloads}); err != nil {
			return err
		}
		return lost
	})
	if !errors.Is(err, lost) {
		t.Fatal(err)
	}
	if got := w.de.pendings("admin", ""); got != nil {
		t.Errorf("pending %v of a lost transaction", got)
	}
	if _, err := w.de.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.de.pendings("admin", ""); !slices.Equal(got, []string{id}) {
		t.Fatalf("pending %v", got)
	}
	// The sweep of a start must not take the file of a waiting message.
	if err := w.de.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = w.de.store.DB.Update(t.Context(), func(tx *store.Tx) error { return w.de.store.Gateway().Sweep(tx, time.Now().Add(time.Hour)) })
	if err != nil {
		t.Fatal(err)
	}
	v := w.de.body(w.de.call("admin", w.de.retrieveCall("", id)), wsplugin.NS, "retrieveMessageResponse").First("", "payload").First("", "value")
	if got, err := v.Base64(); err != nil || !slices.Equal(got, large) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestFullSpool: when the disk takes no more, the caller is told to try again, and nothing is half there.
func TestFullSpool(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{plugin: func(c *wsplugin.Config) { c.Spool = full{} }})
	root := w.fr.envelope("admin", soap(messaging("m1@c1.test", partInfo("cid:doc@c1.test", "text/xml")),
		`<_1:submitRequest>`+payload("cid:doc@c1.test", "text/xml", []byte("<x/>"))+`</_1:submitRequest>`))
	if got := faultText(root); got != "soap:Receiver WS_PLUGIN:0001 the access point could not do this now; nothing was changed, try again" {
		t.Errorf("%q", got)
	}
	if w.fr.stored() != 0 {
		t.Error("something is stored")
	}
}

// full is a spool on a full disk.
type full struct{}

func (full) Create() (as4.Spooled, error) { return full{}, nil }
func (full) Write([]byte) (int, error)    { return 0, errors.New("no space left on device") }
func (full) Finish() (as4.Content, error) { return nil, errors.New("no space left on device") }
func (full) Discard() error               { return nil }
