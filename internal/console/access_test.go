package console_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"oots/internal/alert"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/pmodes"
	"oots/internal/store"
	"oots/internal/web"
	"oots/internal/web/webtest"
)

func TestInvitation(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	welcome := n.invite("night.shift", console.Operator)
	b := n.browser()
	login(b, "night.shift", "").On(t, 422, "login") // nobody has chosen a password: none fits

	p := b.Get(welcome).On(t, 200, "welcome")
	b.Submit(p, "/welcome", url.Values{"password": {"short"}, "again": {"short"}}).On(t, 422, "welcome")
	b.Submit(p, "/welcome", url.Values{"password": {password}, "again": {password + "!"}}).On(t, 422, "welcome")
	p = b.Land(b.Submit(p, "/welcome", url.Values{"password": {password}, "again": {password}})).On(t, 200, "factor")
	b.Get("/console/").To(t, "/console/login") // a password alone opens nothing
	key := keyOf(t, p)
	b.Submit(p, "/factor", url.Values{"code": {"123"}}).On(t, 422, "factor")
	codes := b.Submit(p, "/factor", url.Values{"code": {key.at(n.Now())}}).On(t, 200, "recovery")
	b.Get("/console/").On(t, 200, "home")
	n.browser().Get(welcome).On(t, 404, "problem") // it works once

	other := n.browser()
	other.Get("/console/audit").To(t, "/console/login?next=%2Fconsole%2Faudit")
	recovery := codes.Tags("code")[3].Text()
	p = login(other, "night.shift", password).On(t, 200, "code")
	other.Submit(p, "/code", url.Values{"code": {recovery}}).To(t, "/console/")
	p = login(other, "night.shift", password).On(t, 200, "code")
	other.Submit(p, "/code", url.Values{"code": {recovery}}).On(t, 422, "code") // a recovery code works once

	n.invite("night.shift", console.Operator)
	login(n.browser(), "night.shift", password).On(t, 422, "login") // forgotten with the new invitation
	b.Get("/console/").To(t, "/console/login")                      // and nobody stays in by it
	for _, secret := range []string{strings.TrimPrefix(welcome, "/console/welcome?token="), password, recovery} {
		if strings.Contains(n.log.String(), secret) {
			t.Error("the log of the program has a secret")
		}
	}
}

// TestInvitationEnds refuses a link that is too old.
func TestInvitationEnds(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	welcome := n.invite("night.shift", console.Operator)
	b := n.browser()
	b.Get(welcome).On(t, 200, "welcome")
	n.wait(console.InvitationLifetime + time.Second)
	b.Get(welcome).On(t, 404, "problem")
}

// TestReplay takes no code twice, in whatever session, nor one from before the last.
func TestReplay(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	_, key := n.join("night.shift", console.Operator)
	now := key.at(n.Now())
	enter := func(code string) *webtest.Page {
		b := n.browser()
		return b.Submit(login(b, "night.shift", password), "/code", url.Values{"code": {code}})
	}
	enter(now).To(t, "/console/")
	enter(now).On(t, 422, "code")
	enter(key.at(n.Now().Add(-30*time.Second))).On(t, 422, "code") // the one that set the factor up
	n.wait(30 * time.Second)
	enter(now).On(t, 422, "code") // still within the drift
	enter(key.at(n.Now())).To(t, "/console/")
	enter(key.at(n.Now().Add(30*time.Second))).To(t, "/console/") // a clock that is ahead
	n.wait(5 * time.Minute)
	enter(key.at(n.Now().Add(-2*time.Minute))).On(t, 422, "code")
}

// elsewhere is a browser in another network.
func (n *node) elsewhere(address string) *webtest.Browser {
	n.t.Helper()
	server := webtest.Serve(n.t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = address
		n.console.ServeHTTP(w, r)
	}))
	return webtest.NewBrowser(n.t, server, "en")
}

