package accesspoint

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/edelivery/pmode/keystore"
	"oots/internal/accesspoint/settings"
	"oots/internal/gateway"
	"oots/internal/pmodes"
	"oots/internal/sqlstore"
)

// TestCommandsBeside: commands act beside the process at work and beside each other; each can send.
func TestCommandsBeside(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	d := Deps{Clock: testClock(), Log: discard()}
	a, err := OpenBeside(t.Context(), n.config(nil), d)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := OpenBeside(t.Context(), n.config(nil), d)
	if err != nil {
		t.Fatalf("a second command: %v", err)
	}
	defer b.Close()
	for _, command := range []*AccessPoint{a, b} {
		id, err := command.Gateway.Ping(t.Context(), command.modes.PModes().Self.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := n.ap.Gateway.Look(t.Context(), gateway.Out, id); err != nil || d.State != gateway.Acknowledged {
			t.Errorf("%+v, %v", d.Summary, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(n.dir, "data", "lock-*command*")); err != nil || len(left) > 0 {
		t.Errorf("%q, %v", left, err)
	}
}

// TestReadingNeedsNoKeys: who only looks needs neither private keys nor a writable configuration, and sees what there is.
func TestReadingNeedsNoKeys(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	id, err := n.ap.Gateway.Ping(t.Context(), n.ap.modes.PModes().Self.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"keys/AP_AT_01.key.pem", "tls/server.key.pem"} {
		if err := os.Remove(filepath.Join(n.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := OpenForReading(t.Context(), n.config(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found, err := gateway.NewReader(db.Gateway()).Search(t.Context(), gateway.Filter{Text: id})
	if err != nil || len(found) != 2 {
		t.Errorf("%+v, %v", found, err)
	}
	if d, err := gateway.NewReader(db.Gateway()).Look(t.Context(), gateway.Out, id); err != nil || d.Message.MessageID != id {
		t.Errorf("%+v, %v", d.Message, err)
	}
	if _, err := gateway.NewReader(db.Gateway()).Queues(t.Context()); err != nil {
		t.Error(err)
	}
	want, err := n.ap.Certificates(t.Context(), testClock().Now())
	if err != nil {
		t.Fatal(err)
	}
	got, err := Certificates(t.Context(), n.config(nil), db, testClock().Now())
	if err != nil || !slices.EqualFunc(got, want, func(a, b keystore.Watch) bool {
		return a.Party == b.Party && a.Serial == b.Serial && a.Status == b.Status
	}) {
		t.Errorf("%+v, want %+v, %v", got, want, err)
	}
}

// TestCommandsLeaveTheSchema: no command changes the data of another version, and each says what to do.
func TestCommandsLeaveTheSchema(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.open()
	if err := n.ap.Close(); err != nil {
		t.Fatal(err)
	}
	newest := schema(t, n, `DELETE FROM goose_db_version WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version) RETURNING version_id`)
	c := n.config(nil)
	for name, open := range commands(t, c) {
		err := open()
		if !errors.Is(err, sqlstore.ErrOlder) || !strings.Contains(err.Error(), "start the access point with this version first") {
			t.Errorf("%s: %v", name, err)
		}
	}
	schema(t, n, fmt.Sprintf(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, 1) RETURNING version_id`, newest))
	for name, open := range commands(t, c) {
		if err := open(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCommandsBeforeTheFirstStart: what reads says that there is nothing yet, what acts puts no P-Modes in force.
func TestCommandsBeforeTheFirstStart(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	c := n.config(nil)
	if _, err := OpenForReading(t.Context(), c); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "start the access point first") {
		t.Error(err)
	}
	db, err := OpenStore(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := OpenBeside(t.Context(), c, Deps{Clock: testClock(), Log: discard()}); !errors.Is(err, pmodes.ErrNone) || !strings.Contains(err.Error(), "start the access point first") {
		t.Error(err)
	}
}

// schema changes the number of the schema, so that the data are of another version.
func schema(t *testing.T, n *node, statement string) (number int64) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(n.dir, "data", sqlstore.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(statement).Scan(&number); err != nil {
		t.Fatal(err)
	}
	return number
}

// commands are the ways in which commands open the data.
func commands(t *testing.T, c settings.Config) map[string]func() error {
	closed := func(db *sqlstore.Store, err error) error {
		if err != nil {
			return err
		}
		return db.Close()
	}
	return map[string]func() error{
		"OpenForReading": func() error { return closed(OpenForReading(t.Context(), c)) },
		"OpenStore":      func() error { return closed(OpenStore(t.Context(), c)) },
		"OpenBeside": func() error {
			a, err := OpenBeside(t.Context(), c, Deps{Clock: testClock(), Log: discard()})
			if err != nil {
				return err
			}
			return a.Close()
		},
	}
}
