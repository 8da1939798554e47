package web

import "time"

// holdFor is how long Await keeps a request at most, and lookEvery how often it asks.
const (
	holdFor   = 20 * time.Second
	lookEvery = 250 * time.Millisecond
)

// Await keeps a request until ready says yes, the browser gives up, or 20 seconds have passed. A page that
// waits for something refreshes itself to an address that does this and then leads back: until the answer
// comes, the browser keeps the page that it shows, with focus and reading position, and nothing needs a
// script. Who wants to stop the refreshing has those 20 seconds. [WCAG 2.2.1]
func (v *Visit[S]) Await(ready func() (bool, error)) error {
	end, look := time.NewTimer(holdFor), time.NewTicker(lookEvery)
	defer end.Stop()
	defer look.Stop()
	for {
		if ok, err := ready(); ok || err != nil {
			return err
		}
		select {
		case <-look.C:
		case <-end.C:
			return nil
		case <-v.R.Context().Done():
			return nil
		}
	}
}
