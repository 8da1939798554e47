package vectors

import "testing"

func TestExpectation(t *testing.T) {
	t.Parallel()
	receipt := Outcome{Accepted: true, Delivered: 1, Status: 200}
	silent := Outcome{Accepted: true, Status: 200}
	same := Outcome{Accepted: true, Same: true, Status: 200}
	code := func(c string, status int) Outcome { return Outcome{Code: c, Status: status} }
	fault := func(c string, status int) Outcome { return Outcome{Fault: c, Status: status} }
	for _, tc := range []struct {
		expect string
		got    Outcome
		right  bool
	}{
		{"ok", receipt, true},
		{"ok", silent, false},
		{"ok", Outcome{Accepted: true, Delivered: 2, Status: 200}, false},
		{"ok", code("EBMS:0004", 200), false},
		{"ok-not-delivered", silent, true},
		{"ok-not-delivered", receipt, false},
		{"ok-or-EBMS:0011", receipt, true},
		{"ok-or-EBMS:0011", code("EBMS:0011", 200), true},
		{"ok-or-EBMS:0011", code("EBMS:0003", 200), false},
		{"ok-with-legacy-switch-else-EBMS:0103", code("EBMS:0103", 200), true},
		{"EBMS:0303-or-ok-by-limit", code("EBMS:0303", 200), true},
		{"EBMS:0103", code("EBMS:0103", 200), true},
		{"EBMS:0103", receipt, false},
		{"EBMS:0103", fault("Sender", 400), false},
		{"EBMS:0103", Outcome{Code: "EBMS:0103", Status: 200, Delivered: 1}, false},
		{"EBMS:0007 or HTTP 400", code("EBMS:0007", 200), true},
		{"EBMS:0007 or HTTP 400", Outcome{Status: 400}, true},
		{"EBMS:0007 or HTTP 400", Outcome{Status: 500}, false},
		{"refused (EBMS:0009 or SOAP fault)", fault("Sender", 400), true},
		{"refused (EBMS:0009 or SOAP fault)", Outcome{Status: 400}, false},
		{"refused, no delivery", Outcome{Status: 413}, true},
		{"refused, no delivery", code("EBMS:0103", 200), true},
		{"refused, no delivery", receipt, false},
		{"refused, no delivery", Outcome{Status: 413, Delivered: 1}, false},
		{"MustUnderstand fault", fault("MustUnderstand", 500), true},
		{"MustUnderstand fault", fault("Sender", 400), false},
		{"EBMS:0003, no delivery", code("EBMS:0003", 200), true},
		{"same receipt again, no second delivery", same, true},
		{"same receipt again, no second delivery", silent, false},
		{"same receipt again, no second delivery", Outcome{Accepted: true, Same: true, Delivered: 1}, false},
		{"same receipt again, no second delivery", code("EBMS:0003", 200), false},
	} {
		e, err := ReadExpectation(tc.expect)
		if err != nil {
			t.Errorf("%s: %v", tc.expect, err)
			continue
		}
		if wrong := e.Received(tc.got); (wrong == "") != tc.right {
			t.Errorf("%s, got %s: %q", tc.expect, tc.got, wrong)
		}
	}
}

func TestExpectationOfAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		expect string
		got    Outcome
		right  bool
	}{
		{"accepted", Outcome{State: Acknowledged}, true},
		{"accepted", Outcome{State: Retrying, Code: "EBMS:0302"}, false},
		{"EBMS:0302, retry", Outcome{State: Retrying, Code: "EBMS:0302"}, true},
		{"EBMS:0302, retry", Outcome{State: Retrying, Code: "EBMS:0301"}, false},
		{"EBMS:0302, retry", Outcome{State: Final, Code: "EBMS:0302", Notified: "EBMS:0302"}, false},
		{"final failure, producer notified", Outcome{State: Final, Code: "EBMS:0010", Notified: "EBMS:0010"}, true},
		{"final failure, producer notified", Outcome{State: Final, Code: "EBMS:0010"}, false},
		{"needs attention", Outcome{State: Attention, Code: "EBMS:4001"}, true},
		{"needs attention", Outcome{State: Acknowledged}, false},
		{"attempt failed, not final", Outcome{State: Retrying, Code: "EBMS:0004"}, true},
		{"attempt failed, not final", Outcome{State: Final, Code: "EBMS:0004", Notified: "EBMS:0004"}, false},
		{"not final, retry continues", Outcome{State: Retrying, Code: "EBMS:0004"}, true},
		{"not final, retry continues", Outcome{State: Final, Code: "EBMS:0004", Notified: "EBMS:0004"}, false},
	} {
		e, err := ReadExpectation(tc.expect)
		if err != nil {
			t.Errorf("%s: %v", tc.expect, err)
			continue
		}
		if wrong := e.Answered(tc.got); (wrong == "") != tc.right {
			t.Errorf("%s, got %s: %q", tc.expect, tc.got, wrong)
		}
	}
}

func TestExpectationNotUnderstood(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "as usual", "book", "token"} {
		if _, err := ReadExpectation(text); err == nil {
			t.Errorf("%q is understood", text)
		}
	}
}
