//go:build !unix

package bench

import "time"

// processorTime is what this process has used of all processors; 0 when it cannot be told.
func processorTime() time.Duration { return 0 }
