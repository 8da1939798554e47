package lifecycle_test

import (
	"strings"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/lifecycle"
	"oots/rule"
)

// TestRulesOfOurs breaks each rule of ours on submissions in every release line in which the catalogue calls it
// checked. They need the state of the directories, so that no edit of a document alone breaks them.
func TestRulesOfOurs(t *testing.T) {
	t.Parallel()
	twins, nothing, valueless, towns := broker("LU"), broker("LU"), services("LU", 1), schemes("LU", "1.0", "esch")
	other := twins.Requirements[0].Lists[0]
	other.Names = en("Another")
	twins.Requirements[0].Lists = append(twins.Requirements[0].Lists, other)
	nothing.Requirements[0].Lists[0].Types = nil
	valueless.Services[0].Classifications = []directory.Concept{{ID: id("LU", 1), Type: directory.ConceptString, Descriptions: en("?")}}
	towns.CodeLists[0].URL = sr + "codelists/towns"
	used := broker("LU")
	used.Requirements[0].Frameworks[0].Jurisdiction.Additional = []directory.Coded{{List: sr + "codelists/LU/Communes", Code: "esch"}}

	type breach struct {
		who    lifecycle.Submitter
		before []directory.Partition // in force, when any
		doc    []directory.Partition
	}
	one := func(ps ...directory.Partition) []directory.Partition { return ps }
	breaches := map[rule.ID]breach{
		lcm.RuleUnique:    {state("LU"), nil, one(twins)},
		lcm.RuleReference: {state("LU"), nil, one(services("LU", 1))},
		lcm.RuleOwner:     {state("AT"), nil, one(broker("LU"))},
		lcm.RuleNoMatch:   {state("LU"), nil, one(nothing)},
		lcm.RuleValues:    {state("LU"), one(broker("LU")), one(valueless)},
		lcm.RuleSubmitter: {lifecycle.Submitter{Actor: "?"}, nil, one(broker("LU"))},
		lcm.RuleScheme:    {state("LU"), nil, one(towns)},
		lcm.RuleRaise:     {state("LU"), one(schemes("LU", "1.0", "esch")), one(schemes("LU", "1.0", "vianden"))},
		lcm.RuleInUse:     {state("LU"), one(used, schemes("LU", "1.0", "esch")), one(schemes("LU", "1.1", "vianden"))},
	}
	for r := range rule.All() {
		if !strings.HasPrefix(string(r.ID), "OOTS-LCM-") || r.State != rule.Checked {
			continue
		}
		for _, l := range r.Releases {
			t.Run(string(r.ID)+" in "+l.Version, func(t *testing.T) {
				b, ok := breaches[r.ID]
				if !ok {
					t.Fatal("nothing breaks it")
				}
				i := newInstance(t)
				if b.before != nil {
					i.submit(state("LU"), b.before...)
				}
				line := directory.Line{Version: directory.Version("oots-cs:v" + l.Version)}
				i.wantRefused(b.who, r.ID, lcm.AppendRequest(nil, b.doc, lcm.Form{ID: requestID, Line: line}))
			})
		}
	}
}
