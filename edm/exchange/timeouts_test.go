package exchange

import (
	"strings"
	"testing"
	"time"
)

func TestTimeoutPairs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(requester, provider *Timeouts)
		want []string // intervals complained about
	}{
		{"ok/defaults", func(_, _ *Timeouts) {}, nil},
		{"T1 equal", func(r, p *Timeouts) { r.T1 = p.T1 }, []string{"T1"}},
		{"T2 equal", func(r, p *Timeouts) { p.T2 = r.T2 }, []string{"T2"}},
		{"T3 shorter", func(r, p *Timeouts) { r.T3 = p.T3 - time.Minute }, []string{"T3"}},
		{"zero and swapped", func(r, p *Timeouts) { r.T1 = 0; r.T2, p.T2 = p.T2, r.T2 }, []string{"T1", "T2"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, p := DefaultRequester, DefaultProvider
			tc.edit(&r, &p)
			err := r.Check(p)
			if (err == nil) != (tc.want == nil) {
				t.Fatalf("error %v, want complaints about %v", err, tc.want)
			}
			for _, name := range []string{"T1", "T2", "T3"} {
				named := false
				for _, w := range tc.want {
					named = named || w == name
				}
				if err != nil && strings.Contains(err.Error(), name+":") != named {
					t.Errorf("error %q, want complaints about %v", err, tc.want)
				}
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)
	for _, tc := range []struct {
		name  string
		stamp time.Time
		want  time.Time
	}{
		{"from the timestamp of the message", now.Add(-3 * time.Minute), now.Add(2 * time.Minute)},
		{"days in a queue", now.Add(-48 * time.Hour), now.Add(-48*time.Hour + 5*time.Minute)},
		{"clock of the peer ahead", now.Add(time.Hour), now.Add(5 * time.Minute)},
		{"no timestamp", time.Time{}, now.Add(5 * time.Minute)},
	} {
		if got := Deadline(tc.stamp, now, 5*time.Minute); !got.Equal(tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
	if Passed(now, now) {
		t.Error("a message exactly on the limit is in time")
	}
	if !Passed(now, now.Add(time.Millisecond)) {
		t.Error("one millisecond later is too late")
	}
	if Passed(time.Time{}, now) {
		t.Error("no deadline never passes")
	}
}

func TestSettledStatesStay(t *testing.T) {
	t.Parallel()
	all := []RequesterState{Sent, PreviewRequired, SecondSent, Answered, Empty, Deferred, Failed, Expired}
	for _, from := range all {
		for _, to := range all {
			if from.Settled() && from.CanBecome(to) {
				t.Errorf("%s may become %s", from, to)
			}
			if !from.Settled() && to.Settled() && !from.CanBecome(to) {
				t.Errorf("%s may not become %s", from, to)
			}
		}
	}
	if !Sent.CanBecome(PreviewRequired) || !PreviewRequired.CanBecome(SecondSent) || Sent.CanBecome(SecondSent) || SecondSent.CanBecome(PreviewRequired) {
		t.Error("the way through a preview is sent, preview_required, second_sent")
	}
	for _, from := range []ProviderState{ReplySent, RefusalSent, DeferralSent, LinkExpired, Silenced} {
		if !from.Settled() || from.CanBecome(SecondReceived) {
			t.Errorf("%s is not settled", from)
		}
	}
	if !LinkIssued.CanBecome(SecondReceived) || !SecondReceived.CanBecome(ReplySent) || LinkIssued.CanBecome(ReplySent) {
		t.Error("the way through a preview is link_issued, second_received, reply_sent")
	}
}
