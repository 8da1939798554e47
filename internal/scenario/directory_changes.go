package scenario

import (
	"slices"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/lifecycle"
	"oots/internal/node"
)

// directoryChanges are the cases in which a provider's entry in the directory changes between two questions.
func directoryChanges() []Scenario {
	return []Scenario{
		{ID: "TC11", Title: "Directory entry changed in the editor", Portal: "EL", Preview: true, run: changedEntry(byEditor)},
		{ID: "TC12", Title: "Directory entry changed by a submission over AS4", Portal: "EL", Preview: true, run: changedEntry(byMessage)},
	}
}

const renamed = "Register under a new name"

// changedEntry asks, lets the provider's country change its name, and asks again inside and behind the time for which
// the portal keeps answers.
func changedEntry(change func(w *world, p directory.Partition)) func(w *world) {
	return func(w *world) {
		u := w.user("hans", "T3")
		before := u.providerName()
		w.see("the directory says: %s", before)
		if w.err == nil {
			change(w, renamedProvider(w.Common.Lifecycle.Active("AT", directory.DataServiceDirectory)))
		}
		w.want(u.providerName() == before, "the portal does not keep its answer")
		w.see("the portal still says so")
		w.pass(6*time.Second, time.Second)
		w.want(u.providerName() == renamed, "the directory still says %s", u.providerName())
		w.see("six seconds later: %s", renamed)
		x := u.ask(wish{})
		w.step()
		x.is(exchange.PreviewRequired)
	}
}

// providerName is how the directory calls the provider now.
func (u *user) providerName() string {
	if u.w.err != nil {
		return ""
	}
	a, err := u.find(wish{})
	if err != nil {
		u.w.fail("look up: %v", err)
	}
	return a.Service.Publisher.Names.In("EN").Value
}

func renamedProvider(p directory.Partition) directory.Partition {
	p.Services = slices.Clone(p.Services)
	for i := range p.Services {
		p.Services[i].Publisher.Names = edm.Texts{{Lang: "EN", Value: renamed}}
	}
	return p
}

// byEditor is what the editor of coordinators does when a draft is published.
func byEditor(w *world, p directory.Partition) {
	o, err := w.Common.Lifecycle.Replace(w.ctx, lifecycle.Submitter{Country: "AT", Actor: "at-editor"}, []directory.Partition{p}, lifecycle.OriginEditor, "")
	if err != nil || !o.Accepted {
		w.fail("the editor's change is refused: %v %v", o.Findings, err)
	}
	w.see("the coordinator of AT publishes another name")
}

// byMessage submits over AS4 and waits for the answer. [TDD 3.6]
func byMessage(w *world, p directory.Partition) {
	b := lcm.AppendRequest(nil, []directory.Partition{p}, lcm.Form{ID: "urn:uuid:" + w.clock.UUID(), Line: directory.Line{Version: directory.V20}})
	sender := w.state("AT").Submissions
	sent, err := sender.Send(w.ctx, node.CommonServicesParty, node.CommonServicesParty, b)
	if err != nil {
		w.fail("submit: %v", err)
		return
	}
	w.step()
	if sent, err = sender.Sent(w.ctx, sent.Request); err != nil || sent.State != lifecycle.Accepted {
		w.fail("the submission is %s: %v %s", sent.State, err, sent.Answer)
	}
	w.see("AT submits another name over AS4: %s", sent.State)
}
