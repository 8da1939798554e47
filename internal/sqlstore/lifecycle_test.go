package sqlstore_test

import (
	"testing"

	"oots/internal/lifecycle"
	"oots/internal/sqlstore/storetest"
	"oots/internal/store"
)

func TestLifecycle(t *testing.T) {
	t.Parallel()
	storetest.Lifecycle(t, func(t *testing.T) (*store.DB, lifecycle.Store) {
		s := openEmpty(t)
		return s.DB, s.Lifecycle()
	})
}

func TestLifecycleSent(t *testing.T) {
	t.Parallel()
	storetest.Sent(t, func(t *testing.T) (*store.DB, lifecycle.SentStore) {
		s := openEmpty(t)
		return s.DB, s.Lifecycle()
	})
}
