package evidence

import (
	"fmt"
	"strings"
	"time"

	"oots/internal/evidence/words"
	"oots/xml/xmltree"
)

// info is what a PDF says about itself, in its document information and again in XMP. [ISO 32000-1 §14.3]
type info struct {
	title, author, subject, lang, producer string
	made                                   time.Time
}

// about gives the information of the certificate of r. The name of the person is not in it: it would be shown in
// lists of files.
func about(w *words.Words, r *Record, now time.Time) info {
	return info{
		title: w.T("title."+string(r.Kind())) + " " + r.Number, author: r.Authority.Names.In(w.Lang()).Value, subject: w.T("demonstration"),
		lang: w.Lang(), producer: "oots", made: now.UTC(),
	}
}

// xmp writes the information as an XMP packet, read-only. [ISO 16684-1 §7]
func (i info) xmp() []byte {
	text := func(s string) string { return string(xmltree.AppendText(nil, s)) }
	made := i.made.Format("2006-01-02T15:04:05Z")
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">`)
	alternative := func(name, value string) {
		fmt.Fprintf(&b, `<%s><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></%s>`, name, text(value), name)
	}
	alternative("dc:title", i.title)
	alternative("dc:description", i.subject)
	fmt.Fprintf(&b, `<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>`, text(i.author))
	fmt.Fprintf(&b, `<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language><dc:format>application/pdf</dc:format>`, i.lang)
	fmt.Fprintf(&b, `<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>`, made, made)
	fmt.Fprintf(&b, `<pdf:Producer>%s</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>`+"\n<?xpacket end=\"r\"?>", i.producer)
	return []byte(b.String())
}
