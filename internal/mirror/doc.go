// Package mirror copies a directory of the Common Services answer by answer, and serves the copy as it was:
// the same bytes under the same signatures. A country can so answer its own portals while the original is out
// of reach, and does not ask it for the same things again and again. [TDD 3.4]
//
// The copy is a folder of pairs, NAME.xml and NAME.headers, and a manifest with one line of JSON for each. The
// bytes are those of the original; nothing here can sign. So each pair is verified when it is copied and again
// when it is loaded, and a pair that was changed since refuses the folder and is named.
//
// A signature does not say which question it answers. The manifest does, and is checked against the content: an
// answer under the name of another question is refused, too. What was not copied is 404 and never "nothing",
// which only the original can say.
package mirror
