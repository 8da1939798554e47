package storetest

import (
	"reflect"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/lifecycle"
	"oots/internal/store"
)

// Sent runs the suite of lifecycle.SentStore. Open gives a new, empty store.
func Sent(t *testing.T, open func(*testing.T) (*store.DB, lifecycle.SentStore)) {
	db, s := open(t)
	to := edm.Identifier{Scheme: "s", Value: "CS"}
	first := lifecycle.Sent{Request: "urn:uuid:1", Receiver: to, ConversationID: "c", MessageID: "m1@x", At: at, State: lifecycle.Waiting}
	for i, want := range []bool{true, false} {
		update(t, db, func(tx *store.Tx) error {
			fresh, err := s.AddSent(tx, lifecycle.Sent{Request: first.Request, Receiver: to, ConversationID: "c", MessageID: []string{"m1@x", "m2@x"}[i], At: at, State: lifecycle.Waiting})
			if fresh != want {
				t.Errorf("the request is fresh: %v, want %v", fresh, want)
			}
			return err
		})
	}
	view(t, db, func(tx *store.Tx) error {
		got, err := s.SentByMessage(tx, "m1@x")
		if err != nil || !reflect.DeepEqual(got, first) {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = s.SentByRequest(tx, "urn:uuid:2")
		wantNotFound(t, "request", err)
		for _, tc := range []struct {
			to   edm.Identifier
			want bool
		}{{to, true}, {edm.Identifier{Scheme: "t", Value: "CS"}, false}} {
			if waits, err := s.Unanswered(tx, tc.to); waits != tc.want || err != nil {
				t.Errorf("%v waits: %v, %v", tc.to, waits, err)
			}
		}
		return nil
	})
	settled := first
	settled.State, settled.AnsweredAt, settled.Code, settled.Answer = lifecycle.Refused, at.Add(time.Hour), "LCM:ERR:0003", []byte("<a/>")
	late := settled
	late.State = lifecycle.Undelivered
	for _, tc := range []struct {
		s    lifecycle.Sent
		want bool
	}{{settled, true}, {late, false}} {
		update(t, db, func(tx *store.Tx) error {
			done, err := s.Settle(tx, tc.s)
			if done != tc.want {
				t.Errorf("settled as %s: %v", tc.s.State, done)
			}
			return err
		})
	}
	view(t, db, func(tx *store.Tx) error {
		got, err := s.SentByRequest(tx, first.Request)
		if err != nil || !reflect.DeepEqual(got, settled) {
			t.Errorf("got %+v, %v", got, err)
		}
		return nil
	})
}
