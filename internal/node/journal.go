package node

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/proof"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// journalFolder is the folder of the copy of the log, below that of the database.
const journalFolder = "journal"

// A keptLog is the log of an access point with its copy apart, signed with the key of the access point. It has what
// happens to messages beside what is exchanged, as the log of an access point in service does.
type keptLog struct {
	*audit.Journal
	keeper *audit.Keeper
}

func openJournal(db *sqlstore.Store, dir string, c clock.Clock, pair pki.Pair, log *slog.Logger) (keptLog, error) {
	j := audit.New(db.Journal(), c)
	signer := func() audit.Signer { return audit.Signer{Key: pair.Key, Certificate: pair.Certificate} }
	k, err := audit.NewKeeper(j, db.DB, filepath.Join(dir, journalFolder), signer, log)
	return keptLog{j, k}, err
}

// record is the gateway.Config.Record of the access point.
func (l keptLog) record(tx *store.Tx, e gateway.Event) error { return proof.Record(l.Journal)(tx, e) }

// run copies, signs and erases until ctx ends.
func (l keptLog) run(ctx context.Context) { l.keeper.Run(ctx, 5*time.Second) }

// close copies what is not copied yet.
func (l keptLog) close() error { return l.keeper.Work(context.Background()) }
