package portal

import (
	"net/url"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/web/webtest"
)

// together puts both papers of a list into the basket and answers what the directory asks for one of them.
func (u *user) together(t *testing.T) *webtest.Page {
	t.Helper()
	p := u.Follow(u.requirement(domicile)+"/evidence?country=EL").On(t, 200, "alternatives")
	p = u.Land(u.Submit(p, "/collect", nil)).On(t, 200, "basket")
	wish := p.With("data-trouble", "question")
	if wish == nil || p.With("name", "wish") == nil {
		t.Fatalf("the basket does not ask: %s", p.Body)
	}
	p = u.Follow(wish.With("class", "button second").Attr["href"]).On(t, 200, "question")
	p = u.Land(u.Submit(p, "/question", url.Values{answerField + concept: {"ATH"}})).On(t, 200, "request")
	return u.Land(u.Submit(p, "/collect", nil)).On(t, 200, "basket")
}

// TestBasket asks for several documents of several requirements with one confirmation, each ticked on its own, and
// sees all of them side by side.
func TestBasket(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	p := u.together(t)
	p.See(t, "Added to your list. Nothing has been sent so far.")
	p = u.reach(t, birth)
	p = u.Land(u.Submit(p, "/collect", nil)).On(t, 200, "basket")
	u.Get(u.app).See(t, "Documents on your list that have not been asked for: 3.")

	var keys []string
	for _, n := range p.Tags("input") {
		if n.Attr["type"] == "checkbox" {
			keys = append(keys, n.Attr["value"])
			if _, ticked := n.Attr["checked"]; ticked {
				t.Error("ticked in advance")
			}
		}
	}
	if len(keys) != 3 || len(f.asks) != 0 {
		t.Fatalf("%d documents can be asked for, %d are", len(keys), len(f.asks))
	}
	u.Submit(p, "/basket", nil).On(t, 422, "basket").See(t, "Tick at least one document")
	p = u.Land(u.Submit(p, "/basket", url.Values{"wish": keys[:2]})).On(t, 200, "progress")
	p.See(t, "The authorities are working.")
	if len(f.asks) != 2 || f.asks[0].RequirementID != domicile || f.asks[1].RequirementID != domicile {
		t.Fatalf("asked %+v", f.asks)
	}
	for _, a := range f.asks {
		if !strings.Contains(a.Text, "Demo University Danube") || !strings.Contains(a.Text, "Recognition of a diploma") {
			t.Errorf("the confirmed text: %s", a.Text)
		}
	}
	refresh := p.With("http-equiv", "refresh").Attr["content"]
	f.move(u.id(), domicile, requester.Ready, func(x *requester.Exchange) {
		x.State, x.Preview = exchange.PreviewRequired, &edm.Preview{Location: there}
	})
	_, since, _ := strings.Cut(refresh, "url=")
	u.Get(since).To(t, u.app+"/progress")
	p = u.Get(u.app+"/progress").On(t, 200, "progress")
	p.See(t, "It is your turn", "Look at it at: Demo Registry of Athens")
	if p.With("data-outcome", "ready") == nil || p.With("data-outcome", "asked") == nil {
		t.Error("the exchanges do not have a state each")
	}
	if u.Get(u.app+"/progress?reload=off").With("http-equiv", "refresh") != nil {
		t.Error("the reloading cannot be stopped")
	}
	p = u.Get(u.app+"/basket").On(t, 200, "basket")
	u.Land(u.Submit(p, "/basket/drop", nil)).On(t, 200, "basket").See(t, "Your list is empty.")
}

