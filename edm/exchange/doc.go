// Package exchange holds the states of one evidence exchange on both sides, the timeouts between them,
// and the envelope in which its messages reach the access point. It is pure: no storage, no clock of its
// own. [TDD 4.4, 4.9, 4.10]
package exchange
