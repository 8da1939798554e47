package accesspoint

import (
	"oots/internal/audit"
	"oots/internal/gateway"
	"oots/internal/proof"
	"oots/internal/store"
)

// record writes what happens to messages into the log of exchanges, within the transaction that makes it a fact, and
// counts refusals and failures by code. [TDD 4.8]
func (a *AccessPoint) record(tx *store.Tx, e gateway.Event) error {
	tx.After(func() { a.figures.code(e.Name, e.Code) })
	return proof.Record(a.Journal)(tx, e)
}

// signer is what the head of the log is signed with: the key that signs messages now.
func (a *AccessPoint) signer() audit.Signer {
	own := a.keys.identities()
	return audit.Signer{Key: own[0].Key, Certificate: own[0].Certificate}
}
