// Package lifecycle keeps what the Common Services of one instance hold: who has said what, when, and what was
// in force before. [TDD 3.6.3]
//
// The state of an instance is one partition for each country and service. A submission, an edit, an import and a
// restoration are the same thing to it: partitions that replace those in force, all of them or none, after the
// same checks. Every partition that was ever in force stays as a revision. Queries are answered from a catalogue
// that is never changed: a new one takes its place once a change is committed, so that a reader sees the state
// before or after it, nothing between.
//
// The wire is package directory/lcm; transport and storage are behind interfaces.
package lifecycle
