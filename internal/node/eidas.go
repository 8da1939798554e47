package node

import (
	"net/http"
	"time"

	"oots/edm"
	"oots/internal/demo"
	"oots/internal/login/eidas"
	"oots/internal/login/eidasnode"
	"oots/internal/portal"
	"oots/internal/web"
)

// metadataTimeout bounds how long sites and the eIDAS node wait for each other's metadata.
const metadataTimeout = 10 * time.Second

// mountEIDAS adds the eIDAS node of the demonstration, which lets anybody be one of the test persons.
func (d *Demonstration) mountEIDAS(mux *http.ServeMux) (err error) {
	d.eidas, err = eidasnode.New(eidasnode.Config{
		Demonstration: true,
		Names: edm.Texts{
			{Lang: "EN", Value: "eIDAS node of the demonstration"}, {Lang: "DE", Value: "eIDAS-Knoten der Vorführung"}, {Lang: "EL", Value: "Κόμβος eIDAS της επίδειξης"},
		},
		Country: "EU", Lang: "en", Cookie: "oots_eidas", Base: d.options.Bases.Front, Persons: demo.Persons(), Clock: d.options.Clock, Log: d.options.Log,
	})
	if err != nil {
		return err
	}
	d.eidas.Mount(mux)
	return nil
}

// eidasLogin is the eIDAS login of one Member State's portal and preview space, which asks the demonstration's node.
func (m *MemberState) eidasLogin(c *stateConfig, sessions web.SessionStore, zone *time.Location) (*eidas.Method, error) {
	client := *c.client
	client.Timeout = metadataTimeout
	return c.eidas.Login(eidas.Config{
		Names: c.State.Requester.Names, Country: c.Country, Lang: lower(c.Lang), Cookie: portal.CookieName(c.Country), Base: c.base,
		Sessions: sessions, Zone: zone, Clock: c.clock, Log: m.log,
	}, &client)
}
