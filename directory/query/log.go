package query

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

func (s *Server) log(q *http.Request, r *Request, out *signed, keyID string, took time.Duration) {
	attrs := [...]slog.Attr{
		slog.String("id", s.NewID()),
		slog.String("service", string(s.Service)),
		slog.String("queryId", clip(string(r.Query))),
		slog.String("procedure", clip(r.Procedure)),
		slog.String("country", clip(r.Country)),
		slog.String("requirement", clip(r.Requirement)),
		slog.String("evidenceType", clip(r.Classification)),
		slog.String("specification", clip(r.Specification)),
		slog.Any("concepts", r.Concepts()),
		slog.String("accepts", clip(strings.Join(q.Header.Values(HeaderAcceptVersion), ","))),
		slog.String("version", string(r.Version)),
		slog.String("outcome", out.result),
		slog.Int("records", out.records),
		slog.Duration("took", took),
		slog.String("digest", out.digest),
		slog.String("signer", keyID),
		slog.String("network", network(q.RemoteAddr)),
		slog.String("userAgent", clip(q.UserAgent())),
	}
	s.Log.LogAttrs(q.Context(), slog.LevelInfo, "query", attrs[:]...)
}

// clip bounds what a stranger puts into the log.
func clip(s string) string {
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "")
	}
	return s
}

// network is a client address without its last part: /24 of IPv4, /48 of IPv6.
func network(remote string) string {
	a, err := netip.ParseAddrPort(remote)
	if err != nil {
		return ""
	}
	bits := 48
	if a.Addr().Unmap().Is4() {
		bits = 24
	}
	p, err := a.Addr().Unmap().Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
