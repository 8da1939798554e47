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

// line writes the one line of a request: the route, never the address, because addresses hold tokens and
// identifiers; and no address of the client.
func (r *recorder) line(log *slog.Logger, q *http.Request, took time.Duration, more ...slog.Attr) {
	log.LogAttrs(q.Context(), slog.LevelInfo, "request", append([]slog.Attr{
		slog.String("method", q.Method), slog.String("route", q.Pattern), slog.Int("status", r.status),
		slog.Int64("bytes", r.bytes), slog.Duration("took", took),
	}, more...)...)
}

// Logged writes one line about each answer of next, which is no page of a Site: route and figures, nothing of
// what was sent.
func Logged(log *slog.Logger, now func() time.Time, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		begun := now()
		out := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(out, q)
		out.line(log, q, now().Sub(begun))
	})
}

// access writes the line of a page, with the reference that it may show.
func (s *Site[S]) access(v *Visit[S], out *recorder, begun time.Time) {
	out.line(s.Log, v.R, s.Clock.Now().Sub(begun), slog.String("ref", v.ref))
}
