package specimen

import (
	"cmp"
	"strconv"
	"time"

	"oots/edm"
)

// An Answer is what a response or an error says beside what it repeats of the request. Every empty field is
// filled with something valid.
type Answer struct {
	ID string    // bare UUID of the response or error
	At time.Time // of issue; the zero time stays: the caller gives one
	// NewID makes the bare UUID of a part by its name, which is unique in the message.
	NewID func(name string) string

	// Of a response.
	Evidences   int // main evidences; 0 for an empty success
	Unavailable bool
	AvailableAt time.Time          // with Unavailable
	Associated  []edm.DocumentKind // documents beside each main evidence
	Title       string
	IssuingDate edm.Date

	// Of an error.
	Code            edm.Code
	Detail          string
	PreviewLocation string // asks for a preview
	Description     string // of the preview, in English
}

// provider is the asked agent as it speaks for itself.
func provider(r *edm.Request, class edm.AgentClass) edm.Agent {
	a := named(r.Provider)
	a.Class = class
	a.Address = &edm.Address{Country: country(r.Provider.ID.Scheme)}
	return a
}

// country takes the Member State from an unregistered scheme; other schemes do not tell it.
func country(scheme string) string {
	if n := len(edm.SchemeUnregistered); len(scheme) == n+2 && scheme[:n] == edm.SchemeUnregistered {
		return scheme[n:]
	}
	return "EL"
}

func requester(r *edm.Request) edm.Agent {
	if a := r.Requester(); a != nil {
		return named(*a)
	}
	return edm.Agent{}
}

// Response composes the answer to r, which must be of 2.0. [TDD 4.5.2]
func Response(r *edm.Request, a Answer) *edm.Response {
	out := &edm.Response{
		RequestID: r.ID, Version: edm.V20, ID: cmp.Or(a.ID, "00000000-0000-4000-8000-000000000002"), IssuedAt: a.At, Status: edm.Success,
		Providers: []edm.Agent{provider(r, edm.EvidenceProvider)}, Requester: requester(r),
	}
	if a.Unavailable {
		out.Status, out.AvailableAt = edm.Unavailable, a.AvailableAt
		if out.AvailableAt.IsZero() {
			out.AvailableAt = a.At.AddDate(0, 0, 2)
		}
	}
	for i := range a.Evidences {
		out.Packages = append(out.Packages, a.pack(r, strconv.Itoa(i+1)))
	}
	return out
}

// pack is one evidence with the documents that belong to it.
func (a Answer) pack(r *edm.Request, n string) edm.Package {
	p := edm.Package{ID: "urn:uuid:" + a.NewID("package "+n), Documents: []edm.Document{a.document(edm.MainEvidence, n)}}
	main := &p.Documents[0].Evidence
	authority := named(r.Provider)
	main.IssuingAuthority = &authority
	main.Conformance = &edm.EvidenceType{Classification: r.Evidence.Classification, Titles: r.Evidence.Titles, Descriptions: r.Evidence.Descriptions}
	main.IssuingDate = cmp.Or(a.IssuingDate, "2021-07-16")
	if s := r.NaturalPerson; s != nil {
		main.NaturalPerson = &edm.Person{Identifier: s.Identifier, FamilyName: s.FamilyName, GivenName: s.GivenName,
			DateOfBirth: s.DateOfBirth, PlaceOfBirth: s.PlaceOfBirth}
	}
	if s := r.LegalPerson; s != nil {
		main.LegalPerson = &edm.LegalPerson{EIDASIdentifier: s.EIDASIdentifier, LegalName: s.LegalName}
	}
	if len(r.Evidence.Distributions) > 0 {
		asked := r.Evidence.Distributions[0]
		main.Distribution = edm.Distribution{Format: asked.Format, ConformsTo: asked.ConformsTo, Languages: asked.Languages}
	}
	for _, kind := range a.Associated {
		d := a.document(kind, n+" "+string(kind))
		d.AssociationID = "urn:uuid:" + a.NewID("association "+n+" "+string(kind))
		p.Documents = append(p.Documents, d)
	}
	return p
}

func (a Answer) document(kind edm.DocumentKind, n string) edm.Document {
	title := cmp.Or(a.Title, "Specimen document")
	if kind != edm.MainEvidence {
		title += " (" + string(kind) + ")"
	}
	id := a.NewID("document " + n)
	return edm.Document{
		ObjectID: "urn:uuid:" + id, ClassificationID: "urn:uuid:" + a.NewID("classification "+n), Kind: kind,
		ContentID: id + "@specimen.example", Title: title,
		Evidence: edm.Evidence{ID: a.NewID("evidence " + n), Distribution: edm.Distribution{Format: "application/pdf"}},
	}
}

// Error composes the refusal of r, or the exception that asks for a preview. r must be of 2.0. [TDD 4.5.3]
func Error(r *edm.Request, a Answer) *edm.ErrorResponse {
	who := requester(r)
	x := edm.Exception{Code: cmp.Or(a.Code, edm.ObjectNotFound), Severity: edm.SeverityError, Detail: a.Detail, At: a.At}
	if a.PreviewLocation != "" {
		x.Code, x.Severity = cmp.Or(a.Code, edm.MissingAuthorization), edm.SeverityPreviewRequired
		x.Preview = &edm.Preview{Location: a.PreviewLocation}
		if a.Description != "" {
			x.Preview.Descriptions = edm.Texts{{Lang: "EN", Value: a.Description}}
		}
	}
	return &edm.ErrorResponse{
		RequestID: r.ID, Version: edm.V20, ID: cmp.Or(a.ID, "00000000-0000-4000-8000-000000000003"),
		Provider: provider(r, edm.ErrorProvider), Requester: &who, Exceptions: []edm.Exception{x},
	}
}
