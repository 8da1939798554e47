package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"oots/directory"
	"oots/directory/query"
	"oots/edm"
)

// ebTools ask an Evidence Broker.
type ebTools struct {
	Requirements  ebRequirements  `cmd:"" help:"Ask which requirements procedures have."`
	EvidenceTypes ebEvidenceTypes `cmd:"" help:"Ask which evidence types prove a requirement in a country."`
}

// ebRequirements asks for requirements.
type ebRequirements struct {
	directorySource
	Procedure string `help:"Code of the procedure, such as T3; without it all."`
	Country   string `help:"Country that implements the procedure; without it all, which needs --base." placeholder:"CC"`
	Keep      string `help:"Also write the answer as NAME.xml and NAME.headers." placeholder:"NAME"`
	JSON      bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (ebRequirements) Help() string {
	return `The answer is verified before anything of it is printed. It exits with 1 when the directory says that there is
nothing, and with 2 when it cannot be asked or its answer is not to be trusted.

Examples:
  oots eb requirements --base https://query.example/eb/ --root root.pem --country AT --procedure T3
  oots eb requirements --dns 127.0.0.1:8453 --environment testing --root root.pem --country AT`
}

// requirementForm is the JSON form of a requirement.
type requirementForm struct {
	ID         string          `json:"id"`
	Names      []textForm      `json:"names"`
	Frameworks []frameworkForm `json:"frameworks,omitempty"`
	Lists      []evidenceTypes `json:"lists,omitempty"`
}

type textForm struct {
	Lang  string `json:"lang"`
	Value string `json:"value"`
}

type frameworkForm struct {
	ID         string     `json:"id"`
	Titles     []textForm `json:"titles,omitempty"`
	Procedures []string   `json:"procedures"`
	Country    string     `json:"country"`
}

type evidenceTypes struct {
	ID        string     `json:"id"`
	Names     []textForm `json:"names,omitempty"`
	Country   string     `json:"country"`
	MatchType string     `json:"matchType,omitempty"`
	Types     []typeForm `json:"types"`
}

type typeForm struct {
	ID     string     `json:"id"`
	Titles []textForm `json:"titles"`
}

func textForms(ts edm.Texts) []textForm {
	out := []textForm{}
	for _, t := range ts {
		out = append(out, textForm{t.Lang, t.Value})
	}
	return out
}

func requirementForms(rs []directory.Requirement, frameworks bool) []requirementForm {
	out := []requirementForm{}
	for i := range rs {
		r := requirementForm{ID: rs[i].ID, Names: textForms(rs[i].Names)}
		for _, f := range rs[i].Frameworks {
			if frameworks {
				r.Frameworks = append(r.Frameworks, frameworkForm{f.ID, textForms(f.Titles), f.Procedures, f.Jurisdiction.Country})
			}
		}
		for _, l := range rs[i].Lists {
			list := evidenceTypes{ID: l.ID, Names: textForms(l.Names), Country: l.Jurisdiction.Country, MatchType: l.MatchType, Types: []typeForm{}}
			for _, t := range l.Types {
				list.Types = append(list.Types, typeForm{t.Classification, textForms(t.Titles)})
			}
			r.Lists = append(r.Lists, list)
		}
		out = append(out, r)
	}
	return out
}

// Run asks and prints one line for each requirement.
func (c ebRequirements) Run(ctx context.Context, s streams) error {
	got, err := c.ask(ctx, s, c.Country, &query.Request{Query: query.Requirements, Procedure: c.Procedure, Country: c.Country})
	if err != nil {
		return err
	}
	if err := keepAnswer(c.Keep, got); err != nil {
		return err
	}
	if c.JSON {
		return printIndented(s.out, requirementForms(got.Requirements, true))
	}
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "Requirement\tProcedures\tCountries\tName")
	for i := range got.Requirements {
		r := &got.Requirements[i]
		var procedures, countries []string
		for _, f := range r.Frameworks {
			procedures = append(procedures, f.Procedures...)
			countries = append(countries, f.Jurisdiction.Country)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, distinct(procedures), distinct(countries), english(r.Names))
	}
	w.Flush()
	_, err = fmt.Fprintf(s.out, "\n%d requirements from %s\n", len(got.Requirements), origin(got))
	return err
}

// distinct lists words once each, in order, and only counts them when they are many.
func distinct(words []string) string {
	slices.Sort(words)
	words = slices.Compact(words)
	if len(words) > 6 {
		return fmt.Sprintf("%s … (%d)", strings.Join(words[:5], " "), len(words))
	}
	return strings.Join(words, " ")
}

// english is the text in English, or else the first, on one line without control characters.
func english(ts edm.Texts) string {
	return plain(cmp.Or(ts.In("EN").Value, "-"))
}

// plain makes a text of a stranger fit for a terminal.
func plain(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || 0x80 <= c && c < 0xa0 {
			return ' '
		}
		return c
	}, s)), " ")
}

// ebEvidenceTypes asks for evidence types.
type ebEvidenceTypes struct {
	directorySource
	Requirement string `required:"" help:"Identifier of the requirement, as oots eb requirements prints it." placeholder:"URL"`
	Country     string `help:"Country that issues the evidence; without it all, which needs --base." placeholder:"CC"`
	Keep        string `help:"Also write the answer as NAME.xml and NAME.headers." placeholder:"NAME"`
	JSON        bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (ebEvidenceTypes) Help() string {
	return `Lists of a requirement are alternatives; the types in one list are all needed.

Example:
  oots eb evidence-types --base https://query.example/eb/ --root root.pem --country EL \
    --requirement https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39`
}

// Run asks and prints one line for each evidence type.
func (c ebEvidenceTypes) Run(ctx context.Context, s streams) error {
	got, err := c.ask(ctx, s, c.Country, &query.Request{Query: query.EvidenceTypes, Requirement: c.Requirement, Country: c.Country})
	if err != nil {
		return err
	}
	if err := keepAnswer(c.Keep, got); err != nil {
		return err
	}
	if c.JSON {
		return printIndented(s.out, requirementForms(got.Requirements, false))
	}
	r := &got.Requirements[0]
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(s.out, "%s\n\n", english(r.Names))
	fmt.Fprintln(w, "Country\tList\tEvidence type\tTitle")
	types := 0
	for _, l := range r.Lists {
		if len(l.Types) == 0 {
			fmt.Fprintf(w, "%s\t%s\tnone\t%s\n", l.Jurisdiction.Country, english(l.Names), english(l.MatchDescriptions))
		}
		for _, t := range l.Types {
			types++
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.Jurisdiction.Country, english(l.Names), t.Classification, english(t.Titles))
		}
	}
	w.Flush()
	_, err = fmt.Fprintf(s.out, "\n%d lists, %d evidence types from %s\n", len(r.Lists), types, origin(got))
	return err
}
