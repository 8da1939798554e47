package page

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"oots/internal/validator"
	"oots/internal/web"
)

// A form is the form on which a document is given; it stands on the first page and below findings.
type form struct {
	Action   string
	Text     string // of the document, to be corrected
	Second   string // of the one to compare it with
	Kinds    []option
	Versions []option
	Strict   bool
}

// option is a choice of a list.
type option struct {
	Value, Label string
	Selected     bool
}

// startPage is the first page.
type startPage struct {
	web.Frame
	Form  form
	About string // path
	Rules string
}

func (p *Page) start(v *visit) error {
	return p.showStart(v, http.StatusOK, question{}, nil)
}

// showStart shows the first page, with what is wrong in the form.
func (p *Page) showStart(v *visit, status int, q question, errors []web.FieldError) error {
	page := startPage{Frame: v.Frame(v.T("validator/page/start.title")), Form: p.form(v, q, ""), About: p.config.Base + "/about", Rules: p.config.Base + "/rules/"}
	page.Errors = errors
	return v.Show(status, "start", &page)
}

func (p *Page) form(v *visit, q question, text string) form {
	f := form{Action: p.config.Base + "/", Text: text, Strict: q.Strict,
		Kinds:    []option{{"", v.T("validator/page/start.detect"), q.Kind == ""}},
		Versions: []option{{"", v.T("validator/page/start.announced"), q.Version == ""}}}
	for _, k := range validator.Kinds() {
		f.Kinds = append(f.Kinds, option{string(k), kindName(v, k), q.Kind == k})
	}
	for _, line := range slices.Backward(validator.Lines()) {
		f.Versions = append(f.Versions, option{line, line, q.Version == line})
	}
	return f
}

// kindName is a kind in the language of the page.
func kindName(v *visit, k validator.Kind) string {
	switch k {
	case validator.Request:
		return v.T("validator/page/start.request")
	case validator.Response:
		return v.T("validator/page/start.response")
	case validator.Error:
		return v.T("validator/page/start.error")
	case validator.Header:
		return v.T("validator/page/start.header")
	case validator.Answer:
		return v.T("validator/page/start.answer")
	case validator.Submission:
		return v.T("validator/page/start.submission")
	case validator.Acknowledgement:
		return v.T("validator/page/start.acknowledgement")
	case validator.CodeList:
		return v.T("validator/page/start.codelist")
	}
	return v.T("validator/page/start.unknown")
}

// readForm reads what was asked and the documents: one, or two to be compared. Mistakes are those of the form.
func (p *Page) readForm(v *visit) (q question, docs []document, mistakes []web.FieldError, err error) {
	values := v.R.PostForm
	q = question{Kind: validator.Kind(values.Get("kind")), Version: values.Get("version"), Strict: values.Get("strict") != ""}
	if q.Kind != "" && !slices.Contains(validator.Kinds(), q.Kind) || q.Version != "" && validator.Line(q.Version) == "" {
		return q, nil, nil, &web.Problem{Status: http.StatusBadRequest, Kind: web.BadForm}
	}
	for _, n := range []string{"", "2"} {
		d, given, err := given(v, "text"+n, "file"+n)
		if err != nil {
			return q, nil, nil, err
		}
		switch {
		case given && len(d.Content) > validator.MaxBytes:
			mistakes = append(mistakes, web.FieldError{Field: "file" + n, Text: v.T("validator/page/start.tooLarge")})
		case given:
			docs = append(docs, d)
		case n == "":
			mistakes = append(mistakes, web.FieldError{Field: "text", Text: v.T("validator/page/start.nothing")})
		}
	}
	return q, docs, mistakes, nil
}

// given takes one document of the form: the chosen file before the pasted text.
func given(v *visit, text, file string) (document, bool, error) {
	if f := v.R.MultipartForm; f != nil && len(f.File[file]) > 0 && f.File[file][0].Filename != "" {
		head := f.File[file][0]
		in, err := head.Open()
		if err != nil {
			return document{}, false, err
		}
		defer in.Close()
		b := make([]byte, head.Size)
		_, err = io.ReadFull(in, b)
		return document{web.FileName(head.Filename), b}, true, err
	}
	pasted := v.R.PostForm.Get(text)
	if strings.TrimSpace(pasted) == "" {
		return document{}, false, nil
	}
	name := v.T("validator/page/start.pasted")
	if text != "text" {
		name = v.T("validator/page/start.pastedSecond")
	}
	return document{name, []byte(strings.ReplaceAll(pasted, "\r\n", "\n"))}, true, nil
}

// editable is the text of a document that is put into the form again; "" when it is too long to be edited there.
func editable(b []byte) string {
	if len(b) > 256<<10 || !utf8.Valid(b) || strings.ContainsRune(string(b), 0) {
		return ""
	}
	return string(b)
}
