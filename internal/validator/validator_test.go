package validator_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/edm/exchange"
	"oots/internal/validator"
	"oots/rule"
)

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../..", path))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestKinds holds that every kind is detected and, for a valid specimen, found valid.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		file     string
		kind     validator.Kind
		document rule.Document
		version  string
	}{
		{"edm/edmxml/testdata/request-first.xml", validator.Request, rule.Request, "2.0"},
		{"edm/edmxml/testdata/response-translation.xml", validator.Response, rule.Response, "2.0"},
		{"edm/edmxml/testdata/response-deferred.xml", validator.Response, rule.Response, "2.0"},
		{"edm/edmxml/testdata/error-preview-required.xml", validator.Error, rule.ErrorResponse, "2.0"},
		{"directory/rules/testdata/eb-req-1.xml", validator.Answer, rule.Requirements, "1.0"},
		{"directory/rules/testdata/eb-evi-2.0.xml", validator.Answer, rule.EvidenceTypes, "2.0"},
		{"directory/rules/testdata/eb-err.xml", validator.Answer, rule.BrokerFailure, "1.0"},
		{"directory/rules/testdata/dsd-resp-2.0.xml", validator.Answer, rule.DataServices, "2.0"},
		{"directory/rules/testdata/dsd-err-question-2.0.xml", validator.Answer, rule.DirectoryError, "2.0"},
		{"directory/rules/testdata/eb-sub-2.0.xml", validator.Submission, rule.BrokerSubmit, "2.0"},
		{"directory/rules/testdata/dsd-sub-1.1.xml", validator.Submission, rule.DirectorySubmit, "1.1"},
		{"directory/rules/testdata/lcm-suc.xml", validator.Acknowledgement, rule.SubmitSuccess, "1.0"},
	} {
		r := validator.Validate(tc.file, read(t, tc.file), validator.Options{})
		if r.Kind != tc.kind || r.Document != tc.document || r.Version != tc.version {
			t.Errorf("%s: read as %s, %s, %s", tc.file, r.Kind, r.Document, r.Version)
		}
		if r.Verdict != validator.Valid && r.Verdict != validator.Cautioned {
			t.Errorf("%s: %s: %v", tc.file, r.Verdict, r.Findings)
		}
	}
}

// TestUnversioned tells answers of directories that name no version from evidence messages that name none.
func TestUnversioned(t *testing.T) {
	t.Parallel()
	const head = `<q:QueryResponse xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0" xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:4.0"
 xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0" requestId="c4369c4d-740e-4b64-80f0-7b209a66d629" status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure">`
	for _, tc := range []struct {
		content string
		want    validator.Kind
	}{
		{`<rs:Exception code="DSD:ERR:0005"/>`, validator.Answer},
		{`<rs:Exception code="EB:ERR:0001"/>`, validator.Answer},
		{`<rs:Exception code="EDM:ERR:0004"/>`, validator.Error},
		{`<rim:Slot name="ErrorProvider"/><rs:Exception/>`, validator.Error},
		{`<rim:Slot name="EvidenceProvider"/><rim:RegistryObjectList/>`, validator.Response},
		{`<rim:RegistryObjectList/>`, validator.Answer},
	} {
		if r := validator.Validate("u", []byte(head+tc.content+"</q:QueryResponse>"), validator.Options{}); r.Kind != tc.want {
			t.Errorf("%s: %s, want %s", tc.content, r.Kind, tc.want)
		}
	}
}

// TestCodeList judges a list, and one whose row refers to no column.
func TestCodeList(t *testing.T) {
	t.Parallel()
	const list = `<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
<Identification><ShortName>L</ShortName><Version>1</Version><CanonicalUri>urn:l</CanonicalUri><CanonicalVersionUri>urn:l:1</CanonicalVersionUri></Identification>
<ColumnSet><Column Id="code" Use="required"><ShortName>code</ShortName><Data Type="string"/></Column><Key Id="key"><ShortName>key</ShortName><ColumnRef Ref="code"/></Key></ColumnSet>
<SimpleCodeList><Row><Value ColumnRef="code"><SimpleValue>A</SimpleValue></Value></Row></SimpleCodeList></gc:CodeList>`
	if r := validator.Validate("l", []byte(list), validator.Options{}); r.Kind != validator.CodeList || r.Verdict != validator.Valid {
		t.Errorf("%+v", r)
	}
	broken := strings.Replace(list, `Value ColumnRef="code"`, `Value ColumnRef="cod"`, 1)
	if r := validator.Validate("l", []byte(broken), validator.Options{}); r.Verdict != validator.Invalid || r.Findings[0].Line != 4 {
		t.Errorf("%+v", r)
	}
}

