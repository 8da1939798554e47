package coordinator_test

import (
	"log/slog"
	"net/url"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

const framework = "0a000000-0000-4000-8000-000000000001"

// TestTwoEditors tells the second of two who edit one record, shows what the first has written, and loses nothing.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	first, second := o.as("lu-editor"), o.as("lu-second")
	form := address("procedure", framework)
	mine, theirs := first.Get(form), second.Get(form)
	fill(first, mine, "/edit/procedure", "title.0.value", "Moving house")
	p := second.Submit(theirs, "/edit/procedure", url.Values{"title.0.value": {"Registering a home"}}).On(t, 409, "record")
	p.See(t, "Somebody else has changed this meanwhile", "theirs: Moving house", "yours: Registering a home", "nothing is saved")
	if got := p.With("name", "title.0.value").Attr["value"]; got != "Registering a home" {
		t.Errorf("the form says %q", got)
	}
	first.Get("/list/procedure").See(t, "Moving house")
	fill(second, p, "/edit/procedure").On(t, 200, "section").See(t, "Registering a home")

	// Who edits another record is not disturbed.
	scheme := first.Get(address("scheme", sr+"codelists/LU/Communes"))
	fill(second, second.Get(form), "/edit/procedure", "title.0.value", "Registration")
	fill(first, scheme, "/edit/scheme", "version", "1.1", "codes.2.code", "0999", "codes.2.EN", "Elsewhere").On(t, 200, "section").See(t, "Version 1.1, codes: 3")

	// And who removes what has changed is told.
	old := first.Get(form)
	fill(second, second.Get(form), "/edit/procedure", "title.0.value", "Registration of a home")
	fill(first, old, "/remove").On(t, 200, "record").See(t, "Somebody else has changed it meanwhile.", "Registration of a home")
}

// TestNewRecordOnce saves a new record once, although its form is sent twice.
func TestNewRecordOnce(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	b := o.as("lu-editor")
	p := b.Get("/edit/procedure")
	said := url.Values{"title.0.value": {"Name of a child"}, "requirement": {birth}, "code": {"R1"}}
	b.Land(b.Submit(p, "/edit/procedure", said)).On(t, 200, "section")
	b.Submit(p, "/edit/procedure", said).On(t, 409, "record")
	if rows := b.Get("/list/procedure").Tags("main")[0].Tags("ul"); len(rows[len(rows)-1].Tags("li")) != 2 {
		t.Error("not two procedures")
	}
}

// TestSubmissionBehindTheDraft stops a draft that somebody else's submission has overtaken, and merges them: what only
// they changed is theirs, what both changed is ours and named.
func TestSubmissionBehindTheDraft(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	b := o.as("lu-editor")
	fill(b, b.Get(address("procedure", framework)), "/edit/procedure", "title.0.value", "Moving house")
	checked := b.Get("/check").On(t, 200, "check")

	behind := broker("Registering a home")
	behind.Requirements[0].Lists[0].Names = en("By an extract")
	behind.Requirements = append(behind.Requirements, directory.Requirement{ID: home, Lists: []directory.EvidenceTypeList{{
		ID: "0a000000-0000-4000-8000-000000000007", Names: en("None"), Jurisdiction: directory.Jurisdiction{Country: "LU"}, MatchType: directory.NoMatch, MatchDescriptions: en("There is no register.")}}})
	o.replace(luxembourg, behind)

	p := b.Submit(checked, "/submit", nil).On(t, 409, "check")
	p.See(t, "Somebody else has changed what is in force", "AP_LU")
	fill(b, p, "/rebase").On(t, 200, "check").See(t, "Both you and somebody else have changed: "+framework)
	fill(b, b.Get("/check"), "/submit").See(t, "It is in force.")
	got := o.lifecycle.Active("LU", directory.EvidenceBroker)
	if len(got.Requirements) != 2 || got.Requirements[0].Frameworks[0].Titles.In("EN").Value != "Moving house" || got.Requirements[0].Lists[0].Names.In("EN").Value != "By an extract" {
		t.Errorf("in force: %+v", got.Requirements)
	}
}

// TestStaleRestore puts an earlier state in force only over what its page has shown.
func TestStaleRestore(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	o.replace(luxembourg, broker("Moving house"))
	b := o.as("lu-editor")
	seen := b.Get("/history/2").On(t, 200, "revision")
	o.replace(luxembourg, broker("Registering a home"))
	fill(b, seen, "/restore").On(t, 200, "history").See(t, "Somebody else was faster.")
	if got := o.lifecycle.Active("LU", directory.EvidenceBroker).Requirements[0].Frameworks[0].Titles.In("EN").Value; got != "Registering a home" {
		t.Errorf("in force is %q", got)
	}
	fill(b, b.Get("/history/2"), "/restore").On(t, 200, "history").See(t, "is in force again")
}

// TestStaleCheck submits only the draft that was looked at.
func TestStaleCheck(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	b := o.as("lu-editor")
	fill(b, b.Get(address("procedure", framework)), "/edit/procedure", "title.0.value", "Moving house")
	seen := b.Get("/check")
	fill(b, b.Get(address("procedure", framework)), "/edit/procedure", "title.0.value", "Something else")
	fill(b, seen, "/submit").On(t, 200, "check").See(t, "The draft has changed since you looked at it.")
	fill(b, seen, "/discard").On(t, 200, "check").See(t, "The draft has changed since you looked at it.")
	fill(b, b.Get("/check"), "/discard").On(t, 200, "home").See(t, "The draft is discarded.")
	b.Get("/list/procedure").See(t, "Change of address")
}

