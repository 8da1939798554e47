package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"

	"oots/directory"
	"oots/internal/requester"
)

// choice is what the user has chosen on the way to an explicit request. It travels in addresses and
// forms; every page looks it up in the directory again, so that nothing of it is believed.
type choice struct {
	Country string
	Type    string            // last part of the evidence type classification
	Service string            // serviceKey of the provider
	Answers map[string]string // concept UUID to the user's answer
}

// answerField precedes the concept in the name of an answer's field.
const answerField = "a."

// maxAnswers and maxAnswer bound what is passed on to the directory.
const (
	maxAnswers = 20
	maxAnswer  = 200 // bytes
)

func readChoice(form url.Values) choice {
	c := choice{Country: form.Get("country"), Type: form.Get("type"), Service: form.Get("service"), Answers: map[string]string{}}
	for k := range form {
		concept, ok := strings.CutPrefix(k, answerField)
		value := strings.TrimSpace(form.Get(k))
		if ok && value != "" && len(value) <= maxAnswer && len(concept) <= 64 && len(c.Answers) < maxAnswers {
			c.Answers[concept] = value
		}
	}
	return c
}

// field is a name and value of a form.
type field struct{ Name, Value string }

// fields are the choice as hidden fields, without the answers in except.
func (c choice) fields(except []directory.Concept) []field {
	out := []field{{"country", c.Country}, {"type", c.Type}}
	if c.Service != "" {
		out = append(out, field{"service", c.Service})
	}
	for _, concept := range slices.Sorted(keys(c.Answers)) {
		if !slices.ContainsFunc(except, func(x directory.Concept) bool { return x.ID == concept }) {
			out = append(out, field{answerField + concept, c.Answers[concept]})
		}
	}
	return out
}

func keys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// Query is the choice as the query of an address.
func (c choice) Query() string {
	q := url.Values{}
	for _, f := range c.fields(nil) {
		if f.Value != "" {
			q.Set(f.Name, f.Value)
		}
	}
	return q.Encode()
}

// serviceKey names a data service in a form: records are told apart by id, access point and publisher
// together.
func serviceKey(s directory.DataService) string {
	sum := sha256.Sum256([]byte(s.ID + "\x00" + s.AccessPoint.Scheme + "\x00" + s.AccessPoint.Value + "\x00" + s.Publisher.ID.Scheme + "\x00" + s.Publisher.ID.Value))
	return hex.EncodeToString(sum[:8])
}

var errUnknownType = errors.New("portal: no such evidence type for the requirement")

// evidenceType finds the chosen evidence type among those that prove the requirement in the country.
func (p *Portal) evidenceType(v *visit, c requester.Card, ch choice) (directory.EvidenceType, error) {
	r, err := p.requester.EvidenceTypes(v.R.Context(), c.Requirement.ID, ch.Country)
	if err != nil {
		return directory.EvidenceType{}, err
	}
	for _, l := range r.Lists {
		for _, t := range l.Types {
			if l.MatchType != directory.NoMatch && slug(t.Classification) == ch.Type {
				return t, nil
			}
		}
	}
	return directory.EvidenceType{}, errUnknownType
}

// services asks the directory who delivers the chosen evidence type.
func (p *Portal) services(v *visit, t directory.EvidenceType, ch choice) ([]directory.DataService, error) {
	return p.requester.DataServices(v.R.Context(), directory.DataServiceQuery{
		Classification: t.Classification, Country: ch.Country, Answers: ch.Answers,
	})
}
