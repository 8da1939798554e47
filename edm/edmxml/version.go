package edmxml

import (
	"errors"
	"fmt"

	"oots/edm"
	"oots/regrep"
)

// ErrVersion is returned by writers for a release line that this build does not write.
var ErrVersion = errors.New("version of the exchange data model is not written")

// A dialect is how one release line spells the messages. A new line is a new row in speak.
type dialect struct {
	request  func(*regrep.Writer, *edm.Request)
	response func(*regrep.Writer, *edm.Response)
	failure  func(*regrep.Writer, *edm.ErrorResponse)
}

// speak returns the dialect of a release line.
func speak(v edm.Version) (dialect, error) {
	switch v {
	case edm.V20:
		return dialect{request: writeRequest20, response: writeResponse20, failure: writeError20}, nil
	}
	return dialect{}, fmt.Errorf("%w: %q", ErrVersion, string(v))
}

// Writes reports whether this build can write messages of the release line.
func Writes(v edm.Version) bool {
	_, err := speak(v)
	return err == nil
}

// AppendRequest appends r as a query:QueryRequest. The error is ErrVersion.
func AppendRequest(dst []byte, r *edm.Request) ([]byte, error) {
	d, err := speak(r.Version)
	if err != nil {
		return dst, err
	}
	return write(dst, func(w *regrep.Writer) { d.request(w, r) }), nil
}

// AppendResponse appends r as a query:QueryResponse. The error is ErrVersion.
func AppendResponse(dst []byte, r *edm.Response) ([]byte, error) {
	d, err := speak(r.Version)
	if err != nil {
		return dst, err
	}
	return write(dst, func(w *regrep.Writer) { d.response(w, r) }), nil
}

// AppendError appends e as a query:QueryResponse with exceptions. The error is ErrVersion.
func AppendError(dst []byte, e *edm.ErrorResponse) ([]byte, error) {
	d, err := speak(e.Version)
	if err != nil {
		return dst, err
	}
	return write(dst, func(w *regrep.Writer) { d.failure(w, e) }), nil
}

func write(dst []byte, content func(*regrep.Writer)) []byte {
	w := regrep.NewWriter(dst)
	w.Declaration()
	content(w)
	return w.Bytes
}
