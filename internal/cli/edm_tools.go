package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/internal/validator"
	"oots/rule"
)

// edmTools make and rewrite messages of the exchange.
type edmTools struct {
	New     newMessage     `cmd:"" help:"Make a valid specimen of a message."`
	Convert convertMessage `cmd:"" help:"Rewrite a message in another release line."`
}

// newMessage makes one of the three messages.
type newMessage struct {
	Request  newRequest  `cmd:"" help:"Make an evidence request."`
	Response newResponse `cmd:"" help:"Make an evidence response."`
	Error    newError    `cmd:"" help:"Make an evidence error response."`
}

// lineOf reads a release line as people write it: 1.2, v1.2 or oots-edm:v1.2.
func lineOf(word string) (edm.Version, error) {
	line := validator.Line(strings.TrimPrefix(strings.TrimSpace(word), "v"))
	for _, v := range edm.Versions() {
		if v.Line() == line {
			return v, nil
		}
	}
	return "", &hint{fmt.Errorf("%q is no release line", word), "one of " + strings.Join(validator.Lines(), ", ")}
}

// readMessage reads a file, or the standard input for "-". Findings are the rules that the message breaks in its
// own release line.
func readMessage(name string) (message, []rule.Finding, error) {
	b, err := readInput(name)
	if err != nil {
		return message{}, nil, err
	}
	request, findings, notRequest := edmxml.ParseRequest(b)
	if notRequest == nil {
		return message{request: request}, findings, nil
	}
	response, failure, findings, err := edmxml.ParseResponse(b)
	if err == nil {
		return message{response: response, failure: failure}, findings, nil
	}
	return message{}, nil, &hint{fmt.Errorf("%s: %w, and %w", name, notRequest, err), "oots validate " + name}
}

// readInput reads what may be judged at most.
func readInput(name string) ([]byte, error) {
	in := os.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, validator.MaxBytes+1))
	if err == nil && len(b) > validator.MaxBytes {
		err = fmt.Errorf("%s: more than %d bytes", name, validator.MaxBytes)
	}
	return b, err
}

// errNoRequest ends a command that wants a request to answer.
var errNoRequest = errors.New("not an evidence request")
