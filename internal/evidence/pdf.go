package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-fonts/dejavu/dejavuserifbold"

	"oots/internal/evidence/words"
)

// MediaType of what PDF makes; a code of OOTSMediaTypes.
const MediaType = "application/pdf"

// Measures of the page in millimetres: A4 with a frame.
const (
	pageWidth, pageHeight = 210.0, 297.0
	frame                 = 10.0
	margin                = 26.0
	textWidth             = pageWidth - 2*margin
	labelWidth            = 56.0
	pageBottom            = pageHeight - 46 // a row that begins below goes to the next page
)

type colour struct{ r, g, b int }

var (
	ink   = colour{26, 32, 44}
	muted = colour{92, 101, 117}
	navy  = colour{23, 55, 104}
	hair  = colour{205, 212, 222}
	tint  = colour{244, 246, 250}
)

// PDF makes the certificate of r in lang (a code of LanguageCode; English when the language is not one of
// Languages), made at now. It fails only if the record has no content or the page cannot be written.
func PDF(r *Record, lang string, now time.Time) ([]byte, error) {
	return draw(r, lang, "certifies", now)
}

// Readable makes the human readable version of structured evidence in lang, made at now. R is what the structured
// evidence says, so that the two say the same. [TDD 4.5.2 §2.1] [evidence-data-models §6]
func Readable(r *Record, lang string, now time.Time) ([]byte, error) {
	return draw(r, lang, "readable", now)
}

// draw writes the certificate with the sentence of the key note below its title.
func draw(r *Record, lang, note string, now time.Time) ([]byte, error) {
	if r.Kind() == OfNothing {
		return nil, errors.New("certificate: the record has no content")
	}
	w := words.In(lang)
	p := newPage(w, r, now)
	p.frame()
	p.head(r)
	p.title(r.Title(lang), w.T(note))
	if r.Company == nil {
		p.block(w.T("person"), holderFields(w, r.Holder), true)
		p.block(w.T("entry"), contentFields(w, r), false)
	} else {
		p.block(w.T("company"), nameFields(w, r.Company.Names), true)
		p.block(w.T("entry"), companyFields(w, r.Company), false)
	}
	p.block(w.T("document"), documentFields(w, r), false)
	p.foot(w.T("demonstration"))
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return b.Bytes(), nil
}

// A page is one certificate under way; y moves down as it is written.
type page struct {
	*fpdf.Fpdf
	w *words.Words
}

func newPage(w *words.Words, r *Record, now time.Time) *page {
	f := fpdf.New("P", "mm", "A4", "")
	info := about(w, r, now)
	f.SetCatalogSort(true)
	f.SetCreationDate(now.UTC())
	f.SetModificationDate(now.UTC())
	f.SetProducer(info.producer, true)
	f.SetTitle(info.title, true)
	f.SetAuthor(info.author, true)
	f.SetSubject(info.subject, true)
	f.SetLang(info.lang)
	f.SetXmpMetadata(info.xmp())
	f.AddUTF8FontFromBytes("sans", "", dejavusans.TTF)
	f.AddUTF8FontFromBytes("sans", "B", dejavusansbold.TTF)
	f.AddUTF8FontFromBytes("serif", "B", dejavuserifbold.TTF)
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(false, 0)
	f.AddPage()
	return &page{f, w}
}

func (p *page) text(c colour) { p.SetTextColor(c.r, c.g, c.b) }
func (p *page) line(c colour, w float64) {
	p.SetDrawColor(c.r, c.g, c.b)
	p.SetLineWidth(w)
}

// frame draws the double border.
func (p *page) frame() {
	p.line(navy, 0.9)
	p.Rect(frame, frame, pageWidth-2*frame, pageHeight-2*frame, "D")
	p.line(navy, 0.2)
	p.Rect(frame+1.8, frame+1.8, pageWidth-2*frame-3.6, pageHeight-2*frame-3.6, "D")
}

