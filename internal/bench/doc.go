// Package bench measures how many AS4 messages two access points exchange on this machine, both in this
// process, and how near that comes to what the machine can do at all: the floor that the public-key
// operations of a message set, measured in the same run. [AS4 1.15 §3.2.6]
//
// It has two modes. Handler is the message handler alone: pack, sign, encrypt, HTTP, decrypt, verify, receipt,
// check of the receipt, everything in memory. Durable is two whole access points: each message, its duplicate
// entry and its receipt are committed to SQLite on disk before they are acknowledged, on both sides.
package bench