// TestLock closes an account without a second factor after five wrong passwords in a row, for the network that they come
// from only, and opens it by itself.
func TestLock(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	b, _ := n.join("auditor", console.Reader)
	for range 5 {
		login(n.browser(), "auditor", "wrong").On(t, 422, "login")
	}
	login(n.browser(), "auditor", password).On(t, 422, "login").See(t, "closed for now")
	login(n.browser(), "other.shift", password).On(t, 422, "login").See(t, "closed for now", "oots gateway operators open") // an unknown name answers the same
	login(n.elsewhere("192.0.2.17:5000"), "auditor", password).On(t, 200, "home")
	login(n.elsewhere("[2001:db8::1]:5000"), "auditor", password).On(t, 200, "home")
	b.Get("/console/").On(t, 200, "home") // who is in stays in
	n.wait(15*time.Minute + time.Second)
	login(n.browser(), "auditor", password).On(t, 200, "home")
	for range 4 { // the count began anew
		login(n.browser(), "auditor", "wrong").On(t, 422, "login")
	}
	login(n.browser(), "auditor", password).On(t, 200, "home")
}

// TestNoLockOut lets nobody keep the owner of an account with a second factor out by wrong passwords, and slows down who
// has the password and guesses the code.
func TestNoLockOut(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	_, key := n.join("admin", console.Administrator)
	for range 8 {
		login(n.elsewhere("192.0.2.17:5000"), "admin", "wrong").On(t, 422, "login")
		login(n.browser(), "admin", "wrong").On(t, 422, "login")
	}
	b := n.browser()
	b.Submit(login(b, "admin", password).On(t, 200, "code"), "/code", url.Values{"code": {key.at(n.Now())}}).To(t, "/console/")
	n.wait(time.Minute)

	thief := n.elsewhere("192.0.2.17:5000")
	p := login(thief, "admin", password).On(t, 200, "code")
	for range 5 {
		thief.Submit(p, "/code", url.Values{"code": {"000000"}}).On(t, 422, "code")
	}
	thief.Submit(p, "/code", url.Values{"code": {key.at(n.Now())}}).On(t, 429, "code").See(t, "oots gateway operators open admin")
	n.wait(31 * time.Second)
	owner := n.browser()
	owner.Submit(login(owner, "admin", password).On(t, 200, "code"), "/code", url.Values{"code": {key.at(n.Now())}}).To(t, "/console/")
}

// TestStrangers logs no entry for names that nobody has, and counts them for alerts.
func TestStrangers(t *testing.T) {
	t.Parallel()
	n := newNode(t, func(c *console.Config) { c.Strangers = new(console.Strangers) })
	for range 12 {
		login(n.browser(), "nobody.here", "wrong").On(t, 422, "login")
	}
	if entries, _, err := console.VerifyActs(t.Context(), n.store.DB, n.store.Console()); entries != 0 || err != nil {
		t.Errorf("%d entries, %v", entries, err)
	}
	figure := func() float64 {
		t.Helper()
		all, err := measure(t, *n.config, n.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if m.Kind == alert.Logins {
				return m.Value
			}
		}
		return -1
	}
	if v := figure(); v != 12 {
		t.Errorf("measured %v", v)
	}
	if n.wait(61 * time.Minute); figure() != 0 {
		t.Errorf("an hour later %v", figure())
	}
}

// TestForeignHost serves no name that somebody else has made lead to this machine, and takes none into an invitation.
func TestForeignHost(t *testing.T) {
	t.Parallel()
	n := newNode(t, func(c *console.Config) { c.URL = "https://ap.internal.example:8444" })
	b, _ := n.join("chief", console.Administrator)
	for host, status := range map[string]int{"evil.example": 421, "evil.example:8444": 421, "ap.internal.example:8444": 200, "localhost": 200, "127.0.0.1:80": 200, "[::1]:8444": 200} {
		r, err := http.NewRequest(http.MethodGet, b.Base+"/console/login", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if p := b.Do(r); p.Status != status {
			t.Errorf("%s: %d, want %d", host, p.Status, status)
		}
	}
	b.Submit(b.Get("/console/accounts"), "/accounts", url.Values{"name": {"auditor"}, "role": {"reader"}}).See(t, "https://ap.internal.example:8444/console/welcome?token=")
}

// TestUnlock lets an administrator open a locked account.
func TestUnlock(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	n.join("auditor", console.Reader)
	admin, _ := n.join("chief", console.Administrator)
	for range 5 {
		login(n.browser(), "auditor", "wrong")
	}
	login(n.browser(), "auditor", password).On(t, 422, "login")
	p := admin.Get("/console/accounts")
	p.See(t, "locked")
	admin.Submit(p, "/accounts/auditor", url.Values{"do": {"unlock"}}).To(t, "/console/accounts")
	login(n.browser(), "auditor", password).On(t, 200, "home")
}

// TestAddress slows down one address, whatever the names it tries.
func TestAddress(t *testing.T) {
	t.Parallel()
	n := newNode(t, func(c *console.Config) { c.Logins = &web.Limiter{Burst: 3, Every: time.Minute} })
	b := n.browser()
	for _, name := range []string{"one", "two", "three"} {
		login(b, name, "wrong").On(t, 422, "login")
	}
	if p := login(b, "four", "wrong"); p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" {
		t.Errorf("the fourth: %d", p.Status)
	}
}

