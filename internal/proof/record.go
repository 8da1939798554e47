package proof

import (
	"oots/internal/audit"
	"oots/internal/gateway"
	"oots/internal/store"
)

// Record is the gateway.Config.Record of an access point with that log: what Trace finds there. What a stranger says of
// itself does not go into it. [TDD 4.8]
func Record(j *audit.Journal) func(tx *store.Tx, e gateway.Event) error {
	return func(tx *store.Tx, e gateway.Event) error {
		m := audit.MessageEvent{
			At: e.At, Name: string(e.Name), Box: string(e.Box), MessageID: e.MessageID, ConversationID: e.ConversationID, RefToMessageID: e.RefToMessageID,
			Partner: e.Partner, Action: e.Action, Code: e.Code, Detail: e.Detail, SHA256: e.Digest, Actor: e.Actor, Count: e.Count, Since: e.Since,
		}
		if e.Unproven {
			m = m.Unproven()
		}
		return j.RecordMessage(tx, m)
	}
}
