package portal

import (
	"bytes"
	"fmt"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"

	"oots/edm"
	"oots/internal/web"
)

// proof is one document of a submitted application, as the acknowledgement lists it: the digest tells whether a file
// is the one that was handed in. [SDGR art. 6(2)] [ux-guidance P17]
type proof struct {
	Requirement edm.Texts
	Title       web.Foreign
	From        edm.Texts // nil for an upload
	Format      string
	Size        int64
	Issued      edm.Date // "" when not known
	SHA256      string
}

// proofs are the documents of an application in the order of its requirements.
func proofs(v *visit, a application) []proof {
	var out []proof
	for _, c := range a.Cards {
		for _, x := range c.Exchanges {
			for _, d := range x.Evidence {
				out = append(out, proof{
					Requirement: c.Requirement.Names, Title: v.As(d.Language, d.Title), From: x.Provider.Names,
					Format: d.Format, Size: d.Size, Issued: d.IssuingDate, SHA256: d.SHA256,
				})
			}
		}
		if u := c.Upload; u != nil {
			out = append(out, proof{
				Requirement: c.Requirement.Names, Title: web.Foreign{Value: u.Name}, Format: u.MediaType, Size: u.Size, SHA256: u.SHA256,
			})
		}
	}
	return out
}

// receipt is the acknowledgement as a file, with everything that was handed in.
func (p *Portal) receipt(v *visit, a application) error {
	if !a.Closed() {
		return v.Redirect(a.Path())
	}
	b, err := p.receiptPDF(v, a)
	if err != nil {
		return err
	}
	return v.Serve(web.Document{Name: v.T("portal/receipt.file") + ".pdf", MediaType: "application/pdf", Content: b, Download: true})
}

func (p *Portal) receiptPDF(v *visit, a application) ([]byte, error) {
	s := newSheet(v.Lang(), v.T("portal/receipt.title"))
	s.heading(v.In(p.site.Names).Value, v.T("portal/receipt.title"))
	s.row(v.T("portal/receipt.number"), a.ID)
	s.row(v.T("portal/receipt.procedure"), v.In(p.named(a).Titles).Value)
	s.row(v.T("portal/receipt.received"), v.Moment(a.Submitted))
	for _, who := range applicant(v, a.User) {
		if who.Heading != "" {
			s.section(who.Heading)
		}
		for _, f := range who.Facts {
			value := f.Value
			if f.Original != "" {
				value += " · " + f.Original
			}
			s.row(f.Label, value)
		}
	}
	s.section(v.T("portal/receipt.documents"))
	all := proofs(v, a)
	if len(all) == 0 {
		s.text(v.T("portal/receipt.none"))
	}
	for _, d := range all {
		s.section(d.Title.Value)
		s.row(v.T("portal/receipt.proves"), v.In(d.Requirement).Value)
		if d.From != nil {
			s.row(v.T("portal/receipt.from"), v.In(d.From).Value)
		} else {
			s.row(v.T("portal/receipt.from"), v.T("portal/receipt.yourself"))
		}
		if d.Issued != "" {
			s.row(v.T("portal/receipt.issued"), v.Date(d.Issued))
		}
		s.row(v.T("portal/receipt.format"), v.Format(d.Format)+", "+v.Size(d.Size))
		s.row("SHA-256", d.SHA256)
	}
	if len(p.support) > 0 {
		s.section(v.T("portal/receipt.support"))
		s.text(v.In(p.support).Value)
	}
	return s.bytes()
}

// sheet is a plain paper of labels and values.
type sheet struct{ *fpdf.Fpdf }

// Measures of the sheet in millimetres.
const (
	sheetMargin = 22.0
	sheetLabel  = 55.0
	sheetLine   = 5.6
)

func newSheet(lang, title string) *sheet {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetMargins(sheetMargin, sheetMargin, sheetMargin)
	f.SetAutoPageBreak(true, sheetMargin)
	f.AddUTF8FontFromBytes("sans", "", dejavusans.TTF)
	f.AddUTF8FontFromBytes("sans", "B", dejavusansbold.TTF)
	f.SetTitle(title, true)
	f.SetLang(lang)
	f.AddPage()
	return &sheet{f}
}

func (s *sheet) heading(over, title string) {
	s.SetFont("sans", "", 10)
	s.MultiCell(0, sheetLine, over, "", "L", false)
	s.SetFont("sans", "B", 18)
	s.MultiCell(0, 10, title, "", "L", false)
	s.Ln(4)
}

func (s *sheet) section(title string) {
	s.Ln(3)
	s.SetFont("sans", "B", 11)
	s.MultiCell(0, 7, title, "", "L", false)
}

func (s *sheet) row(label, value string) {
	if value == "" {
		return
	}
	s.SetFont("sans", "", 9)
	width, _ := s.GetPageSize()
	width -= 2*sheetMargin + sheetLabel
	lines := s.SplitText(value, width)
	if _, height := s.GetPageSize(); s.GetY()+float64(len(lines))*sheetLine > height-sheetMargin {
		s.AddPage()
	}
	s.CellFormat(sheetLabel, sheetLine, label, "", 0, "L", false, 0, "")
	for i, line := range lines {
		if i > 0 {
			s.SetX(sheetMargin + sheetLabel)
		}
		s.CellFormat(width, sheetLine, line, "", 1, "L", false, 0, "")
	}
}

func (s *sheet) text(t string) {
	s.SetFont("sans", "", 9)
	s.MultiCell(0, sheetLine, t, "", "L", false)
}

func (s *sheet) bytes() ([]byte, error) {
	var b bytes.Buffer
	if err := s.Output(&b); err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	return b.Bytes(), nil
}
