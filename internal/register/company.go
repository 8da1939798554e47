package register

import (
	"context"
	"strconv"
	"strings"

	"oots/edm"
	"oots/internal/evidence"
	"oots/internal/matching"
)

// company is an entry in the register of companies.
type company struct {
	ID          string    `json:"id"` // of the certificate
	Authority   string    `json:"authority"`
	Number      string    `json:"number"`
	Names       localized `json:"names"` // the legal name; its Latin form in English when the script is another
	Identifiers []string  `json:"identifiers"`
	LegalForm   string    `json:"legalForm"`
	Status      string    `json:"status"`
	Activities  []string  `json:"activities"`
	Registered  edm.Date  `json:"registered"`
	EUID        string    `json:"euid"`
	VAT         string    `json:"vat"`
	Email       string    `json:"email"`
	Street      string    `json:"street"`
	House       string    `json:"house"`
	Code        string    `json:"code"`
	City        localized `json:"city"`
}

// Companies are the legal persons of the register as an eID shows them, with the identifier that is made for the
// first foreign country.
func (r *Register) Companies() []edm.LegalPerson {
	var out []edm.LegalPerson
	for i := range r.file.Companies {
		c := &r.file.Companies[i]
		p := edm.LegalPerson{LoA: edm.High, LegalName: r.latinName(c)}
		if original := c.Names[r.file.Languages[0]]; original != p.LegalName {
			p.LegalNameOriginal = original
		}
		if len(c.Identifiers) > 0 {
			p.EIDASIdentifier = c.Identifiers[0]
		}
		out = append(out, p)
	}
	return out
}

func (r *Register) latinName(c *company) string {
	if n := c.Names["EN"]; n != "" {
		return n
	}
	return c.Names[r.file.Languages[0]]
}

// FindCompany is Find for a legal person.
func (o *Office) FindCompany(ctx context.Context, p edm.LegalPerson, evidenceType string, languages []string) ([]Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := o.finder(o.registration)
	return f.FindLegal(ctx, p, evidenceType, languages)
}

// LegalCandidates implements matching.LegalRegister. A handful of companies needs no index.
func (r *Register) LegalCandidates(_ context.Context, b matching.LegalBlocks) ([]matching.LegalEntry, error) {
	var out []matching.LegalEntry
	for i := range r.file.Companies {
		e := r.legalEntry(i)
		if k := matching.LegalKeysOf(&e); b.Share(&k) {
			out = append(out, e)
		}
	}
	return out, nil
}

// legalEntry is what the matcher sees of company i.
func (r *Register) legalEntry(i int) matching.LegalEntry {
	c := &r.file.Companies[i]
	e := matching.LegalEntry{Key: strconv.Itoa(i), LegalPerson: matching.LegalPerson{
		LegalName: r.latinName(c), OriginalLegalName: c.Names[r.file.Languages[0]],
		Identifiers: map[string]string{"BusinessCode": c.EUID, "VATRegistration": c.VAT},
	}}
	if len(c.Identifiers) > 0 {
		id := c.Identifiers[0]
		e.Number = id[strings.LastIndexByte(id, '/')+1:]
	}
	return e
}

// registration gives the extract of the company that the matcher found.
func (o *Office) registration(_ context.Context, key, evidenceType string, languages []string) ([]Document, error) {
	r := o.register
	i, err := strconv.Atoi(key)
	if err != nil || i < 0 || i >= len(r.file.Companies) {
		return nil, ErrFailed
	}
	c := &r.file.Companies[i]
	if r.file.EvidenceTypes[evidenceType[strings.LastIndexByte(evidenceType, '/')+1:]] != legal || c.Authority != o.authority.ID {
		return nil, nil
	}
	now := r.now().UTC()
	record := &evidence.Record{
		ID: c.ID, Number: c.Number, Issued: edm.DateOf(now), Authority: r.issuer(o.authority),
		Company: &evidence.Company{
			Names: r.texts(c.Names), LegalForm: c.LegalForm, Status: c.Status, Activities: c.Activities, Registered: c.Registered, EUID: c.EUID, VAT: c.VAT,
			Email: c.Email, Street: c.Street, House: c.House, Code: c.Code, City: r.texts(c.City), Country: r.file.Country,
		},
	}
	d, err := o.issue(record, r.language(languages), now)
	if err != nil {
		return nil, err
	}
	return []Document{d}, nil
}

// issuer is an authority as certificates name it.
func (r *Register) issuer(a *authority) evidence.Authority {
	return evidence.Authority{ID: r.agent(a).ID, Country: r.file.Country, Region: a.Region, Names: r.texts(a.Names), Address: a.Address}
}
