package lifecycle_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/lifecycle"
	"oots/internal/store"
	"oots/rule"
)

func TestSubmit(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	o := i.submit(state("LU"), broker("LU"))
	if len(o.Revisions) != 1 || o.Revisions[0].Number != 1 || o.Revisions[0].Actor != "AP_LU" || o.Revisions[0].Origin != lifecycle.OriginSubmission {
		t.Errorf("revisions %+v", o.Revisions)
	}
	if o.Request != requestID || o.Version != directory.V20 || o.Counts[lcm.NodeFramework] != 1 || len(o.Changes) != 4 {
		t.Errorf("outcome %+v", o)
	}
	i.submit(state("LU"), services("LU", 2))
	i.submit(state("AT"), broker("AT"), services("AT", 1))
	if n := i.Catalogue().Counts(); n.Requirements != 1 || n.Frameworks != 2 || n.Lists != 2 || n.Services != 3 || n.Countries != 2 {
		t.Errorf("counts %+v", n)
	}

	o = i.submit(state("LU"), services("LU", 1)) // what is not said again is gone
	if len(o.Changes) != 1 || o.Changes[0].Kind != lcm.Removed {
		t.Errorf("changes %v", o.Changes)
	}
	if n := i.Catalogue().Counts(); n.Services != 2 {
		t.Errorf("counts %+v", n)
	}

	i.reopen()
	if n := i.Catalogue().Counts(); n.Services != 2 || n.Lists != 2 {
		t.Errorf("after a restart: %+v", n)
	}
	history, err := i.History(t.Context(), "LU", "")
	if err != nil || len(history) != 3 || history[0].Number != 5 {
		t.Errorf("history %+v, %v", history, err)
	}
	events, err := i.Events(t.Context(), now)
	if err != nil || len(events) != 4 || !slices.Equal(events[2].Revisions, []int64{3, 4}) || events[0].Digest == "" {
		t.Errorf("events %+v, %v", events, err)
	}
}

// TestWording keeps the words of the keeper, whatever a state calls a requirement.
func TestWording(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.submit(state("LU"), broker("LU"))
	i.submit(state("AT"), broker("AT"))
	if got := i.Catalogue().Requirements[0].Names.In("EN").Value; got != "Birth, as AT calls it" {
		t.Errorf("it is called %q", got)
	}
	words := directory.Partition{Country: "EU", Service: directory.EvidenceBroker, Catalogue: directory.Catalogue{
		Requirements: []directory.Requirement{{ID: birth, Names: en("Birth")}}}}
	o, err := i.Replace(t.Context(), keeper, []directory.Partition{words}, lifecycle.OriginEditor, "")
	if err != nil || !o.Accepted {
		t.Fatalf("%v, %v", o.Findings, err)
	}
	i.submit(state("LU"), broker("LU"))
	if got := i.Catalogue().Requirements[0].Names.In("EN").Value; got != "Birth" {
		t.Errorf("it is called %q", got)
	}
}

