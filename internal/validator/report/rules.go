package report

import "oots/rule"

// A RuleForm is the JSON form of one form of a rule.
type RuleForm struct {
	Rule     string   `json:"rule" doc:"Published id; one of ours begins with OOTS-."`
	Document string   `json:"document" doc:"Kind of document in the spelling of rule ids, such as REQ."`
	Severity string   `json:"severity" doc:"As published: FATAL, WARNING or CAUTION."`
	Versions []string `json:"versions" nullable:"false" doc:"Release lines in which this form holds."`
	Assumed  []string `json:"assumed,omitempty" nullable:"false" doc:"Of versions, those in which the text is taken to hold."`
	State    string   `json:"state" doc:"checked, read as, dead or unknown."`
	Context  string   `json:"context,omitempty" doc:"Where the rule looks."`
	Wrong    string   `json:"wrong" doc:"What a breach means."`
	Write    string   `json:"write,omitempty" doc:"What to write instead."`
	Note     string   `json:"note,omitempty" doc:"The reading chosen where the published rule is faulty, and other things to know."`
}

// RuleForms gives all forms of a rule, newest first; none for an id that the catalogue does not have.
func RuleForms(id rule.ID) []RuleForm {
	var out []RuleForm
	for r := range rule.All() {
		if r.ID != id {
			continue
		}
		f := RuleForm{Rule: string(id), Document: string(r.Document), Severity: r.Severity.String(), Versions: []string{},
			State: string(r.State), Context: r.Context, Wrong: r.Wrong, Write: r.Write, Note: r.Note}
		for _, l := range r.Releases {
			f.Versions = append(f.Versions, l.Version)
			if l.Assumed {
				f.Assumed = append(f.Assumed, l.Version)
			}
		}
		out = append(out, f)
	}
	return out
}
