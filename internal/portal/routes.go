package portal

import "net/http"

// routes are the addresses of the portal, in the order of the journey.
func (p *Portal) routes() *http.ServeMux {
	mux := http.NewServeMux()
	p.site.Mount(mux)
	open := func(pattern string, f func(*visit) error) { mux.Handle(pattern, p.site.Handle(f)) }
	mine := func(pattern string, f func(*visit, application) error) {
		mux.Handle(pattern, p.site.Handle(p.own(f)))
	}
	open("GET /{$}", p.procedureList)
	open("GET /procedures/{code}", p.landing)
	open("GET /procedures/{code}/login", p.loginChoice)
	open("GET /procedures/{code}/begin", p.identity)
	open("POST /procedures/{code}/begin", p.begin)
	open("POST /logout", p.logout)
	open("GET /help", p.help)
	open("GET /return/{token}", p.returned)

	const application = "/applications/{application}"
	mine("GET "+application+"/explanation", p.explanation)
	mine("GET "+application, p.checklist)
	mine("GET "+application+"/basket", p.basket)
	mine("POST "+application+"/basket", p.askAll)
	mine("POST "+application+"/basket/drop", p.drop)
	mine("GET "+application+"/progress", p.progress)
	mine("GET "+application+"/stronger", p.stronger)
	mine("GET "+application+"/raised", p.raised)
	mine("GET "+application+"/summary", p.summary)
	mine("POST "+application+"/summary", p.submit)
	mine("GET "+application+"/done", p.acknowledgement)

	const requirement = application + "/requirements/{requirement}"
	mine("GET "+requirement+"/country", p.chooseCountry)
	mine("GET "+requirement+"/evidence", p.alternatives)
	mine("GET "+requirement+"/provider", p.chooseProvider)
	mine("GET "+requirement+"/question", p.question)
	mine("GET "+requirement+"/unsure", p.unsure)
	mine("GET "+requirement+"/request", p.request)
	mine("POST "+requirement+"/request", p.ask)
	mine("POST "+requirement+"/collect", p.collect)
	mine("GET "+requirement+"/upload", p.uploadForm)
	mux.Handle("POST "+requirement+"/upload", p.site.HandleUpTo(UploadLimit+(64<<10), p.own(p.upload)))
	mine("POST "+requirement+"/reset", p.reset)

	const exchange = application + "/exchanges/{exchange}"
	mine("GET "+exchange, p.exchange)
	mine("POST "+exchange+"/preview", p.goToPreview)
	mine("GET "+exchange+"/evidence/{document}", p.evidence)
	mine("GET "+exchange+"/evidence/{document}/file", p.evidenceFile)

	mux.Handle("/", p.site.Missing())
	return mux
}