// TestBadInput holds that what cannot be judged gets one clear finding, whatever it is.
func TestBadInput(t *testing.T) {
	t.Parallel()
	request := string(read(t, "edm/edmxml/testdata/request-first.xml"))
	edit := func(old, new string) string {
		t.Helper()
		if !strings.Contains(request, old) {
			t.Fatalf("the specimen has no %q", old)
		}
		return strings.Replace(request, old, new, 1)
	}
	slots := strings.Repeat(`<rim:Slot name="x"><rim:SlotValue xsi:type="rim:StringValueType"><rim:Value>v</rim:Value></rim:SlotValue></rim:Slot>`, 10_000)
	laughs := `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>`
	for _, tc := range []struct {
		name, text string
		options    validator.Options
		want       rule.ID
		got        string // in what was found
	}{
		{"empty", "", validator.Options{}, validator.RuleUnreadable, ""},
		{"not XML", "%PDF-1.7", validator.Options{}, validator.RuleUnreadable, ""},
		{"cut off", request[:len(request)/2], validator.Options{}, validator.RuleUnreadable, ""},
		{"wrong charset", edit(`encoding="UTF-8"`, `encoding="ISO-8859-1"`), validator.Options{}, validator.RuleUnreadable, "encoding"},
		{"not UTF-8", edit("</", "\xe4</"), validator.Options{}, validator.RuleUnreadable, "UTF-8"},
		{"billion laughs", laughs, validator.Options{}, validator.RuleUnreadable, "DOCTYPE"},
		{"too large", request + strings.Repeat(" ", validator.MaxBytes), validator.Options{}, validator.RuleUnreadable, "larger"},
		{"too deep", strings.Repeat("<a>", 1000) + strings.Repeat("</a>", 1000), validator.Options{}, validator.RuleUnreadable, ""},
		{"wrong root", "<html/>", validator.Options{}, "OOTS-XSD-root-unexpected", "{}html"},
		{"root of another kind", request, validator.Options{Kind: validator.Response}, "OOTS-XSD-root-unexpected", "QueryRequest"},
		{"envelope without header", `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>`, validator.Options{}, "OOTS-XSD-root-unexpected", "Envelope"},
		{"response wanted as error", string(read(t, "edm/edmxml/testdata/response-one.xml")), validator.Options{Kind: validator.Error}, validator.RuleUnreadable, "an evidence response"},
		{"unknown version", edit("oots-edm:v2.0", "oots-edm:v9.9"), validator.Options{}, "R-EDM-REQ-C001", "oots-edm:v9.9"},
		{"unknown version wanted", request, validator.Options{Version: "9"}, "R-EDM-REQ-C001", "9"},
		{"unknown version of a directory", strings.Replace(string(read(t, "directory/rules/testdata/eb-req-2.0.xml")), "oots-cs:v2.0", "oots-cs:v7.0", 1),
			validator.Options{}, validator.RuleVersion, "oots-cs:v7.0"},
		{"10 000 slots", edit("<query:ResponseOption", slots+"<query:ResponseOption"), validator.Options{}, validator.RuleUnreadable, "elements"},
	} {
		r := validator.Validate(tc.name, []byte(tc.text), tc.options)
		if r.Verdict != validator.Invalid || len(r.Findings) != 1 {
			t.Errorf("%s: %s, %d findings: %.300v", tc.name, r.Verdict, len(r.Findings), r.Findings)
			continue
		}
		f := r.Findings[0]
		if f.Rule != tc.want || f.Line == 0 || f.Want == "" || !strings.Contains(f.Got, tc.got) {
			t.Errorf("%s: %+v", tc.name, f)
		}
	}
}

// TestOrder holds that findings of content model and rules come in the order of the lines.
func TestOrder(t *testing.T) {
	t.Parallel()
	b := strings.NewReplacer("oots-edm:v2.0", "oots-edm:v2.1", "<query:Query ", "<query:Query more='1' ").
		Replace(string(read(t, "edm/edmxml/testdata/request-first.xml")))
	r := validator.Validate("two", []byte(b), validator.Options{Version: "2.0"})
	var ids []rule.ID
	line := 0
	for _, f := range r.Findings {
		if f.Line < line {
			t.Errorf("line %d after %d", f.Line, line)
		}
		line = f.Line
		ids = append(ids, f.Rule)
	}
	if !slices.Contains(ids, "R-EDM-REQ-C001") || !slices.Contains(ids, "OOTS-XSD-attribute-unexpected") {
		t.Errorf("rules %v", ids)
	}
}

