package de4a

import (
	"strings"

	"oots/edm"
	"oots/internal/evidence"
	"oots/regrep"
	"oots/xml/xmltree"
)

// A writer writes with the prefix "e" for the namespace of the evidence.
type writer struct {
	*regrep.Writer
	lang string // lower case
}

// A reader reads elements of the namespace of an evidence.
type reader struct{ ns string }

func (w writer) birth(r *evidence.Record) {
	w.Open("e:BirthEvidence", "xmlns:e", nsBirth, "xmlns:cvb", nsBasic, "xmlns:cbc", nsCommon)
	w.head(r)
	w.Open("e:CertifiesBirth")
	w.Open("e:Child")
	w.name(r.Holder)
	for _, c := range r.Holder.Citizenships {
		w.citizenship(c)
	}
	w.date("e:DateOfBirth", r.Holder.DateOfBirth)
	w.Text("e:Gender", sexes[r.Holder.Sex])
	w.Open("e:PlaceOfBirth")
	w.TextIf("cvb:PostName", r.Birth.Place.In(w.lang).Value)
	w.TextIf("e:AdminUnitL1", alpha3(r.Birth.BirthIn))
	w.Close()
	w.Close()
	for i, p := range r.Birth.ParentsAs {
		if i == 2 {
			break // the model has two
		}
		w.Open("e:Parent")
		w.name(p)
		if p.DateOfBirth != "" {
			w.date("e:DateOfBirth", p.DateOfBirth)
		}
		w.Close()
	}
	w.Close()
	w.Close()
}

func (w writer) domicile(r *evidence.Record) {
	w.Open("e:DomicileRegistrationEvidence", "xmlns:e", nsDomicile, "xmlns:cvb", nsBasic, "xmlns:cbc", nsCommon)
	w.head(r)
	w.Open("e:CertifiesDomicile")
	w.Open("e:Inhabitant")
	w.name(r.Holder)
	w.date("e:DateOfBirth", r.Holder.DateOfBirth)
	if r.Holder.Sex != "" {
		w.Text("e:Gender", sexes[r.Holder.Sex])
	}
	for _, c := range r.Holder.Citizenships {
		w.citizenship(c)
	}
	w.Close()
	w.Open("e:Domicile")
	w.TextIf("cvb:Thoroughfare", r.Residence.Street)
	w.TextIf("cvb:PostName", r.Residence.City.In(w.lang).Value)
	w.TextIf("cvb:PostCode", r.Residence.Code)
	w.Close()
	w.Close()
	w.Close()
}

// head writes what every civil evidence begins with. The number of the document is its identifier.
func (w writer) head(r *evidence.Record) {
	if r.Number != "" {
		w.Open("e:Identifier")
		w.Text("cvb:Identifier", r.Number)
		w.Close()
	}
	w.Text("e:IssueDate", string(r.Issued))
	w.Open("e:IssuingAuthority")
	if id := r.Authority.ID; id.Value != "" {
		w.Open("e:Identifier")
		w.Text("cvb:Identifier", id.Value)
		w.TextIf("cvb:IdentifierType", id.Scheme)
		w.Close()
	}
	for _, t := range r.Authority.Names {
		w.Text("e:PrefLabel", t.Value, "languageID", strings.ToLower(t.Lang))
	}
	w.Close()
	w.Open("e:IssuingPlace")
	w.Text("e:AdminUnitL2", r.Authority.Region)
	w.Text("e:AdminUnitL1", alpha3(r.Authority.Country))
	w.Close()
}

// name writes the names in the script of the country, and then in Latin letters.
func (w writer) name(h evidence.Holder) {
	w.Open("e:PersonName")
	w.both("e:FamilyName", h.OriginalFamilyName, h.FamilyName)
	w.both("e:GivenName", h.OriginalGivenName, h.GivenName)
	w.Close()
}

func (w writer) both(name, original, inLatin string) {
	if original == "" {
		w.TextIf(name, inLatin)
		return
	}
	w.Text(name, original, "languageID", w.lang)
	w.TextIf(name, inLatin, "languageID", latin(w.lang))
}

func (w writer) citizenship(country string) {
	w.Open("e:Citizenship")
	w.Text("cbc:Name", alpha3(country))
	w.Close()
}

// date writes a date as its parts: 1978, --12, ---25. Parts that are not known are left out.
func (w writer) date(name string, d edm.Date) {
	year, rest, _ := strings.Cut(string(d), "-")
	month, day, _ := strings.Cut(rest, "-")
	w.Open(name)
	w.TextIf("e:Year", year)
	if month != "" {
		w.Text("e:Month", "--"+month)
	}
	if day != "" {
		w.Text("e:Day", "---"+day)
	}
	w.Close()
}

