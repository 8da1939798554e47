package cross

import (
	"sync"

	"oots/rule"
)

// pairs are the rows of the table, in the order of an exchange. Later rows may ask which pairs an earlier one
// has found.
var pairs = sync.OnceValue(func() []pair {
	return []pair{
		queryRequirements(), queryEvidenceTypes(), queryDataServices(), queryQuestion(), questionQuery(),
		requirementsEvidence(), evidenceQuery(), evidenceServices(), questionServices(),
		requirementsRequest(), evidenceRequest(), servicesRequest(), questionRequest(),
		requestResponse(), requestError(), errorRequest(), requestRequest(), secondResponse(), deferredRequest(),
		headerRequest(), headerResponse(), headerError(), servicesHeader(), headerAnswer(), headerSecond(), headerReceipt(),
		submissionAnswer(), submissionParts(), combinedSubmission(), submissionServices(),
		listList(), listServices(), listRequest(),
	}
})

// A Kind is one row of the table of pairs, for pages.
type Kind struct {
	Name, Title string
	Rules       []rule.ID // in their order
}

// Kinds returns the rows of the table.
func Kinds() []Kind {
	var out []Kind
	for _, p := range pairs() {
		k := Kind{Name: p.name, Title: p.title}
		for _, c := range p.checks {
			k.Rules = append(k.Rules, c.id)
		}
		out = append(out, k)
	}
	return out
}