// TestRefused refuses whole what breaks one rule.
func TestRefused(t *testing.T) {
	t.Parallel()
	foreign := broker("LU")
	foreign.Requirements[0].Lists[0].Jurisdiction.Country = "AT"
	foreignType := broker("LU")
	foreignType.Requirements[0].Lists[0].Types[0].Classification = certificate("AT")
	taken := broker("LU")
	taken.Requirements[0].Lists[0].ID = id("AT", 6)
	twins := broker("LU")
	other := twins.Requirements[0].Lists[0]
	other.Names = en("Another")
	twins.Requirements[0].Lists = append(twins.Requirements[0].Lists, other)
	unknownType := services("LU", 1)
	valueless := services("LU", 1)
	valueless.Services[0].Classifications = []directory.Concept{{ID: id("LU", 1), Type: directory.ConceptString, Descriptions: en("?")}}
	both := broker("LU")
	both.Requirements[0].Lists[0].MatchType = directory.NoMatch
	for _, tc := range []struct {
		name   string
		who    lifecycle.Submitter
		id     rule.ID
		doc    []byte
		object string
	}{
		{"another country", state("AT"), lcm.RuleOwner, document(broker("LU")), "urn:uuid:"},
		{"nobody", lifecycle.Submitter{Actor: "?"}, lcm.RuleSubmitter, document(broker("LU")), ""},
		{"several countries", keeper, lcm.RuleSubmitter, document(broker("LU"), services("AT", 1)), ""},
		{"a list of another country", state("LU"), lcm.RuleOwner, document(foreign), "urn:uuid:"},
		{"a type of another country", state("LU"), lcm.RuleOwner, document(foreignType), "urn:uuid:"},
		{"an identifier of another country", state("LU"), lcm.RuleUnique, document(taken), "urn:uuid:"},
		{"one identifier, two lists", state("LU"), lcm.RuleUnique, document(twins), "urn:uuid:"},
		{"a type that the broker does not know", state("LU"), lcm.RuleReference, document(unknownType), "urn:uuid:"},
		{"a question without values", state("LU"), lcm.RuleValues, document(broker("LU"), valueless), "urn:uuid:"},
		{"types and NoMatch", state("LU"), lcm.RuleNoMatch, document(both), "urn:uuid:"},
		{"no XML", state("LU"), lcm.RuleUnreadable, []byte("<"), ""},
		{"nothing", state("LU"), "R-EB-SUB-S044", document(), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			i.submit(state("AT"), broker("AT"))
			f := i.wantRefused(tc.who, tc.id, tc.doc)
			if !strings.HasPrefix(f.Object, tc.object) || f.Code == "" {
				t.Errorf("%+v, want an object %q", f, tc.object)
			}
			events, err := i.Events(t.Context(), now)
			if err != nil || len(events) != 2 || events[1].Accepted || len(events[1].Findings) == 0 {
				t.Errorf("events %+v, %v", events, err)
			}
		})
	}
}

// TestOneAmongAThousand refuses a whole submission because of one object, and names it.
func TestOneAmongAThousand(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.submit(state("LU"), broker("LU"))
	p := services("LU", 1000)
	p.Services[700].Publisher.Address.Country = "XX"
	doc := document(p)
	f := i.wantRefused(state("LU"), "R-DSD-SUB-C026", doc)
	if f.Record != "LU00700" || f.Node != lcm.NodeProvider || !strings.Contains(string(doc), `<rim:RegistryObject id="`+f.Object+`"`) {
		t.Errorf("%+v", f)
	}
	o, err := i.Check(t.Context(), state("LU"), lifecycle.Proposal{Document: doc})
	if err != nil {
		t.Fatal(err)
	}
	r, err := lcm.ParseResponse(o.Response())
	if err != nil || r.Success || r.Request != requestID || len(r.Exceptions) != 1 || !strings.Contains(r.Exceptions[0].Detail, "R-DSD-SUB-C026 "+f.Object) {
		t.Errorf("%+v, %v", r, err)
	}
	p.Services[700].Publisher.Address.Country = "AT" // an address may lie abroad
	i.submit(state("LU"), p)
}

