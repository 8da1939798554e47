package lcm

import (
	"errors"
	"fmt"
	"strings"

	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

const exceptionType = "rs:InvalidRequestExceptionType"

// AppendResponse writes the rs:RegistryResponse to a submission: a Failure with one exception for each Fatal
// finding, a Success when there is none. request is the @id of the submission, "" when it could not be read; one that
// is no urn:uuid: is not repeated. [TDD 3.6.3] [R-LCM-ERR-003, R-LCM-ERR-004]
func AppendResponse(dst []byte, request string, fs []Finding) []byte {
	if !urnUUID.MatchString(request) {
		request = ""
	}
	w := regrep.NewWriter(dst)
	w.Declaration()
	attrs := []string{
		"xmlns:rs", regrep.NamespaceRS, "xmlns:rim", regrep.NamespaceRIM, "xmlns:xsi", regrep.NamespaceXSI,
		"status", regrep.StatusSuccess, "requestId", request,
	}
	if !Refuses(fs) {
		w.Empty("rs:RegistryResponse", attrs...)
		return w.Bytes
	}
	attrs[7] = regrep.StatusFailure
	w.Open("rs:RegistryResponse", attrs...)
	for i := range fs {
		if f := &fs[i]; f.Severity == rule.Fatal {
			w.Exception(regrep.Exception{Type: exceptionType, Severity: regrep.SeverityError, Message: f.Code.Message(), Code: string(f.Code), Detail: f.detail()}, nil)
		}
	}
	w.Close()
	return w.Bytes
}

// detail names rule and object, and says what would satisfy the rule.
func (f *Finding) detail() string {
	parts := []string{string(f.Rule)}
	if f.Object != "" {
		parts = append(parts, f.Object)
	} else if f.Record != "" {
		parts = append(parts, f.Record)
	} else if f.Line > 0 {
		parts = append(parts, fmt.Sprintf("line %d", f.Line))
	}
	if f.Want != "" {
		parts = append(parts, "(want "+f.Want+")")
	}
	return strings.Join(parts, " ")
}

// A Response is the answer to a submission.
type Response struct {
	Request    string // @requestId; "" when the directory could not read it
	Success    bool
	Exceptions []regrep.Exception // none in a success
}

// ParseResponse reads an rs:RegistryResponse. The error is an *Error when b is none. Whether it keeps the rules
// is for package directory/rules.
func ParseResponse(b []byte) (*Response, error) {
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		return nil, unreadable(err)
	}
	root := doc.Root
	if !root.Is(regrep.NamespaceRS, "RegistryResponse") {
		return nil, &Error{Line: root.Line, Msg: "the root is not rs:RegistryResponse"}
	}
	status, _ := root.Attr("", "status")
	if status != regrep.StatusSuccess && status != regrep.StatusFailure {
		return nil, &Error{Line: root.Line, Msg: "the status is neither Success nor Failure"}
	}
	r := &Response{Success: status == regrep.StatusSuccess, Exceptions: regrep.ReadExceptions(root)}
	r.Request, _ = root.Attr("", "requestId")
	if r.Success && len(r.Exceptions) > 0 {
		return nil, &Error{Line: root.Line, Msg: "a success with exceptions"}
	}
	return r, nil
}

func unreadable(err error) *Error {
	var s *xmltree.SyntaxError
	if errors.As(err, &s) {
		return &Error{Line: s.Line, Msg: s.Msg}
	}
	return &Error{Msg: err.Error()}
}
