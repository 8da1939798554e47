package de4a

import (
	"strings"

	"oots/edm"
	"oots/internal/evidence"
	"oots/xml/xmltree"
)

// company writes the registration of a company. The model knows the country of an address as its first unit, with
// two letters in its samples.
func (w writer) company(c *evidence.Company) {
	w.Open("e:LegalEntity", "xmlns:e", nsCompany, "xmlns:cvb", nsBasic)
	for _, t := range c.Names {
		w.Open("e:CompanyName")
		lang := strings.ToLower(t.Lang)
		w.Text("cvb:LegalEntityLegalName", t.Value, "languageID", lang)
		w.Close()
	}
	w.Text("e:CompanyType", c.LegalForm)
	w.Text("e:CompanyStatus", c.Status)
	w.Open("e:CompanyActivity")
	for _, code := range c.Activities {
		w.Text("e:NaceCode", code)
	}
	if len(c.Activities) == 0 {
		w.Text("e:ActivityDescription", "")
	}
	w.Close()
	w.Text("e:RegistrationDate", string(c.Registered))
	w.TextIf("e:CompanyEndDate", string(c.Ended))
	w.Text("e:CompanyEUID", c.EUID)
	w.TextIf("e:VatNumber", c.VAT)
	if c.Email != "" {
		w.Open("e:CompanyContactData")
		w.Text("e:Email", c.Email)
		w.Close()
	}
	w.Open("e:RegisteredAddress", "xml:lang", w.lang)
	w.TextIf("e:Thoroughfare", c.Street)
	w.TextIf("e:LocationDesignator", c.House)
	w.TextIf("e:PostCode", c.Code)
	w.TextIf("e:PostName", c.City.In(w.lang).Value)
	w.TextIf("e:AdminUnitL1", c.Country)
	w.Close()
	w.Close()
}

func (r reader) company(e *xmltree.Element) *evidence.Record {
	value := func(local string) string { return e.First(r.ns, local).Value() }
	c := &evidence.Company{
		LegalForm: value("CompanyType"), Status: value("CompanyStatus"), Registered: edm.Date(value("RegistrationDate")),
		Ended: edm.Date(value("CompanyEndDate")), EUID: value("CompanyEUID"), VAT: value("VatNumber"),
		Email: e.First(r.ns, "CompanyContactData").First(r.ns, "Email").Value(),
	}
	for n := range e.All(r.ns, "CompanyName") {
		if len(c.Names) < maxRepeated {
			c.Names = append(c.Names, text(n.First(nsBasic, "LegalEntityLegalName")))
		}
	}
	for n := range e.First(r.ns, "CompanyActivity").All(r.ns, "NaceCode") {
		if len(c.Activities) < maxRepeated {
			c.Activities = append(c.Activities, n.Value())
		}
	}
	at := e.First(r.ns, "RegisteredAddress")
	c.Street, c.House, c.Code = at.First(r.ns, "Thoroughfare").Value(), at.First(r.ns, "LocationDesignator").Value(), at.First(r.ns, "PostCode").Value()
	if city := at.First(r.ns, "PostName").Value(); city != "" {
		c.City = edm.Texts{{Value: city}}
	}
	c.Country = alpha2(at.First(r.ns, "AdminUnitL1").Value())
	return &evidence.Record{Company: c}
}
