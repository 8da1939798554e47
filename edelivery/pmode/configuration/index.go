package configuration

import "fmt"

// An index finds elements by their names, in lower case.
type index struct {
	mpcs       map[string]*MPC
	roles      map[string]*Role
	types      map[string]*PartyIDType
	parties    map[string]*Party
	meps       map[string]*Named
	bindings   map[string]*Binding
	properties map[string]*Property
	sets       map[string]*PropertySet
	payloads   map[string]*Payload
	profiles   map[string]*PayloadProfile
	securities map[string]*Security
	errors     map[string]*ErrorHandling
	agreements map[string]*Agreement
	services   map[string]*Service
	actions    map[string]*Action
	awareness  map[string]*ReceptionAwareness
	receipts   map[string]*Reliability
	splittings map[string]*Splitting
	legs       map[string]*Leg
}

func (c *Configuration) index() *index {
	return &index{
		mpcs:       named(c.MPCs, func(e *MPC) string { return e.Name }),
		roles:      named(c.Roles, func(e *Role) string { return e.Name }),
		types:      named(c.PartyIDTypes, func(e *PartyIDType) string { return e.Name }),
		parties:    named(c.Parties, func(e *Party) string { return e.Name }),
		meps:       named(c.MEPs, func(e *Named) string { return e.Name }),
		bindings:   named(c.Bindings, func(e *Binding) string { return e.Name }),
		properties: named(c.Properties, func(e *Property) string { return e.Name }),
		sets:       named(c.PropertySets, func(e *PropertySet) string { return e.Name }),
		payloads:   named(c.Payloads, func(e *Payload) string { return e.Name }),
		profiles:   named(c.PayloadProfiles, func(e *PayloadProfile) string { return e.Name }),
		securities: named(c.Securities, func(e *Security) string { return e.Name }),
		errors:     named(c.ErrorHandlings, func(e *ErrorHandling) string { return e.Name }),
		agreements: named(c.Agreements, func(e *Agreement) string { return e.Name }),
		services:   named(c.Services, func(e *Service) string { return e.Name }),
		actions:    named(c.Actions, func(e *Action) string { return e.Name }),
		awareness:  named(c.ReceptionAwareness, func(e *ReceptionAwareness) string { return e.Name }),
		receipts:   named(c.Reliabilities, func(e *Reliability) string { return e.Name }),
		splittings: named(c.Splittings, func(e *Splitting) string { return e.Name }),
		legs:       named(c.Legs, func(e *Leg) string { return e.Name }),
	}
}

func named[T any](list []T, name func(*T) string) map[string]*T {
	out := make(map[string]*T, len(list))
	for i := range list {
		out[lower(name(&list[i]))] = &list[i]
	}
	return out
}

func quoted(s string) string { return fmt.Sprintf("%.80q", s) }
