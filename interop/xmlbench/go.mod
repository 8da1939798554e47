module oots/interop/xmlbench

go 1.26.1

require oots v0.0.0

require (
	github.com/beevik/etree v1.8.1
	github.com/jonboulle/clockwork v0.5.0 // indirect
	github.com/russellhaering/goxmldsig v1.6.1
)

replace oots => ../..
