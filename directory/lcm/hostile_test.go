package lcm_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/lcm"
)

// TestMultiplication has few objects that associations multiply to very many: it is refused, and soon.
func TestMultiplication(t *testing.T) {
	t.Parallel()
	const n = 800
	var b strings.Builder
	b.WriteString(`<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:4.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0" xmlns:sdg="http://data.europa.eu/p4s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="` + requestID + `"><rim:RegistryObjectList>`)
	object := func(handle, node, content string) {
		fmt.Fprintf(&b, `<rim:RegistryObject id="urn:uuid:%s"><rim:Slot name="%s"><rim:SlotValue xsi:type="rim:AnyValueType">%s</rim:SlotValue></rim:Slot><rim:Classification id="c" classificationScheme="urn:fdc:oots:classification:dsd" classificationNode="%s"/></rim:RegistryObject>`, handle, node, content, node)
	}
	link := func(kind, source, target string) {
		fmt.Fprintf(&b, `<rim:RegistryObject xsi:type="rim:AssociationType" id="a" sourceObject="urn:uuid:%s" targetObject="urn:uuid:%s" type="urn:oasis:names:tc:ebxml-regrep:AssociationType:%s"/>`, source, target, kind)
	}
	titles := strings.Repeat(`<sdg:Title lang="EN">t</sdg:Title>`, 50)
	object("p", "EvidenceProvider", `<sdg:Publisher><sdg:Identifier>p</sdg:Identifier></sdg:Publisher>`)
	for i := range n {
		k, a := fmt.Sprint("k", i), fmt.Sprint("a", i)
		object(k, "DataServiceEvidenceType", `<sdg:DataServiceEvidenceType><sdg:Identifier>`+k+`</sdg:Identifier><sdg:EvidenceTypeClassification>c</sdg:EvidenceTypeClassification>`+titles+`</sdg:DataServiceEvidenceType>`)
		object(a, "AccessService", `<sdg:AccessService><sdg:Identifier>`+a+`</sdg:Identifier></sdg:AccessService>`)
		link("ProvidesEvidenceType", "p", k)
		link("UsesAccessService", "p", a)
	}
	b.WriteString(`</rim:RegistryObjectList></lcm:SubmitObjectsRequest>`)
	s, err := lcm.Parse([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	ps, fs := s.Partitions(nil)
	if len(ps) != 0 || len(fs) != 1 || fs[0].Rule != lcm.RuleUnreadable {
		t.Errorf("%d partitions, %v, after %v", len(ps), fs, time.Since(start))
	}
}

// FuzzParse reads any bytes as a submission: nothing breaks, a result never stands beside an error, and what is
// accepted survives being written again.
func FuzzParse(f *testing.F) {
	for _, ps := range [][]directory.Partition{{broker()}, {services()}, {broker(), services(), schemes("1.0", "esch", "vianden")}} {
		for _, v := range []directory.Version{directory.V10, directory.V12, directory.V20} {
			f.Add(lcm.AppendRequest(nil, ps, lcm.Form{ID: requestID, Line: directory.Line{Version: v}}))
		}
	}
	f.Add([]byte("<a/>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := lcm.Parse(b)
		if err != nil {
			if s != nil {
				t.Fatal("a submission beside an error")
			}
			return
		}
		fs := s.Check(nil)
		ps, more := s.Partitions(lcm.AnyRequirement)
		st := lcm.State{Country: "LU", Lenient: true}
		fs = append(append(fs, more...), s.Name(st.Check(ps))...)
		if _, err := lcm.ParseResponse(lcm.AppendResponse(nil, s.ID, fs)); err != nil {
			t.Fatalf("our answer: %v", err)
		}
		if lcm.Refuses(fs) || s.Version != directory.V20 {
			return
		}
		again, err := lcm.Parse(lcm.AppendRequest(nil, ps, lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V20}}))
		if err != nil {
			t.Fatal(err)
		}
		back, more := again.Partitions(lcm.AnyRequirement)
		if lcm.Refuses(more) || len(back) != len(ps) {
			t.Fatalf("%d partitions of %d, %v", len(back), len(ps), more)
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	f.Add(lcm.AppendResponse(nil, requestID, nil))
	f.Add(lcm.AppendResponse(nil, "", []lcm.Finding{(&lcm.Error{Line: 3, Msg: "no XML"}).Finding()}))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := lcm.ParseResponse(b)
		if err != nil && r != nil || err == nil && r.Success && len(r.Exceptions) > 0 {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}
