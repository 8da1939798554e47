package coordinator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"oots/internal/coordinator"
	"oots/internal/web/webtest"
)

const password = "a sentence of some length"

// invite makes an account and returns the address of its welcome.
func (o *office) invite(a coordinator.Account) string {
	o.t.Helper()
	token, err := coordinator.Invite(o.t.Context(), o.store.DB, o.store.Coordinator(), o.clock, a, "test")
	if err != nil {
		o.t.Fatal(err)
	}
	return "/welcome?token=" + token
}

// login tries a password.
func login(b *webtest.Browser, name, word string) *webtest.Page {
	return b.Submit(b.Get("/login"), "/login", url.Values{"name": {name}, "password": {word}})
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(c *coordinator.Config) { c.Demo = nil }).serve()
	welcome := o.invite(coordinator.Account{Name: "lu.office", Country: "LU", Role: coordinator.Editor})
	b := webtest.NewBrowser(t, o.server, "en")
	login(b, "lu.office", "").On(t, 422, "login") // nobody has chosen a password: none fits

	p := b.Get(welcome).On(t, 200, "welcome")
	b.Submit(p, "/welcome", url.Values{"password": {"short"}, "again": {"short"}}).On(t, 422, "welcome")
	b.Submit(p, "/welcome", url.Values{"password": {password}, "again": {password + "!"}}).On(t, 422, "welcome")
	b.Submit(p, "/welcome", url.Values{"password": {password}, "again": {password}}).To(t, "/")
	b.Get("/").On(t, 200, "home").See(t, "What Luxembourg says")
	b.Get(welcome).On(t, 404, "problem") // it works once

	other := webtest.NewBrowser(t, o.server, "en")
	other.Get("/check").To(t, "/login?next=%2Fcheck")
	login(other, "lu.office", password+"x").On(t, 422, "login")
	login(other, "LU.office ", password).To(t, "/")

	again := o.invite(coordinator.Account{Name: "lu.office", Country: "LU", Role: coordinator.Editor})
	login(webtest.NewBrowser(t, o.server, "en"), "lu.office", password).On(t, 422, "login") // forgotten with the new invitation
	b.Get("/").To(t, "/login?next=%2F")                                                     // and nobody stays in by it
	other.Get("/history").To(t, "/login?next=%2Fhistory")
	if again == welcome {
		t.Error("the same link twice")
	}
	if strings.Contains(o.log.String(), strings.TrimPrefix(welcome, "/welcome?token=")) || strings.Contains(o.log.String(), password) {
		t.Error("the log has a token or a password")
	}
}

// TestInvitationEnds refuses a link that is too old.
func TestInvitationEnds(t *testing.T) {
	t.Parallel()
	at := now
	o := newOffice(t, func(c *coordinator.Config) { c.Clock.Now = func() time.Time { return at } }).serve()
	welcome := o.invite(coordinator.Account{Name: "lu.office", Country: "LU", Role: coordinator.Editor})
	b := webtest.NewBrowser(t, o.server, "en")
	b.Get(welcome).On(t, 200, "welcome")
	at = now.Add(coordinator.InvitationLifetime + time.Second)
	b.Get(welcome).On(t, 404, "problem")
}

// TestAttempts slows down who tries passwords of one account, and no other.
func TestAttempts(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil).serve()
	b := webtest.NewBrowser(t, o.server, "en")
	for range 5 {
		login(b, "lu-editor", "wrong").On(t, 422, "login")
	}
	if p := login(b, "lu-editor", "wrong"); p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" {
		t.Errorf("the sixth attempt: %d", p.Status)
	}
	login(b, "lu-reader", "wrong").On(t, 422, "login")
}

// TestRoles lets everybody do what the role may, and nothing else.
func TestRoles(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	reader := o.as("lu-reader")
	p := reader.Get(address("scheme", sr+"codelists/LU/Communes")).On(t, 200, "record")
	p.See(t, "Luxembourg-Ville")
	if len(p.Tags("main")[0].Tags("button", "input", "select")) != 0 {
		t.Error("a reader is offered a form")
	}
	_, form := p.Form(t, "/logout") // the token, as any form has it
	for _, post := range []string{"/edit/scheme", "/edit/scheme/remove", "/submit", "/rebase", "/discard", "/history/2/restore", "/accounts", "/country"} {
		reader.Post(post, form).On(t, 403, "problem")
	}
	editor := o.as("lu-editor")
	editor.Get("/accounts").On(t, 403, "problem")
	editor.Get("/history").See(t, "AP_LU")

	austria := o.as("at-editor")
	austria.Get("/list/procedure").See(t, "There is none yet.")
	austria.Get("/history/2").On(t, 404, "problem")
	austria.Get(address("scheme", sr+"codelists/LU/Communes")).On(t, 404, "problem")

	keeper := o.as("operator")
	fill(keeper, keeper.Get("/"), "/country", "country", "LU").See(t, "What Luxembourg says")
	keeper.Get("/list/procedure").See(t, "Change of address")
}

// TestClosedAccount ends what a closed account was doing.
func TestClosedAccount(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil).serve()
	b := webtest.NewBrowser(t, o.server, "en")
	p := b.Get(o.invite(coordinator.Account{Name: "lu.office", Country: "LU", Role: coordinator.Editor}))
	b.Submit(p, "/welcome", url.Values{"password": {password}, "again": {password}}).To(t, "/")
	keeper := o.as("operator")
	fill(keeper, keeper.Get("/accounts"), "/accounts/lu.office", "do", "close").See(t, "The account lu.office is changed.", "closed")
	b.Get("/").To(t, "/login?next=%2F")
	login(b, "lu.office", password).On(t, 422, "login")
}

// TestDemoAccounts are dead where no demonstration is served, although the store has them.
func TestDemoAccounts(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil)
	real, err := coordinator.New(coordinator.Config{DB: o.store.DB, Store: o.store.Coordinator(), Sessions: o.store.Sessions(o.clock.Now), Lifecycle: o.lifecycle, Clock: o.clock, Log: discard()})
	if err != nil {
		t.Fatal(err)
	}
	o.page = real
	b := webtest.NewBrowser(t, o.serve().server, "en")
	p := b.Get("/login").On(t, 200, "login")
	_, form := p.Form(t, "/login")
	form.Set("name", "lu-editor")
	b.Post("/demo", form).On(t, 404, "problem")
	login(b, "lu-editor", "").On(t, 422, "login")
}