// TestCodeLists follows a code list through its versions. [TDD 3.6.3 §6]
func TestCodeLists(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	asking := services("LU", 1)
	asking.Services[0].Classifications = []directory.Concept{{ID: id("LU", 1), Type: directory.ConceptCodeList, CodeList: sr + "codelists/LU/Communes",
		ValueExpression: sr + "codelists/LU/Communes", Descriptions: en("Commune"), SupportedValues: []string{"esch"}}}
	i.submit(state("LU"), broker("LU"), asking, schemes("LU", "1.0", "esch", "vianden"))
	i.wantRefused(state("LU"), lcm.RuleRaise, document(schemes("LU", "1.0", "esch", "vianden", "wiltz")))
	i.wantRefused(state("LU"), lcm.RuleRaise, document(schemes("LU", "0.9", "esch", "vianden")))
	i.wantRefused(state("LU"), lcm.RuleInUse, document(schemes("LU", "1.1", "vianden")))
	i.submit(state("LU"), schemes("LU", "1.0", "vianden", "esch")) // the same
	first := i.Newest()
	i.submit(state("LU"), schemes("LU", "1.10", "esch")) // a code that nobody uses goes
	i.wantRefused(state("LU"), lcm.RuleRaise, document(schemes("LU", "1.9", "esch", "wiltz")))
	wrong := services("LU", 1)
	wrong.Services[0].Classifications = slices.Clone(asking.Services[0].Classifications)
	wrong.Services[0].Classifications[0].SupportedValues = []string{"vianden"}
	i.wantRefused(state("LU"), lcm.RuleValues, document(wrong))
	i.submit(state("LU"), services("LU", 1), schemes("LU", "2", "wiltz")) // the code and its use go together
	o, err := i.Restore(t.Context(), state("LU"), first, 0)
	if err != nil || !o.Accepted || len(i.Catalogue().CodeLists[0].Codes) != 2 {
		t.Errorf("restored %+v, %v", o.Findings, err)
	}
}

func TestRestore(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.submit(state("LU"), broker("LU"))
	i.submit(state("LU"), services("LU", 3))
	i.submit(state("LU"), services("LU", 1))
	if _, err := i.Restore(t.Context(), state("LU"), 99, 0); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("revision 99: %v", err)
	}
	if o, err := i.Restore(t.Context(), state("AT"), 2, 0); err != nil || o.Accepted {
		t.Errorf("another country restores: %+v, %v", o, err)
	}
	if _, err := i.Restore(t.Context(), state("LU"), 2, 2); !errors.Is(err, lifecycle.ErrConflict) {
		t.Errorf("revision 3 was never looked at: %v", err)
	}
	o, err := i.Restore(t.Context(), state("LU"), 2, 3)
	if err != nil || !o.Accepted || o.Revisions[0].Origin != lifecycle.OriginRestore || o.Revisions[0].Note != "revision 2" {
		t.Fatalf("%+v, %v", o, err)
	}
	if n := len(i.Active("LU", directory.DataServiceDirectory).Services); n != 3 {
		t.Errorf("%d services", n)
	}
	p, err := i.Revision(t.Context(), 3)
	if err != nil || len(p.Services) != 1 {
		t.Errorf("revision 3: %d services, %v", len(p.Services), err)
	}
	changes, err := i.Diff(t.Context(), 3, 0)
	if err != nil || len(changes) != 2 || changes[0].Kind != lcm.Added {
		t.Errorf("changes %v, %v", changes, err)
	}
}

// TestEditor lets an editor begin with one record, correct one of many, and take all away.
func TestEditor(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	edit := func(who lifecycle.Submitter, p directory.Partition) lifecycle.Outcome {
		t.Helper()
		o, err := i.Submit(t.Context(), who, lifecycle.Proposal{Partitions: []directory.Partition{p}, Note: "by hand"})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	begun := broker("LU")
	begun.Requirements[0].Lists = nil
	if o := edit(state("LU"), begun); !o.Accepted || o.Revisions[0].Origin != lifecycle.OriginEditor {
		t.Errorf("the first record: %v", o.Findings)
	}
	wrong := broker("LU")
	wrong.Requirements[0].Frameworks[0].Procedures = []string{"V0"}
	o := edit(state("LU"), wrong)
	if o.Accepted || o.Findings[0].Rule != "R-EB-SUB-C023" || o.Findings[0].Record != id("LU", 9) || o.Findings[0].Path != "sdg:ReferenceFramework/sdg:RelatedTo/sdg:Identifier" {
		t.Errorf("a wrong record: %+v", o.Findings)
	}
	if o := edit(state("AT"), broker("LU")); o.Accepted {
		t.Error("another country edits")
	}
	if o := edit(state("LU"), directory.Partition{Country: "LU", Service: directory.EvidenceBroker}); !o.Accepted || len(i.Catalogue().Requirements) != 0 {
		t.Errorf("nothing is left to say: %v", o.Findings)
	}
}

// TestEditorLeavesOldRecords warns about what an older line has let in and the editor does not touch.
func TestEditorLeavesOldRecords(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.submit(state("LU"), broker("LU"))
	old := services("LU", 2)
	for k := range old.Services {
		old.Services[k].Classifications = []directory.Concept{{ID: id("LU", 1), Type: directory.ConceptCodeList,
			ValueExpression: sr + "ep-classification/lu/communes", Descriptions: en("Commune"), SupportedValues: []string{"esch"}}}
	}
	doc := lcm.AppendRequest(nil, []directory.Partition{old}, lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V10}})
	if o, err := i.Submit(t.Context(), state("LU"), lifecycle.Proposal{Document: doc}); err != nil || !o.Accepted {
		t.Fatalf("%v, %v", o.Findings, err)
	}
	p := i.Active("LU", directory.DataServiceDirectory)
	p.Services = slices.Clone(p.Services)
	p.Services[0].Publisher.Names = en("Renamed")
	o, err := i.Replace(t.Context(), state("LU"), []directory.Partition{p}, lifecycle.OriginEditor, "")
	if err != nil || !o.Accepted || len(o.Changes) != 1 || len(o.Changes[0].Fields) != 1 {
		t.Errorf("%v, %v, %v", o.Findings, o.Changes, err)
	}
}

