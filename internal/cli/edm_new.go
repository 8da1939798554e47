package cli

import (
	"fmt"
	"strings"
	"time"

	"oots/edm"
	"oots/edm/convert"
	"oots/edm/specimen"
	"oots/internal/clock"
)

// output says in which line, when and where to a specimen is written. All of its identifiers follow from ID.
type output struct {
	Version string `help:"Release line, such as v1.2. The default is that of the request that is answered, or else 2.0." placeholder:"LINE"`
	ID      string `name:"id" help:"UUID of the message. With --id and --at the same call gives the same bytes." placeholder:"UUID"`
	At      string `help:"Time of issue, such as 2026-09-14T08:30:00Z. The default is now." placeholder:"TIME"`
	Out     string `help:"File to write instead of the standard output." placeholder:"FILE"`
}

// begun is what output gives: the line, the time, and a bare UUID that was given or drawn.
type begun struct {
	line edm.Version
	at   time.Time
	id   string
}

func (o output) begin(otherwise edm.Version) (begun, error) {
	b := begun{line: otherwise, at: time.Now().UTC().Truncate(time.Millisecond), id: strings.TrimPrefix(o.ID, "urn:uuid:")}
	var err error
	if o.Version != "" {
		if b.line, err = lineOf(o.Version); err != nil {
			return b, err
		}
	}
	if o.At != "" {
		if b.at, err = time.Parse(time.RFC3339, o.At); err != nil {
			return b, &hint{fmt.Errorf("--at %q is no time", o.At), "2026-09-14T08:30:00Z"}
		}
	}
	if b.id == "" {
		b.id = clock.UUID()
	}
	return b, nil
}

// subject is whom a specimen is about.
type subject struct {
	PersonID    string `name:"person-id" group:"Subject" help:"eIDAS identifier, such as EL/AT/DEMO12345." placeholder:"ID"`
	FamilyName  string `group:"Subject" help:"Family name." placeholder:"NAME"`
	GivenName   string `group:"Subject" help:"Given name." placeholder:"NAME"`
	DateOfBirth string `group:"Subject" help:"Date of birth." placeholder:"YYYY-MM-DD"`
	LOA         string `name:"loa" group:"Subject" help:"Level of assurance: Low, Substantial or High." placeholder:"LEVEL"`
	LegalPerson bool   `group:"Subject" help:"Ask about a legal person."`
	LegalName   string `group:"Subject" help:"Its name." placeholder:"NAME"`
	LegalID     string `name:"legal-id" group:"Subject" help:"Its eIDAS identifier." placeholder:"ID"`
	Represented bool   `group:"Subject" help:"Let a natural person act for the subject."`
}

// parties are who asks and who is asked.
type parties struct {
	Requester        string `group:"Parties" help:"Identifier of the requester." placeholder:"ID"`
	RequesterScheme  string `group:"Parties" help:"Its scheme. The default is the unregistered one of its country." placeholder:"URN"`
	RequesterName    string `group:"Parties" help:"Its name, in English." placeholder:"NAME"`
	RequesterCountry string `group:"Parties" help:"Its country." placeholder:"CODE"`
	Provider         string `group:"Parties" help:"Identifier of the provider." placeholder:"ID"`
	ProviderScheme   string `group:"Parties" help:"Its scheme. The default is the unregistered one of its country." placeholder:"URN"`
	ProviderName     string `group:"Parties" help:"Its name, in English." placeholder:"NAME"`
	ProviderCountry  string `group:"Parties" help:"Its country." placeholder:"CODE"`
}

// wanted is what is asked for.
type wanted struct {
	Procedure       string   `group:"Evidence" help:"Code of the procedure." placeholder:"CODE"`
	Requirement     string   `group:"Evidence" help:"URL of the requirement." placeholder:"URL"`
	RequirementName string   `group:"Evidence" help:"Its name, in English." placeholder:"NAME"`
	EvidenceType    string   `group:"Evidence" help:"URL of the evidence type." placeholder:"URL"`
	EvidenceTitle   string   `group:"Evidence" help:"Its title, in English." placeholder:"TITLE"`
	DataService     string   `group:"Evidence" help:"UUID of the record in the directory." placeholder:"UUID"`
	Format          string   `group:"Evidence" help:"Media type." placeholder:"TYPE"`
	Model           string   `group:"Evidence" help:"URL of the data model of a structured format." placeholder:"URL"`
	Language        []string `group:"Evidence" help:"Languages wished for." placeholder:"CODE"`
	Associated      []string `group:"Evidence" help:"Documents beside it: Annex, Translation, HumanReadableVersion." placeholder:"KIND"`
}

// content is what the flags say of a request, or of the one that is answered.
type content struct {
	subject `embed:""`
	parties `embed:""`
	wanted  `embed:""`
}

// facts are those of the flags.
func (c content) facts() specimen.Facts {
	f := specimen.Facts{
		Procedure: c.Procedure, Requirement: c.Requirement, RequirementName: c.RequirementName,
		Requester:   specimen.Agent{ID: c.Requester, Scheme: c.RequesterScheme, Name: c.RequesterName, Country: c.RequesterCountry},
		Provider:    specimen.Agent{ID: c.Provider, Scheme: c.ProviderScheme, Name: c.ProviderName, Country: c.ProviderCountry},
		DataService: c.DataService, EvidenceType: c.EvidenceType, EvidenceTitle: c.EvidenceTitle,
		Format: c.Format, Model: c.Model, Languages: c.Language, Associated: kinds(c.Associated),
		Person: specimen.Person{Identifier: c.PersonID, FamilyName: c.FamilyName, GivenName: c.GivenName,
			DateOfBirth: edm.Date(c.DateOfBirth), LoA: edm.LoA(c.LOA)},
	}
	if c.LegalPerson || c.LegalName != "" || c.LegalID != "" {
		f.Company = &specimen.Company{Identifier: c.LegalID, Name: c.LegalName, LoA: edm.LoA(c.LOA)}
	}
	if c.Represented {
		f.Representative = &specimen.Person{FamilyName: "Agent", GivenName: "Max", DateOfBirth: "1970-01-31"}
	}
	return f
}

func kinds(words []string) []edm.DocumentKind {
	var out []edm.DocumentKind
	for _, w := range words {
		out = append(out, edm.DocumentKind(w))
	}
	return out
}

// answered is the request that an answer is made for, in 2.0.
type answered struct {
	For       string `help:"The request to answer, a file of any release line. Its content goes before the flags of subject, parties and evidence." type:"existingfile" placeholder:"FILE"`
	RequestID string `name:"request-id" help:"The id of the request, when no file is given." placeholder:"UUID"`
}

// read returns the request in 2.0, and the release line in which it is written.
func (a answered) read(c content, at time.Time) (*edm.Request, edm.Version, error) {
	if a.For == "" {
		f := c.facts()
		f.At = at
		if a.RequestID != "" {
			f.ID = "urn:uuid:" + strings.TrimPrefix(a.RequestID, "urn:uuid:")
		}
		return specimen.Request(f), edm.V20, nil
	}
	m, _, err := readMessage(a.For)
	if err != nil {
		return nil, "", err
	}
	if m.request == nil {
		return nil, "", &hint{fmt.Errorf("%s: %w", a.For, errNoRequest), "oots edm new request"}
	}
	r, _ := convert.Request(m.request, edm.V20, convert.Given{})
	return r, m.request.Version, nil
}
