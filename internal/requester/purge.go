package requester

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"oots/internal/store"
)

// A Retention says how long an application is kept with its evidence, its uploads and its user.
type Retention struct {
	Submitted time.Duration // after the procedure got it; 0 means a day
	Abandoned time.Duration // after anything happened to one that is not submitted; 0 means a day
}

// day is how long applications are kept unless the settings say otherwise: evidence in transit has to go once
// it is handed over. [Regulation (EU) 2018/1724 art. 14(3)(i)]
const day = 24 * time.Hour

// logKept is as long as the log of article 17 is kept, and a day more: what it tells is found by the user until then.
const logKept = 367 * day

// Purge deletes the applications whose time is over, and returns how many those were. One with an exchange
// under way waits for its end, which Expire brings about. The log of article 17 and the ids of what was sent
// stay, so that a late answer is still known for one. It is called again and again.
func (s *Service) Purge(ctx context.Context) (int, error) {
	r := s.Settings.Retention
	submitted := s.now().Add(-cmp.Or(r.Submitted, day))
	idle := s.now().Add(-cmp.Or(r.Abandoned, day))
	if err := s.DB.Update(ctx, func(tx *store.Tx) error { return s.Store.ForgetConversations(tx, s.now().Add(-logKept)) }); err != nil {
		return 0, err
	}
	stale := func(tx *store.Tx) ([]string, error) { return s.Store.Stale(tx, submitted, idle) }
	return s.DB.Sweep(ctx, stale, s.purge)
}

func (s *Service) purge(tx *store.Tx, applicationID string) (bool, error) {
	open, err := s.Store.HasOpen(tx, applicationID)
	if err != nil {
		return false, fmt.Errorf("application %s: %w", applicationID, err)
	}
	if open {
		return false, nil
	}
	return true, s.Store.DeleteApplication(tx, applicationID)
}