// head writes country and authority, with the second language of the authority below.
func (p *page) head(r *Record) {
	p.SetXY(margin, 25)
	p.text(muted)
	p.SetFont("sans", "", 9)
	p.CellFormat(textWidth, 5, p.w.Country(r.Authority.Country), "", 2, "C", false, 0, "")
	p.text(navy)
	p.SetFont("sans", "B", 13)
	name := r.Authority.Names.In(p.w.Lang())
	p.MultiCell(textWidth, 7, name.Value, "", "C", false)
	p.text(muted)
	p.SetFont("sans", "", 9)
	for _, t := range r.Authority.Names {
		if t.Lang == "EN" && t.Value != name.Value {
			p.SetX(margin)
			p.CellFormat(textWidth, 5, t.Value, "", 2, "C", false, 0, "")
		}
	}
	if r.Authority.Address != "" {
		p.SetX(margin)
		p.CellFormat(textWidth, 5, r.Authority.Address, "", 2, "C", false, 0, "")
	}
	y := p.GetY() + 5
	p.line(navy, 0.5)
	p.Line(margin, y, pageWidth/2-5, y)
	p.Line(pageWidth/2+5, y, pageWidth-margin, y)
	p.line(navy, 0.35)
	p.Polygon([]fpdf.PointType{{X: pageWidth / 2, Y: y - 2}, {X: pageWidth/2 + 2, Y: y}, {X: pageWidth / 2, Y: y + 2}, {X: pageWidth/2 - 2, Y: y}}, "D")
	p.SetY(y)
}

func (p *page) title(title, certifies string) {
	p.SetXY(margin, p.GetY()+11)
	p.text(ink)
	p.SetFont("serif", "B", 21)
	p.MultiCell(textWidth, 10, title, "", "C", false)
	p.SetXY(margin+12, p.GetY()+3)
	p.text(muted)
	p.SetFont("sans", "", 9.5)
	p.MultiCell(textWidth-24, 5, certifies, "", "C", false)
	p.SetY(p.GetY() + 5)
}

// block writes a heading and its fields between fine rules; the names of the holder stand out.
func (p *page) block(heading string, fields []field, strong bool) {
	if len(fields) == 0 {
		return
	}
	p.SetXY(margin, p.GetY()+4)
	p.text(navy)
	p.SetFont("sans", "B", 9)
	p.CellFormat(textWidth, 7, heading, "", 2, "L", false, 0, "")
	p.line(navy, 0.4)
	p.Line(margin, p.GetY(), pageWidth-margin, p.GetY())
	for _, f := range fields {
		p.row(f, strong)
	}
}

func (p *page) row(f field, strong bool) {
	const pad, lh = 1.7, 5.2
	if p.GetY() > pageBottom {
		p.AddPage()
		p.frame()
		p.SetY(margin)
	}
	top := p.GetY()
	size := 10.0
	if strong {
		size = 11
	}
	valueWidth := textWidth - labelWidth
	// The value decides the height of the row, so it is written first.
	p.SetXY(margin+labelWidth, top+pad)
	p.text(ink)
	p.SetFont("sans", weight(strong), size)
	p.MultiCell(valueWidth, lh, f.value, "", "L", false)
	if f.second != "" {
		p.SetX(margin + labelWidth)
		p.text(muted)
		p.SetFont("sans", "", 9)
		p.MultiCell(valueWidth, 4.6, f.second, "", "L", false)
	}
	bottom := p.GetY()
	p.SetXY(margin, top+pad)
	p.text(muted)
	p.SetFont("sans", "", 9)
	p.MultiCell(labelWidth-2, lh, f.label, "", "L", false)
	bottom = max(bottom, p.GetY()) + pad
	p.line(hair, 0.2)
	p.Line(margin, bottom, pageWidth-margin, bottom)
	p.SetY(bottom)
}

func weight(strong bool) string {
	if strong {
		return "B"
	}
	return ""
}

// foot says on tinted ground that the document is a demonstration.
func (p *page) foot(note string) {
	const height = 9.0
	y := pageHeight - frame - 16
	p.SetFillColor(tint.r, tint.g, tint.b)
	p.line(hair, 0.2)
	p.Rect(margin, y, textWidth, height, "FD")
	p.SetXY(margin, y)
	p.text(muted)
	p.SetFont("sans", "", 8)
	for size := 8.0; p.GetStringWidth(note) > textWidth-4 && size > 5; {
		size -= 0.25
		p.SetFont("sans", "", size)
	}
	p.CellFormat(textWidth, height, note, "", 0, "C", false, 0, "")
}
