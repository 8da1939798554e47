package portal

import (
	"net/http"

	"oots/directory"
	"oots/internal/web"
)

// explanationPage says what the once-only system does before the user asks for anything.
// [SDGR art. 14(3), 14(4)] [IR 2022/1463 art. 9] [ux-guidance P4]
type explanationPage struct {
	web.Frame
	App       application
	Procedure Procedure
	Previews  bool // the user sees the evidence before it is sent
}

func (p *Portal) explanation(v *visit, a application) error {
	return v.Show(http.StatusOK, "explanation", &explanationPage{
		Frame: p.page(v, v.T("portal/explanation.title")), App: a, Procedure: p.named(a),
		Previews: p.requester.Forwarded(a.User, a.Procedure, directory.DataService{}).PossibilityForPreview,
	})
}

// named is the procedure of an application; one that is no longer offered has its code for a title.
func (p *Portal) named(a application) Procedure {
	for _, x := range p.procedures {
		if x.Code == a.Procedure {
			return x
		}
	}
	return Procedure{Code: a.Procedure, Titles: titled(a.Procedure)}
}
