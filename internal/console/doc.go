// Package console is the operators' view of an access point: where is message X, and why; which partner cannot be
// reached, and at which layer; what needs a hand, and who has lent one. It shows headers, states, errors and receipts,
// and never the content of a payload.
//
//	c, err := console.New(console.Config{Base: "/console", DB: db, Store: s, Sessions: sessions, Gateway: g, Clock: clock.System(), Log: log})
//	http.Handle("/console/", c)
//
// Accounts are readers, operators or administrators. There is no default password: an invitation works once, behind it
// the owner chooses a password, and operators and administrators set up a second factor [RFC 6238]. What anybody does
// is logged with who, when and why, in a chain that shows when a row is changed or missing. The pages need no script.
package console
