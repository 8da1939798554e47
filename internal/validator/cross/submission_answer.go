package cross

func isSubmission(d *Document) bool { return d.sent != nil }

// submissionAnswer compares the answer of a directory with the submission. [TDD 3.6.3]
func submissionAnswer() pair {
	return pair{
		name: "SUB_LCM", title: "submission and its acknowledgement", a: isSubmission, b: func(d *Document) bool { return d.taken != nil },
		linked: func(_ *set, a, b *Document) bool { return sameID(a.sent.id, b.taken.requestID) },
		checks: []check{
			{"OOTS-X-SUB_LCM-01", func(a, b *Document) []place {
				return unless(sameID(a.sent.id, b.taken.requestID), "@requestId", b.taken.requestID)
			}},
		},
	}
}
