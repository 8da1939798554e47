// Package jdk lets the XML security of the JDK judge this project's: its canonical forms and its signatures. The
// judge is Judge.java, which the JDK runs from source; the cases are in the tests.
package jdk
