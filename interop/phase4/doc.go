// Package phase4 lets our access point talk with another make: phase4 4, whose WS-Security is Apache WSS4J
// and Santuario. Its tests start one JVM around the published library, drive it over standard input and
// output, and exchange messages in both directions over TLS on the loopback. [AS4 1.15 §3.2, §4.1]
//
// There is no Go code in it but tests. The Java side is the Maven project in this folder: its own P-Modes,
// back end and key stores, the rest is phase4 as published. What the makes do not agree on is listed in
// docs/divergences.md.
package phase4
