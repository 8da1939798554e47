// Package accesspoint assembles an access point in service out of its configuration: the data folder, the keys, the
// P-Modes in force, the gateway, the interfaces for back ends, and what machines watch. It decides nothing about
// messages.
//
//	file, found, err := settings.ReadFile("oots.yaml")
//	a, err := accesspoint.Open(ctx, file.Config, accesspoint.Deps{Clock: clock.System(), Log: log})
//	err = a.Run(ctx)                                   // until ctx ends; then what has begun is finished
//
// Three listeners are apart: one for other access points, one for back ends and operators, one for machines that watch.
// Certificates, keys and trust are exchanged while the process runs, when their files change or Reload is called; a
// broken file leaves what was in use. [TDD 3.7]
package accesspoint
