package exchange_test

import (
	"encoding/csv"
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/corpus"
)

// messaging is the part of the ebMS header that the rules look at.
type messaging struct {
	Message struct {
		From       typed      `xml:"PartyInfo>From>PartyId"`
		To         typed      `xml:"PartyInfo>To>PartyId"`
		Action     string     `xml:"CollaborationInfo>Action"`
		Conv       string     `xml:"CollaborationInfo>ConversationId"`
		Properties []property `xml:"MessageProperties>Property"`
		Parts      []struct {
			Href       string     `xml:"href,attr"`
			Properties []property `xml:"PartProperties>Property"`
		} `xml:"PayloadInfo>PartInfo"`
	} `xml:"UserMessage"`
}

type typed struct {
	Type  string `xml:"type,attr"`
	Value string `xml:",chardata"`
}

type property struct {
	typed
	Name string `xml:"name,attr"`
}

// readHeader reads a header; version is "" when the header announces it.
func readHeader(t *testing.T, file string, version edm.Version) exchange.Envelope {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var m messaging
	if err := xml.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	u := m.Message
	h := exchange.Header{
		Version:        version,
		From:           edm.Identifier{Scheme: u.From.Type, Value: u.From.Value},
		To:             edm.Identifier{Scheme: u.To.Type, Value: u.To.Value},
		Action:         exchange.Action(u.Action),
		ConversationID: u.Conv,
		PropertyNames:  []string{},
	}
	for _, p := range u.Properties {
		h.Receive(exchange.Property{Name: p.Name, Type: p.Type, Value: p.Value})
	}
	var parts []exchange.Attachment
	for _, p := range u.Parts {
		a := exchange.Attachment{ContentID: strings.TrimPrefix(p.Href, "cid:")}
		for _, q := range p.Properties {
			if q.Name == "MimeType" {
				a.MimeType = q.Value
			}
		}
		parts = append(parts, a)
	}
	return exchange.Assemble(h, parts)
}

// TestHeadersOfTheCorpus judges every header of the manifest in its release line: the rules are those listed.
func TestHeadersOfTheCorpus(t *testing.T) {
	t.Parallel()
	root := corpus.Path(t, "edm/own")
	f, err := os.Open(filepath.Join(root, "manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, row := range rows {
		if row[1] != "EBMS" {
			continue
		}
		judged++
		t.Run(row[0], func(t *testing.T) {
			var got []string
			for _, f := range exchange.CheckEnvelope(readHeader(t, filepath.Join(root, row[0]), edm.Version("oots-edm:v"+row[2]))) {
				got = append(got, string(f.Rule))
			}
			slices.Sort(got)
			got = slices.Compact(got)
			want := strings.FieldsFunc(row[4], func(r rune) bool { return r == ';' })
			if !slices.Equal(got, want) {
				t.Errorf("rules %v, want %v", got, want)
			}
		})
	}
	if judged < 9 {
		t.Fatalf("the manifest lists only %d headers", judged)
	}
}

// TestForeignHeaders reads the headers of an independent implementation: none breaks a rule.
func TestForeignHeaders(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(corpus.Path(t, "edm/oots-france/reference-messages"), "*.entete.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no headers: %v", err)
	}
	for _, file := range files {
		if fs := exchange.CheckEnvelope(readHeader(t, file, "")); len(fs) > 0 {
			t.Errorf("%s: %v", filepath.Base(file), fs)
		}
	}
}

// TestHeadersOf10 reads the headers published with release 1.0: two properties, some without type, in the
// scheme of a simulator.
func TestHeadersOf10(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(corpus.Path(t, "edm/tdd-1.0/examples"), "*.header.xml"))
	if err != nil || len(files) != 4 {
		t.Fatalf("%d headers, %v", len(files), err)
	}
	for _, file := range files {
		e := readHeader(t, file, edm.V10)
		if len(e.PropertyNames) != 2 || e.OriginalSender.Value == "" || e.FinalRecipient.Value == "" {
			t.Errorf("%s: read %+v", filepath.Base(file), e.Header)
		}
		if fs := exchange.CheckEnvelope(e); len(fs) > 0 {
			t.Errorf("%s: %v", filepath.Base(file), fs)
		}
	}
}