// TestRefused shows a finding beside its field, and puts nothing in force.
func TestRefused(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	b := o.as("lu-editor")
	before := o.lifecycle.Newest()
	fill(b, b.Get(address("scheme", sr+"codelists/LU/Communes")), "/edit/scheme", "codes.0.EN", "Esch-sur-Alzette")
	p := b.Get("/check").On(t, 200, "check")
	p.See(t, "Not ready", string(lcm.RuleRaise), "Write a higher version.")
	form := b.Get(link(t, p, "Communes")).On(t, 200, "record")
	if at := form.With("name", "version"); at == nil || at.Parent.With("class", "rule").Text() != string(lcm.RuleRaise) {
		t.Error("the finding does not stand at the version")
	}
	stamp := url.Values{"csrf": {b.Get("/check").With("name", "csrf").Attr["value"]}, "stamp": {p.With("name", "stamp").Attr["value"]}}
	b.Post("/submit", stamp).On(t, 422, "check")
	if o.lifecycle.Newest() != before {
		t.Error("something was put in force")
	}
	fill(b, b.Get(address("scheme", sr+"codelists/LU/Communes")), "/edit/scheme", "version", "1.1")
	b.Get("/check").See(t, "Ready")
}

// TestNothing declares that there is no document, with the reason that users read.
func TestNothing(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	b := o.as("lu-editor")
	p := b.Get("/edit/list")
	b.Submit(p, "/edit/list", url.Values{"requirement": {home}, "name.0.value": {"None"}, "match": {directory.NoMatch}}).On(t, 422, "record").See(t, "Write it in at least one language.")
	fill(b, p, "/edit/list", "requirement", home, "name.0.value", "None", "match", directory.NoMatch, "reason.0.value", "There is no register.").On(t, 200, "section")
	fill(b, b.Get("/check").On(t, 200, "check"), "/submit").See(t, "It is in force.")
	for _, r := range o.lifecycle.Catalogue().Requirements {
		if r.ID == home && (len(r.Lists) != 1 || r.Lists[0].MatchType != directory.NoMatch || r.Lists[0].MatchDescriptions.In("EN").Value != "There is no register.") {
			t.Errorf("lists %+v", r.Lists)
		}
	}
}

// TestGenericode takes the codes and the version of a file.
func TestGenericode(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	b := o.as("lu-editor")
	file := `<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"><Identification><ShortName>Communes</ShortName><Version>2.0</Version><CanonicalUri>x</CanonicalUri><CanonicalVersionUri>x-2</CanonicalVersionUri></Identification>
<ColumnSet><Column Id="code" Use="required"><ShortName>Code</ShortName><Data Type="string"/></Column><Column Id="name" Use="optional"><ShortName>Name</ShortName><Data Type="string" Lang="en"/></Column><Key Id="k"><ShortName>k</ShortName><ColumnRef Ref="code"/></Key></ColumnSet>
<SimpleCodeList><Row><Value ColumnRef="code"><SimpleValue>0204</SimpleValue></Value><Value ColumnRef="name"><SimpleValue>Esch</SimpleValue></Value></Row><Row><Value ColumnRef="code"><SimpleValue>0305</SimpleValue></Value><Value ColumnRef="name"><SimpleValue>Remich</SimpleValue></Value></Row></SimpleCodeList></gc:CodeList>`
	p := b.Get(address("scheme", sr+"codelists/LU/Communes"))
	b.Land(b.Upload(p, "/edit/scheme", "file", "communes.gc", "application/xml", []byte(file))).On(t, 200, "section").See(t, "Version 2.0, codes: 2")
	p = b.Get(address("scheme", sr+"codelists/LU/Communes"))
	b.Upload(p, "/edit/scheme", "file", "x.gc", "application/xml", []byte("no list")).On(t, 422, "record").See(t, "This is no Genericode list")
}

// TestSharedRecords leaves what is in force alone while a draft is edited.
func TestSharedRecords(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	b := o.as("lu-editor")
	before := lcm.Records(o.lifecycle.Active("LU", directory.EvidenceBroker).Catalogue)
	fill(b, b.Get(address("type", sr+"evidencetypeclassifications/LU/0a000000-0000-4000-8000-000000000003")), "/edit/type", "title.0.value", "Extract")
	fill(b, b.Get(address("provider", scheme+" LU-ESCH")), "/edit/provider", "providerName.0.value", "Esch")
	fill(b, b.Get(address("access", scheme+" AP_LU")), "/edit/access", "line", "oots-edm:v1.2")
	fill(b, b.Get(address("list", "0a000000-0000-4000-8000-000000000002")), "/edit/list", "new.0.value", "Oath")
	after := o.lifecycle.Active("LU", directory.EvidenceBroker)
	if len(lcm.Diff(after, directory.Partition{Country: "LU", Service: directory.EvidenceBroker, Catalogue: broker("Change of address").Catalogue})) != 0 || len(before) != len(lcm.Records(after.Catalogue)) {
		t.Error("an edit has reached what is in force")
	}
	if got := o.lifecycle.Active("LU", directory.DataServiceDirectory).Services[0]; got.Publisher.Names[0].Value != "Commune d’Esch" || len(got.ConformsTo) != 1 {
		t.Errorf("an edit has reached %+v", got.Publisher)
	}
	b.Get("/check").See(t, "Birth certificate", "Extract", "Oath")
}
