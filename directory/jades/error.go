package jades

import "fmt"

// A Step is one of the ten checks of a verification, in their order.
type Step int

// The steps.
const (
	StepDigest    Step = 1 + iota // the digest covers the body
	StepForm                      // a detached JWS
	StepHeader                    // the protected header is one JSON object
	StepAlgorithm                 // alg is accepted
	StepMechanism                 // b64, sigD and crit are those of this profile
	StepChainRead                 // x5c holds certificates
	StepChain                     // the leaf is anchored in a local root
	StepSubject                   // the leaf belongs to a Common Service
	StepReference                 // x5t#o names the leaf
	StepSignature                 // the signature verifies
)

// String names what is wrong when the step fails.
func (s Step) String() string {
	switch s {
	case StepDigest:
		return "digest missing or does not cover the body"
	case StepForm:
		return "not a detached JWS"
	case StepHeader:
		return "unreadable signature header"
	case StepAlgorithm:
		return "algorithm not accepted"
	case StepMechanism:
		return "other JAdES mechanism"
	case StepChainRead:
		return "no or unreadable certificate"
	case StepChain:
		return "chain not anchored"
	case StepSubject:
		return "signer not a Common Service"
	case StepReference:
		return "certificate reference mismatch"
	case StepSignature:
		return "invalid signature"
	}
	return "unknown step"
}

// An Error rejects an answer. Nothing of the answer may be used.
type Error struct {
	Step   Step
	Detail string // what exactly; free of the body's content
	Err    error  // cause, may be nil
}

// Error gives the step, its reason and the detail.
func (e *Error) Error() string {
	s := fmt.Sprintf("response signature, step %d: %s", int(e.Step), e.Step)
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func fail(s Step, detail string, err error) *Error { return &Error{Step: s, Detail: detail, Err: err} }
