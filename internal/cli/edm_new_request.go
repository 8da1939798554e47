package cli

import (
	"oots/edm"
	"oots/edm/specimen"
)

// newRequest makes an evidence request.
type newRequest struct {
	output          `embed:""`
	content         `embed:""`
	Second          bool   `help:"Make the second request of a preview."`
	PreviewLocation string `help:"Preview link, which makes it a second request." placeholder:"URL"`
	ReturnLocation  string `help:"Way back of the user in a second request; 2.0 only." placeholder:"URL"`
	NoPreview       bool   `help:"Offer no preview."`
}

// Help is the text below the usage line.
func (newRequest) Help() string {
	return `Without flags it is a first request of release line 2.0, about a made-up person, for a diploma as PDF. What a flag
says is taken as it is. It exits with 1 when the message is written and not valid, with the rules that it breaks.

Examples:
  oots edm new request > request.xml
  oots edm new request --version v1.2 --procedure X1 --legal-person --represented
  oots edm new request --second --id 5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c102 --at 2026-09-14T08:30:00Z`
}

// Run writes the request.
func (n newRequest) Run(s streams) error {
	begun, err := n.begin(edm.V20)
	if err != nil {
		return err
	}
	f := n.facts()
	f.ID, f.At, f.NoPreview = "urn:uuid:"+begun.id, begun.at, n.NoPreview
	f.PreviewLocation, f.ReturnLocation = n.PreviewLocation, n.ReturnLocation
	if n.Second && f.PreviewLocation == "" {
		f.PreviewLocation = "https://preview.example.gr/s/9sXh2mQ0b7dP4rTt1LkWcA"
	}
	r := specimen.Request(f)
	if begun.line.Before(edm.V20) && n.ReturnLocation == "" {
		r.ReturnLocation = "" // nobody asked for it
	}
	return message{request: r}.deliver(s, begun.line, n.Out)
}
