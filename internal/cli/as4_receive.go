package cli

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"oots/edelivery/as4"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/sqlstore"
	"oots/internal/store"
	"oots/internal/vectors"
)

// receive is a plain receiver for tests with partners.
type receive struct {
	Listen  string `help:"Address to listen on." default:"localhost:8443" placeholder:"HOST:PORT"`
	PMode   string `name:"pmode" help:"P-Mode file (format of Domibus)." type:"existingfile" required:"" placeholder:"FILE"`
	Keys    string `help:"Folder with PARTY.crt.pem of every party and PARTY.key.pem of the receiving one." type:"existingdir" required:"" placeholder:"DIR"`
	Self    string `help:"Name of the receiving party; the default is the one that the P-Mode file names." placeholder:"PARTY"`
	Service string `help:"eb:Service, when the P-Mode file has several." placeholder:"SERVICE"`
	Dir     string `help:"Folder for what is received, and for the state; made when missing." required:"" type:"path" placeholder:"DIR"`
	TLSCert string `name:"tls-cert" help:"Certificate of the TLS server, chain included; the default is a test one made in the folder." type:"existingfile" placeholder:"FILE"`
	TLSKey  string `name:"tls-key" help:"Private key of the TLS server." type:"existingfile" placeholder:"FILE"`
	Plain   bool   `help:"Plain HTTP, behind a proxy that does TLS."`
	Count   int    `help:"Stop after so many messages, pings not counted; 0 means when interrupted." default:"0"`
	JSON    bool   `name:"json" help:"Print one JSON object per message."`
	Verbose bool   `short:"v" help:"Log what happens, pings and refusals included."`
}

// Help is the text below the usage line.
func (receive) Help() string {
	return `A whole access point without back end: it checks messages as eDelivery AS4 1.15 asks, acknowledges what is on disk,
answers a duplicate with the first receipt, and writes each message to DIR/messages/MESSAGE-ID/: message.json and the
payloads, numbered in their order. Pings are acknowledged and not kept. State survives a restart.

Example:
  oots as4 receive --pmode pmode.xml --keys keys --dir received --listen localhost:8443
  oots as4 ping --pmode pmode.xml --keys keys --from-party AP_XX_01 --to https://localhost:8443/as4 --ca received/tls/ca.crt.pem`
}

// Run serves until it is interrupted, or has received enough.
func (c receive) Run(ctx context.Context, s streams) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := os.MkdirAll(filepath.Join(c.Dir, "messages"), 0o700); err != nil {
		return err
	}
	state := filepath.Join(c.Dir, "state")
	sealing, err := pki.SealingKey(state)
	if err != nil {
		return err
	}
	db, err := sqlstore.Open(ctx, state, sealing)
	if err != nil {
		return err
	}
	defer db.Close()
	inbox := &inbox{dir: filepath.Join(c.Dir, "messages"), out: s, json: c.JSON, left: c.Count, enough: cancel}
	access, err := c.accessPoint(s, db, inbox)
	if err != nil {
		return err
	}
	if err := access.Recover(ctx); err != nil {
		return err
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	server := &http.Server{Handler: access, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	scheme := "https"
	if c.Plain {
		scheme = "http"
	} else if server.TLSConfig, err = c.tls(s); err != nil {
		listener.Close()
		return err
	}
	inbox.say("Listening on %s://%s/as4\n", scheme, hostPort(listener.Addr()))
	return serve(ctx, server, listener, access)
}

// serve runs the server and the delivery of messages until ctx ends.
func serve(ctx context.Context, server *http.Server, listener net.Listener, access *gateway.Gateway) error {
	var group sync.WaitGroup
	group.Go(func() { access.Run(ctx, time.Second) })
	group.Go(func() {
		<-ctx.Done()
		quiet, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		server.Shutdown(quiet)
	})
	var err error
	if server.TLSConfig != nil {
		err = server.ServeTLS(listener, "", "")
	} else {
		err = server.Serve(listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	if err == nil {
		group.Wait()
	}
	return err
}

func (c receive) accessPoint(s streams, db *sqlstore.Store, in *inbox) (*gateway.Gateway, error) {
	b, err := os.ReadFile(c.PMode)
	if err != nil {
		return nil, err
	}
	keys, err := vectors.OpenKeys(c.Keys)
	if err != nil {
		return nil, err
	}
	modes, err := vectors.ReadPModes(b, keys, vectors.PModeChoice{Self: c.Self, Service: c.Service})
	if err != nil {
		return nil, err
	}
	self, err := keys.Identity(modes.Self)
	if err != nil {
		return nil, err
	}
	return gateway.New(gateway.Config{
		Self: self, PModes: modes.Set, Store: db.Gateway(), Spool: db.Spool, Client: http.DefaultClient, Clock: clock.System(),
		Suffix: "receiver.as4.example", Owner: "receiver", Log: s.log(c.Verbose), Consume: in.consume,
		Fail: func(*store.Tx, string, string) error { return nil }, // nothing is sent
	})
}

func (c receive) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, &hint{fmt.Errorf("--listen %s: %w", c.Listen, err), "--listen localhost:0 for any free port"}
	}
	return l, nil
}

// tls loads the server's certificate, or makes a test one below a test authority in the folder.
func (c receive) tls(s streams) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: as4.TLS().CipherSuites}
	if c.TLSCert != "" || c.TLSKey != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return nil, &hint{fmt.Errorf("TLS certificate: %w", err), "--tls-cert FILE --tls-key FILE"}
		}
		config.Certificates = []tls.Certificate{pair}
		return config, nil
	}
	authority, err := pki.Open(filepath.Join(c.Dir, "tls"), time.Now().UTC())
	if err != nil {
		return nil, err
	}
	pair, err := authority.Server("server", "localhost", "127.0.0.1", "::1")
	if err != nil {
		return nil, err
	}
	if !c.JSON {
		fmt.Fprintf(s.out, "Test certificate for localhost; senders trust it with --ca %s\n", authority.RootFile())
	}
	config.Certificates = []tls.Certificate{{Certificate: [][]byte{pair.Certificate.Raw}, PrivateKey: pair.Key, Leaf: pair.Certificate}}
	return config, nil
}

