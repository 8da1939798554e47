package regrep_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"oots/regrep"
	"oots/xml/xmltree"
)

func TestWriterSlots(t *testing.T) {
	t.Parallel()
	w := regrep.NewWriter([]byte("before\n"))
	w.Open("query:QueryResponse", "status", regrep.StatusSuccess, "requestId", "")
	w.StringSlot("Name", `a < b & "c"`)
	w.TimeSlot("At", time.Date(2026, 9, 14, 10, 30, 0, 500e6, time.FixedZone("", 7200)))
	w.BoolSlot("Yes", true)
	w.InternationalSlot("Text", []regrep.LocalizedString{{Lang: "EN", Value: "one\ntwo"}})
	w.AnyCollectionSlot("Many", 2, func(i int) { w.Text("sdg:X", string(rune('a'+i)), "lang", "") })
	w.Exception(regrep.Exception{Type: "rs:TimeoutExceptionType", Code: "X"}, nil)
	w.Close()
	want := `before
<query:QueryResponse status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success">
  <rim:Slot name="Name">
    <rim:SlotValue xsi:type="rim:StringValueType">
      <rim:Value>a &lt; b &amp; "c"</rim:Value>
    </rim:SlotValue>
  </rim:Slot>
  <rim:Slot name="At">
    <rim:SlotValue xsi:type="rim:DateTimeValueType">
      <rim:Value>2026-09-14T08:30:00.5Z</rim:Value>
    </rim:SlotValue>
  </rim:Slot>
  <rim:Slot name="Yes">
    <rim:SlotValue xsi:type="rim:BooleanValueType">
      <rim:Value>true</rim:Value>
    </rim:SlotValue>
  </rim:Slot>
  <rim:Slot name="Text">
    <rim:SlotValue xsi:type="rim:InternationalStringValueType">
      <rim:Value>
        <rim:LocalizedString xml:lang="EN" value="one&#xA;two"/>
      </rim:Value>
    </rim:SlotValue>
  </rim:Slot>
  <rim:Slot name="Many">
    <rim:SlotValue xsi:type="rim:CollectionValueType" collectionType="urn:oasis:names:tc:ebxml-regrep:CollectionType:Set">
      <rim:Element xsi:type="rim:AnyValueType">
        <sdg:X>a</sdg:X>
      </rim:Element>
      <rim:Element xsi:type="rim:AnyValueType">
        <sdg:X>b</sdg:X>
      </rim:Element>
    </rim:SlotValue>
  </rim:Slot>
  <rs:Exception xsi:type="rs:TimeoutExceptionType" code="X"/>
</query:QueryResponse>
`
	if got := string(w.Bytes); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestEscapeSurvives reads what was escaped with another implementation.
func TestEscapeSurvives(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "plain", "<>&\"'", "a\tb\nc\rd", "]]>", "Größwang Παπαδοπούλου 𝄞", "\u0085\u2028"} {
		doc := []byte(`<a b="`)
		doc = xmltree.AppendSafeAttr(doc, s)
		doc = append(doc, `">`...)
		doc = xmltree.AppendSafeText(doc, s)
		doc = append(doc, `</a>`...)
		var got struct {
			B    string `xml:"b,attr"`
			Text string `xml:",chardata"`
		}
		if err := xml.Unmarshal(doc, &got); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if got.B != s || got.Text != s {
			t.Errorf("%q came back as attribute %q and text %q", s, got.B, got.Text)
		}
	}
}

func TestEscapeReplacesWhatXMLCannotCarry(t *testing.T) {
	t.Parallel()
	got := string(xmltree.AppendSafeText(nil, "a\x00b\x1fc\xffd\ufffee"))
	if want := "a\ufffdb\ufffdc\ufffdd\ufffde"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if strings.ContainsRune(string(xmltree.AppendSafeAttr(nil, "\x0b")), '\x0b') {
		t.Error("a control character passed")
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"2026-09-14T08:30:00Z", "2026-09-14T08:30:00Z"},
		{"2023-10-02T11:30:00.000+02:00", "2023-10-02T09:30:00Z"},
		{"2024-02-29T12:00:00.1234567", "2024-02-29T12:00:00.123Z"},
		{"2026-09-14", ""},
		{"2026-09-14T25:30:00Z", ""},
		{"2026-02-30T08:30:00Z", ""},
		{"", ""},
	} {
		at, ok := regrep.ParseTime(tc.in)
		got := ""
		if ok {
			got = regrep.FormatTime(at)
		}
		if got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.in, got, tc.want)
		}
	}
}
