package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"oots/edelivery/pmode/keystore"
	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/audit"
	"oots/internal/proof"
	"oots/internal/sqlstore"
)

// proveFolder is where the messages and the log of an access point lie. It may be at work.
type proveFolder struct {
	Config       string   `help:"Configuration of the access point, which names its data, journal, keys and certificates." type:"existingfile" placeholder:"FILE" xor:"folder"`
	Data         string   `help:"Folder of the access point; of a demonstration the folder of one country, such as oots-data/AT." placeholder:"DIR" type:"path" xor:"folder"`
	Keystore     []string `help:"Stores with our key and with certificates: PEM, PKCS#12, JKS, or folders of them. The default is the folder keys in or beside --data." placeholder:"FILE" type:"path"`
	PasswordFile string   `help:"File with the password of the stores." type:"existingfile" placeholder:"FILE"`
	Journal      string   `help:"Folder with the copy of the log. The default is the folder journal in --data." placeholder:"DIR" type:"path"`
	SealingKey   string   `help:"File with the key that everything at rest is encrypted with. The default is keys/sealing.key in or beside --data." type:"existingfile" placeholder:"FILE"`
}

// open opens the store of the folder for reading.
func (f proveFolder) open(ctx context.Context) (*sqlstore.Store, error) {
	if f.Config != "" {
		c, err := f.settings()
		if err != nil {
			return nil, err
		}
		db, err := accesspoint.OpenForReading(ctx, c)
		if err != nil {
			return nil, unopened(err, f.Config)
		}
		return db, nil
	}
	if f.Data == "" {
		return nil, &hint{errors.New("no folder is named"), "--config oots.yaml, or --data oots-data/AT"}
	}
	if _, err := os.Stat(filepath.Join(f.Data, sqlstore.FileName)); err != nil {
		return nil, &hint{fmt.Errorf("%s holds no access point", f.Data), f.elsewhere()}
	}
	file := f.SealingKey
	if file == "" {
		dir := f.keys()
		if dir == "" {
			return nil, &hint{errors.New("the key that the messages are encrypted with is not found"), "--sealing-key FILE"}
		}
		file = filepath.Join(dir, "sealing.key")
	}
	key, err := readSealingKey(file)
	if err != nil {
		return nil, err
	}
	s, err := sqlstore.OpenForReading(ctx, f.Data, key)
	if err != nil {
		return nil, &hint{err, "to start the access point once with this program, which brings its database up to date"}
	}
	return s, nil
}

// settings reads the configuration.
func (f proveFolder) settings() (settings.Config, error) {
	file, found, err := settings.ReadFile(f.Config)
	if err != nil {
		return settings.Config{}, err
	}
	if file == nil {
		return settings.Config{}, &hint{fmt.Errorf("%s: %s", f.Config, found[0]), "oots config test " + f.Config}
	}
	return file.Config, nil
}

// stores are our key and certificates.
func (f proveFolder) stores() (*keystore.Store, error) {
	if f.Config != "" && len(f.Keystore) == 0 {
		c, err := f.settings()
		if err != nil {
			return nil, err
		}
		all, err := accesspoint.Keystores(c)
		if err != nil {
			return nil, unopened(err, f.Config)
		}
		return all, nil
	}
	stores := pmodeStores{Keystore: f.Keystore, PasswordFile: f.PasswordFile}
	if len(stores.Keystore) == 0 && f.keys() != "" {
		stores.Keystore = []string{f.keys()}
	}
	return stores.open()
}

// elsewhere names the folders of countries in the folder.
func (f proveFolder) elsewhere() string {
	found, err := filepath.Glob(filepath.Join(f.Data, "*", sqlstore.FileName))
	if err != nil || len(found) == 0 {
		return "--data with the folder that " + sqlstore.FileName + " is in"
	}
	var out []string
	for _, name := range found {
		out = append(out, "--data "+filepath.Dir(name))
	}
	return strings.Join(out, ", or ")
}

// keys is the folder of keys in the folder or beside it; "" when there is none.
func (f proveFolder) keys() string {
	for _, dir := range []string{filepath.Join(f.Data, "keys"), filepath.Join(filepath.Dir(filepath.Clean(f.Data)), "keys")} {
		if _, err := os.Stat(filepath.Join(dir, "sealing.key")); err == nil {
			return dir
		}
	}
	return ""
}

// readSealingKey reads a key, as it is or in hexadecimal, and makes none.
func readSealingKey(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if text := strings.TrimSpace(string(b)); len(text) == 64 {
		if b, err = hex.DecodeString(text); err != nil {
			return nil, fmt.Errorf("%s: no key in hexadecimal", file)
		}
	}
	if len(b) != 32 {
		return nil, fmt.Errorf("%s: want 32 bytes, has %d", file, len(b))
	}
	return b, nil
}

// with runs run with a prover over the folder.
func (f proveFolder) with(ctx context.Context, run func(*proof.Prover) error) error {
	s, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	all, err := f.stores()
	if err != nil {
		return err
	}
	p := &proof.Prover{Source: s.Proof(), Now: time.Now}
	var keys []audit.Signer
	for _, e := range all.Entries {
		p.Certificates = append(p.Certificates, e.Certificate)
		p.Certificates = append(p.Certificates, e.Chain...)
		if e.Key != nil {
			keys = append(keys, audit.Signer{Key: e.Key, Certificate: e.Certificate})
		}
	}
	p.Signer = proof.Among(keys)
	return run(p)
}

// unknown explains an identifier that nothing knows.
func unknown(id string, err error) error {
	if errors.Is(err, proof.ErrUnknown) {
		return fmt.Errorf("%s: %w", id, err)
	}
	return err
}
