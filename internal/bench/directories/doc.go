// Package directories measures how fast Evidence Broker and Data Service Directory answer on this machine, and
// beside nginx that serves the same bytes from a file. [TDD 3.1.4, 3.2.4]
//
// The servers are processes of their own; the client is a loop over raw connections, so that what it costs is
// small and the same for both. Rounds alternate between the two servers, so that other work on the machine
// disturbs them alike, and processor time per answer is told beside the rate, which it disturbs less. Both
// servers write a line of log per request to a file.
//
// Repeated queries come from the cache of signed answers; a query that varies is selected, written and signed
// each time. It measures no TLS, no network, and no change of the catalogue under load.
package directories