// hostPort names a loopback address as the test certificate does.
func hostPort(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsLoopback() {
		return net.JoinHostPort("localhost", port)
	}
	return a.String()
}

// inbox writes what is delivered.
type inbox struct {
	dir    string
	mu     sync.Mutex
	out    streams
	json   bool
	left   int
	enough func()
}

func (b *inbox) say(format string, args ...any) {
	if !b.json {
		fmt.Fprintf(b.out.out, format, args...)
	}
}

// arrived is message.json, and the line that --json prints.
type arrived struct {
	messageSummary
	RefToMessageID string        `json:"refToMessageId,omitempty"`
	Payloads       []arrivedPart `json:"payloads"`
	Folder         string        `json:"folder"`
}

type arrivedPart struct {
	File      string `json:"file"`
	ContentID string `json:"contentId"`
	MimeType  string `json:"mimeType"`
	Size      int64  `json:"size"`
}

// consume writes a message into a folder of its own that appears when it is complete. A delivery that is offered
// again, because a commit failed, finds it there.
func (b *inbox) consume(tx *store.Tx, d gateway.Delivery) error {
	m := &d.Message
	final := filepath.Join(b.dir, folderName(m.MessageID))
	a := arrived{
		messageSummary: messageSummary{
			MessageID: m.MessageID, Timestamp: m.Timestamp, From: m.From.ID.Value, To: m.To.ID.Value, Service: m.Service.Value,
			Action: m.Action, ConversationID: m.ConversationID, Properties: map[string]string{},
		},
		RefToMessageID: m.RefToMessageID, Payloads: []arrivedPart{}, Folder: final,
	}
	for _, p := range m.Properties {
		a.Properties[p.Name] = p.Value
	}
	if _, err := os.Stat(final); err != nil {
		if err := a.write(b.dir, d.Payloads); err != nil {
			return err
		}
	}
	tx.After(func() { b.arrived(&a) })
	return nil
}

func (a *arrived) write(dir string, payloads []as4.Payload) error {
	unfinished, err := os.MkdirTemp(dir, ".unfinished-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(unfinished)
	for i := range payloads {
		p := &payloads[i]
		part := arrivedPart{File: fmt.Sprintf("%02d%s", i+1, ending(p.MimeType)), ContentID: p.ContentID, MimeType: p.MimeType}
		if part.Size, err = copyContent(filepath.Join(unfinished, part.File), p.Content); err != nil {
			return err
		}
		a.Payloads = append(a.Payloads, part)
	}
	b, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(unfinished, "message.json"), append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(unfinished, a.Folder)
}

func copyContent(file string, c as4.Content) (int64, error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if c == nil {
		return 0, f.Close()
	}
	r, err := c.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	n, err := io.Copy(f, r)
	if err != nil {
		return n, err
	}
	return n, f.Close()
}

// arrived prints a message and counts it.
func (b *inbox) arrived(a *arrived) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.json {
		json.NewEncoder(b.out.out).Encode(a)
	}
	b.say("%s from %s, %s, %d payloads: %s\n", a.MessageID, a.From, a.Action, len(a.Payloads), a.Folder)
	if b.left--; b.left == 0 {
		b.enough()
	}
}

// folderName is a message id as a file name. Where something had to be left out, a digest of the whole id keeps
// it apart from others.
func folderName(id string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '@', r == '_':
			return r
		}
		return '_'
	}, strings.TrimLeft(id, "."))
	if name == id && len(name) <= 120 {
		return name
	}
	sum := sha256.Sum256([]byte(id))
	return name[:min(len(name), 120)] + "-" + hex.EncodeToString(sum[:8])
}

// ending is the file name extension for the media types of OOTS; others get .bin.
func ending(mediaType string) string {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	switch t := strings.ToLower(strings.TrimSpace(mediaType)); {
	case t == "application/pdf":
		return ".pdf"
	case t == "application/json":
		return ".json"
	case t == "text/xml", t == "application/xml", strings.HasSuffix(t, "+xml"):
		return ".xml"
	case t == "text/plain":
		return ".txt"
	}
	return ".bin"
}
