package requester

import (
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/exchange"
)

// TestCardState has cards with several exchanges: what the user has to know first wins.
func TestCardState(t *testing.T) {
	t.Parallel()
	x := func(s exchange.RequesterState, code edm.Code) Exchange { return Exchange{State: s, Error: code} }
	for _, tc := range []struct {
		name   string
		upload bool
		xs     []Exchange
		want   CardState
	}{
		{"nothing yet", false, nil, ToDo},
		{"all arrived", false, []Exchange{x(exchange.Answered, ""), x(exchange.Answered, "")}, Received},
		{"one of two arrived", false, []Exchange{x(exchange.Answered, ""), x(exchange.Sent, "")}, Asking},
		{"her turn", false, []Exchange{x(exchange.SecondSent, ""), x(exchange.PreviewRequired, ""), x(exchange.Failed, edm.QueryFailed)}, Ready},
		{"one of two failed", false, []Exchange{x(exchange.Answered, ""), x(exchange.Failed, edm.QueryFailed)}, Failed},
		{"one of two expired", false, []Exchange{x(exchange.Answered, ""), x(exchange.Expired, edm.TimedOut)}, Expired},
		{"empty", false, []Exchange{x(exchange.Empty, "")}, Nothing},
		{"not found", false, []Exchange{x(exchange.Failed, edm.ObjectNotFound)}, Nothing},
		{"undeliverable", false, []Exchange{x(exchange.Failed, "")}, Failed},
		{"later", false, []Exchange{x(exchange.Answered, ""), x(exchange.Deferred, "")}, Deferred},
		{"own file", true, []Exchange{x(exchange.Failed, "")}, Uploaded},
	} {
		c := Card{Exchanges: tc.xs}
		if tc.upload {
			c.Upload = &Upload{}
		}
		if got := c.state(); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestNewReportsEverything(t *testing.T) {
	t.Parallel()
	_, err := New(Deps{Settings: Settings{Intermediary: &edm.Agent{}}})
	if err == nil {
		t.Fatal("nothing is enough")
	}
	for _, want := range []string{"dependency", "clock", "requester must", "intermediary", "access point", "return base", "timeouts"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not name %s: %v", want, err)
		}
	}
}
