package node

import (
	"context"
	"net/http"
	"time"
	_ "time/tzdata" // pages show the time of their country on machines without the database

	"oots/internal/audit"
	"oots/internal/demo"
	"oots/internal/login"
	eid "oots/internal/login/demo"
	"oots/internal/lookup"
	"oots/internal/portal"
	"oots/internal/preview"
	"oots/internal/store"
)

// codeLists are the lists that questions of the directories refer to, as the portal wants them.
type codeLists struct{ *lookup.Client }

// CodeList implements portal.CodeLists.
func (c codeLists) CodeList(ctx context.Context, url string) ([]portal.Code, error) {
	codes, err := c.Client.CodeList(ctx, url)
	if err != nil {
		return nil, err
	}
	out := make([]portal.Code, len(codes))
	for i, k := range codes {
		out[i] = portal.Code{Value: k.Code, Names: k.Names}
	}
	return out, nil
}

// journal is the log of article 17 as the portal wants it.
type journal struct{ m *MemberState }

// Conversation implements portal.Journal.
func (j journal) Conversation(ctx context.Context, id string) (out []audit.Entry, err error) {
	err = j.m.store.DB.View(ctx, func(tx *store.Tx) error {
		out, err = j.m.Journal.Conversation(tx, id)
		return err
	})
	return out, err
}

// pages mounts portal, preview space, login and access point on one host.
func (m *MemberState) pages(c stateConfig) (http.Handler, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, err
	}
	eID, err := eid.New(eid.Config{
		Names: c.State.Requester.Names, Country: c.Country, Lang: lower(c.Lang), Cookie: portal.CookieName(c.Country),
		Persons: demo.Persons(), Zone: zone, Clock: c.clock, Log: m.log,
	})
	if err != nil {
		return nil, err
	}
	sessions := m.store.Sessions(c.clock.Now)
	eIDAS, err := m.eidasLogin(&c, sessions, zone)
	if err != nil {
		return nil, err
	}
	logins := []login.Method{eID, eIDAS}
	p, err := portal.New(portal.Config{
		Names: c.State.Requester.Names, Country: c.Country, Lang: lower(c.Lang), Procedures: demo.Procedures(c.Country),
		Requester: m.Requester, CodeLists: codeLists{m.CodeLists}, Journal: journal{m}, Logins: logins, Sessions: sessions,
		Demo: true, Zone: zone, Clock: c.clock, Log: m.log,
	})
	if err != nil {
		return nil, err
	}
	v, err := preview.New(preview.Config{
		Names: c.Providers[0].Names, Country: c.Country, Lang: lower(c.Lang), Provider: m.Provider, Logins: logins, Sessions: sessions,
		Demo: true, Zone: zone, Clock: c.clock, Log: m.log,
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/as4", m.Gateway)
	mux.Handle("/preview/", v)
	mux.Handle("/", p)
	login.Mount(mux, logins, p.Place(), v.Place())
	return mux, nil
}
