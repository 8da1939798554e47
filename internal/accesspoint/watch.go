package accesspoint

import (
	"context"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/edelivery/pmode/keystore"
)

// Certificates looks at the certificates of the parties of the P-Modes in force, ours among them.
func (a *AccessPoint) Certificates(ctx context.Context, now time.Time) ([]keystore.Watch, error) {
	_, content, err := a.PModes.Version(ctx, 0)
	if err != nil {
		return nil, err
	}
	c, _ := configuration.Parse(content)
	if c == nil {
		return nil, nil
	}
	var names []string
	for _, p := range c.Parties {
		names = append(names, p.Name)
	}
	return a.keys.watch(names, now), nil
}
