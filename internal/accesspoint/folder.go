package accesspoint

import (
	"context"

	"oots/internal/accesspoint/settings"
	"oots/internal/clock"
	"oots/internal/pmodes"
	"oots/internal/sqlstore"
)

// OpenStore opens the data of an access point beside it, for a command. The access point may be at work.
func OpenStore(ctx context.Context, c settings.Config) (*sqlstore.Store, error) {
	key, err := sealingKey(c.Keys.Sealing)
	if err != nil {
		return nil, err
	}
	db, err := sqlstore.Open(ctx, string(c.Data.Folder), key)
	if err != nil {
		return nil, &fault{"data.folder", string(c.Data.Folder), err, ""}
	}
	return db, nil
}

// OpenArchive gives the P-Modes of an access point to a command, with the keys and certificates of the configuration.
func OpenArchive(c settings.Config, db *sqlstore.Store, clk clock.Clock) (*pmodes.Archive, error) {
	k := &keyring{own: c.Keys.Own, partners: c.Partners, party: c.Party, now: clk.Now}
	if err := k.load(); err != nil {
		return nil, err
	}
	return pmodes.New(pmodes.Deps{DB: db.DB, Store: db.PModes(), Clock: clk, Certificates: k.certificates, Self: c.Party}), nil
}
