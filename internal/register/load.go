package register

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"oots/edm"
	"oots/internal/evidence"
	"oots/internal/matching"
)

//go:embed at.json el.json
var files embed.FS

// file is the shape of an embedded register.
type file struct {
	Country       string          `json:"country"`
	Languages     []string        `json:"languages"`     // of its texts, the country's own first
	EvidenceTypes map[string]kind `json:"evidenceTypes"` // UUID of the evidence type to what proves it
	Authorities   []authority     `json:"authorities"`
	People        []person        `json:"people"`
	Companies     []company       `json:"companies"`
}

type kind string

const (
	diploma   kind = "diploma"
	birth     kind = "birth"
	residence kind = "residence"
	legal     kind = "company"
)

type localized map[string]string

type authority struct {
	ID      string    `json:"id"`
	Names   localized `json:"names"`
	Address string    `json:"address"`
	Region  string    `json:"region"` // in the country's language
}

type person struct {
	FamilyName         string   `json:"familyName"`
	GivenName          string   `json:"givenName"`
	OriginalFamilyName string   `json:"originalFamilyName"`
	OriginalGivenName  string   `json:"originalGivenName"`
	DateOfBirth        edm.Date `json:"dateOfBirth"`
	Sex                string   `json:"sex"`
	Citizenships       []string `json:"citizenships"`
	Identifiers        []string `json:"identifiers"`
	Outcome            outcome  `json:"outcome"`
	AvailableIn        string   `json:"availableIn"` // duration, with outcome later
	Records            []record `json:"records"`

	availableIn time.Duration
}

// An outcome is what happens on demand when a person of the demonstration is asked for.
type outcome string

const (
	normal outcome = ""
	fails  outcome = "fails"
	silent outcome = "silent"
	later  outcome = "later"
)

type record struct {
	ID        string   `json:"id"`
	Authority string   `json:"authority"`
	Number    string   `json:"number"`
	Issued    edm.Date `json:"issued"` // "": an extract, issued on the day it is made
	Diploma   *struct {
		Institution localized `json:"institution"`
		Programme   localized `json:"programme"`
		Award       localized `json:"award"`
		Level       string    `json:"level"`
		Credits     string    `json:"credits"`
		Grade       localized `json:"grade"`
		Awarded     edm.Date  `json:"awarded"`
		Website     string    `json:"website"` // of the institution
		Field       string    `json:"field"`   // ISCED-F 2013
	} `json:"diploma"`
	Birth *struct {
		Place   localized   `json:"place"`
		Country localized   `json:"country"`
		Parents []localized `json:"parents"`
		BirthIn string      `json:"birthIn"`   // code of the country
		Apart   []apart     `json:"parentsAs"` // the parents with their names apart
		Entry   string      `json:"entry"`
	} `json:"birth"`
	Residence *struct {
		Street string    `json:"street"`
		Code   string    `json:"code"`
		City   localized `json:"city"`
		Since  edm.Date  `json:"since"`
	} `json:"residence"`
}

// apart is a parent.
type apart struct {
	FamilyName         string `json:"familyName"`
	GivenName          string `json:"givenName"`
	OriginalFamilyName string `json:"originalFamilyName"`
	OriginalGivenName  string `json:"originalGivenName"`
}

// Open reads the register of a country, AT or EL. Now stamps what it issues.
func Open(country string, now func() time.Time) (*Register, error) {
	b, err := files.ReadFile(strings.ToLower(country) + ".json")
	if err != nil {
		return nil, fmt.Errorf("there is no demonstration register of %q", country)
	}
	r := &Register{now: now}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(&r.file); err != nil {
		return nil, fmt.Errorf("register of %s: %w", country, err)
	}
	for i := range r.file.People {
		p := &r.file.People[i]
		if p.Outcome == later {
			if p.availableIn, err = time.ParseDuration(p.AvailableIn); err != nil {
				return nil, fmt.Errorf("register of %s: person %d: %w", country, i+1, err)
			}
		}
	}
	r.index = NewIndex(len(r.file.People), r.entry)
	r.matcher = matching.New(matching.Default(), r.file.Country, nil)
	return r, nil
}

// entry is what the matcher sees of person i. The numbers of the demonstration are those of its eIDAS identifiers.
func (r *Register) entry(i int) matching.Entry {
	p := &r.file.People[i]
	e := matching.Entry{Key: strconv.Itoa(i), Person: matching.Person{
		FamilyName: p.FamilyName, GivenName: p.GivenName,
		OriginalFamilyName: p.OriginalFamilyName, OriginalGivenName: p.OriginalGivenName, DateOfBirth: string(p.DateOfBirth),
	}}
	for _, id := range p.Identifiers {
		e.NationalNumbers = append(e.NationalNumbers, id[strings.LastIndexByte(id, '/')+1:])
	}
	return e
}

// texts gives l in the order of the register's languages.
func (r *Register) texts(l localized) edm.Texts {
	var t edm.Texts
	for _, lang := range r.file.Languages {
		if v, ok := l[lang]; ok {
			t = append(t, edm.Text{Lang: lang, Value: v})
		}
	}
	return t
}

// record gives what the certificate of an entry says.
func (r *Register) record(p *person, e *record, a *authority, today edm.Date) *evidence.Record {
	out := &evidence.Record{
		ID: e.ID, Number: e.Number, Issued: e.Issued,
		Authority: r.issuer(a),
		Holder: evidence.Holder{
			FamilyName: p.FamilyName, GivenName: p.GivenName, DateOfBirth: p.DateOfBirth,
			OriginalFamilyName: p.OriginalFamilyName, OriginalGivenName: p.OriginalGivenName,
			Sex: p.Sex, Citizenships: p.Citizenships,
		},
	}
	if out.Issued == "" {
		out.Issued = today
	}
	switch {
	case e.Diploma != nil:
		d := e.Diploma
		out.Diploma = &evidence.Diploma{
			Institution: r.texts(d.Institution), Programme: r.texts(d.Programme), Award: r.texts(d.Award),
			Level: d.Level, Credits: d.Credits, Grade: r.texts(d.Grade), Awarded: d.Awarded,
			Country: r.file.Country, Website: d.Website, Field: d.Field,
		}
	case e.Birth != nil:
		b := &evidence.Birth{Place: r.texts(e.Birth.Place), Country: r.texts(e.Birth.Country), BirthIn: e.Birth.BirthIn, Entry: e.Birth.Entry}
		for _, parent := range e.Birth.Parents {
			b.Parents = append(b.Parents, r.texts(parent))
		}
		for _, p := range e.Birth.Apart {
			b.ParentsAs = append(b.ParentsAs, evidence.Holder{
				FamilyName: p.FamilyName, GivenName: p.GivenName, OriginalFamilyName: p.OriginalFamilyName, OriginalGivenName: p.OriginalGivenName,
			})
		}
		out.Birth = b
	case e.Residence != nil:
		v := e.Residence
		out.Residence = &evidence.Residence{Street: v.Street, Code: v.Code, City: r.texts(v.City), Since: v.Since}
	}
	return out
}

// kind is what an entry proves.
func (e *record) kind() kind {
	switch {
	case e.Diploma != nil:
		return diploma
	case e.Birth != nil:
		return birth
	default:
		return residence
	}
}
