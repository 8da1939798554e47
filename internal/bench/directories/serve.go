package directories

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"runtime"
	"time"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
	"oots/internal/clock"
	"oots/internal/dsd"
	"oots/internal/eb"
)

// Serve answers queries over a catalogue on loopback until ctx ends, and logs to log. It prints its address,
// and how many bytes the catalogue takes on the heap, on one line of out.
func Serve(ctx context.Context, c *directory.Catalogue, log, out io.Writer) error {
	signer, err := newSigner(time.Now())
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	server := &http.Server{Handler: handler(c, signer, log), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	fmt.Fprintf(out, "%s %d\n", l.Addr(), m.HeapAlloc)
	if err := query.Serve(server, l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

type source struct{ c *directory.Catalogue }

func (s source) Catalogue() *directory.Catalogue { return s.c }

func handler(c *directory.Catalogue, signer query.Signer, log io.Writer) http.Handler {
	now := clock.System()
	logger := slog.New(slog.NewJSONHandler(log, nil))
	mux := http.NewServeMux()
	mux.Handle("/eb/", eb.New(eb.Deps{Source: source{c}, Signer: signer, Clock: now, Log: logger}))
	mux.Handle("/dsd/", dsd.New(dsd.Deps{Source: source{c}, Signer: signer, Clock: now, Log: logger}))
	return mux
}

// newSigner makes a key with a chain as long as that of the real directories: their header of about 8 kB is
// part of what every answer costs.
func newSigner(now time.Time) (*jades.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "oots bench"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		ExtraExtensions: []pkix.Extension{{Id: []int{2, 999, 1}, Value: make([]byte, 4000)}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return jades.NewSigner(key, []*x509.Certificate{certificate}, now)
}
