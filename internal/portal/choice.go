package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"mime"
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

	Region, Municipality string // answer to the question for a territory, up to 1.2 [TDD 3.1.4 of 1.2]

	Format string // media type that the user prefers; "" leaves it to the procedure

	Collect bool // the way leads into the basket
}

// answerField precedes the concept in the name of an answer's field.
const answerField = "a."

// maxAnswers and maxAnswer bound what is passed on to the directory.
const (
	maxAnswers = 20
	maxAnswer  = 200 // bytes
)

func readChoice(form url.Values) choice {
	c := choice{
		Country: form.Get("country"), Type: form.Get("type"), Service: form.Get("service"), Answers: map[string]string{},
		Region: territory(form.Get("region")), Municipality: territory(form.Get("municipality")), Collect: form.Get("collect") != "",
		Format: mediaType(form.Get("format")),
	}
	for k := range form {
		concept, ok := strings.CutPrefix(k, answerField)
		value := strings.TrimSpace(form.Get(k))
		if ok && value != "" && len(value) <= maxAnswer && len(concept) <= 64 && len(c.Answers) < maxAnswers {
			c.Answers[concept] = value
		}
	}
	return c
}

// territory is a code that may be passed on to the directory, "" for anything else.
func territory(code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) > 20 || strings.ContainsFunc(code, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '_' && r != '-' }) {
		return ""
	}
	return code
}

// mediaType is a media type as the directory may have it, "" for anything else.
func mediaType(s string) string {
	if got, params, err := mime.ParseMediaType(s); err != nil || got != s || len(params) > 0 || !strings.Contains(s, "/") || len(s) > 100 {
		return ""
	}
	return s
}

// wish is the choice as the basket keeps it.
func (c choice) wish(requirementID string) requester.Wish {
	return requester.Wish{
		RequirementID: requirementID, Country: c.Country, Type: c.Type, Service: c.Service, Answers: c.Answers,
		Region: c.Region, Municipality: c.Municipality, Format: c.Format,
	}
}

// choiceOf is a wish of the basket as a choice.
func choiceOf(w requester.Wish) choice {
	return choice{
		Country: w.Country, Type: w.Type, Service: w.Service, Answers: w.Answers, Region: w.Region, Municipality: w.Municipality, Format: w.Format,
		Collect: true,
	}
}

// field is a name and value of a form.
type field struct{ Name, Value string }

// fields are the choice as hidden fields, without the answers in except.
func (c choice) fields(except []directory.Concept) []field {
	out := []field{{"country", c.Country}, {"type", c.Type}}
	if c.Service != "" {
		out = append(out, field{"service", c.Service})
	}
	if c.Region != "" {
		out = append(out, field{"region", c.Region})
	}
	if c.Municipality != "" {
		out = append(out, field{"municipality", c.Municipality})
	}
	if c.Format != "" {
		out = append(out, field{"format", c.Format})
	}
	if c.Collect {
		out = append(out, field{"collect", "1"})
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

// services asks the directory who delivers the chosen evidence type. An answer for a territory goes with the ids of the
// question, which the directory gives anew. [TDD 3.1.4 of 1.2]
func (p *Portal) services(v *visit, t directory.EvidenceType, ch choice) ([]directory.DataService, error) {
	q := directory.DataServiceQuery{Classification: t.Classification, Country: ch.Country, Answers: ch.Answers}
	services, err := p.requester.DataServices(v.R.Context(), q)
	var asked *directory.Question
	if !errors.As(err, &asked) || asked.Determination == nil {
		return services, err
	}
	if asked.Determination.Level == levelCountry {
		ch.Region, ch.Municipality = ch.Country, ""
	}
	if ch.Region == "" && ch.Municipality == "" {
		return nil, err
	}
	q.ContextID, q.EvidenceTypeID, q.Region, q.Municipality = asked.Determination.ContextID, asked.ID, ch.Region, ch.Municipality
	return p.requester.DataServices(v.R.Context(), q)
}
