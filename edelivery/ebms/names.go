package ebms

import "strings"

// Namespaces of an AS4 envelope.
const (
	NS       = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"
	NSSOAP12 = "http://www.w3.org/2003/05/soap-envelope"
	NSSOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
	NSWSSE   = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	NSWSU    = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
	NSEBBP   = "http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0"
	NSDS     = "http://www.w3.org/2000/09/xmldsig#"
)

// Values of the specification.
const (
	DefaultMPC  = NS + "defaultMPC" // channel of a message that names none
	TestService = NS + "service"    // [ebMS3 §5.2.2.8]
	TestAction  = NS + "test"       // [ebMS3 §5.2.2.9]
	Gzip        = "application/gzip"
)

// Part properties that the message service handler itself reads and writes. [AS4 1.15 §3.2.2]
const (
	MimeType        = "MimeType"
	CharacterSet    = "CharacterSet"
	CompressionType = "CompressionType"
)

// Message properties of the four corner topology. [AS4 1.15 §4.1]
const (
	OriginalSender     = "originalSender"
	FinalRecipient     = "finalRecipient"
	TrackingIdentifier = "trackingIdentifier"
)

const xmlSpace = " \t\r\n"

func trim(s string) string { return strings.Trim(s, xmlSpace) }
