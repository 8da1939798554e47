package audit

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"oots/internal/store"
)

// batch is how many rows are read at once.
const batch = 500

// A Keeper keeps the log of a node in service: it copies what is committed to the files, signs the head at intervals,
// and erases what is older than the retention. Several may share a store, one of them with the files.
type Keeper struct {
	Journal *Journal
	DB      *store.DB
	Files   *Files        // nil keeps no copy
	Signer  func() Signer // asked each time, so that keys change without a restart; nil signs nothing
	Every   time.Duration // between two checkpoints; 0 means an hour
	Log     *slog.Logger

	mu    sync.Mutex
	state State

	erased time.Time // when the keeper last looked for what is to be erased
}

// NewKeeper keeps the log of s with its copy in the folder dir.
func NewKeeper(j *Journal, db *store.DB, dir string, signer func() Signer, log *slog.Logger) (*Keeper, error) {
	f, err := OpenFiles(dir)
	if err != nil {
		return nil, err
	}
	return &Keeper{Journal: j, DB: db, Files: f, Signer: signer, Log: log}, nil
}

// Run works until ctx ends: it copies at every poll, and once more at the end.
func (k *Keeper) Run(ctx context.Context, poll time.Duration) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if err := k.Work(ctx); err != nil && ctx.Err() == nil {
			k.Log.Error("the log of exchanges is not kept", "err", err)
		}
		select {
		case <-ctx.Done():
			if _, err := k.Copy(context.WithoutCancel(ctx)); err != nil {
				k.Log.Error("the log of exchanges is not kept", "err", err)
			}
			return
		case <-tick.C:
		}
	}
}

// Work does once whatever is due. That one thing fails keeps no other from being done.
func (k *Keeper) Work(ctx context.Context) error {
	err := errors.Join(k.look(ctx), k.checkpoint(ctx), k.erase(ctx))
	_, e := k.Copy(ctx)
	if err = errors.Join(err, e); ctx.Err() == nil {
		k.note(err)
	}
	return err
}

func (k *Keeper) signer() Signer {
	if k.Signer == nil {
		return Signer{}
	}
	return k.Signer()
}

// checkpoint signs the head when the interval has passed and there is something new.
func (k *Keeper) checkpoint(ctx context.Context) error {
	s := k.signer()
	if s.Key == nil {
		return nil
	}
	every := k.Every
	if every <= 0 {
		every = time.Hour
	}
	due := false
	err := k.DB.View(ctx, func(tx *store.Tx) error {
		position, _, err := k.Journal.store.Head(tx)
		if err != nil {
			return err
		}
		last, at, err := k.Journal.store.LastCheckpoint(tx, "")
		due = position > last && k.Journal.clock.Now().Sub(at) >= every
		return err
	})
	if err != nil || !due {
		return err
	}
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := k.Journal.Checkpoint(tx, Interval, s)
		return err
	})
}

// Copy appends the committed rows and checkpoints that the files do not have, and returns how many rows.
func (k *Keeper) Copy(ctx context.Context) (int, error) {
	if k.Files == nil {
		return 0, nil
	}
	if err := k.follow(ctx); err != nil {
		return 0, err
	}
	last, err := k.Files.Last()
	if err != nil {
		return 0, err
	}
	for n := 0; ; {
		k.copied(last)
		rows, err := k.behind(ctx, last)
		if err != nil {
			return n, err
		}
		if len(rows) == 0 {
			return n, k.copyCheckpoints(ctx)
		}
		if err := k.Files.Append(rows); err != nil {
			return n, err
		}
		n, last = n+len(rows), rows[len(rows)-1].Position
	}
}

func (k *Keeper) behind(ctx context.Context, position int64) (rows []Row, err error) {
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		stored, err := k.Journal.store.Rows(tx, position, batch)
		for _, s := range stored {
			rows = append(rows, s.Row)
		}
		return err
	})
	return rows, err
}

// erase deletes what is older than the retention: rows of the database, and files with nothing younger in them. A
// checkpoint says in the database and in the files what was there. It looks every hour, and erases every day at most.
func (k *Keeper) erase(ctx context.Context) error {
	now := k.Journal.clock.Now()
	if since := now.Sub(k.erased); since >= 0 && since < time.Hour {
		return nil
	}
	due := false
	err := k.DB.View(ctx, func(tx *store.Tx) error {
		last, err := k.Journal.aged(tx)
		due = last.Position > 0
		return err
	})
	if err == nil && due {
		if _, err = k.Copy(ctx); err == nil { // nothing goes before it was in both places
			err = k.DB.Update(ctx, func(tx *store.Tx) error {
				_, err := k.Journal.EraseSigned(tx, k.signer())
				return err
			})
		}
		if err == nil && k.Files != nil {
			err = errors.Join(k.prune(ctx), k.forget(ctx))
		}
	}
	if err == nil {
		k.erased = now
	}
	return err
}

// prune removes the files of which the database has no row any more.
func (k *Keeper) prune(ctx context.Context) error {
	var first int64
	err := k.DB.View(ctx, func(tx *store.Tx) error {
		rows, err := k.Journal.store.Rows(tx, 0, 1)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			first = rows[0].Position
			return nil
		}
		first, _, err = k.Journal.store.Head(tx)
		first++
		return err
	})
	if err != nil {
		return err
	}
	names, ends, err := k.Files.prunable(first - 1)
	if err != nil || len(names) == 0 {
		return err
	}
	if end := ends[len(ends)-1]; end.Position > 0 {
		c, err := NewCheckpoint(end.Position, end.Hash, k.Journal.clock.Now(), Erasure, k.signer())
		if err != nil {
			return err
		}
		if err := k.DB.Update(ctx, func(tx *store.Tx) error { return k.Journal.store.PutCheckpoint(tx, c) }); err != nil {
			return err
		}
		if err := k.copyCheckpoints(ctx); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := os.Remove(filepath.Join(k.Files.dir, name)); err != nil {
			return err
		}
	}
	return syncDir(k.Files.dir)
}
