package lookup

import (
	"time"

	"oots/directory/query"
)

// Freshness says how long a verified answer is used. The directories give no times of their own, so the times
// are the client's choice. [TDD 3.4]
type Freshness struct {
	Catalogue time.Duration // requirements, evidence types, code lists; 24 hours
	Refresh   time.Duration // from this age a catalogue answer is asked for anew behind its use; 12 hours
	Services  time.Duration // data services; one hour
	Stale     time.Duration // how much longer an answer serves while its directory fails; seven days
}

func (f Freshness) orDefault() Freshness {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{{&f.Catalogue, 24 * time.Hour}, {&f.Refresh, 12 * time.Hour}, {&f.Services, time.Hour}, {&f.Stale, 7 * 24 * time.Hour}} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return f
}

// life is how long the answer to a query is fresh, and from which age it is refreshed behind its use.
func (f Freshness) life(id query.ID) (fresh, refresh time.Duration) {
	if id == query.DataServices {
		return f.Services, f.Services
	}
	return f.Catalogue, min(f.Refresh, f.Catalogue)
}
