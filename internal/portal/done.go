package portal

import (
	"net/http"

	"oots/edm"
	"oots/internal/web"
)

// donePage acknowledges the application. [SDGR art. 6(2)] [ux-guidance P17]
type donePage struct {
	web.Frame
	App       application
	Procedure Procedure
	Cards     []cardView
	Proofs    []proof
	Support   edm.Texts
}

func (p *Portal) acknowledgement(v *visit, a application) error {
	if !a.Closed() {
		return v.Redirect(a.Path())
	}
	return v.Show(http.StatusOK, "done", &donePage{
		Frame: p.page(v, v.T("portal/done.title")), App: a, Procedure: p.named(a), Cards: cardViews(v, a), Proofs: proofs(v, a), Support: p.support,
	})
}