// TestTwoWriters lets two change the same partition at once: one of them loses and is told.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.submit(state("LU"), broker("LU"))
	seen := i.Newest()
	var wg sync.WaitGroup
	results := make([]error, 8)
	for n := range results {
		s := i.another()
		wg.Go(func() {
			p := broker("LU")
			p.Requirements[0].Lists[0].Names = en(strings.Repeat("x", n+1))
			_, results[n] = s.Submit(t.Context(), state("LU"), lifecycle.Proposal{Partitions: []directory.Partition{p}, Base: seen})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range results {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, lifecycle.ErrConflict):
			t.Error(err)
		}
	}
	history, err := i.History(t.Context(), "LU", "")
	if won != 1 || err != nil || len(history) != 2 {
		t.Errorf("%d won, %d revisions, %v", won, len(history), err)
	}
}

// TestOtherProcesses sees what another process on the same database has put in force.
func TestOtherProcesses(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	other := i.another()
	i.submit(state("LU"), broker("LU"))
	if len(other.Catalogue().Requirements) != 0 {
		t.Error("it knows already")
	}
	if changed, err := other.Refresh(t.Context()); !changed || err != nil || len(other.Catalogue().Requirements) != 1 {
		t.Errorf("refreshed %v, %v", changed, err)
	}
	before := other.Catalogue()
	if changed, err := other.Refresh(t.Context()); changed || err != nil || other.Catalogue() != before {
		t.Errorf("refreshed %v, %v", changed, err)
	}
	// A submission is judged by what is in force, not by what this process has seen.
	o, err := other.Submit(t.Context(), state("LU"), lifecycle.Proposal{Document: document(services("LU", 1))})
	if err != nil || !o.Accepted {
		t.Fatalf("%v, %v", o.Findings, err)
	}
	if _, err := i.Refresh(t.Context()); err != nil || i.Catalogue().Counts().Services != 1 {
		t.Errorf("%+v, %v", i.Catalogue().Counts(), err)
	}
}

// TestHosts knows a requirement again under the host of an older release line.
func TestHosts(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.submit(state("LU"), broker("LU"))
	old := broker("AT")
	old.Requirements[0].ID = strings.Replace(birth, ".ec.europa.eu", ".europa.eu", 1)
	doc := lcm.AppendRequest(nil, []directory.Partition{old}, lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V10}})
	o, err := i.Submit(t.Context(), state("AT"), lifecycle.Proposal{Document: doc})
	if err != nil || !o.Accepted || i.Catalogue().Counts().Requirements != 1 {
		t.Errorf("%v, %v, %+v", o.Findings, err, i.Catalogue().Counts())
	}
}
