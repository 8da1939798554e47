package edmxml_test

import (
	"strings"

	"oots/edm"
)

// lines are the release lines before 2.0, and how files are called by them.
var lines = []struct {
	version edm.Version
	number  string
}{{edm.V10, "10"}, {edm.V11, "11"}, {edm.V12, "12"}}

// earlierRequests are requests in the lines before 2.0.
func earlierRequests() []message {
	var all []message
	for _, l := range lines {
		for _, m := range []message{
			{name: "request-first", request: firstRequest()},
			{name: "request-second", request: secondRequest()},
			{name: "request-company", request: companyRequest()},
			{name: "request-representative", request: representedRequest()},
		} {
			m.name = strings.Replace(m.name, "-", l.number+"-", 1)
			older(m.request, l.version)
			all = append(all, m)
		}
	}
	return all
}

// representedRequest is about a natural person for whom another acts.
func representedRequest() *edm.Request {
	r := firstRequest()
	r.ID = "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c104"
	r.Representative = companyRequest().Representative
	r.RepresentativePowerScope = "T3"
	return r
}

// older says a sample in an earlier line: one form of the document, a wish for its language on the root, and
// identifiers and addresses as 1.0 wants them.
func older(r *edm.Request, v edm.Version) {
	r.Version, r.Lang, r.ReturnLocation = v, "EL", ""
	d := &r.Evidence.Distributions[0]
	r.Evidence.Distributions = r.Evidence.Distributions[:1]
	d.Languages, d.Associated = nil, nil
	if d.ConformsTo != "" {
		d.Transformation = d.ConformsTo + "/holder-only"
	}
	if v != edm.V10 {
		return
	}
	const host, host10 = "https://sr.oots.tech.ec.europa.eu/", "https://sr.oots.tech.europa.eu/"
	r.Evidence.Classification = strings.Replace(r.Evidence.Classification, host, host10, 1)
	for _, url := range []*string{&d.ConformsTo, &d.Transformation} {
		*url = strings.Replace(*url, host+"datamodels/", host10+"distributions/", 1)
	}
	for _, p := range []*edm.Person{r.NaturalPerson, r.Representative} {
		if p != nil {
			p.Identifier = strings.Replace(p.Identifier, "DEMO1001", "DEMO10010", 1)
		}
	}
	if r.Representative != nil {
		r.Representative.Attributes = []edm.SectorAttribute{{
			Name: "IBAN", URI: "http://eidas.europa.eu/attributes/naturalperson/banking/IBAN", Value: "GR1601101250000000012300695",
		}}
	}
}
