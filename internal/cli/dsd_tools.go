package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"oots/directory"
	"oots/directory/query"
	"oots/edm"
)

// dsdTools ask a Data Service Directory.
type dsdTools struct {
	DataServices dsdDataServices `cmd:"" help:"Ask who delivers an evidence type in a country."`
}

// dsdDataServices asks for data services.
type dsdDataServices struct {
	directorySource
	EvidenceType   string   `required:"" help:"Classification of the evidence type, as oots eb evidence-types prints it." placeholder:"URL"`
	Country        string   `required:"" help:"Country that issues the evidence." placeholder:"CC"`
	Specification  string   `help:"Version of the exchange that the access point must speak, such as oots-edm:v2.0." placeholder:"ID"`
	Answer         []string `help:"Answer to a question of the directory, CONCEPT=VALUE; may be repeated." placeholder:"CONCEPT=VALUE" sep:"none"`
	EvidenceTypeID string   `name:"evidence-type-id" help:"Record of the question, in 1.0 and 1.1." placeholder:"UUID"`
	Context        string   `help:"Question for a territory, up to 1.2." placeholder:"UUID"`
	Region         string   `help:"Answer to it: a NUTS code." placeholder:"NUTS"`
	Municipality   string   `help:"Answer to it: an LAU code." placeholder:"LAU"`
	Keep           string   `help:"Also write the answer as NAME.xml and NAME.headers." placeholder:"NAME"`
	JSON           bool     `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (dsdDataServices) Help() string {
	return `A directory that must know more of the user before it can name a provider answers with questions: they are
printed, with the words that answer them, and the command exits with 1.

Example:
  oots dsd data-services --base https://query.example/dsd/ --root root.pem --country FI \
    --evidence-type https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/FI/2c1e7f90-5b3d-4e1a-8c7f-1a2b3c4d5e6f \
    --specification oots-edm:v2.0 --answer 8f6d9d0c-2d0f-4c2b-9f58-6a1b2c3d4e5f=091`
}

// serviceForm is the JSON form of a data service.
type serviceForm struct {
	ID           string        `json:"id"`
	EvidenceType string        `json:"evidenceType"`
	Titles       []textForm    `json:"titles"`
	Formats      []string      `json:"formats"`
	AccessPoint  partyForm     `json:"accessPoint"`
	ConformsTo   []string      `json:"conformsTo"`
	Publisher    partyForm     `json:"publisher"`
	Names        []textForm    `json:"publisherNames"`
	Country      string        `json:"country"`
	Level        string        `json:"levelOfAssurance,omitempty"`
	Concepts     []conceptForm `json:"concepts,omitempty"`
}

type partyForm struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

type conceptForm struct {
	ID           string     `json:"id"`
	Type         string     `json:"type"`
	CodeList     string     `json:"codeList,omitempty"`
	Descriptions []textForm `json:"descriptions"`
	Values       []string   `json:"values,omitempty"`
}

// questionForm is the JSON form of DSD:ERR:0005.
type questionForm struct {
	Code           string         `json:"code"`
	EvidenceTypeID string         `json:"evidenceTypeId,omitempty"`
	Territory      *territoryForm `json:"territory,omitempty"`
	Concepts       []conceptForm  `json:"concepts"`
}

type territoryForm struct {
	Context  string     `json:"context"`
	Level    string     `json:"level"`
	Contexts []textForm `json:"descriptions"`
}

// Run asks and prints one line for each provider, or the questions.
func (c dsdDataServices) Run(ctx context.Context, s streams) error {
	q := directory.DataServiceQuery{Classification: c.EvidenceType, Country: c.Country, Specification: edm.Version(c.Specification),
		EvidenceTypeID: c.EvidenceTypeID, ContextID: c.Context, Region: c.Region, Municipality: c.Municipality}
	for _, a := range c.Answer {
		concept, value, ok := strings.Cut(a, "=")
		if !ok || concept == "" || value == "" {
			return &hint{fmt.Errorf("--answer %s is not CONCEPT=VALUE", a), "oots help dsd data-services"}
		}
		if q.Answers == nil {
			q.Answers = make(map[string]string)
		}
		q.Answers[concept] = value
	}
	offered := c.offered()
	if len(offered) == 0 {
		return &hint{errors.New("no release line has all these parameters"), "fewer of --line, --evidence-type-id, --context"}
	}
	got, err := c.ask(ctx, s, c.Country, query.DataServiceRequest(offered[0], q), offered...)
	if err != nil {
		return err
	}
	if err := keepAnswer(c.Keep, got); err != nil {
		return err
	}
	var ask *directory.Question
	if errors.As(got.Err, &ask) {
		return c.question(s, ask)
	}
	if c.JSON {
		return printIndented(s.out, serviceForms(got.DataServices))
	}
	printServices(s.out, got.DataServices)
	_, err = fmt.Fprintf(s.out, "\n%d data services from %s\n", len(got.DataServices), origin(got))
	return err
}

// offered are the release lines that have all parameters which are given.
func (c dsdDataServices) offered() []directory.Version {
	newest := directory.V20
	switch {
	case c.EvidenceTypeID != "":
		newest = directory.V11
	case c.Context+c.Region+c.Municipality != "":
		newest = directory.V12
	}
	return slices.DeleteFunc(c.versions(), func(v directory.Version) bool { return v > newest })
}

func printServices(out io.Writer, ds []directory.DataService) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "Provider\tIdentifier\tAccess point\tSpeaks\tFormats\tLevel")
	for i := range ds {
		d := &ds[i]
		var speaks, formats []string
		for _, v := range d.ConformsTo {
			speaks = append(speaks, string(v))
		}
		for _, f := range d.Distributions {
			formats = append(formats, f.Format)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", english(d.Publisher.Names), plain(d.Publisher.ID.Value), plain(d.AccessPoint.Value),
			distinct(speaks), distinct(formats), cmp.Or(string(d.LoA), "any"))
	}
	w.Flush()
}

// question prints what the directory wants to know, and how to say it.
func (c dsdDataServices) question(s streams, q *directory.Question) error {
	if c.JSON {
		f := questionForm{Code: query.CodeQuestion, EvidenceTypeID: q.ID, Concepts: conceptForms(q.Concepts)}
		if d := q.Determination; d != nil {
			f.Territory = &territoryForm{d.ContextID, d.Level, textForms(d.Contexts)}
		}
		if err := printIndented(s.out, f); err != nil {
			return err
		}
		return errNo
	}
	fmt.Fprintf(s.out, "The directory asks (%s). Ask again with an answer to each:\n", query.CodeQuestion)
	if q.ID != "" {
		fmt.Fprintf(s.out, "  --evidence-type-id %s\n", plain(q.ID))
	}
	if d := q.Determination; d != nil {
		flag := "--region CODE"
		if d.Level == "LAU" {
			flag = "--municipality CODE"
		}
		fmt.Fprintf(s.out, "\n  %s (%s)\n  --context %s %s\n", english(d.Contexts), plain(d.Level), plain(d.ContextID), flag)
	}
	for _, k := range q.Concepts {
		fmt.Fprintf(s.out, "\n  %s (%s)\n  --answer %s=VALUE\n", english(k.Descriptions), plain(strings.TrimSpace(k.Type+" "+k.ValueExpression)), plain(k.ID))
	}
	return errNo
}

func serviceForms(ds []directory.DataService) []serviceForm {
	out := []serviceForm{}
	for i := range ds {
		d := &ds[i]
		f := serviceForm{ID: d.ID, EvidenceType: d.Classification, Titles: textForms(d.Titles),
			AccessPoint: partyForm{d.AccessPoint.Scheme, d.AccessPoint.Value}, Publisher: partyForm{d.Publisher.ID.Scheme, d.Publisher.ID.Value},
			Names: textForms(d.Publisher.Names), Country: d.Country(), Level: string(d.LoA), Concepts: conceptForms(d.Classifications)}
		for _, v := range d.ConformsTo {
			f.ConformsTo = append(f.ConformsTo, string(v))
		}
		for _, x := range d.Distributions {
			f.Formats = append(f.Formats, x.Format)
		}
		out = append(out, f)
	}
	return out
}

func conceptForms(cs []directory.Concept) []conceptForm {
	out := []conceptForm{}
	for _, k := range cs {
		out = append(out, conceptForm{k.ID, k.Type, k.ValueExpression, textForms(k.Descriptions), k.SupportedValues})
	}
	return out
}
