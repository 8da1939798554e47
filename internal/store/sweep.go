package store

import (
	"context"
	"errors"
)

// Sweep does the same work on every row that list names, each in a transaction of its own, and returns on
// how many work reported that there was something to do. A row that fails is left as it was and does not
// keep the others from their turn; the errors come back joined.
func (d *DB) Sweep(ctx context.Context, list func(*Tx) ([]string, error), work func(tx *Tx, key string) (bool, error)) (int, error) {
	var keys []string
	err := d.View(ctx, func(tx *Tx) (err error) {
		keys, err = list(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	n := 0
	var errs []error
	for _, key := range keys {
		if err := ctx.Err(); err != nil {
			return n, errors.Join(append(errs, err)...)
		}
		done := false
		err := d.Update(ctx, func(tx *Tx) (err error) {
			done, err = work(tx, key)
			return err
		})
		switch {
		case err != nil:
			errs = append(errs, err)
		case done:
			n++
		}
	}
	return n, errors.Join(errs...)
}
