package accesspoint

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"oots/internal/accesspoint/settings"
	"oots/internal/clock"
	"oots/internal/pmodes"
	"oots/internal/sqlstore"
)

// OpenStore opens the data of an access point for a command that changes them. The access point may be at work, so the
// schema is never changed; where there are no data yet, they are made.
func OpenStore(ctx context.Context, c settings.Config) (*sqlstore.Store, error) {
	open := sqlstore.OpenExisting
	if _, err := os.Stat(filepath.Join(string(c.Data.Folder), sqlstore.FileName)); errors.Is(err, fs.ErrNotExist) {
		open = sqlstore.Open
	}
	return openData(ctx, c, open)
}

// OpenForReading opens the data of an access point for a command that only looks. It makes and changes nothing, and
// needs no key but the sealing key.
func OpenForReading(ctx context.Context, c settings.Config) (*sqlstore.Store, error) {
	return openData(ctx, c, sqlstore.OpenForReading)
}

func openData(ctx context.Context, c settings.Config, open func(context.Context, string, []byte) (*sqlstore.Store, error)) (*sqlstore.Store, error) {
	key, err := sealingKey(c.Keys.Sealing)
	if err != nil {
		return nil, err
	}
	dir := string(c.Data.Folder)
	db, err := open(ctx, dir, key)
	if err != nil {
		return nil, &fault{"data.folder", dir, err, cure(err)}
	}
	return db, nil
}

// cure is what to try with a folder that does not open.
func cure(err error) string {
	switch {
	case errors.Is(err, sqlstore.ErrNewer):
		return "the version of the program that was at work last, or the backup from before it (docs/operation.md)"
	case errors.Is(err, sqlstore.ErrOlder):
		return "to start the access point with this version first, which brings its data up to date"
	case errors.Is(err, fs.ErrNotExist):
		return "to start the access point first, which makes its data"
	}
	return ""
}

// OpenArchive gives the P-Modes of an access point to a command, with the keys and certificates of the configuration.
func OpenArchive(c settings.Config, db *sqlstore.Store, clk clock.Clock) (*pmodes.Archive, error) {
	k := &keyring{own: c.Keys.Own, partners: c.Partners, party: c.Party, now: clk.Now}
	if err := k.load(); err != nil {
		return nil, err
	}
	return pmodes.New(pmodes.Deps{DB: db.DB, Store: db.PModes(), Clock: clk, Certificates: k.certificates, Self: c.Party}), nil
}
