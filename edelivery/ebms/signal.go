package ebms

import "time"

// A SignalMessage is one eb:SignalMessage: a receipt, errors, or a pull request.
type SignalMessage struct {
	Timestamp      time.Time // UTC
	MessageID      string
	RefToMessageID string   // the user message that is answered; "" if unknown
	Receipt        *Receipt // nil if there is none
	Errors         []Error
	PullMPC        string // channel of a PullRequest
	Pull           bool   // there is a PullRequest
}

// A Receipt is an eb:Receipt with non-repudiation information. [AS4 §5.1.8] [ebBP Signals 2.0]
type Receipt struct {
	References []Reference // one per reference of the signature that is receipted, in its order
	Foreign    int         // children beside the non-repudiation information; tolerated
	CopyOnly   bool        // a copy of the user message instead of non-repudiation information
}

// A Reference is a ds:Reference inside a receipt.
type Reference struct {
	URI          string   // "#id" or "cid:…", as written
	Raw          string   // the ds:Reference element, namespaces self-contained; written as it is
	Transforms   []string // algorithm URIs in order
	DigestMethod string
	DigestValue  string // base64 as written
}

// A Messaging is the content of one eb:Messaging header.
type Messaging struct {
	Users   []UserMessage
	Signals []SignalMessage
}
