// Package architecture holds the tests that keep ARCHITECTURE.md true: imports go down its layers, every
// package is described, every direct module has its line, and nothing needs cgo.
package architecture
