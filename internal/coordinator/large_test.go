package coordinator_test

import (
	"fmt"
	"testing"
	"time"

	"oots/directory"
	"oots/edm"
)

// TestLargeCountry edits one record among thousands: lists come in pages, and everything else is kept.
func TestLargeCountry(t *testing.T) {
	services := 5000
	if testing.Short() {
		services = 500
	}
	o := filled(t, nil).serve()
	p := o.lifecycle.Active("LU", directory.DataServiceDirectory)
	model := p.Services[0]
	p.Services = nil
	for i := range services {
		s := model
		s.Publisher.ID.Value = fmt.Sprintf("LU-%05d", i)
		s.Publisher.Names = edm.Texts{{Lang: "FR", Value: fmt.Sprintf("État civil de Ville %d", i)}}
		p.Services = append(p.Services, s)
	}
	o.replace(luxembourg, p)
	b := o.as("lu-editor")
	step := func(name string, f func()) {
		begun := time.Now()
		f()
		t.Logf("%s: %v", name, time.Since(begun).Round(time.Millisecond))
	}
	step("list", func() { b.Get("/list/provider?page=3").See(t, fmt.Sprintf("101 to 150 of %d", services)) })
	step("search", func() { b.Get("/list/provider?q=etat+ville+477").See(t, "État civil de Ville 477") })
	step("form", func() {
		p := b.Get("/edit/service").On(t, 200, "record")
		if len(p.Body) > 256<<10 {
			t.Errorf("the form has %d bytes", len(p.Body))
		}
	})
	step("save", func() {
		fill(b, b.Get(address("provider", scheme+" LU-00077")), "/edit/provider", "providerName.0.value", "Registry").On(t, 200, "section")
	})
	step("check", func() { b.Get("/check").On(t, 200, "check").See(t, "Ready", "Registry") })
	step("submit", func() { fill(b, b.Get("/check"), "/submit").See(t, "It is in force.") })
	got := o.lifecycle.Active("LU", directory.DataServiceDirectory).Services
	if len(got) != services {
		t.Errorf("%d data services in force, want %d", len(got), services)
	}
}
