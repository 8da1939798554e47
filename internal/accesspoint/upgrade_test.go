package accesspoint

import (
	"bytes"
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/accesspoint/settings"
	"oots/internal/backend"
	"oots/internal/sqlstore"
)

// previous is the last migration of the release before.
const previous = 12

// TestUpgrade opens a data folder as the release before has left it, with a message in the outbox, one in the inbox,
// one in the queue for back ends, and large parts on disk: all of them are delivered.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	at, el := begin(t, "AT"), begin(t, "EL")
	introduce(t, at, el)
	large := bytes.Repeat([]byte("<evidence>of one person</evidence>"), 20_000) // above what lies in the database

	// What an earlier life has left undone.
	at.open()
	el.open()
	out := at.enqueue("AP_EL_01", large)
	queued, inbox := el.enqueue("AP_AT_01", large), ""
	go at.ap.servers[0].serve()
	el.sendAll()
	if n, err := at.ap.Gateway.Deliver(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	inbox = el.enqueue("AP_AT_01", large)
	el.sendAll()
	at.ap.servers[0].http.Close()
	at.account("register")
	el.account("register")
	for _, n := range []*node{at, el} {
		if err := n.ap.Close(); err != nil {
			t.Fatal(err)
		}
	}
	downgrade(t, filepath.Join(at.dir, "data"))

	el.start(nil)
	at.start(nil) // it sends at once
	if status, r := at.ready(); status != http.StatusOK {
		t.Errorf("%+v", r)
	}
	for _, id := range []string{queued, inbox} {
		at.pending(id)
	}
	el.pending(out)
	at.until("receipt", func() bool { return at.status(out, "SENDING") == "ACKNOWLEDGED" })
	for n, id := range map[*node]string{at: inbox, el: out} {
		if status, b := n.do(http.MethodGet, "/backend/v1/messages/"+id+"/payloads/1", "", nil); status != http.StatusOK || !bytes.Equal(b, large) {
			t.Errorf("%s: %d, %d bytes", id, status, len(b))
		}
	}
	if status, b := at.do(http.MethodGet, "/backend/v1/messages/"+queued+"/payloads/1", "", nil); status != http.StatusOK || !bytes.Equal(b, large) {
		t.Errorf("%s: %d, %d bytes", queued, status, len(b))
	}
}

// open assembles a node that does nothing by itself; it listens.
func (n *node) open() {
	n.t.Helper()
	c := n.config(nil)
	c.AS4.Listen = "127.0.0.1:0"
	for address, l := range n.listens { // the port goes free for the life that sends and the one after
		c.AS4.Listen = settings.Address(address)
		l.Close()
		delete(n.listens, address)
	}
	var err error
	if n.ap, err = Open(n.t.Context(), c, Deps{Clock: testClock(), Log: discard()}); err != nil {
		n.t.Fatal(err)
	}
	if err := n.ap.Listen(); err != nil {
		n.t.Fatal(err)
	}
}

// enqueue puts a message into the outbox.
func (n *node) enqueue(to string, payload []byte) string {
	n.t.Helper()
	part, err := n.ap.Store.Spool.Create()
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := part.Write(payload); err != nil {
		n.t.Fatal(err)
	}
	content, err := part.Finish()
	if err != nil {
		n.t.Fatal(err)
	}
	m := ebms.UserMessage{
		To: ebms.Party{ID: ebms.PartyID{Type: partyIDType, Value: to}}, Service: ebms.Service{Type: serviceType, Value: "QueryManager"},
		Action: "ExecuteQueryResponse", ConversationID: "c-1",
		Properties: []ebms.Property{{Name: ebms.OriginalSender, Value: "C1"}, {Name: ebms.FinalRecipient, Value: "C4"}},
	}
	id, err := n.ap.Backend.Submit(n.t.Context(), backend.Account{Name: "register", Role: backend.Admin}, backend.Submission{
		Message: m, Payloads: []as4.Payload{{ContentID: "response@c4.example", MimeType: "application/x-ebrs+xml", Content: content}},
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return id
}

// sendAll sends what waits, once.
func (n *node) sendAll() {
	n.t.Helper()
	if _, err := n.ap.Gateway.Send(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
}

// downgrade writes the database of a folder anew with the schema of the release before: made by its migrations, with
// the rows that it knew.
func downgrade(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, sqlstore.FileName)
	newer := file + ".newer"
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`VACUUM INTO ?`, newer); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if db, err = sql.Open("sqlite", file); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	p, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("../sqlstore/migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), previous); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`ATTACH DATABASE ? AS newer`, newer); err != nil {
		t.Fatal(err)
	}
	copied := 0
	for _, table := range tables(t, db) {
		columns := strings.Join(columnsOf(t, db, table), ", ")
		r, err := db.Exec(`INSERT INTO main.` + table + ` (` + columns + `) SELECT ` + columns + ` FROM newer.` + table)
		if err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		n, _ := r.RowsAffected()
		copied += int(n)
	}
	if copied < 6 {
		t.Fatalf("%d rows were copied", copied)
	}
	if _, err := db.Exec(`DETACH DATABASE newer`); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(newer); err != nil {
		t.Fatal(err)
	}
}

// tables are those whose rows an access point of the release before had.
func tables(t *testing.T, db *sql.DB) []string {
	return names(t, db, `SELECT name FROM main.sqlite_master WHERE type = 'table' AND (name LIKE 'gateway_%' OR name LIKE 'backend_%' OR name LIKE 'pmodes_%')`)
}

func columnsOf(t *testing.T, db *sql.DB, table string) []string {
	return names(t, db, `SELECT name FROM pragma_table_info('`+table+`')`)
}

func names(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		out = append(out, name)
	}
	return out
}
