package sqlstore

import (
	"encoding/json"
	"fmt"
)

// sealJSON encrypts v for the row called place.
func (s *Store) sealJSON(v any, place string) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", place, err)
	}
	return s.Seal.Seal(b, place), nil
}

// openJSON reverses sealJSON into v.
func (s *Store) openJSON(sealed []byte, place string, v any) error {
	b, err := s.Seal.Open(sealed, place)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	return nil
}
