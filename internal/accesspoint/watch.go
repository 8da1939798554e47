package accesspoint

import (
	"context"
	"time"

	"oots/edelivery/pmode/keystore"
)

// Certificates looks at the certificates of the parties of the P-Modes in force, ours among them.
func (a *AccessPoint) Certificates(ctx context.Context, now time.Time) ([]keystore.Watch, error) {
	_, content, err := a.PModes.Version(ctx, 0)
	if err != nil {
		return nil, err
	}
	return a.keys.watch(partyNames(content), now), nil
}