// TestBasketSaysWhatIsMissing has a row for each reason why a wish cannot be asked for.
func TestBasketSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*fake)
		wish requester.Wish
		want string
	}{
		{"several providers", func(f *fake) { f.several = true }, requester.Wish{Country: "EL", Type: slug(birthCert)}, "provider"},
		{"provider gone", func(*fake) {}, requester.Wish{Country: "EL", Type: slug(birthCert), Service: "0000"}, "provider"},
		{"question", func(*fake) {}, requester.Wish{Country: "EL", Type: slug(diploma)}, "question"},
		{"wrong answer", func(*fake) {}, requester.Wish{Country: "EL", Type: slug(diploma), Answers: map[string]string{concept: "BAD"}}, "question"},
		{"nobody", func(*fake) {}, requester.Wish{Country: "EL", Type: slug(diploma), Answers: map[string]string{concept: "NOWHERE"}}, "nobody"},
		{"type gone", func(*fake) {}, requester.Wish{Country: "EL", Type: "old"}, "gone"},
		{"country without proofs", func(*fake) {}, requester.Wish{Country: "FI", Type: "old"}, "nobody"},
		{"own country", func(*fake) {}, requester.Wish{Country: "AT", Type: "old"}, "gone"},
		{"directory down", func(f *fake) { f.down = true }, requester.Wish{Country: "EL", Type: slug(birthCert)}, "unreachable"},
		{"login too weak", func(f *fake) { f.blocked = requester.ErrLoA }, requester.Wish{Country: "EL", Type: slug(birthCert)}, "level"},
		{"mandate", func(f *fake) { f.blocked = requester.ErrMandate }, requester.Wish{Country: "EL", Type: slug(birthCert)}, "mandate"},
		{"incomplete login", func(f *fake) { f.blocked = requester.ErrIncomplete }, requester.Wish{Country: "EL", Type: slug(birthCert)}, "incomplete"},
		{"no common version", func(f *fake) { f.blocked = requester.ErrVersion }, requester.Wish{Country: "EL", Type: slug(birthCert)}, "version"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := &fake{}
			u := newUser(t, host(t, f), "en", "eleni")
			tc.wish.RequirementID = domicile
			if err := f.Collect(t.Context(), u.id(), tc.wish); err != nil {
				t.Fatal(err)
			}
			tc.edit(f)
			p := u.Get(u.app+"/basket").On(t, 200, "basket")
			if p.With("data-trouble", tc.want) == nil {
				t.Errorf("no trouble %s: %s", tc.want, p.Tags("main")[0].Text())
			}
			u.Submit(p, "/basket/drop", nil).To(t, u.app+"/basket")
			if len(f.asks) != 0 {
				t.Error("asked")
			}
		})
	}
}

// TestTerritory asks where the authority is when the directory wants to know, and answers with the ids of the
// question. [TDD 3.1.4 of 1.2]
func TestTerritory(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ level, field, good, bad string }{
		{"NUTS3", "region", "EL303", "EL111"},
		{"LAU", "municipality", "45019803", "1"},
	} {
		f := &fake{level: tc.level}
		u := newUser(t, host(t, f), "en", "eleni")
		p := u.Follow(u.requirement(tertiary)+"/evidence?country=EL").On(t, 200, "question")
		p.See(t, "Where did you study?")
		u.Submit(p, "/question", nil).On(t, 422, "question").See(t, "Please answer: Where did you study?")
		u.Land(u.Submit(p, "/question", url.Values{tc.field: {tc.bad}})).On(t, 422, "question")
		p = u.Land(u.Submit(p, "/question", url.Values{tc.field: {tc.good}})).On(t, 200, "request")
		u.Land(u.Submit(p, "/request", url.Values{"confirm": {"yes"}})).On(t, 200, "waiting")
		q := f.queries[len(f.queries)-1]
		if q.ContextID == "" || q.EvidenceTypeID == "" || q.Region+q.Municipality != tc.good {
			t.Errorf("%s: query %+v", tc.level, q)
		}
	}
	f := &fake{level: "Country"}
	u := newUser(t, host(t, f), "en", "eleni")
	u.Follow(u.requirement(tertiary)+"/evidence?country=EL").On(t, 200, "request") // nothing to ask
}

// TestFoundAgain gives a user what she has begun with another browser, and nobody else.
func TestFoundAgain(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := host(t, f)
	first := newUser(t, h, "en", "eleni")
	first.asks(t, tertiary)
	again := webtest.NewBrowser(t, webtest.Serve(t, h), "en")
	p := again.Get(again.Follow("/procedures/T3/begin").With("data-login", "demo").Attr["href"])
	p = again.Land(again.Submit(p, "/login/demo/", url.Values{"person": {"eleni"}})).On(t, 200, "identity")
	again.Land(again.Submit(p, "/begin", nil)).On(t, 200, "checklist")
	again.Get(first.app).On(t, 200, "checklist")
	other := newUser(t, h, "en", "hans")
	other.Get(first.app).On(t, 404, "problem")
}
