package accesspoint

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/edelivery/pmode/keystore"
	"oots/internal/accesspoint/settings"
	"oots/internal/clock"
)

// Examine says what keeps an access point from starting by this configuration, and what will trouble it. It opens the
// files that the configuration names and changes nothing. Now judges certificates.
func Examine(f *settings.File, now time.Time) []settings.Finding {
	return examine(f, now, os.Getenv)
}

func examine(f *settings.File, now time.Time, env func(string) string) []settings.Finding {
	x := &examiner{file: f, c: &f.Config, now: now, env: env}
	x.data()
	x.tls()
	if k := x.keys(); k != nil {
		x.pmodes(k)
	}
	x.notices()
	x.proxies()
	x.listeners()
	return x.found
}

type examiner struct {
	file  *settings.File
	c     *settings.Config
	now   time.Time
	env   func(string) string
	found []settings.Finding
}

func (x *examiner) say(s settings.Severity, field, try, format string, args ...any) {
	x.found = append(x.found, settings.Finding{Severity: s, Line: x.file.Line(field), Field: field, Meaning: fmt.Sprintf(format, args...), Try: try})
}

// fail makes a finding of an error; of each of several that were joined.
func (x *examiner) fail(field string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			x.fail(field, e)
		}
		return
	}
	var f *fault
	if !errors.As(err, &f) {
		x.say(settings.Error, field, "", "%v", err)
		return
	}
	meaning := f.err.Error()
	if f.file != "" && !strings.Contains(meaning, f.file) {
		meaning = f.file + ": " + meaning
	}
	x.say(settings.Error, f.field, f.Remedy(), "%s", meaning)
}

// Remedy is what to try, which the text of the error ends with; for common causes it need not be said each time.
func (f *fault) Remedy() string {
	var open *settings.OpenError
	switch {
	case f.try != "":
		return f.try
	case errors.As(f.err, &open):
		return "chmod 600 " + open.Name
	case errors.Is(f.err, fs.ErrNotExist):
		return "oots quickstart, which makes all files, or another path"
	case errors.Is(f.err, keystore.ErrPassword):
		return "password: file:PATH beside it"
	}
	return ""
}

func (x *examiner) data() {
	if x.c.Data.DSN != "" {
		x.say(settings.Error, "data.dsn", "data.folder, which holds a database of its own", "PostgreSQL is not supported by this version")
	}
	if _, err := sealingKey(x.c.Keys.Sealing); err != nil {
		x.fail("keys.sealing", err)
	}
	dir := string(x.c.Data.Folder)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		x.say(settings.Error, "data.folder", "", "%v", err)
	case !info.IsDir():
		x.say(settings.Error, "data.folder", "a folder", "%s is no folder", dir)
	case info.Mode().Perm()&0o077 != 0:
		x.say(settings.Warning, "data.folder", "chmod 700 "+dir, "others than its owner can look into %s", dir)
	}
	if n, err := free(dir); err == nil && n < uint64(x.c.Data.Least) {
		x.say(settings.Warning, "data.least", "more room, or less", "%d MiB are free, fewer than %s: the access point would not be ready", n>>20, x.c.Data.Least)
	}
}

func (x *examiner) keys() *keyring {
	k := &keyring{own: x.c.Keys.Own, partners: x.c.Partners, party: x.c.Party, now: func() time.Time { return x.now }}
	if err := k.load(); err != nil {
		x.fail("keys.own", err)
		return nil
	}
	x.dated("keys.own", k.identities()[0].Certificate)
	return k
}

// dated judges the time of a certificate.
func (x *examiner) dated(field string, c *x509.Certificate) {
	left := c.NotAfter.Sub(x.now)
	switch {
	case left <= 0:
		x.say(settings.Warning, field, "a new certificate", "the certificate ended on %s", c.NotAfter.Format(time.DateOnly))
	case x.now.Before(c.NotBefore):
		x.say(settings.Warning, field, "the clock of the machine", "the certificate begins on %s", c.NotBefore.Format(time.DateOnly))
	case left < time.Duration(x.c.Monitor.Certificate):
		x.say(settings.Warning, field, "a successor behind it", "the certificate ends in %s", settings.Duration(left.Truncate(time.Hour)))
	}
}

