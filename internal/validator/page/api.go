package page

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"oots/internal/validator"
	"oots/internal/validator/report"
	"oots/internal/web"
	"oots/rule"
)

// apiDocuments bounds how many documents one request may have.
const apiDocuments = 100

// mountAPI adds the interface for programs, and its description.
func (p *Page) mountAPI() {
	version := p.config.Version
	if version == "" {
		version = "0"
	}
	c := huma.DefaultConfig("oots validator", version)
	c.Info.Description = "Checks documents of the EU Once-Only Technical System against content models and business rules. Nothing of a document is stored or logged."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = p.config.Base+"/openapi", "", ""
	c.CreateHooks = nil // no links to schemas in answers
	mux := http.NewServeMux()
	api := humago.New(mux, c)
	api.UseMiddleware(p.guardAPI)
	huma.Register(api, p.validateOperation(), p.apiValidate)
	huma.Register(api, huma.Operation{
		OperationID: "explain-rule", Method: http.MethodGet, Path: p.config.Base + "/api/rules/{id}", Summary: "Say what is known of a rule",
		Description: "Each form of the rule, newest first: a rule that changed between release lines has several.",
		Errors:      []int{http.StatusNotFound},
	}, p.apiRule)
	for _, pattern := range []string{"/api/", "/openapi.json", "/openapi.yaml"} {
		p.mux.Handle(p.config.Base+pattern, p.logged(mux))
	}
}

// validateOperation describes POST /api/validate. The library knows one kind of body an operation; this one has two.
func (p *Page) validateOperation() huma.Operation {
	binary := &huma.Schema{Type: "string", Format: "binary"}
	return huma.Operation{
		OperationID: "validate", Method: http.MethodPost, Path: p.config.Base + "/api/validate", Summary: "Judge documents",
		Description: "The body is one XML document, or multipart/form-data in which every part is one, whatever the name of its field. " +
			"Documents that are no XML, or are too large for one message, have one finding that says so.",
		MaxBodyBytes: upTo, BodyReadTimeout: time.Minute,
		SkipValidateBody: true, // XML is for us to read, and an error of the library would repeat it
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/xml": {Schema: binary},
			"text/xml":        {Schema: binary},
			"multipart/form-data": {Schema: &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{
				"document": {Type: "array", Items: binary, Description: "The documents."},
			}}},
		}},
		Errors: []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
			http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}
}

// apiQuestion is what a program sends.
type apiQuestion struct {
	Kind        string `query:"kind" enum:"request,response,error,header,answer,submission,acknowledgement,codelist" doc:"What the documents are; found out when it is absent."`
	Version     string `query:"version" enum:"1.0,1.1,1.2,2.0" doc:"Release line; the one announced when it is absent."`
	Strict      bool   `query:"strict" doc:"Report every rule with the severity that it is published with."`
	Compare     bool   `query:"compare" doc:"Compare the documents with each other, such as a request with its response."`
	Name        string `query:"name" maxLength:"200" doc:"Name of the document, repeated in the report."`
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"application/xml"`
}

// apiAnswer is what a program gets.
type apiAnswer struct {
	Body struct {
		Verdict   string            `json:"verdict" doc:"The worst of all documents."`
		Documents []report.Document `json:"documents" nullable:"false" doc:"In the order in which they were sent."`
		Pairs     []report.Pair     `json:"pairs,omitempty" nullable:"false" doc:"Documents that belong together, when they were to be compared."`
	}
}

func (p *Page) apiValidate(ctx context.Context, in *apiQuestion) (*apiAnswer, error) {
	docs, err := apiDocumentsOf(in)
	if err != nil {
		return nil, err
	}
	out := &apiAnswer{}
	reports := make([]validator.Report, len(docs))
	for i, d := range docs {
		if ctx.Err() != nil {
			return nil, huma.Error503ServiceUnavailable("the client has gone")
		}
		reports[i] = p.desk.judge(d, question{Kind: validator.Kind(in.Kind), Version: in.Version, Strict: in.Strict})
	}
	if in.Compare {
		out.Body.Pairs = p.desk.compare(docs, reports)
	}
	for _, r := range reports {
		out.Body.Documents = append(out.Body.Documents, report.NewDocument(r))
	}
	out.Body.Verdict = string(worstOf(reports))
	return out, nil
}

// apiDocumentsOf takes the documents out of a body.
func apiDocumentsOf(in *apiQuestion) ([]document, error) {
	kind, params, err := mime.ParseMediaType(in.ContentType)
	if err != nil {
		return nil, huma.Error415UnsupportedMediaType("the Content-Type is none that can be read")
	}
	switch kind {
	case "application/xml", "text/xml", "application/soap+xml", "application/octet-stream":
		name := in.Name
		if name == "" {
			name = "document"
		}
		return []document{{web.FileName(name), in.RawBody}}, nil
	case "multipart/form-data":
		return apiParts(multipart.NewReader(bytes.NewReader(in.RawBody), params["boundary"]))
	}
	return nil, huma.Error415UnsupportedMediaType("send application/xml, text/xml, or multipart/form-data")
}

func apiParts(r *multipart.Reader) ([]document, error) {
	var docs []document
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, huma.Error400BadRequest("the parts of the body cannot be told from each other")
		}
		if len(docs) == apiDocuments {
			return nil, huma.Error400BadRequest("more documents than one request may have: at most 100")
		}
		b, err := io.ReadAll(part)
		if err != nil {
			return nil, huma.Error400BadRequest("a part of the body breaks off")
		}
		name := part.FileName()
		if name == "" {
			name = part.FormName()
		}
		docs = append(docs, document{web.FileName(name), b})
	}
	if len(docs) == 0 {
		return nil, huma.Error400BadRequest("the body has no document")
	}
	return docs, nil
}

// apiRuleForms are all forms of one rule.
type apiRuleForms struct{ Body []report.RuleForm }

func (p *Page) apiRule(_ context.Context, in *struct {
	ID string `path:"id" maxLength:"64" doc:"Such as R-EDM-REQ-C003."`
}) (*apiRuleForms, error) {
	forms := report.RuleForms(rule.ID(in.ID))
	if len(forms) == 0 {
		return nil, huma.Error404NotFound("no such rule is known")
	}
	return &apiRuleForms{forms}, nil
}

// guardAPI bounds what one client may send, and how many documents are received and judged at once.
func (p *Page) guardAPI(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	refuse := func(status int, after, detail string) {
		w.Header().Set("Retry-After", after)
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		io.WriteString(w, `{"title":"`+http.StatusText(status)+`","status":`+strconv.Itoa(status)+`,"detail":"`+detail+`"}`) // the client may have gone
	}
	if r.Method == http.MethodPost {
		if !p.posts.Allow(r, p.config.Clock.Now()) {
			refuse(http.StatusTooManyRequests, "60", "too many requests from your address")
			return
		}
		if !p.enter(r) {
			refuse(http.StatusServiceUnavailable, "5", "too many documents at once")
			return
		}
		defer p.leave()
	}
	next(ctx)
}

// logged protects an answer and writes one line about it: route and figures, nothing of the document.
func (p *Page) logged(next http.Handler) http.Handler {
	return web.Logged(p.config.Log, p.config.Clock.Now, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	}))
}
