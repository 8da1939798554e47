package conformance

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"oots/edm/edmxml"
	"oots/internal/mutation"
	"oots/regrep"
	"oots/rule"
	"oots/xml/c14n"
	"oots/xml/xmltree"
)

// A breach is a rule that fired in a release line.
type breach struct {
	id      rule.ID
	version string
}

// A served is a kind of message of which there is a valid specimen in a release line.
type served struct {
	document rule.Document
	version  string
}

// messages edits every specimen of the evidence messages. It returns what fired, and what is served.
func messages(t *testing.T) (map[breach]bool, map[served]bool) {
	t.Helper()
	files, err := filepath.Glob("../../edm/edmxml/testdata/*.xml")
	if err != nil {
		t.Fatal(err)
	}
	fired, lines, n := map[breach]bool{}, map[served]bool{}, 0
	var mu sync.Mutex
	t.Run("specimens", func(t *testing.T) { // ends when all of them have
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				firedHere, linesHere := map[breach]bool{}, map[served]bool{}
				edits := edit(t, b, firedHere, linesHere)
				mu.Lock()
				defer mu.Unlock()
				n += edits
				maps.Copy(fired, firedHere)
				maps.Copy(lines, linesHere)
			})
		}
	})
	if n < 50_000 {
		t.Errorf("only %d edits", n)
	}
	t.Logf("%d edits", n)
	return fired, lines
}

// edit notes what the edits of one specimen break; it returns how many there are. A specimen that is not
// valid by itself proves nothing and is passed over.
func edit(t *testing.T, b []byte, fired map[breach]bool, lines map[served]bool) int {
	t.Helper()
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	version := strings.TrimPrefix(regrep.ReadSlots(doc.Root).String("SpecificationIdentifier"), "oots-edm:v")
	request := doc.Root.Name.Local == "QueryRequest"
	own, findings := judge(b, request)
	for _, f := range findings {
		if f.Severity != rule.Caution {
			return 0
		}
	}
	for _, f := range findings {
		fired[breach{f.Rule, version}] = true
	}
	lines[served{own, version}] = true
	n := 0
	var out bytes.Buffer
	for range mutation.Edits(doc, vocabulary()) {
		n++
		out.Reset()
		if err := c14n.WriteDocument(&out, doc, c14n.Inclusive10, nil); err != nil {
			t.Fatal(err)
		}
		_, findings := judge(out.Bytes(), request)
		for _, f := range findings {
			fired[breach{f.Rule, version}] = true
		}
	}
	return n
}

// judge reads a message as a peer would, who knows from the action whether it is a request.
func judge(b []byte, request bool) (rule.Document, []rule.Finding) {
	if request {
		_, findings, _ := edmxml.ParseRequest(b)
		return rule.Request, findings
	}
	response, failure, findings, _ := edmxml.ParseResponse(b)
	switch {
	case failure != nil:
		return rule.ErrorResponse, findings
	case response != nil:
		return rule.Response, findings
	}
	return "", findings
}

func vocabulary() mutation.Vocabulary {
	return mutation.Vocabulary{
		Values: []string{
			"x", "en", "GR", "rim:StringValueType", "rim:AnyValueType", "application/xml", "application/json",
			"urn:oasis:names:tc:ebxml-regrep:AssociationType:Annex", "EP", "eidas2",
			"urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Unavailable", "https://sr.acc.oots.tech.ec.europa.eu/datamodels/x",
			"EvidenceProvider", "PreviewLocation", "EDM:ERR:0001",
		},
		Elements: []xmltree.Name{
			{Space: regrep.NamespaceRIM, Local: "RegistryObjectList"}, {Space: regrep.NamespaceRS, Local: "Exception"},
			{Space: regrep.NamespaceRIM, Local: "Slot"}, {Space: regrep.NamespaceSDG, Local: "ConformsTo"},
			{Space: regrep.NamespaceSDG, Local: "Format"}, {Space: regrep.NamespaceSDG, Local: "AdminUnitLevel2"},
		},
	}
}

var named = regexp.MustCompile(`"(R-(?:EDM-(?:REQ|RESP|ERR)-[SC]|EDM-ebMS-)[0-9]{3})"`)

// tables reads the rules that the test tables of a package name, as cases of 2.0.
func tables(t *testing.T, fired map[breach]bool, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(b), -1) {
			fired[breach{rule.ID(m[1]), "2.0"}] = true
		}
	}
}
