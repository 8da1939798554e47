package sqlstore_test

import (
	"testing"

	"oots/internal/repository"
	"oots/internal/sqlstore/storetest"
	"oots/internal/store"
)

func TestRepository(t *testing.T) {
	t.Parallel()
	storetest.Repository(t, func(t *testing.T) (*store.DB, repository.Store) {
		s := openEmpty(t)
		return s.DB, s.Repository()
	})
}
