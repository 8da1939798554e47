package edmxml_test

import (
	"fmt"
	"strings"

	"oots/edm"
)

// earlierAnswers are responses and errors in the lines before 2.0. 1.2 has all of them; the others those in which
// rules or writers differ.
func earlierAnswers() []message {
	var all []message
	for _, l := range lines {
		add := func(name string, r *edm.Response, e *edm.ErrorResponse) {
			if r != nil {
				r.Version = l.version
			} else {
				e.Version = l.version
			}
			all = append(all, message{name: strings.Replace(name, "-", l.number+"-", 1), response: r, failure: e})
		}
		add("response-one", flat(success()), nil)
		add("response-structured", structured(), nil)
		add("response-empty", empty(), nil)
		add("response-deferred", deferred(), nil)
		add("error-0004", nil, failure(edm.ObjectNotFound, ""))
		add("error-preview-required", nil, previewBy("GET"))
		add("error-unreadable", nil, unreadable())
		if l.version != edm.V12 {
			continue
		}
		add("response-several", several(), nil)
		for i, row := range edm.Table {
			if row.Code != edm.ObjectNotFound {
				add(fmt.Sprintf("error-%04d", i+1), nil, failure(row.Code, ""))
			}
		}
	}
	return all
}

// flat takes away what a response says of packages only. An identifier of 1.0 has nine letters or digits.
func flat(r *edm.Response) *edm.Response {
	for i := range r.Packages {
		p := &r.Packages[i]
		p.ID = ""
		for j := range p.Documents {
			d := &p.Documents[j]
			d.ClassificationID, d.AssociationID = "", ""
			d.Evidence.NaturalPerson.Identifier = "EL/AT/DEMO10010"
		}
	}
	return r
}

// several brings two evidences, one in two parts.
func several() *edm.Response {
	r := flat(success())
	second := flat(success()).Packages[0].Documents[0]
	second.ObjectID, second.ContentID, second.Title = "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383712", "transcript-el@localhost", "Transcript"
	second.Evidence.ID = "9e0d1c2b-3a49-4857-a665-748392a1b0c3"
	r.Packages = append(r.Packages, edm.Package{Documents: []edm.Document{second}})
	return r
}

// structured is an extract from a register of companies as XML, cut down by a transformation.
func structured() *edm.Response {
	r := flat(success())
	d := &r.Packages[0].Documents[0]
	d.ContentID, d.Title = "extract@localhost", "Extract"
	e := &d.Evidence
	e.NaturalPerson = nil
	e.LegalPerson = &edm.LegalPerson{EIDASIdentifier: "EL/AT/500000001", LegalName: "Demo Εταιρεία Α.Ε."}
	e.ValidFrom, e.ValidUntil = "", ""
	const model = "https://sr.oots.tech.ec.europa.eu/distributions/company-extract-1.0.0"
	e.Distribution = edm.Distribution{Format: "application/xml", Languages: []string{"EL"}, ConformsTo: model, Transformation: model + "/active"}
	return r
}

func previewBy(method string) *edm.ErrorResponse {
	e := previewRequired()
	e.Exceptions[0].Preview.Method = method
	return e
}
