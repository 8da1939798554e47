// Package plain writes and reads records as JSON of the models oots-demo-birth, -residence, -diploma and -company,
// which the Semantic Repository of the program publishes with their JSON Schemas. They are the demonstration's own:
// none of the Commission's models is JSON, but for the credentials of the European Learning Model.
// [evidence-data-models §8]
package plain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"oots/edm"
	"oots/internal/evidence"
)

// MediaType of what Append writes; a code of OOTSMediaTypes.
const MediaType = "application/json"

// MaxBytes of a document.
const MaxBytes = 1 << 20

// Model is the name of the data model of a kind below datamodels/ in the Semantic Repository.
func Model(k evidence.Kind) string { return "oots-demo-" + string(k) }

// ErrKind says that the record has no content.
var ErrKind = errors.New("the record has no content")

// texts are a text by language, in the order of the record.
type texts edm.Texts

type document struct {
	ID        string     `json:"id"`
	Number    string     `json:"number"`
	Issued    edm.Date   `json:"issued"`
	Authority authority  `json:"authority"`
	Holder    *holder    `json:"holder,omitempty"`
	Diploma   *diploma   `json:"diploma,omitempty"`
	Birth     *birth     `json:"birth,omitempty"`
	Residence *residence `json:"residence,omitempty"`
	Company   *company   `json:"company,omitempty"`
}

type authority struct {
	Country string `json:"country"`
	Names   texts  `json:"names"`
	Address string `json:"address,omitempty"`
}

type holder struct {
	FamilyName         string   `json:"familyName"`
	GivenName          string   `json:"givenName"`
	OriginalFamilyName string   `json:"originalFamilyName,omitempty"`
	OriginalGivenName  string   `json:"originalGivenName,omitempty"`
	DateOfBirth        edm.Date `json:"dateOfBirth"`
}

type diploma struct {
	Institution texts    `json:"institution"`
	Programme   texts    `json:"programme"`
	Award       texts    `json:"award"`
	Level       string   `json:"level,omitempty"`
	Credits     string   `json:"credits,omitempty"`
	Grade       texts    `json:"grade,omitempty"`
	Awarded     edm.Date `json:"awarded"`
}

type birth struct {
	Place   texts   `json:"place"`
	Country texts   `json:"country"`
	Parents []texts `json:"parents,omitempty"`
	Entry   string  `json:"entry"`
}

type residence struct {
	Street string   `json:"street"`
	Code   string   `json:"code"`
	City   texts    `json:"city"`
	Since  edm.Date `json:"since"`
}

type company struct {
	Names      texts    `json:"names"`
	LegalForm  string   `json:"legalForm"`
	Status     string   `json:"status"`
	Activities []string `json:"activities,omitempty"`
	Registered edm.Date `json:"registered"`
	Ended      edm.Date `json:"ended,omitempty"`
	EUID       string   `json:"euid"`
	VAT        string   `json:"vat,omitempty"`
	Email      string   `json:"email,omitempty"`
	Street     string   `json:"street"`
	House      string   `json:"house,omitempty"`
	Code       string   `json:"code"`
	City       texts    `json:"city"`
	Country    string   `json:"country"`
}

// Append appends r. The same record gives the same bytes.
func Append(dst []byte, r *evidence.Record) ([]byte, error) {
	d := document{
		ID: r.ID, Number: r.Number, Issued: r.Issued,
		Authority: authority{r.Authority.Country, texts(r.Authority.Names), r.Authority.Address},
	}
	if r.Company == nil {
		h := r.Holder
		d.Holder = &holder{h.FamilyName, h.GivenName, h.OriginalFamilyName, h.OriginalGivenName, h.DateOfBirth}
	}
	switch r.Kind() {
	case evidence.OfDiploma:
		x := r.Diploma
		d.Diploma = &diploma{texts(x.Institution), texts(x.Programme), texts(x.Award), x.Level, x.Credits, texts(x.Grade), x.Awarded}
	case evidence.OfBirth:
		d.Birth = &birth{Place: texts(r.Birth.Place), Country: texts(r.Birth.Country), Entry: r.Birth.Entry}
		for _, p := range r.Birth.Parents {
			d.Birth.Parents = append(d.Birth.Parents, texts(p))
		}
	case evidence.OfResidence:
		x := r.Residence
		d.Residence = &residence{x.Street, x.Code, texts(x.City), x.Since}
	case evidence.OfCompany:
		x := r.Company
		d.Company = &company{texts(x.Names), x.LegalForm, x.Status, x.Activities, x.Registered, x.Ended, x.EUID, x.VAT, x.Email, x.Street, x.House,
			x.Code, texts(x.City), x.Country}
	default:
		return dst, ErrKind
	}
	b, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return dst, err
	}
	return append(append(dst, b...), '\n'), nil
}

