package web

import (
	"log/slog"
	"net/http"
	"time"
)

// recorder remembers status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// access writes the one line of a request: the route, never the address, because addresses hold tokens
// and identifiers; and no address of the client.
func (s *Site[S]) access(v *Visit[S], out *recorder, begun time.Time) {
	s.Log.LogAttrs(v.R.Context(), slog.LevelInfo, "request",
		slog.String("method", v.R.Method), slog.String("route", v.R.Pattern), slog.Int("status", out.status),
		slog.Int64("bytes", out.bytes), slog.Duration("took", s.Clock.Now().Sub(begun)), slog.String("ref", v.ref))
}
