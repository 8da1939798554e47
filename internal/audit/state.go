package audit

import (
	"context"
	"time"

	"oots/internal/store"
)

// A State is how a Keeper is doing, as of its last work; it asks neither the database nor the files.
type State struct {
	Rows     int64     // position of the last row of the log
	Copied   int64     // position of the last row in the files
	Files    bool      // there is a copy apart
	Worked   time.Time // when everything that was due was last done; zero: not since the start
	Failing  time.Time // since when it is not; zero while it is
	Err      error     // why it is not
	Restored time.Time // when the database was last found to be another one than that of the files; zero: never
}

// Behind is how many rows the files lack.
func (s State) Behind() int64 {
	if !s.Files {
		return 0
	}
	return max(0, s.Rows-s.Copied)
}

// State reports how the keeper is doing. That it fails or lags behind keeps no message from being acknowledged: the log in
// the database is written with each.
func (k *Keeper) State() State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state
}

// note remembers how the work went.
func (k *Keeper) note(err error) {
	now := k.Journal.clock.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state.Files, k.state.Err = k.Files != nil, err
	switch {
	case err == nil:
		k.state.Worked, k.state.Failing = now, time.Time{}
	case k.state.Failing.IsZero():
		k.state.Failing = now
	}
}

// look finds the head of the log, and the first time when the database was last restored.
func (k *Keeper) look(ctx context.Context) error {
	first := k.State().Worked.IsZero()
	return k.DB.View(ctx, func(tx *store.Tx) error {
		position, _, err := k.Journal.store.Head(tx)
		if err != nil {
			return err
		}
		var restored time.Time
		if first {
			if _, restored, err = k.Journal.store.LastCheckpoint(tx, Restored); err != nil {
				return err
			}
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		k.state.Rows = position
		if restored.After(k.state.Restored) {
			k.state.Restored = restored
		}
		return nil
	})
}

// copied remembers how far the files have come.
func (k *Keeper) copied(position int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state.Copied, k.state.Rows = position, max(k.state.Rows, position)
}
