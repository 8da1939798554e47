// Package coordinator is the editor of those who fill the Common Services of a Member State and do not write XML:
// procedures and what they ask for, evidence types and the lists that they form, providers, access points and the
// data services that join them, and classification schemes with their codes. [TDD 3.1.5, 3.2.5, 3.6.3]
//
//	p, err := coordinator.New(coordinator.Config{Base: "/coordinator", DB: db, Store: s, Lifecycle: service, Clock: clock.System(), Log: log})
//	http.Handle("/coordinator/", p)
//
// What is edited lies in a draft of the country until it is submitted: it can be looked at as XML, checked by the
// rules of submissions, and compared with what is in force. Submitting is one change of the life cycle, and every
// earlier state can be put in force again. Two who edit one record at once are told, and nothing is lost.
//
// Accounts have a country and a role. There is no password but the one that its owner chose behind a link that works
// once. Every change is logged with who and when. The pages need no script.
package coordinator
