// Package lcm is the write side of the Common Services: how a Member State says what its Evidence Broker and
// its Data Service Directory hold. [TDD 3.6.3]
//
//	s, err := lcm.Parse(b)                               // lcm:SubmitObjectsRequest
//	findings := s.Check(nil)                             // structure, content, associations
//	partitions, more := s.Partitions(known)              // what it would put in force
//	findings = append(findings, more...)
//	findings = append(findings, lcm.CheckState(...)...)  // integrity, ownership, code list versions
//
// One submission is the whole data set of one Member State for one service, or for several at once: it becomes
// one directory.Partition for each. Objects and associations are put together to the elements of an answer, and
// read with the readers of answers, so that what is submitted and what is served cannot differ.
//
// The package is pure. Who may submit, storage and transport are elsewhere (internal/lifecycle).
package lcm
