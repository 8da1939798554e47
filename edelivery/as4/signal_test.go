package as4

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"oots/edelivery/ebms"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
	"oots/internal/corpus"
)

// exchange sends the good message and returns what the sender keeps of it, and the verified receipt.
func exchange(t *testing.T) ([]wssec.Reference, *Signal) {
	t.Helper()
	r := receiver()
	e, err := Pack(message(), payloads(), people().el, r.PModes.Self, nil)
	if err != nil {
		t.Fatal(err)
	}
	in, err := r.Receive(e.ContentType, bytes.NewReader(whole(t, e)))
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := Receipt(in, "receipt@ap.example.at", at, r.Self[0])
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSignal(receipt.ContentType, bytes.NewReader(receipt.Envelope), r.PModes.Self)
	if err != nil {
		t.Fatal(err)
	}
	return e.References, s
}

// The names cite the conditions of §10 on a receipt.
func TestCheckReceipt(t *testing.T) {
	t.Parallel()
	sent, good := exchange(t)
	for _, tc := range []struct {
		name string
		edit func(*Signal)
		ok   bool
	}{
		{"ok", func(*Signal) {}, true},
		{"ok/another order", func(s *Signal) { slices.Reverse(s.References) }, true},
		{"ok/white space in a digest", func(s *Signal) { s.References[0].DigestValue = "\n " + s.References[0].DigestValue + "\n" }, true},
		{"ok/foreign child", func(s *Signal) { s.Receipt.Foreign = 1 }, true},
		{"ok/with a warning", func(s *Signal) { s.Errors = append(s.Errors, ebms.Error{Code: "EBMS:0002", Severity: "warning"}) }, true},
		{"1 no receipt", func(s *Signal) { s.Receipt = nil }, false},
		{"1 of another message", func(s *Signal) { s.RefToMessageID = "other@x" }, false},
		{"2 not signed", func(s *Signal) { s.Signed = false }, false},
		{"4 no references", func(s *Signal) { s.References = nil }, false},
		{"4 one missing", func(s *Signal) { s.References = s.References[1:] }, false},
		{"4 one more", func(s *Signal) { s.References = append(s.References, wssec.Reference{URI: "#x"}) }, false},
		{"4 one twice", func(s *Signal) { s.References = append(s.References, s.References[0]) }, false},
		{"4 one twice instead of another", func(s *Signal) { s.References[1] = s.References[0] }, false},
		{"4 another digest", func(s *Signal) { s.References[2].DigestValue = "AAAA" }, false},
		{"4 another digest method", func(s *Signal) { s.References[2].DigestMethod = "urn:x" }, false},
		{"4 another part", func(s *Signal) { s.References[2].URI += "x" }, false},
		{"4 another transform", func(s *Signal) { s.References[2].Transforms = nil }, false},
	} {
		s := *good
		receipt := *good.Receipt
		s.Receipt, s.References = &receipt, slices.Clone(good.References)
		tc.edit(&s)
		e := CheckReceipt(&s, message().MessageID, sent)
		if (e == nil) != tc.ok || e != nil && e.Code != ebms.InvalidReceipt {
			t.Errorf("%s: %v", tc.name, e)
		}
	}
	if CheckReceipt(nil, "x", nil) == nil {
		t.Error("no signal is a receipt")
	}
	// A message without references cannot be acknowledged by a receipt without any.
	if CheckReceipt(&Signal{SignalMessage: ebms.SignalMessage{RefToMessageID: "m", Receipt: &ebms.Receipt{}}, Signed: true}, "m", nil) == nil {
		t.Error("nothing equals nothing")
	}
}

func signed(t *testing.T, id wssec.Identity, edit func([]byte) []byte, units ...string) []byte {
	t.Helper()
	b := ebms.AppendSignalEnvelope(nil, &ebms.SignalMessage{Timestamp: at, MessageID: "s@x", RefToMessageID: "m@x", Errors: []ebms.Error{*ebms.NewError(ebms.Other, "x")}}, "_m", "_b")
	if len(units) > 0 {
		from, to := bytes.Index(b, []byte("<eb:SignalMessage>")), bytes.Index(b, []byte("</eb:Messaging>"))
		b = slices.Concat(b[:from], []byte(strings.Join(units, "")), b[to:])
	}
	if id.Key != nil {
		b, _ = secureWhole(t, b, nil, id, nil, nil)
	}
	if edit != nil {
		b = edit(b)
	}
	return b
}

const (
	info    = `<eb:MessageInfo><eb:Timestamp>2026-01-01T00:00:00Z</eb:Timestamp><eb:MessageId>s@x</eb:MessageId><eb:RefToMessageId>m@x</eb:RefToMessageId></eb:MessageInfo>`
	warning = `<eb:SignalMessage>` + info + `<eb:Error errorCode="EBMS:0002" severity="warning"/></eb:SignalMessage>`
	receipt = `<eb:SignalMessage>` + info + `<eb:Receipt><n:NonRepudiationInformation xmlns:n="` + ebms.NSEBBP + `"/></eb:Receipt></eb:SignalMessage>`
	pull    = `<eb:SignalMessage>` + info + `<eb:PullRequest/></eb:SignalMessage>`
)

