package edmxml

import (
	"oots/edm"
	"oots/regrep"
)

// AppendRequest appends r as a query:QueryRequest, in the form of its version. What that release line cannot
// say is left out. The error is ErrVersion.
func AppendRequest(dst []byte, r *edm.Request) ([]byte, error) {
	says, err := speak(r.Version)
	if err != nil {
		return dst, err
	}
	return write(dst, func(w *regrep.Writer) { writeRequest(w, r, says) }), nil
}

// AppendResponse appends r as a query:QueryResponse, in the form of its version. What that release line cannot
// say is left out. The error is ErrVersion.
func AppendResponse(dst []byte, r *edm.Response) ([]byte, error) {
	says, err := speak(r.Version)
	if err != nil {
		return dst, err
	}
	return write(dst, func(w *regrep.Writer) { writeResponse(w, r, says) }), nil
}

// AppendError appends e as a query:QueryResponse with exceptions, in the form of its version. What that
// release line cannot say is left out. The error is ErrVersion.
func AppendError(dst []byte, e *edm.ErrorResponse) ([]byte, error) {
	says, err := speak(e.Version)
	if err != nil {
		return dst, err
	}
	return write(dst, func(w *regrep.Writer) { writeError(w, e, says) }), nil
}

func write(dst []byte, content func(*regrep.Writer)) []byte {
	w := regrep.NewWriter(dst)
	w.Declaration()
	content(w)
	return w.Bytes
}
