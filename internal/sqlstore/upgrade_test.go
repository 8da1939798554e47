package sqlstore_test

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"oots/edelivery/as4"
	"oots/internal/gateway"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// TestUpgradeOfTheGateway: a database from before migration 13 opens with its messages; what waited is claimed with its
// payload, what was received is known as a duplicate and handed over, and what was settled says that its payload is gone.
func TestUpgradeOfTheGateway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx := context.Background()
	key := make([]byte, 32)
	old(t, filepath.Join(dir, sqlstore.FileName), key, 12)
	s, err := sqlstore.Open(ctx, dir, key)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g := s.Gateway()
	now := time.UnixMilli(2_000_000).UTC()
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		due, err := g.Due(tx, now, 10)
		if err != nil || len(due) != 1 || due[0] != (gateway.Due{Partner: "AP_B", Count: 1}) {
			t.Errorf("due %+v, %v", due, err)
		}
		o, err := g.ClaimOutbound(tx, gateway.Claim{Partner: "AP_B", Owner: "me", Now: now, Until: now.Add(time.Minute)})
		if err != nil {
			return err
		}
		content, err := as4.ReadAll(o.Entity.Parts[0].Content)
		if err != nil || o.MessageID != "waiting" || string(content) != "payload" || o.Keeping != nil || o.Plan.Strategy != "" || o.Attempts != 2 {
			t.Errorf("claimed %+v with %q, %v", o, content, err)
		}
		if err := g.SettleOutbound(tx, "waiting", "me", gateway.Acknowledged, "", []byte("receipt"), now); err != nil {
			return err
		}
		if _, err := g.Erase(tx, gateway.Key{Box: gateway.Out, MessageID: "waiting"}, now, time.Time{}); err != nil {
			return err
		}
		in, err := g.ClaimInbound(tx, now, "me", now.Add(time.Minute))
		if err != nil || in.Message.MessageID != "received" || len(in.Payloads) != 1 {
			t.Errorf("claimed %+v, %v", in, err)
		}
		done, err := g.Look(tx, gateway.Key{Box: gateway.Out, MessageID: "settled"})
		if err != nil || done.State != gateway.Acknowledged || !done.Deleted.Equal(time.UnixMilli(1_500_000)) || string(done.Envelope) != "<env/>" {
			t.Errorf("settled %+v, %v", done.Summary, err)
		}
		found, err := g.Search(tx, gateway.Filter{Text: "conversation-1"})
		if err != nil || len(found) != 3 {
			t.Errorf("found %d, %v", len(found), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// old makes a database of an earlier version with a few messages.
func old(t *testing.T, file string, key []byte, version int64) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, until(t, version))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(context.Background()); err != nil {
		t.Fatal(err)
	}
	seal, err := store.NewSealer(key)
	if err != nil {
		t.Fatal(err)
	}
	secret := seal.Seal([]byte(`{"Key":"AAAAAAAAAAAAAAAAAAAAAA==","IVs":["AAAAAAAAAAAAAAAA"]}`), "outbox:waiting")
	header := seal.Seal([]byte(`{"MessageID":"received"}`), "inbox:received")
	for _, row := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO gateway_outbox VALUES ('waiting','t','AP_B','Action','conversation-1','waiting',1,1000000,'',0,1000000,0,'EBMS:0301','text/xml','b','<env/>',?,'[]',NULL)`, []any{secret}},
		{`INSERT INTO gateway_outbox VALUES ('settled','t','AP_B','Action','conversation-1','acknowledged',1,1000000,'',0,1000000,1500000,'','text/xml','b','<env/>',NULL,'[]','receipt')`, nil},
		{`INSERT INTO gateway_inbox VALUES ('received','t','AP_B','Action','conversation-1','f','received',0,1000000,'',0,1000000,0,'text/xml','receipt','<env/>',?)`, []any{header}},
		{`INSERT INTO gateway_part VALUES ('out','waiting',0,'c','',7,'',?)`, []any{seal.Seal([]byte("payload"), "part:out:waiting:0")}},
		{`INSERT INTO gateway_part VALUES ('in','received',0,'c','text/xml',7,'',?)`, []any{seal.Seal([]byte("payload"), "part:in:received:0")}},
	} {
		if _, err := db.Exec(row.query, row.args...); err != nil {
			t.Fatal(err)
		}
	}
}

// until is the folder of migrations without those after version.
func until(t *testing.T, version int64) fs.FS {
	t.Helper()
	dir := t.TempDir()
	entries, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		n, err := strconv.ParseInt(e.Name()[:4], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if n > version {
			continue
		}
		b, err := os.ReadFile(filepath.Join("migrations", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, e.Name()), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return os.DirFS(dir)
}
