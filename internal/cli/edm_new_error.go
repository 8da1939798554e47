package cli

import (
	"fmt"
	"strings"

	"oots/edm"
	"oots/edm/convert"
	"oots/edm/specimen"
)

// newError makes an evidence error response.
type newError struct {
	output          `embed:""`
	answered        `embed:""`
	content         `embed:""`
	Code            string `help:"EDM:ERR:0001 to EDM:ERR:0008. The default is 0004, or 0002 with a preview." placeholder:"CODE"`
	Detail          string `help:"Rule id or short explanation." placeholder:"TEXT"`
	PreviewLocation string `help:"Ask for a preview under this link." placeholder:"URL"`
	Description     string `help:"What the preview is about, in English." placeholder:"TEXT"`
	PreviewMethod   string `help:"GET, POST or PUT; up to 1.2." placeholder:"METHOD"`
}

// Help is the text below the usage line.
func (newError) Help() string {
	return `It refuses the request of --for in the release line of that request, or a request with the content of the flags.
It exits with 1 when the message is written and not valid.

Examples:
  oots edm new error --for request.xml --code EDM:ERR:0003 --detail R-EDM-REQ-C003
  oots edm new error --for request.xml --preview-location https://preview.example.gr/s/1 > preview.xml`
}

// Run writes the error.
func (n newError) Run(s streams) error {
	if _, known := edm.Code(n.Code).Row(); n.Code != "" && !known {
		var codes []string
		for _, row := range edm.Table {
			codes = append(codes, string(row.Code))
		}
		return &hint{fmt.Errorf("%q is no error code", n.Code), strings.Join(codes, ", ")}
	}
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
	out, _ := message{failure: specimen.Error(r, specimen.Answer{
		ID: begun.id, At: begun.at, Code: edm.Code(n.Code), Detail: n.Detail, PreviewLocation: n.PreviewLocation, Description: n.Description,
	})}.convert(begun.line, convert.Given{})
	if x := out.failure.PreviewRequired(); x != nil && n.PreviewMethod != "" && begun.line.Before(edm.V20) {
		x.Preview.Method = n.PreviewMethod
	}
	return out.finish(s, n.Out)
}