func TestReadSignal(t *testing.T) {
	t.Parallel()
	p := people()
	peer := receiver().PModes.Self
	user := good()
	userType, userBody := user.make(t)
	for _, tc := range []struct {
		name, contentType string
		body              []byte
		want              string // what came back
	}{
		{"ok", swa.SOAP, signed(t, p.at, nil), "signed EBMS:0004"},
		{"ok/unsigned", swa.SOAP, signed(t, wssec.Identity{}, nil), "EBMS:0004"},
		{"ok/receipt behind a warning", swa.SOAP, signed(t, p.at, nil, warning, receipt), "signed receipt EBMS:0002"},
		{"ok/fault beside the header", swa.SOAP, signed(t, wssec.Identity{}, replace("></env:Body>", "><env:Fault><env:Code><env:Value>env:Receiver</env:Value></env:Code><env:Reason><env:Text>no</env:Text></env:Reason></env:Fault></env:Body>")), "fault Receiver no EBMS:0004"},
		{"ok/fault only", swa.SOAP, ebms.AppendFault(nil, &ebms.Fault{Code: "Receiver", Reason: "policy"}), "fault Receiver policy"},
		{"empty", swa.SOAP, nil, "no signal"},
		{"no content type", "", nil, "no signal"},
		{"page of a proxy", "text/html", []byte("<html></html>"), "no signal"},
		{"page under a false type", swa.SOAP, []byte("<html></html>"), "no signal"},
		{"user message", userType, userBody, "no signal"},
		{"pull", swa.SOAP, signed(t, p.at, nil, pull), "no signal"},
		{"two receipts", swa.SOAP, signed(t, p.at, nil, receipt, receipt), ebms.InvalidReceipt},
		{"signals about two messages", swa.SOAP, signed(t, p.at, nil, receipt, strings.Replace(warning, "m@x", "n@x", 1)), ebms.InvalidReceipt},
		{"of another party", swa.SOAP, signed(t, p.el, nil), ebms.InvalidReceipt},
		{"of nobody", swa.SOAP, signed(t, p.unknown, nil), ebms.InvalidReceipt},
		{"changed", swa.SOAP, signed(t, p.at, replace(">s@x<", ">t@x<")), ebms.InvalidReceipt},
		{"wrapped", swa.SOAP, signed(t, p.at, func(b []byte) []byte {
			from, to := bytes.Index(b, []byte("<eb:Messaging")), bytes.Index(b, []byte("</eb:Messaging>"))+len("</eb:Messaging>")
			moved := `<w:w xmlns:w="urn:w">` + string(b[from:to]) + `</w:w>`
			forged := strings.NewReplacer("s@x", "f@x", `"_m"`, `"_f"`).Replace(string(b[from:to]))
			return slices.Concat(b[:from], []byte(forged+moved), b[to:])
		}), ebms.InvalidReceipt},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, err := ReadSignal(tc.contentType, bytes.NewReader(tc.body), peer)
			if got := signalSummary(s, err); got != tc.want {
				t.Errorf("got %q (%v), want %q", got, err, tc.want)
			}
			if s != nil && err != nil {
				t.Error("a result beside an error")
			}
		})
	}
}

func signalSummary(s *Signal, err error) string {
	var e *ebms.Error
	switch {
	case errors.Is(err, ErrNoSignal):
		return "no signal"
	case errors.As(err, &e):
		return e.Code
	case err != nil:
		return err.Error()
	}
	var words []string
	if s.Signed {
		words = append(words, "signed")
	}
	if s.Fault != "" {
		words = append(words, "fault "+s.Fault)
	}
	if s.Receipt != nil {
		words = append(words, "receipt")
	}
	for _, e := range s.Errors {
		words = append(words, e.Code)
	}
	return strings.Join(words, " ")
}

// An expired certificate does not speak for the party any more.
func TestSignalOfAnExpiredCertificate(t *testing.T) {
	t.Parallel()
	p := people()
	peer := party("AT", p.expired)
	b := signed(t, p.expired, nil)
	var e *ebms.Error
	if s, err := ReadSignal(swa.SOAP, bytes.NewReader(b), peer.At(at)); s != nil || !errors.As(err, &e) || e.Code != ebms.InvalidReceipt {
		t.Errorf("got %v, %v", s, err)
	}
}

// Signals of other products, as they came over HTTP. Their signers are unknown here, so the pinned party is
// made of the certificate in the message; one of them lost an attribute on its way.
func TestForeignSignals(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"dataport1-mustunderstand.as4in": "signed receipt",
		"dataport1.as4in":                ebms.InvalidReceipt,
		"governikus.as4in":               "signed receipt",
		"helger.as4in":                   "signed receipt",
	} {
		raw := corpus.Read(t, "as4/phase4/raw-http/"+strings.TrimPrefix(name, ""))
		body := raw[bytes.Index(raw, []byte("<?xml")):]
		u, err := Unpack(swa.SOAP, body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		peer := party("AT", people().at)
		if u.Signer != nil {
			peer.Signing[0] = u.Signer
		}
		s, err := ReadSignal(swa.SOAP, bytes.NewReader(body), peer)
		if got := signalSummary(s, err); got != want {
			t.Errorf("%s: %s (%v), want %s", name, got, err, want)
		}
	}
}
