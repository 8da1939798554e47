package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"oots/internal/clock"
	"oots/internal/lifecycle"
	"oots/internal/pki"
	"oots/internal/sqlstore"
)

// lcmTools are the commands around submissions to the Common Services.
type lcmTools struct {
	Check   lcmCheck   `cmd:"" help:"Judge submissions and say what they would change."`
	Submit  lcmSubmit  `cmd:"" help:"Submit to the directories of a folder or of a running instance."`
	Import  lcmImport  `cmd:"" help:"Fill the directories of a folder with captured answers."`
	Diff    lcmDiff    `cmd:"" help:"Say what a submission or a revision changes."`
	Export  lcmExport  `cmd:"" help:"Write what is in force as a submission."`
	History lcmHistory `cmd:"" help:"List what was in force, since when, and by whom."`
	Restore lcmRestore `cmd:"" help:"Put an earlier revision in force again."`
}

// lcmFolder is where the directories of an instance lie.
type lcmFolder struct {
	Data string `help:"Folder of the instance, as oots localserve --dir." placeholder:"DIR"`
}

// lcmActor is who acts on a folder.
type lcmActor struct {
	As    string `help:"Member State to speak for. The default is the operator, who may act for all." placeholder:"COUNTRY"`
	Actor string `help:"Name of the account for the history." default:"operator"`
}

func (a lcmActor) submitter() lifecycle.Submitter {
	return lifecycle.Submitter{Country: a.As, Actor: a.Actor, Keeper: a.As == ""}
}

// open opens the store of a folder; without create there must be one.
func (f lcmFolder) open(ctx context.Context, create bool) (*sqlstore.Store, error) {
	if f.Data == "" {
		return nil, &hint{errors.New("no folder is named"), "--data oots-data"}
	}
	dir := filepath.Join(f.Data, "CS")
	if _, err := os.Stat(filepath.Join(dir, sqlstore.FileName)); err != nil && !create {
		return nil, &hint{fmt.Errorf("%s holds no directories", f.Data), "oots localserve --dir " + f.Data + ", or oots lcm submit --data " + f.Data}
	}
	key, err := pki.SealingKey(filepath.Join(f.Data, "keys"))
	if err != nil {
		return nil, err
	}
	return sqlstore.Open(ctx, dir, key)
}

// withData runs f with the life cycle of a folder. A running instance sees within a second what f does.
func (f lcmFolder) withData(ctx context.Context, s streams, create bool, run func(*lifecycle.Service) error) error {
	db, err := f.open(ctx, create)
	if err != nil {
		return err
	}
	defer db.Close()
	l, err := lifecycle.Open(ctx, lifecycle.Deps{DB: db.DB, Store: db.Lifecycle(), Clock: clock.System(), Log: s.log(false)})
	if err != nil {
		return err
	}
	return run(l)
}

// lcmRemote is a running instance that takes files.
type lcmRemote struct {
	To        string `help:"Address of a running instance, such as https://localhost:8440." placeholder:"URL"`
	TokenFile string `help:"File with the token of the Member State, such as oots-data/keys/lcm-AT.token." type:"existingfile" placeholder:"FILE"`
	CA        string `name:"ca" help:"PEM file of the authority of its certificate. The default is those of the system." type:"existingfile" placeholder:"FILE"`
}

// submit uploads a document and returns what became of it.
func (r lcmRemote) submit(ctx context.Context, document []byte, dryRun bool, version, note string) (lifecycle.Report, error) {
	var report lifecycle.Report
	if err := r.safe(); err != nil {
		return report, err
	}
	token := ""
	if r.TokenFile != "" {
		b, err := os.ReadFile(r.TokenFile)
		if err != nil {
			return report, err
		}
		token = strings.TrimSpace(string(b))
	}
	client, err := r.client()
	if err != nil {
		return report, err
	}
	q := url.Values{}
	for name, value := range map[string]string{"version": version, "note": note, "dry-run": map[bool]string{true: "true"}[dryRun]} {
		if value != "" {
			q.Set(name, value)
		}
	}
	target := strings.TrimSuffix(r.To, "/") + lifecycle.PathSubmissions + "?" + q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(document))
	if err != nil {
		return report, err
	}
	req.Header.Set("Content-Type", lifecycle.MediaType)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return report, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	switch {
	case err != nil:
		return report, err
	case res.StatusCode == http.StatusUnauthorized:
		return report, &hint{errors.New("the instance does not know the token"), "--token-file with the file that its operator gave you"}
	case res.StatusCode != http.StatusOK:
		return report, fmt.Errorf("%s: %s %.200s", r.To, res.Status, strings.TrimSpace(string(body)))
	}
	return report, json.Unmarshal(body, &report)
}

// safe wants TLS: the token lets whoever reads it submit for the Member State.
func (r lcmRemote) safe() error {
	u, err := url.Parse(r.To)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return &hint{errors.New("the token is sent over TLS only"), "--to https://HOST:PORT"}
	}
	return nil
}

func (r lcmRemote) client() (*http.Client, error) {
	t := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if r.CA != "" {
		b, err := os.ReadFile(r.CA)
		if err != nil {
			return nil, err
		}
		t.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !t.TLSClientConfig.RootCAs.AppendCertsFromPEM(b) {
			return nil, fmt.Errorf("%s: no certificate", r.CA)
		}
	}
	return &http.Client{Transport: t, Timeout: 5 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, nil
}
