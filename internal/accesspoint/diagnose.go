package accesspoint

import (
	"context"

	"oots/edelivery/pmode"
	"oots/internal/partner"
)

// Diagnose tries a partner layer by layer, with the trust and the keys that messages have.
func (a *AccessPoint) Diagnose(ctx context.Context, p pmode.Party) partner.Report {
	return a.diagnose(ctx, p)
}
