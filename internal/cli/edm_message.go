package cli

import (
	"fmt"
	"os"

	"oots/edm"
	"oots/edm/convert"
	"oots/edm/edmxml"
	"oots/rule"
)

// A message is one of the three, read or made.
type message struct {
	request  *edm.Request
	response *edm.Response
	failure  *edm.ErrorResponse
}

// convert rewrites the message in a release line.
func (m message) convert(to edm.Version, given convert.Given) (message, []convert.Loss) {
	var out message
	var losses []convert.Loss
	switch {
	case m.request != nil:
		out.request, losses = convert.Request(m.request, to, given)
	case m.response != nil:
		out.response, losses = convert.Response(m.response, to, given)
	default:
		out.failure, losses = convert.Error(m.failure, to)
	}
	return out, losses
}

func (m message) append() ([]byte, error) {
	switch {
	case m.request != nil:
		return edmxml.AppendRequest(nil, m.request)
	case m.response != nil:
		return edmxml.AppendResponse(nil, m.response)
	}
	return edmxml.AppendError(nil, m.failure)
}

// check returns the rules that the message breaks.
func (m message) check() []rule.Finding {
	switch {
	case m.request != nil:
		return edm.CheckRequest(m.request)
	case m.response != nil:
		return edm.CheckResponse(m.response)
	}
	return edm.CheckError(m.failure)
}

// write writes the message to a file, or to the standard output for "".
func (m message) write(s streams, name string) error {
	b, err := m.append()
	if err != nil {
		return err
	}
	if name == "" {
		_, err = s.out.Write(b)
		return err
	}
	return os.WriteFile(name, b, 0o644)
}

// finish writes a message that was made; what it breaks is told, and the answer is no.
func (m message) finish(s streams, name string) error {
	if err := m.write(s, name); err != nil {
		return err
	}
	refused := false
	for _, f := range m.check() {
		if f.Severity == rule.Fatal {
			fmt.Fprintln(s.err, f)
			refused = true
		}
	}
	if refused {
		fmt.Fprintln(s.err, "oots: the message is not valid as it was filled")
		return errNo
	}
	return nil
}

// deliver writes a message of 2.0 that was made in the line that is wanted, and tells what that line cannot say of
// what was asked for.
func (m message) deliver(s streams, line edm.Version, name string) error {
	out, losses := m.convert(line, convert.Given{})
	for _, l := range losses {
		if l.Kind == convert.Lost || l.Kind == convert.Changed {
			fmt.Fprintf(s.err, "%s: %s %s: %s\n", line.Line(), l.Kind, l.What, l.Why)
		}
	}
	return out.finish(s, name)
}
