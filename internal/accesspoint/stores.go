package accesspoint

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"oots/edelivery/pmode/keystore"
	"oots/edelivery/wssec"
	"oots/internal/accesspoint/settings"
)

// StoreFiles are the stores of a folder, or the one file. In a folder, a key of PEM lies beside its certificate.
func StoreFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	var out []string
	for _, pattern := range []string{"*.crt.pem", "*.crt", "*.cer", "*.p12", "*.pfx", "*.jks"} {
		found, err := filepath.Glob(filepath.Join(name, pattern))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return out, nil
}

// ReadStore reads one store. The alias of PARTY.crt.pem is PARTY, and PARTY.key.pem beside it is its key.
func ReadStore(file, password string) (*keystore.Store, error) {
	b, err := readBounded(file)
	if err != nil {
		return nil, err
	}
	if stem, ok := strings.CutSuffix(file, ".crt.pem"); ok {
		key, err := readBounded(stem + ".key.pem")
		switch {
		case err == nil:
			b = append(append(b, '\n'), key...)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
		b = named(filepath.Base(stem), b)
	}
	return keystore.Parse(b, password)
}

// named gives PEM without an alias one.
func named(alias string, b []byte) []byte {
	return append([]byte("friendlyName: "+alias+"\n"), b...)
}

func readBounded(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > keystore.MaxBytes {
		return nil, fmt.Errorf("%d bytes, at most %d are read", info.Size(), keystore.MaxBytes)
	}
	return os.ReadFile(name)
}

// A fault is what is wrong with a file that a field of the configuration names.
type fault struct {
	field, file string
	err         error
	try         string
}

// Error names field, file and reason.
func (f *fault) Error() string {
	s := f.field + ": " + f.err.Error()
	if f.file != "" && !strings.Contains(f.err.Error(), f.file) {
		s = f.field + ": " + f.file + ": " + f.err.Error()
	}
	if try := f.Remedy(); try != "" {
		s += "; try " + try
	}
	return s
}

// Unwrap gives the reason.
func (f *fault) Unwrap() error { return f.err }

// openOwn reads our keys with their certificates, in the order of the configuration.
func openOwn(c []settings.Own) (*keystore.Store, []wssec.Identity, error) {
	all := &keystore.Store{}
	var own []wssec.Identity
	for i, o := range c {
		s, err := openOne(o, fmt.Sprintf("keys.own[%d]", i+1))
		if err != nil {
			return nil, nil, err
		}
		for _, e := range s.Entries {
			if _, ok := e.Key.(*rsa.PrivateKey); ok {
				own = append(own, wssec.Identity{Key: e.Key, Decrypter: e.Key.(crypto.Decrypter), Certificate: e.Certificate, Path: e.Chain})
			}
		}
		all.Join(s)
	}
	return all, own, nil
}

func openOne(o settings.Own, field string) (*keystore.Store, error) {
	password, err := o.Password.Text()
	if err != nil {
		return nil, &fault{field + ".password", o.Password.File(), err, ""}
	}
	file := string(o.File)
	if o.Key == "" {
		s, err := ReadStore(file, password)
		if err != nil {
			return nil, &fault{field + ".file", file, err, ""}
		}
		return s, holdsKey(s, field+".file", file)
	}
	certificates, err := readBounded(file)
	if err != nil {
		return nil, &fault{field + ".file", file, err, ""}
	}
	key, err := privateKey(string(o.Key))
	if err != nil {
		return nil, &fault{field + ".key", string(o.Key), err, ""}
	}
	alias, _, _ := strings.Cut(filepath.Base(file), ".")
	s, err := keystore.Parse(named(alias, append(append(certificates, '\n'), key...)), "")
	if err != nil {
		return nil, &fault{field + ".file", file, err, ""}
	}
	return s, holdsKey(s, field+".file", file)
}

// openPublic reads the certificates of one of our stores. A key in a file of its own is left alone.
func openPublic(o settings.Own, field string) (*keystore.Store, error) {
	file := string(o.File)
	alias, _, _ := strings.Cut(filepath.Base(file), ".")
	if stem, ok := strings.CutSuffix(file, ".crt.pem"); ok && o.Key == "" {
		alias = filepath.Base(stem)
	} else if o.Key == "" {
		return openOne(o, field)
	}
	b, err := readBounded(file)
	if err != nil {
		return nil, &fault{field + ".file", file, err, ""}
	}
	s, err := keystore.Parse(named(alias, b), "")
	if err != nil {
		return nil, &fault{field + ".file", file, err, ""}
	}
	return s, nil
}

// privateKey reads a file that nobody else may read.
func privateKey(name string) ([]byte, error) {
	return settings.Secret("file:" + name).Read()
}

func holdsKey(s *keystore.Store, field, file string) error {
	for _, e := range s.Entries {
		if _, ok := e.Key.(*rsa.PrivateKey); ok {
			return nil
		}
	}
	return &fault{field, file, errors.New("there is no RSA key in it, which messages are signed with and encrypted for [AS4 1.15 §3.2.6]"), "a file with certificate and key, or key: for a key in a file of its own"}
}

// openPartners reads the trust stores.
func openPartners(c settings.Partners) (*keystore.Store, error) {
	password, err := c.Password.Text()
	if err != nil {
		return nil, &fault{"partners.password", c.Password.File(), err, ""}
	}
	all := &keystore.Store{}
	for i, name := range c.Stores {
		field := fmt.Sprintf("partners.stores[%d]", i+1)
		files, err := StoreFiles(string(name))
		if err != nil {
			return nil, &fault{field, string(name), err, "mkdir " + string(name)}
		}
		for _, file := range files {
			s, err := ReadStore(file, password)
			if err != nil {
				return nil, &fault{field, file, err, ""}
			}
			all.Join(s)
		}
	}
	return all, nil
}

// sealingKey reads the 32 bytes, which may be written in hexadecimal.
func sealingKey(s settings.Secret) ([]byte, error) {
	b, err := s.Read()
	if err != nil {
		return nil, &fault{"keys.sealing", s.File(), err, ""}
	}
	if len(b) == 32 {
		return b, nil
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(b)))
	if err != nil || len(key) != 32 {
		return nil, &fault{"keys.sealing", s.File(), errors.New("it is neither 32 bytes nor 64 hexadecimal digits"), "oots quickstart, which makes one"}
	}
	return key, nil
}
