package node

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/gateway"
	"oots/internal/lifecycle"
	"oots/internal/pki"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// CommonServicesParty is the access point of the demonstration's directories.
var CommonServicesParty = edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots-simulator", Value: "cs-lcm-demo"}

// commonServicesFolder is the folder of their database below that of the demonstration.
const commonServicesFolder = "CS"

// CommonServices are the directories of an instance: what they hold, and the access point that takes submissions.
type CommonServices struct {
	Lifecycle *lifecycle.Service
	Gateway   *gateway.Gateway

	store   *sqlstore.Store
	journal keptLog
	desk    lifecycle.Desk
	log     *slog.Logger
}

// commonServicesConfig is what they are made of.
type commonServicesConfig struct {
	base    string // https address of the front
	dir     string
	pair    pki.Pair
	sealing []byte
	states  []demo.State
	peers   []pmode.Party
	client  *http.Client
	clock   clock.Clock
	log     *slog.Logger
	retry   gateway.RetryPlan
}

// openCommonServices opens the instance and fills it with seed; Close releases it. Peers may be given later, before
// the access point is opened.
func openCommonServices(ctx context.Context, c commonServicesConfig, seed directory.Catalogue) (*CommonServices, error) {
	db, err := sqlstore.Open(ctx, filepath.Join(c.dir, commonServicesFolder), c.sealing)
	if err != nil {
		return nil, err
	}
	s := &CommonServices{store: db, log: c.log.With("service", "lcm")}
	s.Lifecycle, err = lifecycle.Open(ctx, lifecycle.Deps{DB: db.DB, Store: db.Lifecycle(), Clock: c.clock, Log: s.log})
	if err == nil {
		err = s.seed(ctx, seed)
	}
	if err == nil {
		s.journal, err = openJournal(db, filepath.Join(c.dir, commonServicesFolder), c.clock, c.pair, s.log)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

// seedActor is who put in force what the demonstration begins with.
const seedActor = "demonstration"

// seed puts in force what the demonstration begins with, except where somebody has changed it since.
func (s *CommonServices) seed(ctx context.Context, c directory.Catalogue) error {
	active := map[string]directory.Revision{}
	for _, r := range s.Lifecycle.Partitions() {
		active[r.Country+" "+string(r.Service)] = r
	}
	var fresh []directory.Partition
	for _, p := range lcm.Split(c) {
		r, there := active[p.Country+" "+string(p.Service)]
		if !there || r.Actor == seedActor && len(lcm.Diff(s.Lifecycle.Active(p.Country, p.Service), p)) > 0 {
			fresh = append(fresh, p)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	o, err := s.Lifecycle.Replace(ctx, lifecycle.Submitter{Actor: seedActor, Keeper: true}, fresh, lifecycle.OriginImport, "")
	if err != nil {
		return err
	}
	if !o.Accepted {
		return fmt.Errorf("the catalogue of the demonstration is refused: %s", firstFatal(o.Findings))
	}
	return nil
}

func firstFatal(fs []lcm.Finding) string {
	for i := range fs {
		if lcm.Refuses(fs[i : i+1]) {
			return fs[i].String()
		}
	}
	return ""
}

// openGateway opens the access point.
func (s *CommonServices) openGateway(ctx context.Context, c commonServicesConfig) error {
	decrypter, ok := c.pair.Key.(crypto.Decrypter)
	if !ok {
		return fmt.Errorf("the key of %s cannot decrypt", CommonServicesParty.Value)
	}
	out := &submissionOutbox{clock: c.clock, suffix: "ap.cs.oots.example"}
	s.desk = lifecycle.Desk{Service: s.Lifecycle, Outbox: out, States: map[edm.Identifier]string{}}
	for _, m := range c.states {
		s.desk.States[m.AccessPoint] = m.Country
	}
	var err error
	s.Gateway, err = gateway.New(gateway.Config{
		Self:   wssec.Identity{Key: c.pair.Key, Decrypter: decrypter, Certificate: c.pair.Certificate},
		PModes: commonServicesModes(commonServicesParty(c.base, c.pair.Certificate), c.peers...),
		Store:  s.store.Gateway(), Spool: s.store.Spool, Client: c.client, Clock: c.clock, Suffix: out.suffix, Owner: CommonServicesParty.Value,
		Retry: c.retry, Log: s.log, Consume: s.consume, Fail: s.fail, Record: s.journal.record,
	})
	if err != nil {
		return err
	}
	out.gateway = s.Gateway
	return s.Gateway.Recover(ctx)
}

// commonServicesParty is the access point as its peers see it.
func commonServicesParty(base string, c *x509.Certificate) pmode.Party {
	return pmode.Party{ID: partyID(CommonServicesParty), Role: demo.GatewayRole, URL: base + "/as4", Signing: []*x509.Certificate{c}, Encryption: c}
}

func (s *CommonServices) consume(tx *store.Tx, d gateway.Delivery) error {
	e, err := submissionEnvelope(d)
	if err != nil {
		return err
	}
	return s.desk.Receive(tx, e)
}

// fail logs that an answer did not arrive: what it says is in force all the same.
func (s *CommonServices) fail(_ *store.Tx, messageID, code string) error {
	s.log.Error("the answer to a submission did not arrive", "message", messageID, "code", code)
	return nil
}

// Work sends and delivers what is due, once. It reports whether there was anything to do.
func (s *CommonServices) Work(ctx context.Context) (bool, error) {
	sent, err := s.Gateway.Send(ctx)
	if err != nil {
		return false, err
	}
	delivered, err := s.Gateway.Deliver(ctx)
	return sent+delivered > 0, err
}

// Run works until ctx ends.
func (s *CommonServices) Run(ctx context.Context) {
	var working sync.WaitGroup
	working.Go(func() { s.Lifecycle.Watch(ctx, time.Second) })
	working.Go(func() { repeat(ctx, s.log, time.Hour, "retention", s.Lifecycle.Forget) })
	working.Go(func() { s.journal.run(ctx) })
	s.Gateway.Run(ctx, time.Second)
	working.Wait()
}

// Close copies the rest of the log, and releases the database.
func (s *CommonServices) Close() error { return errors.Join(s.journal.close(), s.store.Close()) }

// uploadTokens reads the tokens with which files may be submitted, one for each country, or makes them: keys/lcm-AT.token.
func uploadTokens(dir string, countries []string) (func(token string) (lifecycle.Submitter, bool), error) {
	type holder struct {
		sum [sha256.Size]byte
		who lifecycle.Submitter
	}
	var holders []holder
	for _, country := range countries {
		file := filepath.Join(dir, "lcm-"+country+".token")
		b, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			b = []byte(clock.Token(32) + "\n")
			err = os.WriteFile(file, b, 0o600)
		}
		token := strings.TrimSpace(string(b))
		if err == nil && len(token) < 32 {
			err = fmt.Errorf("%s: a token has at least 32 characters", file)
		}
		if err != nil {
			return nil, err
		}
		holders = append(holders, holder{sha256.Sum256([]byte(token)), lifecycle.Submitter{Country: country, Actor: "upload " + country}})
	}
	return func(token string) (lifecycle.Submitter, bool) {
		sum := sha256.Sum256([]byte(token))
		var who lifecycle.Submitter
		found := 0
		for _, h := range holders {
			if subtle.ConstantTimeCompare(sum[:], h.sum[:]) == 1 {
				who, found = h.who, 1
			}
		}
		return who, found == 1
	}, nil
}