// pmodes judges the file of the first start, if it is there: later, the archive decides.
func (x *examiner) pmodes(k *keyring) {
	name := string(x.c.PModes.File)
	b, err := readBounded(name)
	if errors.Is(err, fs.ErrNotExist) {
		x.say(settings.Warning, "pmodes.file", "oots quickstart, which writes one, or oots pmode activate", "%s is missing; without P-Modes in force the access point does not start", name)
		return
	}
	if err != nil {
		x.say(settings.Error, "pmodes.file", "", "%v", err)
		return
	}
	c, found := configuration.Parse(b)
	if c != nil {
		certificates, err := k.certificates(context.Background(), x.now)
		if err != nil {
			x.fail("pmodes.file", err)
			return
		}
		_, more := c.Set(configuration.Choice{Self: x.c.Party, Certificates: certificates, Service: x.c.PModes.Service})
		found = append(found, more...)
	}
	for _, f := range found {
		severity := settings.Warning
		if f.Severity == configuration.Error || f.Severity == configuration.Unsupported && !x.c.PModes.Partial {
			severity = settings.Error
		}
		try := "oots pmode check " + name
		if f.Severity == configuration.Unsupported {
			try = "partial: true, to leave it out"
		}
		x.say(severity, "pmodes.file", try, "%s: %s", name, f)
	}
}

func (x *examiner) tls() {
	one := func(field string, c settings.ServerTLS, verified bool) {
		s := &serving{settings: c, field: field, verified: verified}
		if err := s.load(); err != nil {
			x.fail(field, err)
			return
		}
		x.dated(field+".certificate", s.leaf())
		for _, problem := range ServerProfile(s.leaf()) {
			x.say(settings.Warning, field+".certificate", "a certificate by the request beside it", "%s [TDD 3.7 §3.5]", problem)
		}
	}
	if !x.c.AS4.TLS.Off {
		one("as4.tls", x.c.AS4.TLS, true)
	}
	switch b := x.c.Backend; {
	case b.TLS.Off:
	case b.TLS.Certificate != "":
		one("backend.tls", b.TLS, false)
	case !b.Listen.Local():
		x.say(settings.Error, "backend.tls", "certificate and key, or off: true behind a proxy, or 127.0.0.1 in backend.listen", "the listener can be reached from other machines and has no TLS")
	}
	for _, s := range []*sending{
		{trust: x.c.AS4.Trust, machine: x.c.AS4.TrustMachine, client: x.c.AS4.Client, tls: x.c.AS4.TLS, proxy: x.c.AS4.Proxy, field: "as4.trust"},
		{trust: x.c.Backend.Trust, tls: x.c.Backend.TLS, proxy: x.c.Backend.Proxy, field: "backend.trust"},
	} {
		if err := s.load(); err != nil {
			x.fail(s.field, err)
		}
	}
}

// proxies says which way connections go, and that variables which lead other programs elsewhere do not count.
func (x *examiner) proxies() {
	for _, p := range []struct{ field, address string }{{"as4.proxy", x.c.AS4.Proxy}, {"backend.proxy", x.c.Backend.Proxy}} {
		if p.address != "" {
			x.say(settings.Warning, p.field, "", "connections go through %s", p.address)
			continue
		}
		for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
			if x.env(name) != "" {
				x.say(settings.Warning, p.field, "proxy: ADDRESS, when connections are to go through one", "%s of the environment does not count: connections are direct", name)
				break
			}
		}
	}
}

func (x *examiner) notices() {
	a := &AccessPoint{Config: *x.c, d: Deps{Clock: clock.System()}}
	if _, _, err := a.alerts(); err != nil {
		x.fail("alerts", err)
	}
	rules, err := a.rules()
	if err != nil {
		x.fail("backend.notices", err)
	}
	for i, r := range rules {
		if err := r.Check(); err != nil {
			x.say(settings.Error, fmt.Sprintf("backend.notices[%d]", i+1), "", "%v", err)
		}
	}
}

func (x *examiner) listeners() {
	seen := map[settings.Address]string{}
	for _, l := range []struct {
		field string
		at    settings.Address
	}{{"as4.listen", x.c.AS4.Listen}, {"backend.listen", x.c.Backend.Listen}, {"monitor.listen", x.c.Monitor.Listen}} {
		if other := seen[l.at]; other != "" && !strings.HasSuffix(string(l.at), ":0") {
			x.say(settings.Error, l.field, "another port", "%s is that of %s", l.at, other)
		}
		seen[l.at] = l.field
	}
	if x.c.AS4.Listen.Local() {
		x.say(settings.Warning, "as4.listen", "0.0.0.0:8443", "only this machine can reach it, so no partner can")
	}
	if !x.c.Monitor.Listen.Local() {
		x.say(settings.Warning, "monitor.listen", "127.0.0.1:9464", "other machines can reach it: it has neither accounts nor TLS")
	}
	for i, p := range x.c.AS4.Paths {
		if !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "{} ?#") {
			x.say(settings.Error, fmt.Sprintf("as4.paths[%d]", i+1), "/as4", "%.80q is no path", p)
		}
	}
}
