package e2e

import (
	"context"
	"errors"
	"testing"

	"oots/codelist"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/node"
	"oots/rule"
)

// An operator's code lists and severities decide in the exchange as they do in the validator.
func TestOperatorsRules(t *testing.T) {
	t.Parallel()
	withoutT3 := (*codelist.Set)(nil).With(codelist.Edition{List: codelist.Procedures, Version: "of the operator", Rows: []codelist.Row{{Code: "T1"}}})
	for _, tc := range []struct {
		name  string
		rules *edm.Rules
		want  rule.ID // that refuses the request; "" when evidence comes
	}{
		{"as published", nil, ""},
		{"procedure not in the operator's list", &edm.Rules{Lists: withoutT3}, "R-EDM-REQ-C003"},
		{"the same as a warning", &edm.Rules{Lists: withoutT3, Severity: map[rule.ID]rule.Severity{"R-EDM-REQ-C003": rule.Warning}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := newUnionWith(t, func(o *node.Options) { o.Rules = tc.rules })
			r, err := u.journey("eleni", "T3").Run(context.Background())
			if tc.want == "" {
				if err != nil || len(r.Exchanges) != 1 || r.Exchanges[0].State != exchange.Answered {
					t.Fatalf("%v, %+v", err, r)
				}
				return
			}
			var refused *edm.Exception
			if !errors.As(err, &refused) || refused.Detail != string(tc.want) {
				t.Fatalf("got %v, want %s", err, tc.want)
			}
			if len(u.net.as4) != 0 {
				t.Error("the request left")
			}
		})
	}
}
