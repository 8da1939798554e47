// Package e2e tests the whole system: both Member States in one process, with a clock and a network of the
// test, and the program itself as a user runs it.
package e2e
