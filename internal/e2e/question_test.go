package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"oots/directory"
	"oots/edm"
	"oots/internal/node"
)

// secondConcept is asked beside the registry.
var secondConcept = directory.Concept{
	ID: "0c8de6f1-52aa-4b8b-9a3d-7f1f4f7c2d11", Type: directory.ConceptBoolean,
	Descriptions: edm.Texts{{Lang: "EN", Value: "Was your diploma awarded after 1990?"}},
}

// diplomas gives the data services of the Greek diploma to change, in a catalogue of their own.
func diplomas(o *node.Options, change func(athens bool, s *directory.DataService)) {
	o.Catalogue.Services = slices.Clone(o.Catalogue.Services)
	for i := range o.Catalogue.Services {
		s := &o.Catalogue.Services[i]
		if strings.HasSuffix(s.Classification, "/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422") {
			s.Classifications = slices.Clone(s.Classifications)
			change(s.Publisher.ID.Value == "DEMO-EL-ATH", s)
		}
	}
}

// TestQuestionsInABrowser answers DSD:ERR:0005 in the portal: two concepts in 2.0, a territory in the earlier lines.
// The record that answers for both is the one that is asked. [TDD 3.1.4]
func TestQuestionsInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser")
	}
	territory := func(o *node.Options) {
		diplomas(o, func(athens bool, s *directory.DataService) {
			s.Classifications = nil
			s.Determination = &directory.Determination{
				ContextID: "5ce148b9-5578-4049-aecf-af7bb55714b6", Level: directory.LevelNUTS2,
				Contexts: edm.Texts{{Lang: "EN", Value: "In which region did you study?"}},
			}
			s.Publisher.Jurisdiction.Region = "EL52"
			if athens {
				s.Publisher.Jurisdiction.Region = "EL30"
			}
		})
	}
	for _, tc := range []struct {
		name     string
		alter    func(*node.Options)
		fields   int
		answer   func(w *walker)
		provider string
	}{
		{"two concepts of 2.0", func(o *node.Options) {
			diplomas(o, func(_ bool, s *directory.DataService) {
				c := secondConcept
				c.SupportedValues = []string{"true"}
				s.Classifications = append(s.Classifications, c)
			})
		}, 2, func(w *walker) {
			w.do(chromedp.Click(`input[value="ATH"]`))
			w.do(chromedp.Click(`input[value="true"]`))
		}, "Demo Registry of Athens"},
		{"territory of 1.2", func(o *node.Options) { territory(o); o.Variant.Lines = []directory.Version{directory.V12} }, 1,
			func(w *walker) { w.do(chromedp.SetValue(`select[name="region"]`, "EL52")) }, "Demo Registry of Thessaloniki"},
		{"territory of 1.0", func(o *node.Options) { territory(o); o.Variant.Lines = []directory.Version{directory.V10} }, 1,
			func(w *walker) { w.do(chromedp.SetValue(`select[name="region"]`, "EL30")) }, "Demo Registry of Athens"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx := browser(t)
			d := serveWith(t, tc.alter)
			w := &walker{t: t, ctx: ctx}
			asked := false
			actions := map[string]func(){
				"procedures":   func() { w.press(`[data-procedure="T3"]`) },
				"landing":      func() { w.press(`a.button[href$="/begin"]`) },
				"login":        func() { w.press(`[data-login="demo"]`) },
				"choose":       func() { w.do(chromedp.Click(`#person-eleni`)); w.press(`main form button[type="submit"]`) },
				"identity":     func() { w.press(`form[action$="/begin"] button`) },
				"explanation":  func() { w.press(`main a.button`) },
				"checklist":    func() { w.press(`li.card a.button`) },
				"country":      func() { w.press(`main form button`) },
				"alternatives": func() { w.press(`main li a.button`) },
				"question": func() {
					asked = true
					if n := get(w, chromedp.Evaluate[int](`document.querySelectorAll('main form .field').length`)); n != tc.fields {
						t.Fatalf("%d questions, want %d", n, tc.fields)
					}
					tc.answer(w)
					w.press(`main form button`)
				},
			}
			w.do(chromedp.Navigate(d.States[0].Base + "/?lang=en"))
			w.walk(actions, "request")
			if !asked {
				t.Error("nothing was asked")
			}
			if page := get(w, chromedp.Evaluate[string](`document.querySelector('main').innerText`)); !strings.Contains(page, tc.provider) {
				t.Errorf("the request does not go to %s:\n%s", tc.provider, page)
			}
		})
	}
}
