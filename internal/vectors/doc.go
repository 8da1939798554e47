// Package vectors runs folders of golden cases against our own access point: AS4 entities with the outcome
// that each must have, answers to a message as its sender gets them, and canonical forms. A folder needs no
// code of ours to grow: whoever adds a line to its manifest has added a case.
//
// A received case goes through internal/gateway over a database of its own, as if it had come over HTTP,
// and is judged by what the partner sees (status, signal, receipt) and by what reaches the consumer.
// [AS4 1.15 §9, §12] The references of a receipt are compared by code that shares nothing with the handler.
//
// The package also reads the two things that such a folder comes with, and that a quick test of a partner
// needs too: a folder of keys, and a P-Mode file in the format of Domibus. It reads of that file only
// parties, service, actions, properties and security; it does not import it.
package vectors

//go:generate go test -run TestConformancePage -update .
