// Package register is the register of an invented country, for the demonstration: a few people, their
// entries in both scripts, and the outcomes that one may want to see. What it issues is really made from the
// entry by package evidence, for the person that package matching finds.
//
// It is read-only and holds no exchange. A real register takes its place behind the interface that package
// provider declares.
package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"oots/edm"
	"oots/internal/evidence"
	"oots/internal/matching"
)

// Errors of Office.Find beside matching.ErrNoPerson and matching.ErrSeveralPersons.
var (
	ErrFailed = errors.New("the register is out of order")
	ErrSilent = errors.New("the register does not answer")
)

// NotYet says that the evidence exists and can be delivered only at At.
type NotYet struct{ At time.Time }

// Error implements error.
func (NotYet) Error() string { return "the evidence will be available later" }

// A Register holds the people of one country.
type Register struct {
	// Wait lets an answer without a person take as long as the policy asks; nil answers at once.
	// See matching.Sleep.
	Wait func(ctx context.Context, d time.Duration) error
	// Explained gets the explanation of every decision; nil when nobody wants it.
	Explained func(ctx context.Context, x matching.Explanation)

	file    file
	index   *Index
	matcher *matching.Matcher
	now     func() time.Time
}

// An Office is one authority of the country: it sees all people and only its own entries.
type Office struct {
	register  *Register
	authority *authority
}

// A Document is one certificate, on paper and as data.
type Document struct {
	ID        string // bare UUID, the same for the same entry
	Title     string
	Issuer    edm.Agent
	Issued    edm.Date
	MediaType string
	Language  string
	Content   []byte
	FileName  string
	Data      *Data // the same certificate as structured data; nil when there is none
}

// schemePrefix starts the scheme of the authorities' identifiers; the country follows.
const schemePrefix = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:"

// Offices lists the authorities of the country as agents.
func (r *Register) Offices() []edm.Agent {
	out := make([]edm.Agent, len(r.file.Authorities))
	for i := range r.file.Authorities {
		out[i] = r.agent(&r.file.Authorities[i])
	}
	return out
}

func (r *Register) agent(a *authority) edm.Agent {
	return edm.Agent{
		ID:      edm.Identifier{Scheme: schemePrefix + r.file.Country, Value: a.ID},
		Names:   r.texts(a.Names),
		Address: &edm.Address{Country: r.file.Country},
		Class:   edm.EvidenceProvider,
	}
}

// Office returns the authority with that identifier.
func (r *Register) Office(id edm.Identifier) (*Office, error) {
	for i := range r.file.Authorities {
		a := &r.file.Authorities[i]
		if r.agent(a).ID == id {
			return &Office{register: r, authority: a}, nil
		}
	}
	return nil, fmt.Errorf("register of %s: no authority %s", r.file.Country, id.Value)
}

// EvidenceTypes lists the UUIDs of the evidence types for which the office holds entries, sorted.
func (o *Office) EvidenceTypes() []string {
	var out []string
	for uuid, k := range o.register.file.EvidenceTypes {
		if o.holds(k) {
			out = append(out, uuid)
		}
	}
	slices.Sort(out)
	return out
}

// holds reports whether the office issues certificates of kind k. Degrees are kept in every office, civil
// status and residence in the first.
func (o *Office) holds(k kind) bool {
	return k == diploma || o.authority == &o.register.file.Authorities[0]
}

// Find returns the certificates of the one person p is, for an evidence type given by its Semantic
// Repository URL or its UUID, in the first of languages that the register has, else in the country's own.
// A person without such an entry has no certificates and no error. [record-matching §4.3]
func (o *Office) Find(ctx context.Context, p edm.Person, evidenceType string, languages []string) ([]Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := o.finder(o.records)
	return f.Find(ctx, p, evidenceType, languages)
}

// finder is the matcher over the register, with what fetches the records of this office.
func (o *Office) finder(records matching.Records[Document]) matching.Finder[Document] {
	r := o.register
	return matching.Finder[Document]{
		Matcher: r.matcher, Register: r.index, Legal: r, Records: records, Now: r.now, Wait: r.Wait, Explained: r.Explained,
	}
}

// records gives the certificates of the entry that the matcher found.
func (o *Office) records(_ context.Context, key, evidenceType string, languages []string) ([]Document, error) {
	r := o.register
	want := r.file.EvidenceTypes[evidenceType[strings.LastIndexByte(evidenceType, '/')+1:]]
	i, err := strconv.Atoi(key)
	if err != nil || i < 0 || i >= len(r.file.People) {
		return nil, ErrFailed
	}
	entry := &r.file.People[i]
	now := r.now().UTC()
	switch entry.Outcome {
	case fails:
		return nil, ErrFailed
	case silent:
		return nil, ErrSilent
	case later:
		return nil, NotYet{At: now.Add(entry.availableIn).Truncate(time.Second)}
	}
	lang := r.language(languages)
	var out []Document
	for i := range entry.Records {
		e := &entry.Records[i]
		if e.kind() != want || e.Authority != o.authority.ID {
			continue
		}
		d, err := o.issue(r.record(entry, e, o.authority, edm.DateOf(now)), lang, now)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func (o *Office) issue(e *evidence.Record, lang string, now time.Time) (Document, error) {
	content, err := evidence.PDF(e, lang, now)
	if err != nil {
		return Document{}, err
	}
	data, err := o.register.data(e, lang, now)
	if err != nil {
		return Document{}, err
	}
	return Document{
		ID: e.ID, Title: e.Title(lang), Issuer: o.register.agent(o.authority), Issued: e.Issued,
		MediaType: evidence.MediaType, Language: lang, Content: content, FileName: e.ID + ".pdf", Data: data,
	}, nil
}

// language is the first wish that register and certificates can fulfil. A wish that nobody can fulfil is
// neither an error nor a reason for an empty answer. [TDD 4.5.1 §3.7]
func (r *Register) language(wishes []string) string {
	for _, w := range wishes {
		if slices.Contains(r.file.Languages, w) && slices.Contains(evidence.Languages(), w) {
			return w
		}
	}
	return r.file.Languages[0]
}
