package cross

import (
	"slices"
)

// submissionParts compares what a Member State submits to the directory with what it submits to the broker. A
// combined submission is both at once. [TDD 3.1.5, 3.2.5]
func submissionParts() pair {
	return pair{
		name: "EB-SUB_DSD-SUB", title: "submission to the broker and submission to the directory",
		a:      func(d *Document) bool { return d.sent != nil && len(d.sent.types) > 0 && len(d.sent.records) == 0 },
		b:      func(d *Document) bool { return d.sent != nil && len(d.sent.records) > 0 && len(d.sent.types) == 0 },
		linked: func(_ *set, a, b *Document) bool { return provides(a.sent, b.sent) },
		checks: []check{
			{"OOTS-X-EB-SUB_DSD-SUB-01", func(a, b *Document) []place { return unknownTypes(a.sent, b.sent) }},
			{"OOTS-X-EB-SUB_DSD-SUB-02", func(a, b *Document) []place { return otherState(a.sent, b.sent) }},
		},
	}
}

// combinedSubmission compares the two parts of one submission.
func combinedSubmission() pair {
	return pair{
		name: "SUB_SUB", title: "the two parts of a combined submission",
		a:      func(d *Document) bool { return d.sent != nil && len(d.sent.types) > 0 && len(d.sent.records) > 0 },
		b:      isSubmission,
		itself: true,
		checks: []check{
			{"OOTS-X-SUB_SUB-01", func(a, b *Document) []place { return unknownTypes(a.sent, b.sent) }},
			{"OOTS-X-SUB_SUB-02", func(a, b *Document) []place { return otherState(a.sent, b.sent) }},
		},
	}
}

// provides reports whether a data service delivers an evidence type of the broker.
func provides(eb, dsd *submission) bool {
	return slices.ContainsFunc(dsd.records, func(c string) bool { return eb.types[c] })
}

// unknownTypes finds data services for evidence types that the broker is not told of.
func unknownTypes(eb, dsd *submission) []place {
	return each(dsd.records, "DataServiceEvidenceType[%d]/EvidenceTypeClassification",
		func(c *string) bool { return eb.types[*c] }, func(c *string) string { return *c })
}

// otherState finds objects of another Member State. [TDD 3.6.3]
func otherState(eb, dsd *submission) []place {
	for _, c := range dsd.countries {
		if len(eb.countries) > 0 && c != eb.countries[0] {
			return []place{{"Jurisdiction/AdminUnitLevel1", c}}
		}
	}
	for _, c := range eb.countries {
		if c != eb.countries[0] {
			return []place{{"Jurisdiction/AdminUnitLevel1", c}}
		}
	}
	return nil
}