func (r reader) birth(e *xmltree.Element) *evidence.Record {
	out := r.head(e)
	b := &evidence.Birth{}
	out.Birth = b
	event := e.First(r.ns, "CertifiesBirth")
	child := event.First(r.ns, "Child")
	out.Holder = r.person(child)
	place := child.First(r.ns, "PlaceOfBirth")
	b.Place = placeName(r.ns, place)
	b.BirthIn = alpha2(place.First(r.ns, "AdminUnitL1").Value())
	for p := range event.All(r.ns, "Parent") {
		if len(b.ParentsAs) == maxRepeated {
			break
		}
		b.ParentsAs = append(b.ParentsAs, r.person(p))
	}
	return out
}

func (r reader) domicile(e *xmltree.Element) *evidence.Record {
	out := r.head(e)
	event := e.First(r.ns, "CertifiesDomicile")
	out.Holder = r.person(event.First(r.ns, "Inhabitant"))
	at := event.First(r.ns, "Domicile")
	street := strings.TrimSpace(at.First(nsBasic, "Thoroughfare").Value() + " " + at.First(nsBasic, "LocatorDesignator").Value())
	out.Residence = &evidence.Residence{Street: street, Code: at.First(nsBasic, "PostCode").Value(), City: placeName(r.ns, at)}
	return out
}

// placeName is the city of an address, else its area, else its region; the language is not said.
func placeName(ns string, at *xmltree.Element) edm.Texts {
	for _, e := range []*xmltree.Element{at.First(nsBasic, "PostName"), at.First(ns, "AddressArea"), at.First(ns, "AdminUnitL2")} {
		if v := e.Value(); v != "" {
			return edm.Texts{{Value: v}}
		}
	}
	return nil
}

func (r reader) head(e *xmltree.Element) *evidence.Record {
	authority, place := e.First(r.ns, "IssuingAuthority"), e.First(r.ns, "IssuingPlace")
	out := &evidence.Record{
		Number: e.First(r.ns, "Identifier").First(nsBasic, "Identifier").Value(),
		Issued: edm.Date(e.First(r.ns, "IssueDate").Value()),
		Authority: evidence.Authority{
			Country: alpha2(place.First(r.ns, "AdminUnitL1").Value()), Region: place.First(r.ns, "AdminUnitL2").Value(),
		},
	}
	id := authority.First(r.ns, "Identifier")
	out.Authority.ID = edm.Identifier{Scheme: id.First(nsBasic, "IdentifierType").Value(), Value: id.First(nsBasic, "Identifier").Value()}
	for t := range authority.All(r.ns, "PrefLabel") {
		if len(out.Authority.Names) < maxRepeated {
			out.Authority.Names = append(out.Authority.Names, text(t))
		}
	}
	return out
}

func (r reader) person(e *xmltree.Element) evidence.Holder {
	var h evidence.Holder
	name := e.First(r.ns, "PersonName")
	h.OriginalFamilyName, h.FamilyName = r.names(name, "FamilyName")
	h.OriginalGivenName, h.GivenName = r.names(name, "GivenName")
	d := e.First(r.ns, "DateOfBirth")
	h.DateOfBirth = joined(d.First(r.ns, "Year").Value(), d.First(r.ns, "Month").Value(), d.First(r.ns, "Day").Value())
	h.Sex = sexOf(e.First(r.ns, "Gender").Value())
	for c := range e.All(r.ns, "Citizenship") {
		if code := c.First(nsCommon, "Name").Value(); code != "" && len(h.Citizenships) < maxRepeated {
			h.Citizenships = append(h.Citizenships, alpha2(code))
		}
	}
	return h
}

// names joins repeated names; those that are marked as Latin are the second form of the others.
func (r reader) names(e *xmltree.Element, local string) (original, inLatin string) {
	var first, second []string
	for n := range e.All(r.ns, local) {
		if len(first)+len(second) == maxRepeated {
			break
		}
		if lang, _ := n.Attr("", "languageID"); strings.HasSuffix(lang, "-Latn") {
			second = append(second, n.Value())
		} else {
			first = append(first, n.Value())
		}
	}
	if len(second) == 0 {
		return "", strings.Join(first, " ")
	}
	return strings.Join(first, " "), strings.Join(second, " ")
}

// joined puts the parts of a date together, as far as they are known from the left.
func joined(year, month, day string) edm.Date {
	d := year
	if month = strings.Trim(month, "-"); d != "" && month != "" {
		d += "-" + month
		if day = strings.Trim(day, "-"); day != "" {
			d += "-" + day
		}
	}
	return edm.Date(d)
}
