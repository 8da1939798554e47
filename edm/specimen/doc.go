// Package specimen composes valid messages of the exchange from a few facts, for tests of others and for people
// who want to see one: a request, the answers to it, and what of them is to be different. [TDD 4.5.1, 4.5.2, 4.5.3]
//
//	r := specimen.Request(specimen.Facts{At: now})                         // a request that nobody has to fill
//	a := specimen.Response(r, specimen.Answer{Evidences: 1, NewID: ids})  // and what answers it
//
// Messages are of release line 2.0; package convert writes them in another. Agents and people are made up, the
// codes are those of the lists. The same facts give the same message: nothing is drawn by chance, and every
// identifier that is not given is a constant or comes from NewID.
package specimen