// TestTimeOut ends a session that nobody uses, and every one after ten hours.
func TestTimeOut(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	b, _ := n.join("auditor", console.Reader)
	for range 19 { // nine hours and eleven minutes, never idle
		n.wait(29 * time.Minute)
		b.Get("/console/").On(t, 200, "home")
	}
	n.wait(25 * time.Minute)
	b.Get("/console/").On(t, 200, "home")
	n.wait(25 * time.Minute)
	b.Get("/console/").To(t, "/console/login")
	login(b, "auditor", password).On(t, 200, "home")
	n.wait(31 * time.Minute)
	b.Get("/console/messages").To(t, "/console/login?next=%2Fconsole%2Fmessages")
}

// TestRoles lets everybody do what the role may, and nothing else.
func TestRoles(t *testing.T) {
	t.Parallel()
	n := newNode(t, full)
	withPModes(t, n)
	seeded(n)
	message := url.Values{"box": {"out"}, "id": {n.gateway.dossiers[0].MessageID}}.Encode()
	browsers := map[console.Role]*webtest.Browser{}
	for _, r := range console.Roles() {
		browsers[r], _ = n.join(string(r)+".one", r)
	}
	for _, act := range []struct {
		method, path string
		least        console.Role
	}{
		{"GET", "/console/", console.Reader}, {"GET", "/console/messages", console.Reader}, {"GET", "/console/message?" + message, console.Reader},
		{"GET", "/console/audit", console.Reader}, {"GET", "/console/trace", console.Reader}, {"GET", "/console/alerts", console.Reader}, {"GET", "/console/storage", console.Reader},
		{"GET", "/console/partners", console.Reader}, {"GET", "/console/pmodes", console.Reader}, {"GET", "/console/pmodes/1", console.Reader},
		{"GET", "/console/message/envelope?" + message, console.Operator}, {"GET", "/console/message/act?do=resend&" + message, console.Operator},
		{"POST", "/console/message/act", console.Operator}, {"POST", "/console/partners/test", console.Operator}, {"POST", "/console/trace/proof", console.Operator},
		{"GET", "/console/pmodes/1/file", console.Administrator}, {"POST", "/console/pmodes/propose", console.Administrator}, {"POST", "/console/pmodes/activate", console.Administrator},
		{"POST", "/console/pmodes/1/rollback", console.Administrator}, {"GET", "/console/accounts", console.Administrator}, {"POST", "/console/accounts", console.Administrator},
		{"POST", "/console/accounts/reader.one", console.Administrator},
	} {
		for r, b := range browsers {
			_, form := b.Get("/console/storage").Form(t, "/logout") // the token, as any form has it
			p := b.Get
			if act.method == "POST" {
				p = func(path string) *webtest.Page { return b.Post(path, form) }
			}
			if got := p(act.path).Status; (got == 403) == r.May(act.least) || got >= 500 {
				t.Errorf("%s: %s %s answers %d", r, act.method, act.path, got)
			}
		}
		if act.method == "POST" {
			anybody := n.browser()
			_, form := anybody.Get("/console/login").Form(t, "/login")
			if p := anybody.Post(act.path, url.Values{"csrf": form["csrf"]}); p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/console/login" {
				t.Errorf("nobody: %s answers %d", act.path, p.Status)
			}
		}
	}
	if len(n.gateway.done) != 0 {
		t.Errorf("done: %v", n.gateway.done)
	}
	p := browsers[console.Reader].Get("/console/message?" + message)
	if len(p.Tags("main")[0].Tags("form", "button")) != 0 || strings.Contains(p.Body, "/message/act") || strings.Contains(p.Body, "/envelope") {
		t.Error("a reader is offered an act")
	}
}

