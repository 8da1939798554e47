package sqlstore_test

import (
	"testing"

	"oots/internal/coordinator"
	"oots/internal/sqlstore/storetest"
	"oots/internal/store"
)

func TestCoordinator(t *testing.T) {
	t.Parallel()
	storetest.Coordinator(t, func(t *testing.T) (*store.DB, coordinator.Store) {
		s := openEmpty(t)
		return s.DB, s.Coordinator()
	})
}
