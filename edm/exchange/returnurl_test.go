package exchange_test

import (
	"net/url"
	"strings"
	"testing"

	"oots/edm/exchange"
)

func TestWithReturn(t *testing.T) {
	const back = "https://portal.example.at/return/Qm4l?x=1&y=ü"
	for _, c := range []struct{ name, link, want string }{
		{"no query", "https://p.example.pt/s/9s", "https://p.example.pt/s/9s?returnurl="},
		{"query", "https://p.example.pt/s?t=9s%2F", "https://p.example.pt/s?t=9s%2F&returnurl="},
		{"fragment", "https://p.example.pt/s#top", "https://p.example.pt/s?returnurl="},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := exchange.WithReturn(c.link, back)
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("%s does not begin with %s", got, c.want)
			}
			u, err := url.Parse(got)
			if err != nil {
				t.Fatal(err)
			}
			if r := exchange.ReturnOf(u.Query()); r != back {
				t.Errorf("read %q", r)
			}
			if strings.Contains(c.link, "#") && u.Fragment != "top" {
				t.Errorf("fragment lost: %s", got)
			}
		})
	}
}

func TestReturnOf(t *testing.T) {
	for _, c := range []struct{ name, query, want string }{
		{"last pair wins", "returnurl=https%3A%2F%2Fa.example%2F&returnurl=https%3A%2F%2Fb.example%2F", "https://b.example/"},
		{"no method", "returnurl=https%3A%2F%2Fa.example%2F", "https://a.example/"},
		{"method POST cannot be a link", "returnurl=https%3A%2F%2Fa.example%2F&returnmethod=POST", ""},
		{"http", "returnurl=http%3A%2F%2Fa.example%2F", ""},
		{"script", "returnurl=javascript%3Aalert(1)", ""},
		{"no host", "returnurl=https%3A%2F%2F%2Fx", ""},
		{"credentials", "returnurl=https%3A%2F%2Fa%40b.example%2F", ""},
		{"relative", "returnurl=%2Fx", ""},
		{"none", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			q, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			if got := exchange.ReturnOf(q); got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}
