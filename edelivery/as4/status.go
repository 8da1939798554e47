package as4

import "net/http"

// HTTP statuses of a receiving access point, by situation. [AS4 1.15 §3.2] [SOAP 1.2 Part 2 §7.5]
const (
	// StatusReceipt goes with a signed receipt.
	StatusReceipt = http.StatusOK
	// StatusError goes with an ebMS error: the message was understood as AS4 and refused.
	StatusError = http.StatusOK
	// StatusNothing answers a signal that came by itself: nothing is returned and nothing changes.
	StatusNothing = http.StatusAccepted
	// StatusMalformed answers a body that is no SOAP envelope.
	StatusMalformed = http.StatusBadRequest
	// StatusMediaType answers a Content-Type that is neither SOAP 1.2 nor SOAP with attachments, and an
	// HTTP content coding, which would be a second way to expand.
	StatusMediaType = http.StatusUnsupportedMediaType
	// StatusFault goes with the SOAP faults VersionMismatch and MustUnderstand.
	StatusFault = http.StatusInternalServerError
	// StatusTooLarge answers a body above a limit, without content.
	StatusTooLarge = http.StatusRequestEntityTooLarge
	// StatusTimeout answers a body that comes too slowly.
	StatusTimeout = http.StatusRequestTimeout
	// StatusBusy answers when the message cannot be stored durably now; with Retry-After and never with a receipt.
	StatusBusy = http.StatusServiceUnavailable
	// StatusFailed answers an internal error after the message was stored; the sender will send it again.
	StatusFailed = http.StatusInternalServerError
)
