package directory

import (
	"slices"
	"testing"

	"oots/edm"
)

func TestLineURL(t *testing.T) {
	const path = "/requirements/0a000000-0000-4000-8000-000000000001"
	for _, tc := range []struct {
		name     string
		line     Line
		in, want string
	}{
		{"production stays", Line{Version: V20}, "https://sr.oots.tech.ec.europa.eu" + path, "https://sr.oots.tech.ec.europa.eu" + path},
		{"an environment stays", Line{Version: V20}, "https://sr.acc.oots.tech.ec.europa.eu" + path, "https://sr.acc.oots.tech.ec.europa.eu" + path},
		{"the older host becomes that of 2.0", Line{Version: V20}, "https://sr.oots.tech.europa.eu" + path, "https://sr.oots.tech.ec.europa.eu" + path},
		{"with its environment", Line{Version: V20}, "https://sr.acc.oots.tech.europa.eu" + path, "https://sr.acc.oots.tech.ec.europa.eu" + path},
		{"and stays before", Line{Version: V12}, "https://sr.oots.tech.europa.eu" + path, "https://sr.oots.tech.europa.eu" + path},
		{"one identifier in all lines", Line{Version: V10}, "https://sr.acc.oots.tech.ec.europa.eu" + path, "https://sr.acc.oots.tech.ec.europa.eu" + path},
		{"unless the policy is the observed one", Line{Version: V10, PlainHost: true}, "https://sr.acc.oots.tech.ec.europa.eu" + path, "https://sr.oots.tech.ec.europa.eu" + path},
		{"which is for 1.0 only", Line{Version: V11, PlainHost: true}, "https://sr.acc.oots.tech.ec.europa.eu" + path, "https://sr.acc.oots.tech.ec.europa.eu" + path},
		{"other hosts are not touched", Line{Version: V20}, "https://sr.oots.tech.europa.eu.test" + path, "https://sr.oots.tech.europa.eu.test" + path},
		{"nor deeper ones", Line{PlainHost: true}, "https://sr.a.b.oots.tech.ec.europa.eu" + path, "https://sr.a.b.oots.tech.ec.europa.eu" + path},
		{"nor what only begins like one", Line{PlainHost: true}, "https://srx.oots.tech.ec.europa.eu" + path, "https://srx.oots.tech.ec.europa.eu" + path},
		{"nor a bare word", Line{Version: V20}, "T3", "T3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.line.URL(tc.in); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestLineDataModel(t *testing.T) {
	const old, now = "https://sr.oots.tech.europa.eu/distributions/degree-1.0.0/passed", "https://sr.oots.tech.europa.eu/datamodels/degree-1.0.0/passed"
	for _, tc := range []struct {
		version  Version
		in, want string
	}{
		{V10, old, old}, {V10, now, old}, {V11, now, old}, {V12, old, now}, {V12, now, now},
		{V20, old, "https://sr.oots.tech.ec.europa.eu/datamodels/degree-1.0.0/passed"},
		{V20, "https://example.test/distributions/x", "https://example.test/distributions/x"},
		{V20, "", ""},
	} {
		if got := (Line{Version: tc.version}).DataModel(tc.in); got != tc.want {
			t.Errorf("%s in %s: got %s, want %s", tc.in, tc.version, got, tc.want)
		}
	}
}

// TestLineExchange: up to 1.1 there is room for one version of the exchange.
func TestLineExchange(t *testing.T) {
	for _, tc := range []struct {
		name    string
		version Version
		all     []edm.Version
		asked   edm.Version
		want    []edm.Version
	}{
		{"all from 1.2 on", V12, []edm.Version{edm.V10, edm.V20}, "", []edm.Version{edm.V10, edm.V20}},
		{"1.0 first", V10, []edm.Version{edm.V20, edm.V10}, "", []edm.Version{edm.V10}},
		{"else the lowest", V10, []edm.Version{edm.V20, edm.V12}, "", []edm.Version{edm.V12}},
		{"numbers, not texts", V11, []edm.Version{"oots-edm:v10.0", "oots-edm:v9.0"}, "", []edm.Version{"oots-edm:v9.0"}},
		{"what was asked for", V11, []edm.Version{edm.V10, edm.V11}, edm.V11, []edm.Version{edm.V11}},
		{"one is one", V10, []edm.Version{edm.V20}, "", []edm.Version{edm.V20}},
		{"none is none", V10, nil, "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := (Line{Version: tc.version}).Exchange(tc.all, tc.asked); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}
