package register

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"oots/edm"
	"oots/internal/evidence"
	"oots/internal/evidence/de4a"
	"oots/internal/evidence/elmo"
)

// Data is a certificate as structured data, with what goes with it in a package. [TDD 4.5.2 §2.1]
type Data struct {
	MediaType string
	Model     string // URL of the data model
	Content   []byte
	With      []With
}

// With is a document that goes with structured data.
type With struct {
	Kind      edm.DocumentKind
	ID        string // bare UUID, the same for the same entry
	Title     string
	MediaType string
	Language  string
	Content   []byte
}

// dataModels is where the Semantic Repository keeps data models. [TDD 3.5.2]
const dataModels = "https://sr.oots.tech.ec.europa.eu/datamodels/"

// models are those of the structured data by what it proves.
var models = map[evidence.Kind]string{
	evidence.OfBirth: de4a.BirthModel, evidence.OfResidence: de4a.ResidenceModel, evidence.OfCompany: de4a.CompanyModel, evidence.OfDiploma: elmo.Model,
}

// data writes e in lang as structured data, with a version to read, and a translation into English when the register
// has English texts. What the data model has no place for is in neither: the version to read is made of what the
// data say. [evidence-data-models §6]
func (r *Register) data(e *evidence.Record, lang string, now time.Time) (*Data, error) {
	d := &Data{MediaType: de4a.MediaType, Model: dataModels + models[e.Kind()]}
	var said *evidence.Record
	var err error
	if e.Kind() == evidence.OfDiploma {
		if d.Content, err = elmo.Append(nil, e, lang, now); err == nil {
			said, err = elmo.Read(d.Content)
		}
	} else {
		if d.Content, err = de4a.Append(nil, e, lang); err == nil {
			said, err = de4a.Read(d.Content)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("structured data of a certificate: %w", err)
	}
	if e.Kind() == evidence.OfCompany { // this model does not say who issued it, and when; the message does
		said.Authority, said.Number, said.Issued = e.Authority, e.Number, e.Issued
	}
	readable, err := evidence.Readable(said, lang, now)
	if err != nil {
		return nil, err
	}
	d.With = append(d.With, With{edm.HumanReadableVersion, derived(e.ID, "readable"), e.Title(lang), evidence.MediaType, lang, readable})
	if lang == "EN" || len(r.file.Languages) < 2 {
		return d, nil
	}
	translation, err := evidence.PDF(e, "EN", now)
	if err != nil {
		return nil, err
	}
	d.With = append(d.With, With{edm.Translation, derived(e.ID, "translation"), e.Title("EN"), evidence.MediaType, "EN", translation})
	return d, nil
}

// derived is a UUID made of another one and a name. [RFC 9562 §5.5]
func derived(id, name string) string {
	space, _ := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	sum := sha1.Sum(append(space, name...))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
