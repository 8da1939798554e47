// Package torture ill-treats the access point and counts. Its tests start two nodes as processes of their own, each
// with gateway, back-end service, REST interface and database, and play the national back end of both: they submit,
// retrieve and acknowledge at random while the nodes are killed with SIGKILL, run out of disk, or talk over a line that
// cuts, delays, duplicates and truncates. In the end a ledger says what every message has come to. [AS4 1.15 §9, §10,
// §12; eDelivery reliable messaging]
//
// What is promised, and therefore judged: a submission that was answered with 202 is pending at the other side, is what
// was submitted, leaves the list once it is marked as downloaded and never comes back; nothing else is ever pending; the
// sender has the receiver's receipt byte for byte; and no file or row is left that belongs to nothing. Nothing is judged
// by time.
//
// There is no Go code in it but tests. They are short by default; OOTS_TORTURE is the number of kills, OOTS_SOAK how
// long the soak lasts, OOTS_TORTURE_SEED the seed of every random decision, which each test prints.
package torture
