package edm_test

import (
	"slices"
	"testing"

	"oots/edm"
	"oots/rule"
)

// responseIn is a response of a line as a provider builds it, which knows packages in every line.
func responseIn(v edm.Version) *edm.Response {
	r := response()
	r.Version = v
	d := &r.Packages[0].Documents[0]
	if d.Evidence.NaturalPerson != nil {
		d.Evidence.NaturalPerson.Identifier = "AT/EL/123456789"
	}
	return r
}

// TestAnswersInEachLine holds what the model of an answer must be in one release line and need not in another.
func TestAnswersInEachLine(t *testing.T) {
	t.Parallel()
	all, earlier, since11, only20 := edm.Versions(), edm.Versions()[:3], edm.Versions()[1:], edm.Versions()[3:]
	document := func(edit func(*edm.Document)) func(*edm.Response) {
		return func(r *edm.Response) { edit(&r.Packages[0].Documents[0]) }
	}
	for _, tc := range []struct {
		name string
		edit func(*edm.Response)
		id   rule.ID
		in   []edm.Version // which break it; the others accept
	}{
		{"ok", func(*edm.Response) {}, "", nil},
		{"no package id", func(r *edm.Response) { r.Packages[0].ID = "" }, "R-EDM-RESP-S036", only20},
		{"no kind", document(func(d *edm.Document) { d.Kind, d.ClassificationID = "", "" }), "R-EDM-RESP-S049", only20},
		{"no issuing date", document(func(d *edm.Document) { d.Evidence.IssuingDate = "" }), edm.RuleComplete, earlier},
		{"no issuing date", document(func(d *edm.Document) { d.Evidence.IssuingDate = "" }), "R-EDM-RESP-S062", only20},
		{"transformation of nothing", document(func(d *edm.Document) {
			d.Evidence.Distribution.Transformation = "https://sr.oots.tech.ec.europa.eu/distributions/x"
		}),
			"R-EDM-RESP-C045", all},
		{"same object twice", func(r *edm.Response) { r.Packages = append(r.Packages, r.Packages[0]) }, edm.RuleUniqueID, all},
		{"date on success", func(r *edm.Response) { r.AvailableAt = r.IssuedAt }, "R-EDM-RESP-S014", since11},
		{"id as URN", func(r *edm.Response) { r.ID = "urn:uuid:" + r.ID }, "R-EDM-RESP-C003", since11},
		{"no status", func(r *edm.Response) { r.Status = "" }, "R-EDM-RESP-S005", all},
	} {
		for _, v := range all {
			r := responseIn(v)
			tc.edit(r)
			fs := edm.CheckResponse(r)
			broken := slices.ContainsFunc(fs, func(f rule.Finding) bool { return f.Rule == tc.id && f.Severity == rule.Fatal })
			if want := slices.Contains(tc.in, v); broken != want {
				t.Errorf("%s in %s: %v", tc.name, v.Line(), fs)
			}
			if tc.id == "" && rule.Refuses(fs) {
				t.Errorf("%s: %v", v.Line(), fs)
			}
		}
	}
}

// TestErrorsInEachLine does the same for errors.
func TestErrorsInEachLine(t *testing.T) {
	t.Parallel()
	all, since11 := edm.Versions(), edm.Versions()[1:]
	previewAt := func(location, method string) func(*edm.ErrorResponse) {
		return func(e *edm.ErrorResponse) {
			x := &e.Exceptions[0]
			x.Code, x.Severity, x.Preview = edm.MissingAuthorization, edm.SeverityPreviewRequired, &edm.Preview{Location: location, Method: method}
		}
	}
	for _, tc := range []struct {
		name string
		edit func(*edm.ErrorResponse)
		id   rule.ID
		in   []edm.Version
	}{
		{"ok", func(*edm.ErrorResponse) {}, "", nil},
		{"preview", previewAt("https://x", ""), "", nil},
		{"no exception", func(e *edm.ErrorResponse) { e.Exceptions = nil }, "R-EDM-ERR-C011", all},
		{"two exceptions", func(e *edm.ErrorResponse) { e.Exceptions = append(e.Exceptions, e.Exceptions[0]) }, "R-EDM-ERR-C011", all[:1]},
		{"scheme in upper case", previewAt("HTTPS://x", "GET"), "R-EDM-ERR-C019", all[:1]},
		{"PUT", previewAt("https://x", "PUT"), "R-EDM-ERR-C021", all[:1]},
		{"DELETE", previewAt("https://x", "DELETE"), "R-EDM-ERR-C021", all[:3]},
		{"provider without address", func(e *edm.ErrorResponse) { e.Provider.Address = nil }, "R-EDM-ERR-C024", all[3:]},
		{"no request id", func(e *edm.ErrorResponse) { e.RequestID = "" }, "R-EDM-ERR-C025", since11},
	} {
		for _, v := range all {
			e := failure()
			e.Version = v
			tc.edit(e)
			fs := edm.CheckError(e)
			broken := slices.ContainsFunc(fs, func(f rule.Finding) bool { return f.Rule == tc.id && f.Severity == rule.Fatal })
			if want := slices.Contains(tc.in, v); broken != want {
				t.Errorf("%s in %s: %v", tc.name, v.Line(), fs)
			}
			if tc.id == "" && rule.Refuses(fs) {
				t.Errorf("%s: %v", v.Line(), fs)
			}
		}
	}
}
