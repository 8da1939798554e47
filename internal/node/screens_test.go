package node

import (
	"testing"

	"oots/internal/demo"
)

// TestDemoCoordinators holds that every account of the demonstration can be made, and that each Member State has one
// that may submit.
func TestDemoCoordinators(t *testing.T) {
	editors := map[string]bool{}
	for _, a := range demoCoordinators() {
		if err := a.Check(); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
		if a.Password != "" {
			t.Errorf("%s has a password", a.Name)
		}
		if a.Role == "editor" {
			editors[a.Country] = true
		}
	}
	for _, s := range demo.States() {
		if !editors[s.Country] {
			t.Errorf("%s has no editor", s.Country)
		}
	}
}
