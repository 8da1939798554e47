package eb

import (
	"testing"

	"oots/directory"
	"oots/directory/query"
	"oots/directory/query/querytest"
)

var lines = []directory.Version{directory.V10, directory.V11, directory.V12, directory.V20}

// TestErrorCodes provokes every code of the broker in every release line. [TDD 3.2.4]
func TestErrorCodes(t *testing.T) {
	h := broker(acceptance(t).c)
	const (
		requirements = "/eb/rest/search?queryId=" + string(query.Requirements)
		types        = "/eb/rest/search?queryId=" + string(query.EvidenceTypes)
	)
	for _, tc := range []struct {
		target string
		want   [4]string // 1.0 1.1 1.2 2.0
	}{
		{requirements + "&procedure-id=T3&country-code=LI", every("EB:ERR:0001")},
		{requirements + "&procedure-id=00&country-code=EU", every("EB:ERR:0001")},
		{types + "&requirement-id=https://sr.acc.oots.tech.ec.europa.eu/requirements/00000000-0000-0000-0000-000000000000&country-code=AT", every("EB:ERR:0001")},
		{types + "&requirement-id=https://sr.oots.tech.ec.europa.eu/requirements/00000000-0000-0000-0000-000000000000", every("EB:ERR:0002")},
		{types, every("EB:ERR:0003")},
		{requirements + "&startIndex=0", every("EB:ERR:0003")},
		{requirements + "&country-code=AT&country-code=AT", every("EB:ERR:0003")},
		{requirements + "&country-code=DE&jurisdiction-admin-l2=XYZ", [4]string{"EB:ERR:0004", "EB:ERR:0004", "EB:ERR:0004", "EB:ERR:0003"}},
		{requirements + "&country-code=DE&jurisdiction-admin-l3=Berlin", [4]string{"EB:ERR:0004", "EB:ERR:0004", "EB:ERR:0004", "EB:ERR:0003"}},
		{requirements + "&procedure-id=t3", every("EB:ERR:0005")},
		{requirements + "&procedure-id=Z9", every("EB:ERR:0005")},
		{requirements + "&country-code=GR", every("EB:ERR:0006")},
		{"/eb/rest/search", every("EB:ERR:0007")},
		{"/eb/rest/search?queryId=" + string(query.DataServices), every("EB:ERR:0007")},
	} {
		for i, v := range lines {
			a, err := query.Read(querytest.Get(t, h, v, tc.target))
			if err != nil {
				t.Fatal(err)
			}
			if r, ok := a.Err.(*directory.Refusal); !ok || r.Code != tc.want[i] || v > directory.V10 && a.Version != v {
				t.Errorf("%s in %s: %v, want %s", tc.target, v, a.Err, tc.want[i])
			}
		}
	}
	a, err := query.Read(querytest.Get(t, h, "oots-cs:v9.0", requirements))
	if err != nil || a.Err == nil || a.Err.Error() != "EB:ERR:0003: Accept-Version" || a.Version != "" {
		t.Errorf("an unknown line: %v %v", a.Err, err)
	}
}

func every(code string) [4]string { return [4]string{code, code, code, code} }
