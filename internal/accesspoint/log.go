package accesspoint

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"oots/internal/accesspoint/settings"
)

// NewLog makes the log of a configuration.
func NewLog(w io.Writer, c settings.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if c.Form == "text" {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}

// A recorded response knows what was answered.
type recorded struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (r *recorded) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (r *recorded) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorded) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorded) answered() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// accessLog writes a line for each request: without query, address and credentials.
func accessLog(log *slog.Logger, listener string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorded{ResponseWriter: w}
		defer func() {
			level := slog.LevelInfo
			if listener == "monitor" {
				level = slog.LevelDebug
			}
			log.Log(r.Context(), level, "request", "listener", listener, "method", r.Method, "path", r.URL.EscapedPath(), "status", rec.answered(),
				"bytes", rec.bytes, "duration", time.Since(began).Round(time.Microsecond).String())
		}()
		h.ServeHTTP(rec, r)
	})
}
