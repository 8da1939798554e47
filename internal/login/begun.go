package login

import "slices"

// Begun are the local paths that the logins of one browser lead back to. Only a login that the browser
// itself began counts, so that nobody can log it in as somebody else; two tabs may begin one each.
type Begun []string

// maxBegun bounds how many logins one browser has begun and not ended.
const maxBegun = 8

// Begin notes that a login leads back to next. It reports whether that is new.
func (b *Begun) Begin(next string) bool {
	if slices.Contains(*b, next) {
		return false
	}
	*b = append(*b, next)
	if n := len(*b) - maxBegun; n > 0 {
		*b = slices.Delete(*b, 0, n)
	}
	return true
}

// End reports whether a login that leads back to next was begun, and forgets it.
func (b *Begun) End(next string) bool {
	i := slices.Index(*b, next)
	if i < 0 {
		return false
	}
	*b = slices.Delete(*b, i, i+1)
	return true
}
