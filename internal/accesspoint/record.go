package accesspoint

import (
	"oots/internal/audit"
	"oots/internal/gateway"
	"oots/internal/store"
)

// record writes what happens to messages into the log of exchanges, within the transaction that makes it a fact, and
// counts refusals and failures by code. What a stranger says of itself does not go into it. [TDD 4.8]
func (a *AccessPoint) record(tx *store.Tx, e gateway.Event) error {
	tx.After(func() { a.figures.code(e.Name, e.Code) })
	m := audit.MessageEvent{
		At: e.At, Name: string(e.Name), Box: string(e.Box), MessageID: e.MessageID, ConversationID: e.ConversationID, RefToMessageID: e.RefToMessageID,
		Partner: e.Partner, Action: e.Action, Code: e.Code, Detail: e.Detail, SHA256: e.Digest, Actor: e.Actor, Count: e.Count, Since: e.Since,
	}
	if e.Unproven {
		m = m.Unproven()
	}
	return a.Journal.RecordMessage(tx, m)
}

// signer is what the head of the log is signed with: the key that signs messages now.
func (a *AccessPoint) signer() audit.Signer {
	own := a.keys.identities()
	return audit.Signer{Key: own[0].Key, Certificate: own[0].Certificate}
}