// Read reads a document of one of the models. Unknown members are passed over, as a later version may have more. The
// error names no value.
func Read(b []byte) (*evidence.Record, error) {
	if len(b) > MaxBytes {
		return nil, errors.New("evidence: longer than a document of these models is")
	}
	var d document
	dec := json.NewDecoder(bytes.NewReader(b))
	if err := dec.Decode(&d); err != nil {
		return nil, errors.New("evidence: no JSON of these models")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("evidence: more than one JSON value")
	}
	r := &evidence.Record{
		ID: d.ID, Number: d.Number, Issued: d.Issued,
		Authority: evidence.Authority{Country: d.Authority.Country, Names: edm.Texts(d.Authority.Names), Address: d.Authority.Address},
	}
	if h := d.Holder; h != nil {
		r.Holder = evidence.Holder{FamilyName: h.FamilyName, GivenName: h.GivenName, OriginalFamilyName: h.OriginalFamilyName, OriginalGivenName: h.OriginalGivenName, DateOfBirth: h.DateOfBirth}
	}
	d.content(r)
	if r.Kind() == evidence.OfNothing {
		return nil, fmt.Errorf("evidence: %w", ErrKind)
	}
	return r, nil
}

// content takes over the first content that there is.
func (d *document) content(r *evidence.Record) {
	switch {
	case d.Diploma != nil:
		x := d.Diploma
		r.Diploma = &evidence.Diploma{Institution: edm.Texts(x.Institution), Programme: edm.Texts(x.Programme), Award: edm.Texts(x.Award), Level: x.Level,
			Credits: x.Credits, Grade: edm.Texts(x.Grade), Awarded: x.Awarded}
	case d.Birth != nil:
		r.Birth = &evidence.Birth{Place: edm.Texts(d.Birth.Place), Country: edm.Texts(d.Birth.Country), Entry: d.Birth.Entry}
		for _, p := range d.Birth.Parents {
			r.Birth.Parents = append(r.Birth.Parents, edm.Texts(p))
		}
	case d.Residence != nil:
		x := d.Residence
		r.Residence = &evidence.Residence{Street: x.Street, Code: x.Code, City: edm.Texts(x.City), Since: x.Since}
	case d.Company != nil:
		x := d.Company
		r.Company = &evidence.Company{Names: edm.Texts(x.Names), LegalForm: x.LegalForm, Status: x.Status, Activities: x.Activities, Registered: x.Registered,
			Ended: x.Ended, EUID: x.EUID, VAT: x.VAT, Email: x.Email, Street: x.Street, House: x.House, Code: x.Code, City: edm.Texts(x.City), Country: x.Country}
	}
}

// MarshalJSON writes an object with a member for each language.
func (t texts) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, x := range t {
		if i > 0 {
			b = append(b, ',')
		}
		k, err := json.Marshal(x.Lang)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(x.Value)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, k...), ':'), v...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads the members in their order; of two with one name the first stands.
func (t *texts) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if tok, err := d.Token(); err != nil || tok != json.Delim('{') {
		if tok == nil && err == nil {
			return nil // null
		}
		return errors.New("no object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var v string
		if err := d.Decode(&v); err != nil {
			return err
		}
		lang, _ := key.(string)
		if !slices.ContainsFunc(*t, func(x edm.Text) bool { return x.Lang == lang }) {
			*t = append(*t, edm.Text{Lang: lang, Value: v})
		}
	}
	return nil
}
