package wsplugin

import (
	"errors"
	"net/http"
	"strings"

	"oots/internal/backend"
	"oots/xml/xmltree"
)

// A fault is a SOAP fault as clients of the plugin know it: always Receiver, with a code in its detail.
type fault struct {
	soap    string // "" is Receiver
	status  int    // 0 is 500
	code    string // "" is no detail
	message string
}

// Error returns code and message.
func (f *fault) Error() string { return f.code + ": " + f.message }

// codes of the kinds of errors; the others carry an ebMS code.
var codes = map[backend.Kind]string{
	backend.Invalid: "WS_PLUGIN:0007", backend.Refused: "WS_PLUGIN:0003", backend.Parties: "WS_PLUGIN:0004", backend.Payloads: "WS_PLUGIN:0005",
	backend.Missing: "WS_PLUGIN:0009", backend.Ambiguous: "WS_PLUGIN:00010", backend.Busy: "WS_PLUGIN:0001", backend.Denied: "WS_PLUGIN:0002",
	backend.Duplicate: "EBMS:0003",
}

// faultOf makes a fault of an error. Structural faults of a submission have an underscore in their code where all
// other operations have a colon: clients compare with either. ok is false for an error of ours, which is not told.
func faultOf(err error, submitting bool) (f *fault, ok bool) {
	var e *backend.Error
	switch {
	case errors.As(err, &f):
		return f, true
	case !errors.As(err, &e):
		return &fault{code: "WS_PLUGIN:0001", message: "the access point could not do this now; nothing was changed, try again"}, false
	}
	code := e.Code
	if code == "" {
		code = codes[e.Kind]
	}
	if submitting {
		code = strings.Replace(code, "WS_PLUGIN:", "WS_PLUGIN_", 1)
	}
	return &fault{code: code, message: e.Error()}, true
}

// fail answers with a fault.
func (h *Handler) fail(w http.ResponseWriter, err error, submitting bool) {
	f, told := faultOf(err, submitting)
	if told {
		h.c.Log.Info("request of a back end refused", "code", f.code, "soap", f.soap)
	} else {
		h.c.Log.Error("request of a back end failed", "err", err)
	}
	status := f.status
	if status == 0 {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	w.Write(f.append(make([]byte, 0, 1024)))
}

// append appends the envelope with the fault. [SOAP 1.2 §5.4]
func (f *fault) append(dst []byte) []byte {
	soap := f.soap
	if soap == "" {
		soap = "Receiver"
	}
	dst = appendEnvelope(dst)
	if soap == "VersionMismatch" {
		dst = append(dst, `<soap:Header><soap:Upgrade><soap:SupportedEnvelope qname="soap:Envelope"/></soap:Upgrade></soap:Header>`...)
	}
	dst = append(append(append(dst, "<soap:Body><soap:Fault><soap:Code><soap:Value>soap:"...), soap...), `</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">`...)
	dst = xmltree.AppendSafeText(dst, f.message)
	dst = append(dst, "</soap:Text></soap:Reason>"...)
	if f.code != "" {
		dst = append(dst, `<soap:Detail><ws:FaultDetail xmlns:ws="`+NS+`"><code>`...)
		dst = xmltree.AppendSafeText(dst, f.code)
		dst = append(dst, "</code><message>"...)
		dst = xmltree.AppendSafeText(dst, f.message)
		dst = append(dst, "</message></ws:FaultDetail></soap:Detail>"...)
	}
	return append(dst, "</soap:Fault></soap:Body></soap:Envelope>"...)
}
