package matching

// An Explanation says to an auditor how a decision was made. It has no personal data: attributes by name, not
// by value. It belongs into the journal of the provider and nowhere else, since it tells what the requester
// must not learn. [record-matching §4.3, §4.5]
type Explanation struct {
	Policy  string  `json:"policy"` // Policy.ID
	Outcome Outcome `json:"outcome"`
	// Rule decided for the entry that was found, or that is not shown; "" when there is none.
	Rule string `json:"rule,omitempty"`
	// Identifier says how the identifier of the eID was used: direct, derived, linked; "" when it was not.
	Identifier string `json:"identifier,omitempty"`
	// Refused says why an entry that was found is not shown: protected, deceased.
	Refused string `json:"refused,omitempty"`
	// Alert says what somebody has to look at; "" when nothing.
	Alert      string      `json:"alert,omitempty"`
	Candidates []Candidate `json:"candidates"` // those that are not plainly others, at most maxExplained
	Considered int         `json:"considered"` // how many entries were compared
}

// maxExplained is how many candidates an explanation names.
const maxExplained = 20

// A Candidate is what the rules made of one entry.
type Candidate struct {
	Class      Class       `json:"class"`
	Rule       string      `json:"rule"` // "-" when no rule held
	Alert      bool        `json:"alert,omitempty"`
	Mixed      bool        `json:"mixedScripts,omitempty"` // a name mixes scripts
	Attributes []Attribute `json:"attributes"`
}

// An Attribute is one comparison.
type Attribute struct {
	Name   string `json:"name"`
	Grade  string `json:"grade"`            // agree, close, missing, disagree
	How    string `json:"how,omitempty"`    // in which way it is close
	Source string `json:"source,omitempty"` // user, when she said so herself
}

// explain begins the explanation. A rejected candidate is named when something was found of it: the
// identifier agreed, a name is not what it looks like, or both names were close and the day is another.
func (m *Matcher) explain(how string, verdicts []verdict) Explanation {
	x := Explanation{Policy: m.Policy.ID(), Identifier: how, Considered: len(verdicts), Candidates: []Candidate{}}
	for i := range verdicts {
		v := &verdicts[i]
		o := &v.observation
		telling := v.class != Reject || o.Identifier == Agree || o.Mixed || len(verdicts) == 1 ||
			o.LegalName == Missing && o.FamilyName < Missing && o.GivenName < Missing
		if !telling || len(x.Candidates) == maxExplained {
			continue
		}
		x.Candidates = append(x.Candidates, Candidate{
			Class: v.class, Rule: numberOf(v.rule), Alert: v.rule != nil && v.rule.Alert, Mixed: o.Mixed, Attributes: o.attributes(),
		})
	}
	return x
}
