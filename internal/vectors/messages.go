package vectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"oots/edelivery/as4"
)

// A Run is how a folder of messages is run: as the party that the P-Mode file names, or that Choice names.
type Run struct {
	PModes []byte // P-Mode file in the format of Domibus
	Keys   *Keys
	Choice PModeChoice
}

// Messages runs every case of a folder, in the order of its manifest, and gives each result to each as it
// comes. All received cases go to one access point, so that a case may depend on an earlier one: a duplicate
// on its original. The error is about the folder, the P-Mode file or the keys, never about a case.
func (r *Run) Messages(ctx context.Context, dir string, each func(Result)) error {
	cases, err := readManifest(dir)
	if err != nil {
		return err
	}
	modes, err := ReadPModes(r.PModes, r.Keys, r.Choice)
	if err != nil {
		return err
	}
	self, err := r.Keys.Identity(modes.Self)
	if err != nil {
		return err
	}
	a, err := openAccess(ctx, modes, self)
	if err != nil {
		return err
	}
	defer a.close()
	s := &session{run: r, dir: dir, cases: cases, access: a, receipts: map[string][]byte{}}
	for i := range cases {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := &cases[i]
		start := time.Now()
		result, err := s.one(ctx, c)
		if err != nil {
			return fmt.Errorf("case %s: %w", c.ID, err)
		}
		result.Folder, result.ID, result.Expect, result.Millis = filepath.Base(dir), c.ID, c.Expect, since(start)
		each(result)
	}
	return nil
}

// A session is one run over one folder.
type session struct {
	run      *Run
	dir      string
	cases    []Case
	access   *access
	receipts map[string][]byte // first receipt by message id
}

func (s *session) one(ctx context.Context, c *Case) (Result, error) {
	e, err := c.read(s.dir)
	if err != nil {
		return Result{}, err
	}
	want, err := ReadExpectation(c.Expect)
	if err != nil {
		return Result{Got: "not run", Reason: err.Error(), Verdict: Differs}, nil
	}
	switch c.Role {
	case RoleReceiver:
		return s.received(ctx, c, e, &want)
	case RoleReceiver20:
		return s.foreign(ctx, e)
	case RoleAnswer:
		return s.answered(ctx, c, e, &want)
	}
	return Result{Got: "not run", Reason: fmt.Sprintf("role %.40q is not known", c.Role), Verdict: Differs}, nil
}

// received posts a message and judges answer and delivery.
func (s *session) received(ctx context.Context, c *Case, e entity, want *Expectation) (Result, error) {
	w, err := s.access.post(ctx, e)
	if err != nil {
		return Result{}, err
	}
	o, reason, err := s.outcome(w, c.MessageID, e)
	if err != nil {
		return Result{Got: "an answer that is wrong", Reason: err.Error(), Verdict: Differs}, nil
	}
	r := Result{Got: o.String(), Reason: reason, Verdict: Passed}
	if wrong := want.Received(o); wrong != "" {
		r.Verdict, r.Reason = Differs, strings.TrimSuffix(wrong+": "+reason, ": ")
		return r, nil
	}
	if want.Alternatives() > 1 && !want.all(o) {
		r.Verdict, r.Note = Chosen, "the manifest calls several outcomes right"
	}
	if o.Accepted && o.Delivered > 0 {
		if wrong := compare(s.access.arrived[0], c); wrong != "" {
			r.Verdict, r.Reason = Differs, wrong
		}
	}
	return r, nil
}

// foreign posts a message of a profile that this release does not speak. It must be refused all the same.
func (s *session) foreign(ctx context.Context, e entity) (Result, error) {
	w, err := s.access.post(ctx, e)
	if err != nil {
		return Result{}, err
	}
	o, reason, err := s.outcome(w, "", e)
	r := Result{Got: o.String(), Reason: reason, Verdict: NotInRelease, Note: "eDelivery AS4 2.0 is refused on a P-Mode of 1.15"}
	if err != nil || o.Accepted || o.Delivered > 0 {
		r.Verdict, r.Note, r.Reason = Differs, "", "a message of AS4 2.0 was not refused on a P-Mode of 1.15"
	}
	return r, nil
}

// outcome reads the answer of the access point as the partner reads it. reason is what the partner is told.
// An error means that the answer itself is not as the profile asks.
func (s *session) outcome(w *answer, messageID string, e entity) (o Outcome, reason string, err error) {
	o.Status, o.Delivered = w.status, len(s.access.arrived)
	if w.body.Len() == 0 {
		if w.status < 300 {
			return o, "", fmt.Errorf("HTTP %d without a signal", w.status)
		}
		return o, "no content", nil
	}
	us := s.access.modes.Set.Self
	signal, err := as4.ReadSignal(w.header.Get("Content-Type"), bytes.NewReader(w.body.Bytes()), us.At(s.access.now))
	if err != nil {
		return o, "", fmt.Errorf("our answer cannot be read: %w", err)
	}
	o.Fault, _, _ = strings.Cut(signal.Fault, " ")
	switch {
	case signal.Receipt != nil:
		if !signal.Signed {
			return o, "", errors.New("the receipt is not signed")
		}
		if signal.RefToMessageID != messageID && messageID != "" {
			return o, "", fmt.Errorf("the receipt is for %.80q", signal.RefToMessageID)
		}
		if err := checkReferences(e, w.body.Bytes()); err != nil {
			return o, "", err
		}
		o.Accepted = true
		first, again := s.receipts[signal.RefToMessageID]
		o.Same = again && bytes.Equal(first, w.body.Bytes())
		if !again {
			s.receipts[signal.RefToMessageID] = bytes.Clone(w.body.Bytes())
		}
	case len(signal.Errors) > 0:
		o.Code, reason = signal.Errors[0].Code, signal.Errors[0].Detail
		if !signal.Signed {
			return o, reason, errors.New("the error signal is not signed")
		}
	case signal.Fault != "":
		_, reason, _ = strings.Cut(signal.Fault, " ")
	default:
		return o, "", errors.New("the answer is neither receipt nor error nor fault")
	}
	return o, reason, nil
}

// all reports whether o is every alternative at once, as an error signal with the status that is named too.
func (e *Expectation) all(o Outcome) bool {
	return !e.ok && !e.silent && !e.same && len(e.faults) == 0 && len(e.codes) == 1 && o.Code == e.codes[0] &&
		len(e.status) == 1 && fmt.Sprint(o.Status) == e.status[0]
}

// compare says what a delivery lacks to be the one of the manifest.
func compare(got arrival, c *Case) string {
	if got.messageID != c.MessageID {
		return fmt.Sprintf("message %.80q was delivered", got.messageID)
	}
	if len(got.parts) != len(c.Parts) {
		return fmt.Sprintf("%d payloads delivered, %d expected", len(got.parts), len(c.Parts))
	}
	for i, p := range c.Parts {
		if p.MimeType == "" { // the manifest does not say
			p.MimeType = got.parts[i].MimeType
		}
		if got.parts[i] != p {
			return fmt.Sprintf("payload %d is %+v, want %+v", i+1, got.parts[i], p)
		}
	}
	return ""
}
