package page

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"oots/edm"
	"oots/internal/repository"
	"oots/internal/store"
	"oots/internal/web"
)

// mountAPI adds the interface for programs, and its description.
func (p *Page) mountAPI() {
	version := p.config.Version
	if version == "" {
		version = "0"
	}
	base := p.config.Path
	c := huma.DefaultConfig("oots Semantic Repository", version)
	c.Info.Description = "Finds assets of the Semantic Repository. The assets themselves, and their metadata in XML, JSON-LD and Turtle, are at their persistent addresses."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = base+"/openapi", "", ""
	c.CreateHooks = nil // no links to schemas in answers
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	mux := http.NewServeMux()
	api := humago.New(mux, c)
	huma.Register(api, huma.Operation{OperationID: "search", Method: http.MethodGet, Path: base + "/api/assets", Summary: "Find assets",
		Description: "The current versions of the assets that fit, by type and title. Accents and case make no difference to text."}, p.apiSearch)
	huma.Register(api, huma.Operation{OperationID: "asset", Method: http.MethodGet, Path: base + "/api/asset", Summary: "Metadata of one asset",
		Errors: []int{http.StatusNotFound, http.StatusGone}}, p.apiAsset)
	if p.config.Who != nil {
		secured := []map[string][]string{{"token": {}}}
		huma.Register(api, huma.Operation{OperationID: "publish", Method: http.MethodPost, Path: base + "/api/versions", Summary: "Save or publish a version", DefaultStatus: http.StatusCreated,
			Description:  "A published version never changes. Requirements, evidence types and code lists of Member States come from the directories and are not uploaded.",
			MaxBodyBytes: 2 * repository.MaxFile, BodyReadTimeout: time.Minute, Security: secured,
			Errors: []int{http.StatusUnauthorized, http.StatusConflict, http.StatusUnprocessableEntity}}, p.apiPublish)
		huma.Register(api, huma.Operation{OperationID: "retire", Method: http.MethodPost, Path: base + "/api/status", Summary: "Deprecate or withdraw a version", DefaultStatus: http.StatusNoContent,
			Security: secured, Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity}}, p.apiRetire)
	}
	for _, pattern := range []string{"/api/", "/openapi.json", "/openapi.yaml"} {
		p.mux.Handle(base+pattern, p.logged(mux))
	}
}

// apiText is a text in one language.
type apiText struct {
	Lang  string `json:"lang,omitempty" maxLength:"35" doc:"Code of LanguageCode; absent for a name of no language."`
	Value string `json:"value" minLength:"1" maxLength:"20000"`
}

// apiAssetForm is an asset as programs see it.
type apiAssetForm struct {
	ID            string            `json:"id" doc:"Persistent identifier."`
	URL           string            `json:"url" doc:"Where this repository serves it."`
	Also          []string          `json:"also,omitempty" nullable:"false" doc:"The same asset under other hosts."`
	Type          repository.Type   `json:"type"`
	Titles        []apiText         `json:"titles" nullable:"false"`
	Descriptions  []apiText         `json:"descriptions,omitempty" nullable:"false"`
	Version       string            `json:"version,omitempty"`
	Status        repository.Status `json:"status"`
	Issued        *time.Time        `json:"issued,omitempty"`
	Modified      *time.Time        `json:"modified,omitempty"`
	Publisher     repository.Agent  `json:"publisher"`
	Jurisdictions []string          `json:"jurisdictions" nullable:"false" doc:"Codes of OOTS_Country; EU is what belongs to all."`
	UsedIn        []string          `json:"usedIn,omitempty" nullable:"false" doc:"Countries whose records name it."`
	Relations     []apiRelation     `json:"relations,omitempty" nullable:"false" doc:"In both directions; only of one asset."`
	Versions      []apiVersion      `json:"versions,omitempty" nullable:"false" doc:"Newest first; only of one asset."`
	Distributions []apiDistribution `json:"distributions" nullable:"false"`
}

type apiRelation struct {
	Type   repository.RelationType `json:"type"`
	Target string                  `json:"target"`
}

type apiVersion struct {
	Version string            `json:"version"`
	Status  repository.Status `json:"status"`
	Date    *time.Time        `json:"date,omitempty"`
	Note    string            `json:"note,omitempty"`
	URL     string            `json:"url,omitempty"`
}

