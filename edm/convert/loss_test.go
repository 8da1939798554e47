package convert_test

import (
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/convert"
)

// TestLosses names what single differences between the lines cost.
func TestLosses(t *testing.T) {
	t.Parallel()
	all := specimens(t)
	for _, tc := range []struct {
		name string
		to   edm.Version
		edit func(message)
		want string // kind and path of each loss
	}{
		{"request-first", edm.V12, nil, "lost EvidenceRequest/DataServiceEvidenceType/DistributedAs[1]/AssociatedDocumentRequest"},
		{"request-second", edm.V12, nil, "lost ReturnLocation, lost EvidenceRequest/DataServiceEvidenceType/DistributedAs[1]/AssociatedDocumentRequest"},
		{"request12-second", edm.V20, nil, "invented ReturnLocation"},
		{"request-company", edm.V12, nil, "lost EvidenceRequest/DataServiceEvidenceType/DistributedAs[2]"},
		{"request-company", edm.V10, nil, "lost Requirements/Requirement[1]/Description, " +
			"lost EvidenceRequest/DataServiceEvidenceType/DistributedAs[2], lost AuthorizedRepresentative/Person/Identifier, " +
			"lost AuthorizedRepresentative/Person/Nationality, lost AuthorizedRepresentative/Person/CountryOfBirth, " +
			"lost AuthorizedRepresentative/Person/TownOfBirth, lost AuthorizedRepresentative/Person/CountryOfResidence, " +
			"lost AuthorizedRepresentative/Person/PhoneNumber, lost AuthorizedRepresentative/Person/EmailAddress, " +
			"lost AuthorizedRepresentativeLegalPerson/LegalPerson"},
		{"request-first", edm.V12, func(m message) { m.request.NaturalPerson.Gender = "1" },
			"lost EvidenceRequest/DataServiceEvidenceType/DistributedAs[1]/AssociatedDocumentRequest, changed NaturalPerson/Person/Gender"},
		{"request-first", edm.V10, func(m message) { m.request.Procedure = "V5"; m.request.NaturalPerson.Identifier = "" },
			"lost Procedure, lost Requirements/Requirement[1]/Description, lost EvidenceRequest/DataServiceEvidenceType/DistributedAs[1]/AssociatedDocumentRequest"},
		{"request12-first", edm.V20, func(m message) { m.request.Requesters[0].Address = nil; m.request.Evidence.Distributions = nil },
			"invented EvidenceRequester/Agent[1]/Address/AdminUnitLevel1, invented EvidenceRequest/DataServiceEvidenceType/DistributedAs[1]"},
		{"request10-first", edm.V12, func(m message) { m.request.Procedure = "" },
			"invented Procedure, changed EvidenceRequest/DataServiceEvidenceType/EvidenceTypeClassification"},
		{"response-one", edm.V12, nil, ""},
		{"response-translation", edm.V12, nil, "changed Package[1]/Document[2]"},
		{"response-translation", edm.V12, func(m message) { m.response.Packages[0].Documents[1].Evidence.Distribution.Format = "application/xml" },
			"lost Package[1]/Document[2]"},
		{"response12-one", edm.V20, func(m message) { m.response.Packages[0].Documents[0].Title = "" },
			"invented Package[1]/Document[1]/RepositoryItemRef/@title, invented Package[1]/Document[1]"},
		{"error-preview-required", edm.V12, nil, "invented Exception[1]/PreviewMethod"},
		{"error12-preview-required", edm.V20, func(m message) { m.failure.Exceptions[0].Preview.Method = "POST" }, "lost Exception[1]/PreviewMethod"},
		{"error12-preview-required", edm.V10, func(m message) {
			m.failure.Exceptions[0].Preview.Method = "PUT"
			m.failure.Exceptions = slices.Insert(m.failure.Exceptions, 0, edm.Exception{Code: edm.TimedOut, Severity: edm.SeverityError, At: m.failure.Exceptions[0].At})
		}, "lost Exception[1], lost Exception[1]/PreviewMethod"},
	} {
		m, ok := all[tc.name]
		if !ok {
			t.Fatalf("no specimen %s", tc.name)
		}
		m, _ = parse(t, m.xml(t)) // a copy
		if tc.edit != nil {
			tc.edit(m)
		}
		_, losses := m.to(tc.to)
		var got []string
		for _, l := range losses {
			got = append(got, string(l.Kind)+" "+l.Path)
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%s to %s:\n got %s\nwant %s", tc.name, tc.to.Line(), s, tc.want)
		}
	}
}

// TestMissing holds that what nothing tells is said, and nothing is made up for it.
func TestMissing(t *testing.T) {
	t.Parallel()
	all := specimens(t)
	out, losses := convert.Request(all["request12-second"].request, edm.V20, convert.Given{})
	if len(losses) != 1 || losses[0].Kind != convert.Missing || out.ReturnLocation != "" {
		t.Errorf("%+v", losses)
	}
	first := *all["request12-first"].request
	first.Requesters = slices.Clone(first.Requesters)
	first.Requesters[0].Address, first.Requesters[0].ID.Scheme = nil, edm.SchemeEAS+"9914"
	if _, losses = convert.Request(&first, edm.V20, given); len(losses) != 1 || losses[0].Kind != convert.Missing {
		t.Errorf("%+v", losses)
	}
	// What its own line refuses is not judged by another.
	broken := *all["request-first"].request
	broken.ID = "x"
	for _, l := range func() []convert.Loss { _, l := convert.Request(&broken, edm.V12, given); return l }() {
		if l.Kind == convert.Missing {
			t.Errorf("%+v", l)
		}
	}
}

// TestLossesAreSilent holds that no loss quotes the person, the link or the identifier of an agent.
func TestLossesAreSilent(t *testing.T) {
	t.Parallel()
	for name, m := range specimens(t) {
		for _, v := range edm.Versions() {
			_, losses := m.to(v)
			for _, l := range losses {
				for _, secret := range []string{"Papadopoul", "Eleni", "DEMO", "/preview/", "/return"} {
					if strings.Contains(l.What+l.Why+l.Path, secret) {
						t.Errorf("%s to %s: %+v", name, v, l)
					}
				}
			}
		}
	}
}
