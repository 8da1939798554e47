package requester_test

import (
	"errors"
	"fmt"
	"path"
	"testing"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/store"
)

func TestBasket(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	ctx := t.Context()
	app, err := p.requester.Open(ctx, "T3", eleni)
	if err != nil {
		t.Fatal(err)
	}
	wish := requester.Wish{RequirementID: requirement, Country: "EL", Type: path.Base(diplomaType)}
	want := func(n int) []requester.Wish {
		t.Helper()
		a, err := p.requester.Application(ctx, app.ID)
		if err != nil || len(a.Basket) != n {
			t.Fatalf("basket %+v, %v; want %d", a.Basket, err, n)
		}
		return a.Basket
	}
	chosen := wish
	chosen.Service = "abc"
	if err := p.requester.Collect(ctx, app.ID, wish, chosen, requester.Wish{RequirementID: requirement, Country: "BE", Type: "x"}); err != nil {
		t.Fatal(err)
	}
	if b := want(2); b[0].Service != "abc" {
		t.Errorf("the later choice counts: %+v", b)
	}
	if err := p.requester.Collect(ctx, app.ID, requester.Wish{RequirementID: "foreign"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("wish for no requirement: %v", err)
	}
	if _, err := p.requester.Ask(ctx, diplomaAsk(app.ID)); err != nil {
		t.Fatal(err)
	}
	left := want(1)
	if err := p.requester.Drop(ctx, app.ID, left[0].Key(), "unknown"); err != nil {
		t.Fatal(err)
	}
	want(0)
	for i := range 41 {
		err = p.requester.Collect(ctx, app.ID, requester.Wish{RequirementID: requirement, Country: "BE", Type: fmt.Sprint(i)})
	}
	if !errors.Is(err, requester.ErrFull) {
		t.Errorf("endless basket: %v", err)
	}
}

// TestFoundAgain gives a user her applications with another browser, and nobody else.
func TestFoundAgain(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	ctx := t.Context()
	id, x := p.ask(eleni)
	p.deliver()
	p.wantState(x, exchange.PreviewRequired)
	again := eleni
	again.Person.LoA, again.Method = edm.Substantial, "eidas"
	got, err := p.requester.Applications(ctx, again)
	if err != nil || len(got) != 1 || got[0].ID != id || got[0].Cards[0].State != requester.Ready {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := p.requester.Raise(ctx, id, again); err != nil {
		t.Fatal(err)
	}
	if a, err := p.requester.Application(ctx, id); err != nil || a.User.Method != "eidas" {
		t.Errorf("raised: %+v, %v", a.User, err)
	}
	if err := p.requester.Raise(ctx, id, maria); !errors.Is(err, requester.ErrOtherUser) {
		t.Errorf("raised by another user: %v", err)
	}
	twin := eleni
	twin.Person.Identifier = "EL/AT/DEMO1009"
	if got, err := p.requester.Applications(ctx, twin); err != nil || len(got) != 0 {
		t.Errorf("a person of the same name and birthday gets %+v, %v", got, err)
	}
	if c, err := p.requester.Conversations(ctx, again); err != nil || len(c) != 1 || c[0] != id {
		t.Errorf("conversations %v, %v", c, err)
	}
}
