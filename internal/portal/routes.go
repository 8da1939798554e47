package portal

import "net/http"

// routes are the addresses of the portal, in the order of the journey.
func (p *Portal) routes() *http.ServeMux {
	mux := http.NewServeMux()
	p.site.Mount(mux)
	open := func(pattern string, f func(*visit) error) { mux.Handle(pattern, p.site.Handle(f)) }
	own := func(pattern string, f func(*visit, application) error) {
		mux.Handle(pattern, p.site.Handle(p.own(f)))
	}
	open("GET /{$}", p.procedureList)
	open("GET /procedures/{code}", p.landing)
	open("GET /procedures/{code}/login", p.loginChoice)
	open("GET /procedures/{code}/begin", p.identity)
	open("POST /procedures/{code}/begin", p.begin)
	open("GET /mine", p.mine)
	open("GET /mine/exchanged", p.exchanged)
	open("GET /mine/exchanged.json", p.exchangedFile)
	open("POST /logout", p.logout)
	open("GET /help", p.help)
	open("GET /return/{token}", p.returned)

	const application = "/applications/{application}"
	own("GET "+application+"/explanation", p.explanation)
	own("GET "+application, p.checklist)
	own("GET "+application+"/basket", p.basket)
	own("POST "+application+"/basket", p.askAll)
	own("POST "+application+"/basket/drop", p.drop)
	own("GET "+application+"/progress", p.progress)
	own("GET "+application+"/stronger", p.stronger)
	own("GET "+application+"/raised", p.raised)
	own("GET "+application+"/summary", p.summary)
	own("POST "+application+"/summary", p.submit)
	own("GET "+application+"/done", p.acknowledgement)
	own("GET "+application+"/receipt.pdf", p.receipt)

	const requirement = application + "/requirements/{requirement}"
	own("GET "+requirement+"/country", p.chooseCountry)
	own("GET "+requirement+"/evidence", p.alternatives)
	own("GET "+requirement+"/provider", p.chooseProvider)
	own("GET "+requirement+"/question", p.question)
	own("GET "+requirement+"/unsure", p.unsure)
	own("GET "+requirement+"/request", p.request)
	own("POST "+requirement+"/request", p.ask)
	own("POST "+requirement+"/collect", p.collect)
	own("GET "+requirement+"/upload", p.uploadForm)
	mux.Handle("POST "+requirement+"/upload", p.site.HandleUpTo(UploadLimit+(64<<10), p.own(p.upload)))
	own("POST "+requirement+"/reset", p.reset)

	const exchange = application + "/exchanges/{exchange}"
	own("GET "+exchange, p.exchange)
	own("POST "+exchange+"/preview", p.goToPreview)
	own("GET "+exchange+"/evidence/{document}", p.evidence)
	own("GET "+exchange+"/evidence/{document}/file", p.evidenceFile)

	mux.Handle("/", p.site.Missing())
	return mux
}