type apiDistribution struct {
	AccessURL string `json:"accessURL"`
	MediaType string `json:"mediaType,omitempty"`
	Format    string `json:"format"`
	Checksum  string `json:"checksum,omitempty" doc:"SHA-256, hexadecimal."`
	ByteSize  int64  `json:"byteSize,omitempty"`
}

// apiQuery is what a program looks for.
type apiQuery struct {
	Type    string `query:"type" enum:"requirement,evidence-type-classification,data-model,code-list,mapping,rule-set,schema,ui-text,conformance-profile"`
	Country string `query:"country" pattern:"^[A-Z]{2}$" patternDescription:"code of OOTS_Country"`
	Text    string `query:"text" maxLength:"300" doc:"Words, all of which must stand in titles, descriptions or identifier."`
	Version string `query:"version" maxLength:"60" doc:"Versions called so, current or not."`
	Status  string `query:"status" enum:"published,deprecated,elsewhere"`
	Offset  int    `query:"offset" minimum:"0" maximum:"1000000"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

// apiFound is a part of what was found.
type apiFound struct {
	Body struct {
		Total  int            `json:"total" doc:"How many there are in all."`
		Assets []apiAssetForm `json:"assets" nullable:"false"`
	}
}

func (p *Page) apiSearch(ctx context.Context, in *apiQuery) (*apiFound, error) {
	found, err := p.config.Service.Search(ctx, repository.Query{Type: repository.Type(in.Type), Country: in.Country, Text: in.Text, Version: in.Version, Status: repository.Status(in.Status)})
	if err != nil {
		return nil, p.fault(err)
	}
	out := &apiFound{}
	out.Body.Total = len(found)
	out.Body.Assets = []apiAssetForm{}
	from := min(in.Offset, len(found))
	for _, a := range found[from:min(from+in.Limit, len(found))] {
		out.Body.Assets = append(out.Body.Assets, p.form(a))
	}
	return out, nil
}

func (p *Page) apiAsset(ctx context.Context, in *struct {
	URI string `query:"uri" required:"true" maxLength:"500" doc:"Persistent identifier, under whatever host of the Semantic Repository."`
}) (*struct{ Body apiAssetForm }, error) {
	a, err := p.config.Service.Resolve(ctx, in.URI)
	switch {
	case errors.Is(err, repository.ErrGone):
		return nil, huma.Error410Gone("this asset was withdrawn")
	case errors.Is(err, store.ErrNotFound):
		return nil, huma.Error404NotFound("no asset has this identifier")
	case err != nil:
		return nil, p.fault(err)
	}
	f := p.form(a)
	related, err := p.config.Service.Related(ctx, a)
	if err != nil {
		return nil, p.fault(err)
	}
	versions, err := p.config.Service.Versions(ctx, a)
	if err != nil {
		return nil, p.fault(err)
	}
	for _, r := range append(a.Relations[:len(a.Relations):len(a.Relations)], related...) {
		f.Relations = append(f.Relations, apiRelation(r))
	}
	for _, x := range versions {
		f.Versions = append(f.Versions, apiVersion{x.Version, x.Status, moment(x.Date), x.Note, p.config.Service.Address(a, x.Version)})
	}
	return &struct{ Body apiAssetForm }{f}, nil
}

// form is an asset as programs see it in a list.
func (p *Page) form(a *repository.Asset) apiAssetForm {
	f := apiAssetForm{ID: a.ID, URL: p.config.Service.Address(a, ""), Also: a.Also, Type: a.Type, Titles: apiTexts(a.Titles), Descriptions: apiTexts(a.Descriptions), Version: a.Version,
		Status: a.Status, Issued: moment(a.Issued), Modified: moment(a.Modified), Publisher: a.Publisher, Jurisdictions: a.Jurisdictions, UsedIn: a.UsedIn, Distributions: []apiDistribution{}}
	if f.Jurisdictions == nil {
		f.Jurisdictions = []string{}
	}
	for _, d := range a.Distributions {
		f.Distributions = append(f.Distributions, apiDistribution{p.config.Service.AccessURL(a, d), d.MediaType, d.Format, d.Digest, d.Size})
	}
	return f
}

func apiTexts(ts edm.Texts) []apiText {
	out := make([]apiText, 0, len(ts))
	for _, t := range ts {
		out = append(out, apiText(t))
	}
	return out
}

// moment is a time, nil when it is not known.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// fault is an error of ours: the cause goes to the log.
func (p *Page) fault(err error) error {
	p.config.Log.Error("the repository failed", slog.Any("cause", err))
	return huma.Error500InternalServerError("a fault of ours")
}

// logged protects an answer and writes one line about it.
func (p *Page) logged(next http.Handler) http.Handler {
	return web.Logged(p.config.Log, p.config.Clock.Now, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		w.Header().Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	}))
}

// who reads the token of an upload.
func (p *Page) who(authorization string) (repository.Actor, error) {
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	actor, known := p.config.Who(token)
	if !ok || !known {
		return repository.Actor{}, huma.Error401Unauthorized("a token is needed")
	}
	return actor, nil
}

// apiUpload is a version of an asset to save or publish.
type apiUpload struct {
	Authorization string `header:"Authorization" hidden:"true"`
	Body          struct {
		Action        string             `json:"action" enum:"save,publish"`
		Note          string             `json:"note,omitempty" maxLength:"1000"`
		ID            string             `json:"id" maxLength:"300"`
		Version       string             `json:"version" maxLength:"40"`
		Titles        []apiText          `json:"titles" minItems:"1" maxItems:"60"`
		Descriptions  []apiText          `json:"descriptions,omitempty" maxItems:"60"`
		Jurisdictions []string           `json:"jurisdictions,omitempty" maxItems:"40"`
		Publisher     repository.Agent   `json:"publisher"`
		Creators      []repository.Agent `json:"creators,omitempty" maxItems:"20"`
		ConformsTo    []string           `json:"conformsTo,omitempty" maxItems:"50"`
		Transactions  []string           `json:"transactions,omitempty" maxItems:"20"`
		Relations     []apiRelation      `json:"relations,omitempty" maxItems:"500"`
		Files         []apiFile          `json:"files" minItems:"1" maxItems:"19"`
	}
}

type apiFile struct {
	Form    string `json:"form" enum:"gc,csv,json,schema,xsd,sch,pdf,txt,example"`
	Content []byte `json:"content" doc:"Base64."`
}

func (p *Page) apiPublish(ctx context.Context, in *apiUpload) (*struct{}, error) {
	who, err := p.who(in.Authorization)
	if err != nil {
		return nil, err
	}
	b := &in.Body
	u := repository.Upload{ID: b.ID, Version: b.Version, Titles: edmTexts(b.Titles), Descriptions: edmTexts(b.Descriptions), Jurisdictions: b.Jurisdictions, Publisher: b.Publisher,
		Creators: b.Creators, ConformsTo: b.ConformsTo, Transactions: b.Transactions}
	for _, r := range b.Relations {
		u.Relations = append(u.Relations, repository.Relation(r))
	}
	for _, f := range b.Files {
		u.Files = append(u.Files, repository.File{Form: repository.Form(f.Form), Content: f.Content})
	}
	return nil, p.told(p.config.Service.Act(ctx, who, u, repository.Action(b.Action), b.Note))
}

func edmTexts(ts []apiText) edm.Texts {
	out := make(edm.Texts, 0, len(ts))
	for _, t := range ts {
		out = append(out, edm.Text(t))
	}
	return out
}

func (p *Page) apiRetire(ctx context.Context, in *struct {
	Authorization string `header:"Authorization" hidden:"true"`
	Body          struct {
		Action  string `json:"action" enum:"deprecate,withdraw"`
		ID      string `json:"id" maxLength:"300"`
		Version string `json:"version" maxLength:"40"`
		Note    string `json:"note,omitempty" maxLength:"1000"`
	}
}) (*struct{}, error) {
	who, err := p.who(in.Authorization)
	if err != nil {
		return nil, err
	}
	b := &in.Body
	return nil, p.told(p.config.Service.Retire(ctx, who, b.ID, b.Version, repository.Action(b.Action), b.Note))
}

// told is the answer to an upload that was refused; nil when it was not.
func (p *Page) told(err error) error {
	var refusal *repository.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		return huma.Error422UnprocessableEntity(strings.Join(refusal.Problems, "; "))
	case errors.Is(err, repository.ErrExists):
		return huma.Error409Conflict(err.Error())
	case errors.Is(err, store.ErrNotFound):
		return huma.Error404NotFound("no such version was published")
	}
	return p.fault(err)
}
