package mutation_test

import (
	"slices"
	"strings"
	"testing"

	"oots/internal/mutation"
	"oots/xml/c14n"
	"oots/xml/xmltree"
)

// TestEdits lists every edit of a small document, and holds that each is undone.
func TestEdits(t *testing.T) {
	t.Parallel()
	doc, err := xmltree.Parse([]byte(`<p:a xmlns:p="urn:p"><b c="d">e</b></p:a>`), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	text := func() string {
		var b strings.Builder
		if err := c14n.WriteDocument(&b, doc, c14n.Inclusive10, nil); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	before := text()
	got := []string{}
	for e := range mutation.Edits(doc, mutation.Vocabulary{Values: []string{"x", "d"}, Elements: []xmltree.Name{{Local: "n"}}}) {
		got = append(got, e.What+" → "+text())
		if e.Line != 1 {
			t.Errorf("%s at line %d", e.What, e.Line)
		}
	}
	want := []string{
		`rename p:a → <p:aX xmlns:p="urn:p"><b c="d">e</b></p:aX>`,
		`empty p:a → <p:a xmlns:p="urn:p"></p:a>`,
		`add n to p:a → <p:a xmlns:p="urn:p"><b c="d">e</b><n></n></p:a>`,
		`rename b → <p:a xmlns:p="urn:p"><bX c="d">e</bX></p:a>`,
		`empty b → <p:a xmlns:p="urn:p"><b c="d"></b></p:a>`,
		`remove b → <p:a xmlns:p="urn:p"></p:a>`,
		`double b → <p:a xmlns:p="urn:p"><b c="d">e</b><b c="d">e</b></p:a>`,
		`remove @c of b → <p:a xmlns:p="urn:p"><b>e</b></p:a>`,
		`set @c of b to "" → <p:a xmlns:p="urn:p"><b c="">e</b></p:a>`,
		`set @c of b to "x" → <p:a xmlns:p="urn:p"><b c="x">e</b></p:a>`,
		`set b to "" → <p:a xmlns:p="urn:p"><b c="d"></b></p:a>`,
		`set b to "x" → <p:a xmlns:p="urn:p"><b c="d">x</b></p:a>`,
		`set b to "d" → <p:a xmlns:p="urn:p"><b c="d">d</b></p:a>`,
		`add n to b → <p:a xmlns:p="urn:p"><b c="d">e<n></n></b></p:a>`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if after := text(); after != before {
		t.Errorf("not undone: %s", after)
	}
}

// TestEditsStop ends early, in each kind of edit, and still undoes it.
func TestEditsStop(t *testing.T) {
	t.Parallel()
	const in = `<a b="c"><d e="f">g</d></a>`
	doc, err := xmltree.Parse([]byte(in), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	vocabulary := mutation.Vocabulary{Values: []string{"x"}, Elements: []xmltree.Name{{Local: "n"}}}
	for stop := 1; ; stop++ {
		n := 0
		for range mutation.Edits(doc, vocabulary) {
			if n++; n == stop {
				break
			}
		}
		var b strings.Builder
		if err := c14n.WriteDocument(&b, doc, c14n.Inclusive10, nil); err != nil {
			t.Fatal(err)
		}
		if b.String() != in {
			t.Fatalf("after edit %d: %s", stop, b.String())
		}
		if n < stop {
			break
		}
	}
}
