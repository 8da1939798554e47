package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"oots/internal/store"
)

func open(t testing.TB) *store.DB {
	t.Helper()
	file := "file:" + filepath.Join(t.TempDir(), "x.db") + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(1)"
	writer, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	reader.SetMaxOpenConns(2)
	db := store.New(writer, reader)
	t.Cleanup(func() { db.Close(); reader.Close(); writer.Close() })
	err = db.Update(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TABLE item (name TEXT PRIMARY KEY, content BLOB)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func names(t *testing.T, db *store.DB) (out []string) {
	t.Helper()
	err := db.View(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(`SELECT name FROM item ORDER BY name`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			out = append(out, s)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func put(tx *store.Tx, name string) error {
	_, err := tx.Exec(`INSERT INTO item (name, content) VALUES ($1, $2)`, name, []byte(name))
	return err
}

// TestGroup: of many transactions at once each stands for itself, however it ends.
func TestGroup(t *testing.T) {
	t.Parallel()
	db := open(t)
	refused := errors.New("refused")
	var mu sync.Mutex
	var want []string
	var all sync.WaitGroup
	for i := range 400 {
		name := fmt.Sprintf("%03d", i)
		all.Go(func() {
			told := false
			defer func() { recover() }()
			err := db.Update(context.Background(), func(tx *store.Tx) error {
				tx.After(func() { told = true })
				if err := put(tx, name); err != nil {
					return err
				}
				switch i % 8 {
				case 1:
					return refused
				case 2:
					panic("in a transaction")
				case 3:
					runtime.Goexit()
				case 4:
					return put(tx, name) // breaks the key
				}
				return nil
			})
			if (err == nil) != told || (err == nil) != (i%8 == 0 || i%8 > 4) {
				t.Errorf("transaction %d: %v, told %v", i, err, told)
			}
			if err == nil {
				mu.Lock()
				want = append(want, name)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(want)
	if got := names(t, db); !slices.Equal(got, want) || len(got) != 200 {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
}

// TestGroupOnAFullDisk: whoever was told that it is committed is; the engine rolls everybody else back.
func TestGroupOnAFullDisk(t *testing.T) {
	t.Parallel()
	db := open(t)
	limit := func(pages int) {
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			var n int
			return tx.Row(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages), nil, &n)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(20)
	var mu sync.Mutex
	var want []string
	var all sync.WaitGroup
	for i := range 200 {
		name := fmt.Sprintf("%03d", i)
		all.Go(func() {
			err := db.Update(context.Background(), func(tx *store.Tx) error {
				_, err := tx.Exec(`INSERT INTO item (name, content) VALUES ($1, $2)`, name, make([]byte, (i%4)*3000))
				return err
			})
			if err == nil {
				mu.Lock()
				want = append(want, name)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(want)
	if got := names(t, db); !slices.Equal(got, want) || len(got) == 200 || len(got) == 0 {
		t.Errorf("%d rows, %d were told so", len(got), len(want))
	}
	limit(10000)
	if err := db.Update(context.Background(), func(tx *store.Tx) error { return put(tx, "later") }); err != nil {
		t.Error("when there is room again:", err)
	}
}

// TestGroupAfterItsContext: a transaction whose context has ended is not begun, and others go on.
func TestGroupAfterItsContext(t *testing.T) {
	t.Parallel()
	db := open(t)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			ctx := context.Background()
			if i%2 == 1 {
				ctx = ended
			}
			err := db.Update(ctx, func(tx *store.Tx) error { return put(tx, fmt.Sprint(i)) })
			if (err == nil) != (i%2 == 0) {
				t.Errorf("transaction %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if n := len(names(t, db)); n != 50 {
		t.Errorf("%d rows, want 50", n)
	}
}

// TestGroupWithoutPatience: who waits for a long transaction gives up with its context, and what was left to him to commit
// is committed.
func TestGroupWithoutPatience(t *testing.T) {
	t.Parallel()
	db := open(t)
	began, end, first := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		first <- db.Update(context.Background(), func(tx *store.Tx) error {
			close(began)
			<-end
			return put(tx, "first")
		})
	}()
	<-began
	for range 3 {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Millisecond, cancel)
		err := db.Update(ctx, func(tx *store.Tx) error { return put(tx, "impatient") })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("gave up with %v", err)
		}
	}
	close(end)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if err := db.Update(context.Background(), func(tx *store.Tx) error { return put(tx, "last") }); err != nil {
		t.Error(err)
	}
	if got := names(t, db); !slices.Equal(got, []string{"first", "last"}) {
		t.Errorf("rows %v", got)
	}
}

// BenchmarkUpdate is one row in a transaction of its own, by many at once.
func BenchmarkUpdate(b *testing.B) {
	db := open(b)
	var n int
	var mu sync.Mutex
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mu.Lock()
			n++
			name := fmt.Sprint(n)
			mu.Unlock()
			if err := db.Update(context.Background(), func(tx *store.Tx) error { return put(tx, name) }); err != nil {
				b.Error(err)
			}
		}
	})
}