// TestForeignForms changes nothing without the token of the session.
func TestForeignForms(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	seeded(n)
	b, _ := n.join("night.shift", console.Operator)
	form := url.Values{"do": {"resend"}, "box": {"out"}, "id": {n.gateway.dossiers[0].MessageID}, "reason": {"x"}}
	b.Post("/console/message/act", form).On(t, 403, "problem")
	form.Set("csrf", strings.Repeat("0", 32))
	b.Post("/console/message/act", form).On(t, 403, "problem")
	_, own := b.Get("/console/").Form(t, "/logout")
	form.Set("csrf", own.Get("csrf"))
	r, err := http.NewRequest(http.MethodPost, b.Base+"/console/message/act", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	b.Do(r).On(t, 403, "problem")
	if len(n.gateway.done) != 0 {
		t.Errorf("done: %v", n.gateway.done)
	}
	b.Post("/console/message/act", form)
	if len(n.gateway.done) != 1 {
		t.Error("the own form does nothing")
	}
}

// TestLog holds that what is done is logged with who and why, and that a change of the log is found.
func TestLog(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	seeded(n)
	b, _ := n.join("night.shift", console.Operator)
	p := b.Get("/console/message/act?do=resend&box=out&id=" + url.QueryEscape(n.gateway.dossiers[0].MessageID))
	b.Submit(p, "/message/act", url.Values{"reason": {" \n "}}).On(t, 422, "act")
	b.Submit(p, "/message/act", url.Values{"reason": {strings.Repeat("x", 501)}}).On(t, 422, "act")
	b.Submit(p, "/message/act", url.Values{"reason": {"agreed by telephone"}})
	b.Get("/console/audit?action=resend").On(t, 200, "audit").See(t, "night.shift", "sent again", "agreed by telephone", "is whole")
	b.Get(at("out", n.gateway.dossiers[0].MessageID)).See(t, "What operators did", "agreed by telephone")

	verify := func() (int64, int64) {
		entries, broken, err := console.VerifyActs(t.Context(), n.store.DB, n.store.Console())
		if err != nil {
			t.Fatal(err)
		}
		return entries, broken
	}
	for _, query := range []string{`UPDATE console_act SET detail = 'nothing' WHERE seq = 2`, `DELETE FROM console_act WHERE seq = 2`} {
		err := n.store.DB.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(query)
			return err
		})
		if err == nil {
			t.Errorf("%s is let through", query)
		}
	}
	entries, broken := verify()
	if entries < 5 || broken != 0 {
		t.Fatalf("%d entries, broken %d", entries, broken)
	}
	spoil := func(query string, args ...any) {
		err := n.store.DB.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(query, args...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	spoil(`DROP TRIGGER console_act_unchanged`)
	spoil(`DROP TRIGGER console_act_kept`)
	spoil(`UPDATE console_act SET detail = 'nothing' WHERE seq = $1`, entries-1)
	if _, broken := verify(); broken != entries-1 {
		t.Errorf("a changed entry: broken %d", broken)
	}
	b.Get("/console/audit").See(t, "is whole") // it was looked at before
	b.Get("/console/audit?check=all").See(t, "does not fit the chain")
	b.Get("/console/audit").See(t, "does not fit the chain")
	spoil(`UPDATE console_act SET detail = 'agreed by telephone' WHERE seq = $1`, entries-1)
	if _, broken := verify(); broken != 0 {
		t.Errorf("put back: broken %d", broken)
	}
	spoil(`DELETE FROM console_act WHERE seq = 2`)
	if _, broken := verify(); broken != 2 {
		t.Errorf("a missing entry: broken %d", broken)
	}
}

// TestSealed holds that the secret of the second factor does not lie readable on disk.
func TestSealed(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	_, key := n.join("night.shift", console.Operator)
	var stored []byte
	err := n.store.DB.View(t.Context(), func(tx *store.Tx) error {
		return tx.Row(`SELECT secret FROM console_account WHERE name = $1`, []any{"night.shift"}, &stored)
	})
	if err != nil || len(stored) <= len(key) || strings.Contains(string(stored), string(key)) {
		t.Errorf("%d bytes, %v", len(stored), err)
	}
}

// TestClosedAccount ends what a closed account was doing, and nobody closes the own one.
func TestClosedAccount(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	b, _ := n.join("auditor", console.Reader)
	admin, _ := n.join("chief", console.Administrator)
	p := admin.Get("/console/accounts")
	admin.Submit(p, "/accounts/auditor", url.Values{"do": {"close"}}).To(t, "/console/accounts")
	b.Get("/console/").To(t, "/console/login")
	login(b, "auditor", password).On(t, 422, "login")
	_, form := p.Form(t, "/logout")
	form.Set("do", "close")
	admin.Post("/console/accounts/chief", form).On(t, 404, "problem")
}

// TestInviteClosed opens no closed account by inviting its owner.
func TestInviteClosed(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	n.join("auditor", console.Reader)
	admin, _ := n.join("chief", console.Administrator)
	p := admin.Get("/console/accounts")
	admin.Submit(p, "/accounts/auditor", url.Values{"do": {"close"}}).To(t, "/console/accounts")
	admin.Land(admin.Submit(p, "/accounts/auditor", url.Values{"do": {"invite"}})).On(t, 200, "accounts").See(t, "Open it first")
	if _, err := console.Invite(t.Context(), n.store.DB, n.store.Console(), n.clock(), console.Account{Name: "auditor", Role: console.Reader}, "test"); !errors.Is(err, console.ErrClosed) {
		t.Errorf("a command: %v", err)
	}
	login(n.browser(), "auditor", password).On(t, 422, "login")
	admin.Submit(p, "/accounts/auditor", url.Values{"do": {"open"}})
	login(n.browser(), "auditor", password).On(t, 200, "home") // with the password from before
}

// TestOutcome holds that the log says of each act what was meant and what came of it, here and in the other log.
func TestOutcome(t *testing.T) {
	t.Parallel()
	var other []console.Act
	n := newNode(t, func(c *console.Config) {
		c.Store = console.Journaled{Store: c.Store, Journal: func(_ *store.Tx, a console.Act) error { other = append(other, a); return nil }}
	})
	archive := withPModes(t, n)
	seeded(n)
	ordered := func(refuse error) []console.Act {
		t.Helper()
		before := len(other)
		n.gateway.refuse = refuse
		err := n.config.Execute(t.Context(), console.Order{Who: "command", Action: console.ActResend, Box: gateway.Out, MessageID: n.gateway.dossiers[0].MessageID, Reason: "agreed", Origin: "alice (1000)"})
		if !errors.Is(err, refuse) {
			t.Fatal(err)
		}
		return other[before:]
	}
	for want, refuse := range map[string]error{"done": nil, "not done: " + gateway.ErrDeleted.Error(): gateway.ErrDeleted} {
		got := ordered(refuse)
		if len(got) != 2 || got[0].Detail != "agreed" || got[1].Detail != want || got[1].Origin != "alice (1000)" || got[1].Link(got[0].Chain) != got[1].Chain {
			t.Errorf("%+v", got)
		}
	}
	admin, _ := n.join("chief", console.Administrator)
	for _, a := range other {
		if a.Action == console.ActLogin {
			t.Error("a login is in the other log")
		}
	}
	next := admin.Upload(admin.Get("/console/pmodes"), "/propose", "file", "pmode.xml", "application/xml", bytes.Replace(network(t), []byte("12;4;CONSTANT"), slower, 1))
	n.config.PModes = sighing{archive}
	n.open()
	admin.Base = n.server.URL
	before := len(other)
	admin.Submit(next, "/activate", url.Values{"note": {"more patience"}, "partial": {"yes"}})
	if got := other[before:]; len(got) != 2 || got[0].Detail != "more patience" || got[1].Detail != "not done: no space" {
		t.Errorf("an activation that fails: %+v", got)
	}
	if _, broken, err := console.VerifyActs(t.Context(), n.store.DB, n.store.Console()); broken != 0 || err != nil {
		t.Errorf("broken %d, %v", broken, err)
	}
}

// sighing is an archive that puts nothing in force.
type sighing struct{ *pmodes.Archive }

func (sighing) Activate(context.Context, *pmodes.Proposal, pmodes.Act) (pmodes.Version, error) {
	return pmodes.Version{}, errors.New("no space")
}
