// Package scenario runs the test cases of the Projectathons, TC01 to TC12, and those that release 2.0 adds, TC13 to
// TC45, between two Member States in this process: portals, providers, access points and directories are those of
// package node, with a network that can lose and a clock that the scenario moves. [testing-services §2]
//
//	r := scenario.Runner{Dir: dir}
//	results, err := r.Run(ctx, scenario.All())
//
// A scenario is a function that does what users, peers and networks do, and says what has to come of it. The first
// thing that is otherwise ends it. When it is over, every message that was recorded is judged by package validator
// and compared with those it belongs to by package cross; what they find and the scenario is not about fails it too.
//
// It plays no browser: users call the services as the pages do. The pages have their own tests.
package scenario
