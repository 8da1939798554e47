//go:build !linux && !darwin && !freebsd

package accesspoint

import "errors"

// free cannot be told here.
func free(string) (uint64, error) { return 0, errors.ErrUnsupported }
