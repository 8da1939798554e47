package cli

import (
	"fmt"
	"time"

	"oots/edm"
	"oots/edm/convert"
	"oots/edm/specimen"
)

// newResponse makes an evidence response.
type newResponse struct {
	output      `embed:""`
	answered    `embed:""`
	content     `embed:""`
	Status      string `help:"success, empty, or unavailable: the evidence comes later." enum:"success,empty,unavailable" default:"success"`
	AvailableAt string `help:"When to ask again, with --status unavailable. The default is in two days." placeholder:"TIME"`
	Evidences   int    `help:"How many evidences a success brings." default:"1"`
	Title       string `help:"Title of the document." placeholder:"TITLE"`
	IssuingDate string `help:"Day on which the evidence was issued." placeholder:"YYYY-MM-DD"`
}

// Help is the text below the usage line.
func (newResponse) Help() string {
	return `It answers the request of --for in the release line of that request, or a request with the content of the flags. The
documents are named by Content-ID, and are no part of what is written. With --associated, 2.0 has them in the
package of the evidence, and 1.x beside it. It exits with 1 when the message is written and not valid.

Examples:
  oots edm new response --for request.xml > response.xml
  oots edm new response --for request.xml --status unavailable
  oots edm new response --version v1.2 --format application/xml --evidences 2`
}

// Run writes the response.
func (n newResponse) Run(s streams) error {
	begun, err := n.begin(edm.V20)
	if err != nil {
		return err
	}
	r, line, err := n.read(n.content, begun.at)
	if err != nil {
		return err
	}
	if n.Version == "" {
		begun.line = line
	}
	a := specimen.Answer{
		ID: begun.id, At: begun.at, NewID: convert.Derive(begun.id), Title: n.Title, IssuingDate: edm.Date(n.IssuingDate),
		Associated: kinds(n.Associated), Unavailable: n.Status == "unavailable",
	}
	if n.Status == "success" {
		a.Evidences = n.Evidences
	}
	if n.AvailableAt != "" {
		if a.AvailableAt, err = time.Parse(time.RFC3339, n.AvailableAt); err != nil {
			return &hint{fmt.Errorf("--available-at %q is no time", n.AvailableAt), "2026-09-16T06:00:00Z"}
		}
	}
	return message{response: specimen.Response(r, a)}.deliver(s, begun.line, n.Out)
}
