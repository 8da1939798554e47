package gateway_test

import (
	"bytes"
	"crypto/x509"
	"os"
	"testing"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/gateway"
)

var keyDir string

// tempDir is a folder for the keys that all tests share.
func tempDir() (string, error) {
	var err error
	keyDir, err = os.MkdirTemp("", "oots-keys-")
	return keyDir, err
}

func TestMain(m *testing.M) {
	code := m.Run()
	if keyDir != "" {
		os.RemoveAll(keyDir)
	}
	os.Exit(code)
}

func certs(c ...*x509.Certificate) []*x509.Certificate { return c }

// modes are the P-Modes of OOTS between self and its peers.
func modes(self pmode.Party, peers ...pmode.Party) *pmode.Set {
	return &pmode.Set{
		Self: self, Peers: peers,
		Service:    ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"},
		Actions:    []string{"ExecuteQueryRequest", "ExecuteQueryResponse", "ExceptionResponse"},
		Properties: pmode.FourCorner(),
	}
}

// text is the content of one payload.
func text(d gateway.Delivery, i int) string {
	b, err := as4.ReadAll(d.Payloads[i].Content)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// whole is the entity as it goes over the wire.
func whole(t *testing.T, e *as4.Entity) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := e.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
