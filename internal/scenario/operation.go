package scenario

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"time"

	"oots/edelivery/pmode"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/node"
)

// operation are the cases about machines: restarts, clocks, keys.
func operation() []Scenario {
	skew := func(d time.Duration) func(*node.Options) {
		return func(o *node.Options) {
			o.Variant.Clocks = map[string]clock.Clock{"AT": {Now: func() time.Time { return o.Clock.Now().Add(d) }, NewUUID: o.Clock.NewUUID}}
		}
	}
	return []Scenario{
		{ID: "TC39", Title: "Both nodes restart between all steps", Portal: "EL", Lines: threeLines, Preview: true, run: restarts},
		{ID: "TC40", Title: "Clock of the provider two minutes ahead", Portal: "EL", Lines: threeLines, Preview: true, alter: skew(2 * time.Minute), run: previewAccepted("hans")},
		{ID: "TC40_b", Title: "Clock of the provider two minutes behind", Portal: "EL", Lines: twoLines, Preview: true, alter: skew(-2 * time.Minute), run: previewAccepted("hans")},
		{ID: "TC41", Title: "Certificate of the provider rolls over in the middle", Portal: "EL", Preview: true,
			alter: retries(gateway.RetryPlan{Attempts: 5, Interval: time.Minute}), run: rollover},
	}
}

func restarts(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.crash()
	w.step()
	w.crash()
	x.is(exchange.PreviewRequired)
	v := x.follow()
	w.crash()
	v.loginAgain()
	w.crash()
	w.step()
	v.sees("application/pdf").releases("0")
	w.crash()
	v.returns()
	w.step()
	w.crash()
	x.is(exchange.Answered)
	x.brings("application/pdf")
	w.see("after six restarts")
	x.logs(askedTwice+" user_returned response_received evidence_delivered", "request_received error_sent preview_opened request_received preview_decision response_sent")
}

// rollover gives the provider's access point another key while an answer signed with the old one is still under way.
// The other side knows both certificates meanwhile, which is what a rollover asks of it.
func rollover(w *world) {
	w.loses(down("el.test"))
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	old := w.retire("AP_AT_01")
	w.see("the answer is signed with the old key and lost")
	w.rolled = func(country string, p *pmode.Party) {
		if country == "AT" && old != nil && !w.forgetful {
			p.Signing = append(p.Signing, old)
		}
	}
	w.crash()
	w.loses(nil)
	w.pass(2*time.Minute, time.Minute)
	x.is(exchange.PreviewRequired)
	w.see("sent again after the change, it is believed")
	v := x.follow()
	w.step()
	v.loginAgain().sees("application/pdf").releases("0")
	w.step()
	x.is(exchange.Answered)
	x.brings("application/pdf")
	w.see("the second answer is signed with the new key")
}

// retire takes the key of an access point away, so that the next start makes another, and returns its certificate.
func (w *world) retire(name string) *x509.Certificate {
	if w.err != nil {
		return nil
	}
	file := filepath.Join(w.dir, "keys", name+".crt.pem")
	b, err := os.ReadFile(file)
	if err != nil {
		w.fail("certificate: %v", err)
		return nil
	}
	block, _ := pem.Decode(b)
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		w.fail("certificate: %v", err)
	}
	for _, f := range []string{file, filepath.Join(w.dir, "keys", name+".key.pem")} {
		if err := os.Remove(f); err != nil {
			w.fail("certificate: %v", err)
		}
	}
	return c
}
