package portal

import (
	"net/http"

	"oots/internal/web"
)

// proceduresPage lists what the portal offers, before any login. [ux-guidance P0]
type proceduresPage struct {
	web.Frame
	Procedures []Procedure
}

func (p *Portal) procedureList(v *visit) error {
	return v.Show(http.StatusOK, "procedures", &proceduresPage{
		Frame: p.page(v, v.T("portal/procedures.title")), Procedures: p.procedures,
	})
}

// procedure finds the procedure with the code.
func (p *Portal) procedure(code string) (Procedure, error) {
	for _, x := range p.procedures {
		if x.Code == code {
			return x, nil
		}
	}
	return Procedure{}, web.NotFound
}