// TestSignal holds that a header without user message is judged by structure alone, in an envelope too.
func TestSignal(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"edelivery/ebms/testdata/receipt.xml", "edelivery/ebms/testdata/error.xml"} {
		if r := validator.Validate(file, read(t, file), validator.Options{}); r.Kind != validator.Header || r.Verdict != validator.Valid {
			t.Errorf("%s: %+v", file, r)
		}
	}
}

// TestUTF16 holds that a document in another encoding is told so, and not that it has a bad character.
func TestUTF16(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"\xff\xfe<\x00a\x00/\x00>\x00", "\xfe\xff\x00<\x00a\x00/\x00>"} {
		r := validator.Validate("x", []byte(text), validator.Options{})
		if len(r.Findings) != 1 || r.Findings[0].Rule != validator.RuleUnreadable || r.Findings[0].Got != "a document in UTF-16" {
			t.Errorf("%q: %v", text, r.Findings)
		}
	}
}

// TestMissingOnce holds that a child missing from the metadata of an evidence is one finding up to 1.2, where no number asks for it.
func TestMissingOnce(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"response10-one", "response11-one", "response12-one"} {
		text := string(read(t, "edm/edmxml/testdata/"+file+".xml"))
		for _, child := range []string{"IsAbout", "IssuingAuthority", "IsConformantTo", "IssuingDate", "Distribution"} {
			before, rest, found := strings.Cut(text, "<sdg:"+child+">")
			_, after, closed := strings.Cut(rest, "</sdg:"+child+">")
			if !found || !closed {
				t.Fatalf("%s has no %s", file, child)
			}
			r := validator.Validate(file, []byte(before+after), validator.Options{})
			if len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Want, child) {
				t.Errorf("%s without %s: %v", file, child, r.Findings)
			}
		}
	}
}

// TestTransport holds that the header of an evidence message has the roles, the service and an action of the
// exchange, and that a header of another service of OOTS is not judged by its rules.
func TestTransport(t *testing.T) {
	t.Parallel()
	whole := string(read(t, "edelivery/ebms/testdata/request.xml"))
	begin := strings.Index(whole, `<eb:PartInfo href="cid:2`)
	whole = whole[:begin] + whole[begin+strings.Index(whole[begin:], "</eb:PayloadInfo>"):] // a request has one part
	const role, service, action = "<eb:Role>http://sdg.europa.eu/edelivery/gateway<", ">QueryManager<", ">ExecuteQueryRequest<"
	for _, tc := range []struct {
		name, old, new string
		rule           rule.ID
		path           string
	}{
		{"role", role, "<eb:Role>http://sdg.europa.eu/edelivery/hub<", exchange.RuleRole, "/eb:From/eb:Role"},
		{"service", service, ">queryManager<", exchange.RuleService, "/eb:Service"},
		{"service type", "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", "urn:x", exchange.RuleService, "/eb:Service/@type"},
		{"action", action, ">ExecuteQuery<", exchange.RuleAction, "/eb:Action"},
	} {
		if !strings.Contains(whole, tc.old) {
			t.Fatalf("%s: nothing to change", tc.name)
		}
		r := validator.Validate(tc.name, []byte(strings.Replace(whole, tc.old, tc.new, 1)), validator.Options{})
		if len(r.Findings) != 1 || r.Findings[0].Rule != tc.rule || !strings.HasSuffix(r.Findings[0].Path, tc.path) || r.Verdict != validator.Invalid {
			t.Errorf("%s: %s %v", tc.name, r.Verdict, r.Findings)
		}
	}
	text := strings.NewReplacer(service, ">LifecycleManager<", action, ">SubmitObjectsRequest<", "<eb:ConversationId>", "<eb:ConversationId>x-").
		Replace(whole)
	if r := validator.Validate("submission", []byte(text), validator.Options{}); r.Verdict != validator.Valid || len(r.Notes) != 1 {
		t.Errorf("submission: %s %v %v", r.Verdict, r.Findings, r.Notes)
	}
}

func BenchmarkValidate(b *testing.B) {
	text := read(b, "edm/edmxml/testdata/request-first.xml")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if r := validator.Validate("r", text, validator.Options{}); r.Verdict == validator.Invalid {
			b.Fatal(r.Findings)
		}
	}
}

func FuzzValidate(f *testing.F) {
	for _, file := range []string{"edm/edmxml/testdata/request-first.xml", "edm/edmxml/testdata/error-0001.xml", "edelivery/ebms/testdata/request.xml", "directory/rules/testdata/eb-req-2.0.xml"} {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := validator.Validate("f", b, validator.Options{})
		if r.Verdict == "" || rule.Refuses(r.Findings) != (r.Verdict == validator.Invalid) {
			t.Errorf("%+v", r)
		}
	})
}
